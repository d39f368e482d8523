import { describe, expect, test } from 'vitest'
import type { ShownEvent } from '../../ui/shown-event.ts'
import { arrive, emptyFeed, filterFeed, keptEvents, lagMs, namesIn, placeOf, release, seed, skip, wayHere } from './live-feed.ts'

const at = (second: number) => new Date(Date.UTC(2026, 2, 1, 12, 0, 0) + second * 1000).toISOString()
const event = (id: string, second: number, rest: Partial<ShownEvent> = {}): ShownEvent => ({
  id,
  event: 'item created',
  distinctId: 'ada',
  personId: 'p',
  timestamp: at(second),
  properties: {},
  ...rest,
})
const ids = (events: readonly ShownEvent[]) => events.map(({ id }) => id).join(' ')

describe('arrivals', () => {
  test('are shown newest first, each once, and told apart from what was there', () => {
    const feed = arrive(seed(emptyFeed, [event('a', 1), event('b', 2)]), [event('c', 4), event('b', 2), event('d', 3)], false)
    expect(ids(feed.shown)).toBe('c d b a')
    expect([...feed.fresh]).toEqual(['c', 'd'])
  })

  test('wait while the list is held, and come when it is let go', () => {
    const held = arrive(arrive(seed(emptyFeed, [event('a', 1)]), [event('b', 2)], true), [event('c', 3), event('b', 2)], true)
    expect([ids(held.shown), ids(held.waiting)]).toEqual(['a', 'c b'])
    const released = release(held)
    expect([ids(released.shown), ids(released.waiting), released.missed]).toEqual(['c b a', '', 0])
  })

  test('are ordered by when they became queryable: an old event that comes late is news', () => {
    const feed = arrive(emptyFeed, [event('late', -9999, { queryableAt: at(10) }), event('prompt', 5, { queryableAt: at(6) })], false)
    expect(ids(feed.shown)).toBe('late prompt')
  })

  test('the seed may come after the first arrivals', () => {
    const feed = seed(arrive(emptyFeed, [event('b', 2)], false), [event('a', 1), event('b', 2)])
    expect(ids(feed.shown)).toBe('b a')
  })

  test('the oldest fall away, and what could not wait is counted', () => {
    const many = Array.from({ length: keptEvents + 5 }, (_, index) => event(`e${index}`, index))
    expect(arrive(emptyFeed, many, false).shown).toHaveLength(keptEvents)
    const held = arrive(emptyFeed, many, true)
    expect([held.waiting.length, held.missed]).toEqual([keptEvents, 5])
  })

  test('what the server left out is counted', () => {
    expect(skip(skip(emptyFeed, 3), 4).skipped).toBe(7)
  })

  test('nothing new changes nothing', () => {
    expect(arrive(emptyFeed, [], false)).toBe(emptyFeed)
    expect(release(emptyFeed)).toBe(emptyFeed)
  })
})

test.each([
  [{ q: 'PRO' }, 'a'],
  [{ q: 'ada plan' }, 'a'],
  [{ q: 'ada grace' }, ''],
  [{ event: 'signed up' }, 'b'],
  [{ event: 'signed up', q: 'pro' }, ''],
  [{}, 'a b'],
])('the filter %j leaves %s', (filter, expected) => {
  const events = [event('a', 1, { properties: { plan: 'Pro' } }), event('b', 2, { event: 'signed up', distinctId: 'grace' })]
  expect(ids(filterFeed(events, filter, new Map()))).toBe(expected)
})

test('names come by how often they were seen', () => {
  expect(namesIn([event('a', 1), event('b', 2, { event: 'x' }), event('c', 3, { event: 'x' })])).toEqual(['x', 'item created'])
})

test.each([
  [{ $current_url: 'https://app.example.com/items/4?a=b' }, 'app.example.com/items/4'],
  [{ $current_url: 'not an address' }, 'not an address'],
  [{ $screen_name: 'Home' }, 'Home'],
  [{ $lib: 'posthog-node' }, 'posthog-node'],
  [{ $current_url: 7 }, ''],
])('%j happened at "%s"', (properties, expected) => {
  expect(placeOf(event('a', 1, { properties }))).toBe(expected)
})

test('the lag is what passed on the server, never negative', () => {
  expect(lagMs(event('a', 1, { receivedAt: at(1), queryableAt: at(3) }))).toBe(2000)
  expect(lagMs(event('a', 1, { receivedAt: at(3), queryableAt: at(1) }))).toBe(0)
  expect(lagMs(event('a', 1))).toBeUndefined()
})

test.each([
  [event('a', 0, { receivedAt: at(2), queryableAt: at(3) }), 'client to server 2 s, server to queryable 1 s'],
  [event('a', 9, { receivedAt: at(2), queryableAt: at(3) }), 'server to queryable 1 s'],
])('the way of %j', (body, words) => {
  expect(wayHere(body)).toBe(words)
})

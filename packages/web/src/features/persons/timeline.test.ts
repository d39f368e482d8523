import { expect, test } from 'vitest'
import type { ShownEvent } from '../../ui/shown-event.ts'
import { activityDays, sessionPlace, timeline } from './timeline.ts'

let made = 0
const event = (timestamp: string, properties: Record<string, unknown> = {}): ShownEvent => ({
  id: `e${++made}`,
  event: 'x',
  distinctId: 'ada',
  personId: 'p',
  timestamp,
  properties,
})
const inSession = (timestamp: string, id: string) => event(timestamp, { $session_id: id })

test('days are those of the zone', () => {
  const events = [event('2026-03-01T22:30:00Z'), event('2026-03-01T17:00:00Z')]
  expect(timeline(events, 'UTC').map(({ day, count }) => [day, count])).toEqual([['2026-03-01', 2]])
  expect(timeline(events, 'Asia/Kathmandu').map(({ day }) => day)).toEqual(['2026-03-02', '2026-03-01'])
})

test('sessions that overlap stay whole, in the order of their newest event', () => {
  const [day] = timeline(
    [
      inSession('2026-03-01T12:04:00Z', 'b'),
      inSession('2026-03-01T12:03:00Z', 'a'),
      inSession('2026-03-01T12:01:00Z', 'b'),
      inSession('2026-03-01T12:00:00Z', 'a'),
    ],
    'UTC',
  )
  expect(day?.sessions.map(({ sessionId, events, spanMs }) => [sessionId, events.length, spanMs])).toEqual([
    ['b', 2, 180_000],
    ['a', 2, 180_000],
  ])
})

test('events without a session form groups only while they follow each other', () => {
  const [day] = timeline(
    [event('2026-03-01T12:04:00Z'), event('2026-03-01T12:03:00Z'), inSession('2026-03-01T12:02:00Z', 'a'), event('2026-03-01T12:01:00Z')],
    'UTC',
  )
  expect(day?.sessions.map(({ sessionId, events }) => [sessionId, events.length])).toEqual([
    ['', 2],
    ['a', 1],
    ['', 1],
  ])
  expect(new Set(day?.sessions.map(({ key }) => key)).size).toBe(3)
})

test('nothing makes no days', () => {
  expect(timeline([], 'UTC')).toEqual([])
})

test.each([
  [{ $browser: 'Firefox', $os: 'Linux', $geoip_city_name: 'Vienna', $host: 'a.b' }, 'Firefox on Linux · Vienna · a.b'],
  [{ $os_name: 'iOS', $geoip_country_name: 'Nepal' }, 'iOS · Nepal'],
  [{ $lib: 'posthog-node' }, 'posthog-node'],
  [{ $browser: 7 }, ''],
])('%j took place at "%s"', (properties, expected) => {
  expect(sessionPlace({ events: [event('2026-03-01T12:00:00Z', properties)] })).toBe(expected)
})

test('days without activity are there, as zero', () => {
  expect(
    activityDays(
      [
        ['2026-03-01', '4'],
        ['2026-02-27', 1],
        ['2020-01-01', 9],
      ],
      '2026-03-01',
      3,
    ),
  ).toEqual([
    { day: '2026-02-27', count: 1 },
    { day: '2026-02-28', count: 0 },
    { day: '2026-03-01', count: 4 },
  ])
})

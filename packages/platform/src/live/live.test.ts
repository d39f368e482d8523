import type { LiveEventBody } from '@hedgerow/protocol'
import { afterEach, expect, test, vi } from 'vitest'
import { createLive } from './live.ts'

vi.useFakeTimers()
afterEach(() => vi.clearAllTimers())

const event = (name: string, distinctId = 'ada'): LiveEventBody => ({
  uuid: name,
  id: name,
  event: name,
  distinct_id: distinctId,
  person_id: 'p',
  timestamp: '2026-01-01T00:00:00.000Z',
  created_at: '2026-01-01T00:00:00.000Z',
  inserted_at: '2026-01-01T00:00:00.000Z',
  properties: {},
})

function liveOver(read: (projectId: number, cursor: string | undefined) => LiveEventBody[], limits = {}, skipped = 0) {
  const reads: [number, string | undefined][] = []
  const warnings: string[] = []
  const live = createLive({
    livePollMs: 100,
    liveBatchEvents: 1000,
    liveListeners: 3,
    liveListenersPerProject: 2,
    ...limits,
    verdicts: { now: async () => ({ warning: 0, repeat: 0 }), after: async (_, cursor) => ({ verdicts: [], cursor: cursor as never }) },
    read: async (projectId, cursor) => {
      reads.push([projectId, cursor])
      return { events: read(projectId, cursor), cursor: String(Number(cursor ?? -1) + 1), skipped: cursor === undefined ? 0 : skipped }
    },
    warn: (message) => warnings.push(message),
  })
  return { live, reads, warnings }
}

test('one reader serves everybody who watches a project, and ends with the last of them', async () => {
  const { live, reads } = liveOver((_, cursor) => (cursor === undefined ? [] : [event('bought'), event('seen', 'bob')]))
  const all: string[] = []
  const some: string[] = []
  const stopAll = live.listen(1, {}, ({ events }) => all.push(...events.map((one) => one.event)))
  const stopSome = live.listen(1, { event: 'bought', distinct_id: 'ada' }, ({ events }) => some.push(...events.map((one) => one.event)))
  await vi.advanceTimersByTimeAsync(150)
  expect(reads).toEqual([
    [1, undefined],
    [1, '0'],
  ])
  expect([all, some]).toEqual([['bought', 'seen'], ['bought']])
  stopAll()
  await vi.advanceTimersByTimeAsync(100)
  expect([all.length, some.length]).toEqual([2, 2])
  stopSome()
  stopSome()
  await vi.advanceTimersByTimeAsync(1000)
  expect(reads).toHaveLength(3)
  expect(live.listeners()).toBe(0)
})

test('a failure is told and tried again later; who watches misses nothing', async () => {
  let failures = 2
  const { live, reads, warnings } = liveOver((_, cursor) => {
    if (cursor !== undefined && failures-- > 0) throw new Error('away')
    return cursor === undefined ? [] : [event('kept')]
  })
  const got: string[] = []
  live.listen(1, {}, ({ events }) => got.push(...events.map((one) => one.event)))
  await vi.advanceTimersByTimeAsync(150)
  expect(warnings).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(2000)
  expect(warnings).toHaveLength(2)
  expect(reads.filter(([, cursor]) => cursor === '0')).toHaveLength(3)
  expect(got).toEqual(['kept'])
  await live.stop()
})

test('whoever watches is told of events that came faster than they are read', async () => {
  const { live } = liveOver(() => [event('bought')], {}, 7)
  const told: [number, number][] = []
  live.listen(1, { event: 'other' }, ({ events, skipped }) => told.push([events.length, skipped]))
  live.listen(1, {}, ({ events, skipped }) => told.push([events.length, skipped]))
  await vi.advanceTimersByTimeAsync(150)
  expect(told).toEqual([
    [1, 0],
    [0, 7],
    [1, 7],
  ])
  await live.stop()
})

test('listeners are limited, per project and in all', async () => {
  const { live } = liveOver(() => [])
  const listen = (projectId: number) => live.listen(projectId, {}, () => undefined)
  listen(1)
  const stop = listen(1)
  expect(() => listen(1)).toThrow(expect.objectContaining({ code: 'too_many_listeners' }))
  listen(2)
  expect(() => listen(3)).toThrow(expect.objectContaining({ code: 'too_many_listeners' }))
  stop()
  listen(3)
  expect(live.listeners()).toBe(3)
  await live.stop()
  expect(live.listeners()).toBe(0)
})

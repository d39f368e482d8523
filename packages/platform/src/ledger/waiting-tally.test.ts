import type { LogEntryHead } from '@hedgerow/stores'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { WaitingTally } from './waiting-tally.ts'

const headsOf = (entries: readonly LogEntryHead[]) => ({
  async *heads(after: number) {
    yield* entries.filter(({ position }) => position > after)
  },
})

test('what waits is what was appended and not committed, project by project, however often it is asked', async () => {
  const step = fc.oneof(
    fc.record({
      kind: fc.constant('append' as const),
      gap: fc.integer({ min: 1, max: 5 }),
      projectId: fc.integer({ min: 1, max: 4 }),
      eventCount: fc.integer({ min: 0, max: 9 }),
    }),
    fc.record({ kind: fc.constant('commit' as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
    fc.record({ kind: fc.constant('ask' as const) }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 300 }), fc.integer({ min: 0, max: 20 }), async (steps, begin) => {
      const entries: LogEntryHead[] = []
      let head = begin
      let committed = begin
      const tally = new WaitingTally(headsOf(entries), begin)
      for (const next of steps) {
        if (next.kind === 'append') {
          head += next.gap
          entries.push({ position: head, projectId: next.projectId, eventCount: next.eventCount })
        }
        if (next.kind === 'commit') committed += Math.floor((head - committed) * next.share)
        if (next.kind !== 'ask') continue
        await tally.catchUp()
        tally.commit(committed)
        const left = entries.filter(({ position }) => position > committed)
        for (const projectId of [1, 2, 3, 4]) {
          const mine = left.filter((entry) => entry.projectId === projectId && entry.eventCount > 0)
          expect(tally.waiting(projectId)).toBe(mine.reduce((sum, { eventCount }) => sum + eventCount, 0))
          expect(tally.oldest(projectId)).toBe(mine[0]?.position)
        }
      }
    }),
  )
})

test('entries that were truncated before they were seen do not come back', async () => {
  const entries: LogEntryHead[] = [{ position: 1, projectId: 1, eventCount: 5 }]
  const tally = new WaitingTally(headsOf(entries), 0)
  tally.commit(1)
  await tally.catchUp()
  expect(tally.waiting(1)).toBe(0)
})

test('it holds far more entries than it began with, and reads each once', async () => {
  let read = 0
  const tally = new WaitingTally(
    {
      async *heads(after) {
        for (let position = after + 1; position <= 100_000; position++) {
          read++
          yield { position, projectId: position % 3, eventCount: 2 }
        }
      },
    },
    0,
  )
  await tally.catchUp()
  await tally.catchUp()
  expect(read).toBe(100_000)
  tally.commit(99_997)
  expect([tally.waiting(0), tally.waiting(1), tally.waiting(2)]).toEqual([2, 2, 2])
})

import { EventStoreError } from '@hedgerow/stores'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defaultIngestionLimits } from '../limits.ts'
import { makeDraft } from '../steps/event-draft.fixture.ts'
import { BatchJournal } from './batch-journal.ts'
import { encodeLines, insertRows } from './insert-rows.ts'
import { instantText, microsText } from './instants.ts'
import { IngestionInvariantError, retry } from './retry.ts'

describe('instants', () => {
  test.each([
    [0, '1970-01-01 00:00:00.000000'],
    [Date.UTC(2026, 0, 31, 8) + 0.456, '2026-01-31 08:00:00.000456'],
    [Date.UTC(2026, 0, 31, 8) + 0.9999, '2026-01-31 08:00:00.001000'],
    [Date.UTC(1900, 0, 1), '1900-01-01 00:00:00.000000'],
    [-0.5, '1969-12-31 23:59:59.999500'],
  ])('%d ms', (ms, expected) => {
    expect(instantText(ms)).toBe(expected)
  })

  test('any instant, as a Date writes it', () => {
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(9999, 11, 31) }), (ms) => {
        const iso = new Date(ms).toISOString()
        expect(instantText(ms)).toBe(`${iso.slice(0, 10)} ${iso.slice(11, 23)}000`)
      }),
    )
  })

  test('microseconds', () => {
    expect(microsText(1_769_846_400_000_007)).toBe('2026-01-31 08:00:00.000007')
  })
})

/** A table that stores each block once and refuses a block with a bad row, as the event store does. */
function refusingTable(isBad: (line: string) => boolean) {
  const blocks = new Map<string, string[]>()
  return {
    stored: () => [...blocks.values()].flat(),
    async insert(_table: string, rows: Uint8Array, { token }: { token: string }) {
      const lines = Buffer.from(rows).toString().trimEnd().split('\n')
      if (blocks.has(token)) return
      if (lines.some(isBad)) throw new EventStoreError('bad_row', 'Cannot parse')
      blocks.set(token, lines)
    },
  }
}

describe('insertRows', () => {
  test('bad rows never take their block along, nor is anything stored twice when it is done again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 60 }), fc.nat(20), fc.boolean(), async (bad, failAt, isText) => {
        const lines = bad.map((isBad, index) => `${isBad ? 'bad' : 'good'}${index}`)
        const table = refusingTable((line) => line.startsWith('bad'))
        const refused: number[] = []
        let calls = 0
        const insertion = {
          table: 'events',
          rows: isText ? encodeLines(lines) : lines,
          token: 't',
          onBadRow: async ({ index, line }: { index: number; line: string }) => {
            expect(line).toBe(lines[index])
            refused.push(index)
          },
        }
        const failing: typeof table.insert = async (...args) => {
          calls += 1
          if (calls === failAt) throw new Error('killed')
          return table.insert(...args)
        }
        await insertRows(failing, insertion).catch((error: Error) => expect(error.message).toBe('killed'))
        refused.length = 0
        await insertRows(table.insert, insertion)
        expect(table.stored().sort()).toEqual(lines.filter((line) => line.startsWith('good')).sort())
        expect(refused).toEqual([...bad.keys()].filter((index) => bad[index]))
      }),
    )
  })

  test('a store that is away is no bad row', async () => {
    const insert = async () => {
      throw new EventStoreError('unreachable', 'away')
    }
    await expect(insertRows(insert, { table: 'events', rows: ['a', 'b'], token: 't', onBadRow: async () => undefined })).rejects.toThrow(
      'away',
    )
  })
})

test('encodeLines writes any text', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' })), (lines) => {
      expect(encodeLines(lines).toString()).toBe(lines.map((line) => `${line}\n`).join(''))
      const half = Math.floor(lines.length / 2)
      expect(encodeLines(lines, half).toString()).toBe(
        lines
          .slice(half)
          .map((line) => `${line}\n`)
          .join(''),
      )
    }),
  )
})

describe('retry', () => {
  const options = { limits: { ...defaultIngestionLimits, retryMinMs: 1, retryMaxMs: 2 }, doing: 'insert', onSuccess: () => undefined }

  test('tries until it succeeds, and tells of each failure', async () => {
    const failures: unknown[] = []
    let calls = 0
    const result = await retry(
      async () => {
        calls += 1
        if (calls < 4) throw new Error(`away ${calls}`)
        return 'done'
      },
      { ...options, signal: new AbortController().signal, onFailure: (_doing, error) => failures.push(error) },
    )
    expect(result).toBe('done')
    expect(failures).toHaveLength(3)
  })

  test('does not repeat what must never be', async () => {
    const act = async () => {
      throw new IngestionInvariantError('wrong')
    }
    await expect(retry(act, { ...options, signal: new AbortController().signal, onFailure: () => undefined })).rejects.toThrow('wrong')
  })

  test('ends when aborted', async () => {
    const abort = new AbortController()
    const act = async () => {
      abort.abort()
      throw new Error('away')
    }
    await expect(retry(act, { ...options, signal: abort.signal, onFailure: () => undefined })).rejects.toThrow()
  })
})

describe('BatchJournal', () => {
  test('counts everything, writes out some of it', () => {
    const journal = new BatchJournal(2)
    for (let n = 0; n < 5; n += 1) journal.warn(makeDraft({ event: `e\u0000${n}` }), 'invalid_group', 'x')
    journal.reject(1, 0, { uuid: 'no uuid', event: '\ud800', distinctId: 'd' }, { reason: 'bot', detail: 'x' })
    expect(journal.tally(1).warned.get('invalid_group')).toBe(5)
    expect(journal.rows).toHaveLength(3)
    expect(journal.rows[0]?.event_name).toBe('e\ufffd0')
    for (let n = 0; n < 5; n += 1) journal.repeat(makeDraft({ event: 'again' }))
    expect(journal.tally(1).repeated).toBe(5)
    expect(journal.repeats.map(({ event_name }) => event_name)).toEqual(['again', 'again'])
    expect(journal.rows[2]).toMatchObject({ event_uuid: null, event_name: '\ufffd', reason: 'bot', rejected: true })
  })

  test('an event that turned out unstorable moves from stored to rejected', () => {
    const journal = new BatchJournal(2)
    journal.accept(1, 1)
    journal.store(1)
    journal.rejectStored(1, 0, makeDraft(), 'no')
    expect(journal.tally(1)).toMatchObject({ accepted: 1, stored: 0 })
    expect(journal.tally(1).rejected.get('unstorable_event')).toBe(1)
  })
})

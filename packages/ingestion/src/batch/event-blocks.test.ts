import { expect, test } from 'vitest'
import { makeDraft } from '../steps/event-draft.fixture.ts'
import { BlockMemory, EventBlocks } from './event-blocks.ts'

const insertedAtMicros = Date.UTC(2026, 5, 15, 12) * 1_000
const personId = '0190a000-0000-5000-8000-000000000001'

/** Every third one needs the engine's parser. */
function drafts(count: number) {
  return Array.from({ length: count }, (_, index) => {
    const draft = makeDraft({ properties: index % 3 === 0 ? { index, items: [{ sku: 'a' }] } : { index, text: 'x'.repeat(50) } })
    draft.timestampMs = draft.entry.receivedAtMs
    draft.personId = personId
    return draft
  })
}

function blocksOf(memory: BlockMemory, maxBytes: number, count: number) {
  const blocks = new EventBlocks(insertedAtMicros, maxBytes, memory)
  const all = drafts(count)
  for (let from = 0; from < count; from += 7) blocks.add(all.slice(from, from + 7))
  const taken = blocks.take()
  const found: { format: string; rows: number; text: string }[] = []
  for (let next = taken.next(); !next.done; next = taken.next()) {
    const text = Buffer.from(next.value.bytes).toString('latin1')
    // A block begins with the number of its columns, then of its rows.
    const rows = next.value.format === 'Native' ? text.charCodeAt(1) : text.trimEnd().split('\n').length
    found.push({ format: next.value.format, rows, text })
  }
  return found
}

test('a batch is a block, and a second one of what the engine has to parse', () => {
  const found = blocksOf(new BlockMemory(), 1_000_000, 100)
  expect(found.map(({ format, rows }) => ({ format, rows }))).toEqual([
    { format: 'Native', rows: 66 },
    { format: 'JSONEachRow', rows: 34 },
  ])
  expect(found[1]?.text).toContain('"items":[{"sku":"a"}]')
})

test('beyond the size of a block come others, every event in one of them', () => {
  const memory = new BlockMemory()
  const found = blocksOf(memory, 3_000, 100)
  expect(found.length).toBeGreaterThan(5)
  const sum = (format: string) => found.filter((block) => block.format === format).reduce((total, { rows }) => total + rows, 0)
  expect([sum('Native'), sum('JSONEachRow')]).toEqual([66, 34])
  expect(blocksOf(memory, 3_000, 100), 'the same events are the same blocks, whatever the memory held').toEqual(found)
})

test('no event, no block', () => {
  expect(blocksOf(new BlockMemory(), 1_000, 0)).toEqual([])
})

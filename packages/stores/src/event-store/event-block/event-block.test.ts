import { expect, test } from 'vitest'
import { snapshotText, writtenSnapshot } from '../person-snapshot.ts'
import { cellsOf } from './contract.ts'
import { EventBlock, type EventCells } from './event-block.ts'

test.each<[string, Partial<EventCells>]>([
  ['an object in a list', { properties: { items: [{ sku: 'a' }] } }],
  ['a list in a list', { properties: { matrix: [[1]] } }],
  ['a list of several types', { properties: { list: [1, 'a'] } }],
  ['a number and a truth in a list', { properties: { list: [1, true] } }],
  ['a whole number that a double does not hold exactly', { properties: { n: 2 ** 53 } }],
  ['such a number within an object', { properties: { a: { b: -1e300 } } }],
  ['a typed property that is no text', { properties: { $browser: 5 } }],
  ['a list where a session keeps a text', { properties: { gclid: ['a'] } }],
  ['a name without characters', { properties: { '': 1 } }],
  ['a name that looks like an escaped dot', { properties: { 'a%2Eb': 1 } }],
  ['a name beyond the basic plane', { properties: { '😀': 1 } }],
  ['a uuid that is none', { uuid: 'not a uuid' }],
  ['an instant before 1900', { timestampMs: Date.UTC(1800, 0, 1) }],
  ['no instant', { createdAtMs: Number.NaN }],
])('leaves to the engine’s parser: %s', (_, cells) => {
  const block = new EventBlock()
  expect(block.add(cellsOf(cells))).toBe(false)
  expect(block.rowCount).toBe(0)
  expect(block.add(cellsOf())).toBe(true)
  const alone = new EventBlock()
  alone.add(cellsOf())
  expect(block.sizeBytes).toBe(alone.sizeBytes)
})

test('is the same bytes when it is used again', () => {
  const block = new EventBlock()
  const event = cellsOf({
    properties: { $browser: 'Firefox', plan: 'pro', gclid: 'g', tags: ['a', null] },
    personSnapshot: writtenSnapshot({ n: 1 }),
  })
  const written = () => {
    block.clear()
    block.add(event)
    return Buffer.concat(block.pieces()).toString('latin1')
  }
  const first = written()
  block.add(cellsOf({ properties: { $os: 'x', $ip: '::1', other: 1.5 } }))
  expect(written()).toBe(first)
})

test('a written snapshot says the same as its text', () => {
  const long = 'é'.repeat(20_000)
  const properties = { plan: 'pro', '中 "': 'ü\n', seats: 5, [long.slice(0, 100)]: long, none: null, empty: '' }
  expect(JSON.parse(snapshotText(writtenSnapshot(properties)))).toEqual({
    plan: 'pro',
    '中 "': 'ü\n',
    seats: '\u00015',
    [long.slice(0, 100)]: long,
    empty: '\u0002',
  })
  expect(writtenSnapshot(properties).count).toBe(5)
})

import { describe, expect, test } from 'vitest'
import { findItems, type PaletteItem } from './palette-items.ts'

const item = (group: PaletteItem['group'], label: string, words = ''): PaletteItem => ({
  id: label,
  group,
  label,
  words,
  run: () => undefined,
})
const items = [
  item('Go to', 'Live events'),
  item('Go to', 'Persons', 'people users'),
  item('Do', 'New funnel', 'conversion'),
  item('Do', 'New trend'),
  item('Projects', 'Meadow'),
]
const labels = (typed: string, found: PaletteItem[] = []) =>
  findItems(items, typed, found).flatMap(({ items: each }) => each.map(({ label }) => label))

describe('the palette finds', () => {
  test.each([
    ['fun', ['New funnel']],
    ['conv', ['New funnel']],
    ['new', ['New funnel', 'New trend']],
    ['new tr', ['New trend']],
    ['USERS', ['Persons']],
    ['eve', ['Live events']],
    ['.*', []],
    ['nothing like it', []],
  ])('"%s": %j', (typed, expected) => {
    expect(labels(typed)).toEqual(expected)
  })

  test('without a word, pages and what can be done, not every project', () => {
    expect(labels('')).toEqual(['Live events', 'Persons', 'New funnel', 'New trend'])
  })

  test('what the server found is kept as it is', () => {
    expect(labels('ada', [item('Persons', 'lovelace@example.com')])).toEqual(['lovelace@example.com'])
  })

  test('what the server found for fewer letters has to match all that was typed since', () => {
    const found = [item('Persons', 'bo@example.com'), item('Events', 'bought')]
    const shown = (foundFor: string) =>
      findItems(items, 'bought ', found, foundFor).flatMap(({ items: each }) => each.map(({ label }) => label))
    expect(shown('bo')).toEqual(['bought'])
    expect(shown('bought')).toEqual(['bo@example.com', 'bought'])
  })
})

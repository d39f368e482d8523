import { expect, test } from 'vitest'
import { filtersOf, overrideOf } from './override.ts'
import { textBlocks } from './text-blocks.ts'

test('an address says what is laid over the tiles', () => {
  expect(overrideOf({})).toEqual({})
  expect(overrideOf({ from: '-30d' })).toEqual({ filters: { date_from: '-30d' } })
  const whole = { type: 'event', key: '$browser', operator: 'exact', value: ['Chrome'] }
  const begun = { type: 'event', key: '$os', operator: 'exact' }
  expect(overrideOf({ where: JSON.stringify([whole, begun]), vars: '{"v1":"x"}' })).toEqual({
    filters: { properties: [whole] },
    variables: { v1: { value: 'x' } },
  })
  for (const where of ['no json', '{}', '[1]', 'null']) expect(filtersOf({ where })).toEqual([])
})

test('a text has headings, lists and paragraphs, and nothing else in it is markup', () => {
  expect(textBlocks('# One\ntext **bold** <b>x</b>\nmore\n\n- a\n- b')).toEqual([
    { kind: 'heading', text: 'One' },
    { kind: 'paragraph', text: 'text **bold** <b>x</b>\nmore' },
    { kind: 'list', items: ['a', 'b'] },
  ])
  expect(textBlocks('')).toEqual([])
})

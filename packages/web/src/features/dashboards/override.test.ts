import { expect, test } from 'vitest'
import { filtersOf, isOverridden, keptOf, noOverride, overrideOf, ownOf } from './override.ts'
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

test('what is laid over can be kept for everyone, over what was kept before', () => {
  const chrome = { type: 'event', key: '$browser', operator: 'exact', value: ['Chrome'] }
  const mac = { type: 'event', key: '$os', operator: 'exact', value: ['Mac'] }
  const own = ownOf({ filters: { date_from: '-30d', properties: [chrome] }, variables: { v1: { value: 'a' }, v2: 'b' } })
  expect(own).toEqual({ range: { date_from: '-30d' }, filters: [chrome], variables: { v1: 'a', v2: 'b' } })
  const search = { from: '-7d', where: JSON.stringify([mac]), vars: '{"v1":"c"}' }
  expect(keptOf(own, search)).toEqual({ range: { date_from: '-7d' }, filters: [chrome, mac], variables: { v1: 'c', v2: 'b' } })
  expect(keptOf(own, noOverride)).toEqual(own)
  expect([isOverridden(search), isOverridden({ ...noOverride, edit: 'yes' })]).toEqual([true, false])
  for (const nothing of [undefined, { filters: null, variables: [] }, { filters: { properties: 'x' }, variables: 'y' }])
    expect(ownOf(nothing)).toEqual({ range: undefined, filters: [], variables: {} })
})

import { expect, test } from 'vitest'
import { variableChoices, variableOf, variableText } from './variable-values.ts'

test.each([
  ['String', ' a ', { default_value: ' a ', values: null }],
  ['Number', '1.5', { default_value: 1.5, values: null }],
  ['Number', 'many', undefined],
  ['Number', '', undefined],
  ['Boolean', 'false', { default_value: false, values: null }],
  ['Boolean', 'no', undefined],
  ['Date', '2026-03-01', { default_value: '2026-03-01', values: null }],
  ['Date', 'yesterday', undefined],
  ['List', 'team\n\n free \n', { default_value: 'team', values: ['team', 'free'] }],
  ['List', ' \n', undefined],
] as const)('a %s of %j', (type, text, made) => {
  expect(variableOf(type, text)).toEqual(made)
})

test('what there is to choose, and how a value is shown', () => {
  expect(variableChoices({ type: 'List', values: ['a', 1, 'a'] })).toEqual(['a', '1'])
  expect(variableChoices({ type: 'List', values: null })).toEqual([])
  expect(variableChoices({ type: 'Boolean', values: null })).toEqual(['true', 'false'])
  expect([null, 0, false, ['a']].map(variableText)).toEqual(['', '0', 'false', '["a"]'])
})

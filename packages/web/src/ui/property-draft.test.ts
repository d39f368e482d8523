import { expect, test } from 'vitest'
import { draftOf, valueOfDraft } from './property-draft.ts'

test.each([
  ['a "quoted" text'],
  [''],
  ['12'],
  [12.5],
  [-0.1],
  [true],
  [false],
  [null],
  [[1, 'a']],
  [{ a: { b: null } }],
  ['2026-03-01T10:00:00Z'],
])('%j is edited and kept as it was', (value) => {
  expect(valueOfDraft(draftOf(value))).toEqual({ value })
})

test.each([
  [{ as: 'number', text: '' }],
  [{ as: 'number', text: '1,5' }],
  [{ as: 'number', text: 'Infinity' }],
  [{ as: 'json', text: '{a: 1}' }],
] as const)('%j is no value', (draft) => {
  expect(valueOfDraft(draft)).toEqual({ fault: expect.any(String) })
})

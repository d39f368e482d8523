import { expect, it } from 'vitest'
import { deedWords, payloadOf } from './schedule-words.ts'

it.each([
  ['enable', 'Enable it'],
  ['disable', 'Disable it'],
  ['release', 'Release it to 25 % of everyone'],
] as const)('%s reads as %s', (deed, words) => {
  expect(deedWords(payloadOf(deed, 25))).toBe(words)
})

it('names what was scheduled elsewhere', () => {
  expect(deedWords({ operation: 'update_variants', value: {} })).toBe('Change the variants')
  expect(deedWords({ operation: 'add_release_condition', value: null })).toBe('Add release conditions')
  expect(deedWords({ operation: 'add_release_condition', value: { groups: [{ properties: [{}] }] } })).toBe('Add release conditions')
})

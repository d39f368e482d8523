import { expect, test } from 'vitest'
import { groupName, pluralOf } from './group-words.ts'

test('groups are called as they say themselves, else by their key', () => {
  expect(groupName('acme', { name: 'Acme Inc' })).toBe('Acme Inc')
  for (const name of [undefined, null, '', ' ', 7, { a: 1 }]) expect(groupName('acme', { name })).toBe('acme')
})

test('a type without a name of its own is called by its key', () => {
  const type = { group_type: 'company', group_type_index: 0, name_singular: null, name_plural: null, created_at: '' }
  expect(pluralOf(type)).toBe('Company')
  expect(pluralOf({ ...type, name_plural: 'companies' })).toBe('Companies')
})

import { expect, test } from 'vitest'
import { groupName, pluralOf } from './group-words.ts'

test('groups are called as they say themselves, else by their key', () => {
  expect(groupName('acme', { name: 'Acme Inc' })).toBe('Acme Inc')
  for (const name of [undefined, null, '', ' ', 7, { a: 1 }]) expect(groupName('acme', { name })).toBe('acme')
})

test('a type without a name of its own is called by its key, in the plural', () => {
  const type = { group_type: 'company', group_type_index: 0, name_singular: null, name_plural: null, created_at: '' }
  expect(pluralOf(type)).toBe('Companies')
  const keys = { project: 'Projects', teams: 'Teams', business: 'Businesses', box: 'Boxes', day: 'Days', team_2: 'Team_2', 会社: '会社' }
  for (const [key, plural] of Object.entries(keys)) expect(pluralOf({ ...type, group_type: key })).toBe(plural)
  expect(pluralOf({ ...type, name_plural: 'companies' })).toBe('Companies')
})

import { expect, test } from 'vitest'
import { personIdOf } from './person-id.ts'

// Computed with Python's uuid.uuid5(uuid.UUID('932979b4-65c3-4424-8467-0b66ec27bc22'), name).
test.each([
  [1, 'ann', 'fe27503b-3771-5a01-819d-96bf829dfb35'],
  [2, 'ann', 'ea6b0aa2-b054-5cd6-b2dd-6f967989d664'],
  [1, 'नेपाल 😀', 'e8470efa-17d4-5873-8063-4f950dbeb0ce'],
])('project %d, %s', (projectId, distinctId, expected) => {
  expect(personIdOf(projectId, distinctId)).toBe(expected)
})

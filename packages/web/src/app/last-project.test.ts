import { expect, test } from 'vitest'
import { chooseProject } from './last-project.ts'

test.each([
  [[1, 2, 3], 2, 2],
  [[1, 2, 3], 9, 1],
  [[4], undefined, 4],
  [[], 4, undefined],
])('of %j, having seen %s last, %s is shown', (available, remembered, expected) => {
  expect(chooseProject(available, remembered)).toBe(expected)
})

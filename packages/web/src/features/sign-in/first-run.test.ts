import { passwordLength } from '@hedgerow/protocol'
import { expect, test } from 'vitest'
import { firstRunFaults, formField, passwordMaxLength, passwordMinLength } from './first-run.ts'

const good = { name: 'Ada', email: 'ada@example.com', password: 'correct horse', projectName: 'Web', timezone: 'UTC' }

test('a good form has no faults', () => {
  expect(firstRunFaults(good)).toEqual({})
})

test.each([
  [{ name: '  ' }, 'name'],
  [{ email: 'ada' }, 'email'],
  [{ email: 'a b@example.com' }, 'email'],
  [{ password: 'short' }, 'password'],
  [{ password: 'x'.repeat(129) }, 'password'],
  [{ projectName: '' }, 'projectName'],
] as const)('%j has a fault in %s', (change, field) => {
  expect(Object.keys(firstRunFaults({ ...good, ...change }))).toEqual([field])
})

test('the lengths are the ones that the server holds to', () => {
  expect({ min: passwordMinLength, max: passwordMaxLength }).toEqual(passwordLength)
})

test("the server's fields find their place in the form", () => {
  expect(['project_name', 'email', 'nonsense', undefined].map(formField)).toEqual(['projectName', 'email', undefined, undefined])
})

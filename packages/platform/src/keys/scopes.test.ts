import { expect, test } from 'vitest'
import { scopesAllow } from './scopes.ts'

test.each([
  [['*'], 'person:write', true],
  [['person:read'], 'person:read', true],
  [['person:read'], 'person:write', false],
  [['person:write'], 'person:read', true],
  [['group:write'], 'person:read', false],
  [['event_definition:write'], 'property_definition:read', false],
  [[], 'person:read', false],
] as const)('%j allow %s: %s', (scopes, needed, allowed) => {
  expect(scopesAllow(scopes, needed)).toBe(allowed)
})

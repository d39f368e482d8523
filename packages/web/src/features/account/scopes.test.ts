import { newPersonalApiKey, scopeObjects } from '@hedgerow/protocol'
import { expect, test } from 'vitest'
import { offeredObjects, scopesOf, scopeWords } from './scopes.ts'

test('the server takes every scope that the form can make', () => {
  const everyWrite = Object.fromEntries(offeredObjects.map(({ object }) => [object, 'write' as const]))
  for (const scopes of [scopesOf('all'), scopesOf(everyWrite), scopesOf({ query: 'read' })]) {
    expect(newPersonalApiKey.safeParse({ label: 'x', scopes }).success).toBe(true)
  }
})

test('all that a key can be allowed is offered, each once', () => {
  expect(offeredObjects.map(({ object }) => object).sort()).toEqual([...scopeObjects].sort())
})

test('what is not allowed is not named', () => {
  expect(scopesOf({ person: 'read', query: 'none', project: 'write' })).toEqual(['person:read', 'project:write'])
  expect(scopesOf({})).toEqual([])
})

test.each([
  [['*'], 'Everything'],
  [['query:read', 'person:read', 'project:write'], 'Reads queries, persons; changes projects'],
  [['feature_flag:write'], 'Changes feature flags'],
  [[], 'Nothing'],
] as const)('%j in words', (scopes, expected) => {
  expect(scopeWords(scopes)).toBe(expected)
})

import { eventDefinitionsQuery, propertyDefinitionTypes, propertyTypes } from '@hedgerow/protocol'
import { expect, test } from 'vitest'
import { eventOrders, orderings, owners, typeLabel } from './ordering.ts'

test('the server knows every order that the page asks for', () => {
  for (const order of eventOrders) expect(eventDefinitionsQuery.parse({ ordering: orderings[order] }).ordering).toBe(orderings[order])
})

test('every owner of properties has a tab', () => {
  expect([...owners].sort()).toEqual([...propertyDefinitionTypes].sort())
})

test('every type has a word of its own', () => {
  const words = [...propertyTypes, null].map(typeLabel)
  expect(new Set(words).size).toBe(words.length)
  expect(typeLabel('Colour')).toBe('colour')
})

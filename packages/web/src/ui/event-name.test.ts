import { expect, test } from 'vitest'
import { eventColour, eventLabel, eventShape } from './event-name.ts'

test('SDK events are named in words, own events keep their names', () => {
  expect(eventLabel('$pageview')).toBe('Page view')
  expect(eventLabel('item created')).toBe('item created')
  expect(eventLabel('constructor')).toBe('constructor')
})

test('shapes tell kinds apart', () => {
  expect(['$screen', '$identify', '$exception', 'anything'].map(eventShape)).toEqual(['view', 'identity', 'fault', 'own'])
})

test('a name always has the same colour, out of eight', () => {
  expect(eventColour('signed up')).toBe(eventColour('signed up'))
  const seen = new Set(Array.from({ length: 200 }, (_, index) => eventColour(`event ${index}`)))
  expect(seen.size).toBe(8)
})

import { expect, test } from 'vitest'
import { propertyChanges, type Snapshot } from './property-history.ts'

const snapshot = (changes: Partial<Snapshot>): Snapshot => ({
  at: '2026-03-01T10:00:00.000Z',
  uuid: 'u',
  event: '$set',
  distinctId: 'ada',
  properties: {},
  previous: {},
  previousOfSame: undefined,
  ...changes,
})
const told = (changes: Partial<Snapshot>, key?: string) =>
  propertyChanges([snapshot(changes)], key).map(({ key: name, before, after }) => [name, before, after])

test.each<[string, Partial<Snapshot>, unknown[]]>([
  ['first values', { properties: { plan: 'free', seats: 1 } }, [['plan', undefined, 'free'], ['seats', undefined, 1]]], // biome-ignore format: a table
  ['another value', { properties: { plan: 'team' }, previous: { plan: 'free' } }, [['plan', 'free', 'team']]],
  ['another type is another value', { properties: { seats: '1' }, previous: { seats: 1 } }, [['seats', 1, '1']]],
  ['removed', { properties: {}, previous: { plan: 'free' } }, [['plan', 'free', undefined]]],
  ['set to null is not removed', { properties: { plan: null }, previous: { plan: 'free' } }, [['plan', 'free', null]]],
  ['the same object', { properties: { a: { b: [1] } }, previous: { a: { b: [1] } } }, []],
  [
    'back to what the same id had, after somebody else’s event',
    { properties: { plan: 'free' }, previous: { plan: 'team' }, previousOfSame: { plan: 'free' } },
    [],
  ],
  [
    'what the event before had already, though new to this id',
    { properties: { plan: 'team' }, previous: { plan: 'team' }, previousOfSame: { plan: 'free' } },
    [],
  ],
  ['new to both', { properties: { plan: 'pro' }, previous: { plan: 'team' }, previousOfSame: { plan: 'free' } }, [['plan', 'free', 'pro']]],
])('%s', (_, changes, expected) => {
  expect(told(changes)).toEqual(expected)
})

test('of one property alone', () => {
  expect(told({ properties: { plan: 'team', seats: 2 } }, 'seats')).toEqual([['seats', undefined, 2]])
  expect(told({ properties: { plan: 'team' } }, 'toString')).toEqual([])
})

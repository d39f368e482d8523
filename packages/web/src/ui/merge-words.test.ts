import { expect, test } from 'vitest'
import { joining, mergeWords } from './merge-words.ts'
import { personMerge } from './person-merge.fixture.ts'

test.each([
  [personMerge({ event: '$identify', other_person_id: 'p2' }), 'came over from another person by Identify'],
  [personMerge({}), 'was merged in'],
  [personMerge({ kind: 'attached', event: '$create_alias' }), 'was added by Alias'],
  [personMerge({ kind: 'split' }), 'was split off'],
])('%j in words', (body, expected) => {
  expect(mergeWords(body)).toBe(expected)
})

test.each([
  ['$identify', { $anon_distinct_id: 'anon' }, { property: '$anon_distinct_id', other: 'anon' }],
  ['$create_alias', { alias: 'other' }, { property: 'alias', other: 'other' }],
  ['$merge_dangerously', { alias: 'other' }, { property: 'alias', other: 'other' }],
  ['$identify', {}, undefined],
  ['$identify', { $anon_distinct_id: 'ada' }, undefined],
  ['bought', { $anon_distinct_id: 'anon' }, undefined],
  ['constructor', {}, undefined],
])('%s with %j of ada joins %j', (event, properties, expected) => {
  expect(joining(event, 'ada', properties)).toEqual(expected)
})

import type { PersonMergeBody } from '@hedgerow/protocol'
import { expect, test } from 'vitest'
import { joining, mergeWords } from './merge-words.ts'

const merge = (fields: Partial<PersonMergeBody>): PersonMergeBody => ({
  kind: 'merged',
  distinct_id: 'a',
  other_person_id: null,
  event_uuid: null,
  event: null,
  occurred_at: '2026-03-01T12:00:00Z',
  ...fields,
})

test.each([
  [merge({ event: '$identify', other_person_id: 'p2' }), 'came over from another person by Identify'],
  [merge({}), 'was merged in'],
  [merge({ kind: 'attached', event: '$create_alias' }), 'was added by Alias'],
  [merge({ kind: 'split' }), 'was split off'],
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

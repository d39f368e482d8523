import { describe, expect, test } from 'vitest'
import { askedProject, event, type Json } from './asked-project.fixture.ts'

const of = (id: string, properties: Json) => event('e', id, '2024-03-15T10:00:00Z', properties)
const ask = askedProject({
  now: '2024-03-15T12:30:00Z',
  persons: [
    { distinct_ids: ['a', 'a2'], properties: { age: 30, ok: true, born: '2000-01-02', mail: 'A@x.io', nothing: null, empty: '' } },
    { distinct_ids: ['b'], properties: { age: 5, ok: false, mail: 'b@y.io' } },
    { distinct_ids: ['c'], properties: {} },
  ],
  events: [
    of('a', { n: 5, flag: true, at: '2024-03-15T09:45:00Z', text: '100%', list: ['x', 'y'], object: { k: 1 }, nothing: null, v: '1.2.3' }),
    of('b', { n: 10.5, flag: false, at: '2024-03-14', text: '1000', v: '1.10.0-beta' }),
    of('c', { text: '', n: 0, v: 'v2.0.0' }),
    of('zz', {}),
  ],
  property_definitions: [
    { name: 'n', type: 'event', property_type: 'Numeric' },
    { name: 'flag', type: 'event', property_type: 'Boolean' },
    { name: 'at', type: 'event', property_type: 'DateTime' },
    { name: 'text', type: 'event', property_type: 'String' },
    { name: 'v', type: 'event', property_type: 'String' },
  ],
})

/** Whose events satisfy the filters. */
async function matching(properties: unknown): Promise<string> {
  const { results } = await ask({ kind: 'EventsQuery', select: ['distinct_id'], orderBy: ['distinct_id'], properties })
  return (results as string[][]).flat().join(' ')
}

const all = 'a b c zz'
type Row = [key: string, operator: string | undefined, value: unknown, expected: string]

describe.each<[string, Row[]]>([
  [
    'event',
    [
      // A text that is no number equals none, and differs from all: not even the absent one is equal.
      ['n', 'exact', 'abc', ''],
      ['n', 'exact', ['abc', '5'], 'a'],
      ['n', 'is_not', 'abc', all],
      ['n', 'is_not', ['abc', 5], 'b c zz'],
      ['n', 'gt', 'abc', ''],
      ['n', 'exact', '', ''],
      ['n', 'exact', 0, 'c'],
      ['n', 'exact', '5.0', 'a'],
      ['n', 'icontains', '5', 'a b'],
      ['n', 'regex', '^5$', 'a'],
      ['n', 'not_icontains', '5', 'c zz'],
      ['n', 'between', ['5', '11'], 'a b'],
      ['n', 'not_between', [1, 6], 'b c'],
      ['flag', 'exact', 'abc', ''],
      ['flag', 'exact', ['true', 'abc'], 'a'],
      ['flag', 'exact', false, 'b'],
      ['flag', 'is_not', 'false', 'a c zz'],
      ['flag', 'is_not', 'abc', all],
      ['flag', 'is_not_set', 'is_not_set', 'c zz'],
      // An empty list is true, but contains nothing.
      ['text', 'icontains', [], ''],
      ['text', 'icontains_multi', [], ''],
      ['text', 'not_icontains', [], all],
      ['text', 'exact', [], all],
      ['text', 'regex', [], all],
      ['text', 'gt', [], all],
      ['text', 'is_date_before', [], all],
      ['text', 'semver_eq', [], all],
      ['text', 'icontains', '0%', 'a b'],
      ['text', 'icontains', ['0%', 'zzz'], 'a'],
      ['text', 'is_set', undefined, 'a b c'],
      ['text', undefined, '1000', 'b'],
      // Still being written.
      ['text', 'exact', undefined, all],
      ['text', 'icontains', null, all],
      ['text', 'flag_evaluates_to', true, all],
      ['nothing', 'is_set', 'is_set', ''],
      ['object', 'is_set', 'is_set', 'a'],
      ['list', 'icontains', 'x', 'a'],
      ['at', 'is_date_before', '-1d', ''],
      ['at', 'is_date_after', '-2d', 'a b'],
      ['at', 'is_date_after', '-3h', 'a'],
      ['at', 'is_date_before', '-3h', 'b'],
      ['at', 'is_date_after', '-2h', ''],
      ['at', 'is_date_exact', '2024-03-14', 'b'],
      ['v', 'semver_neq', '1.10.0', 'a c'],
      ['v', 'semver_gt', '1.2.3', 'b c'],
      ['v', 'semver_tilde', '1', 'a b'],
      ['v', 'semver_caret', '1.2.3', 'a b'],
      ['v', 'semver_wildcard', '1.2.*', 'a'],
    ],
  ],
  [
    'person',
    [
      ['age', 'gt', 10, 'a'],
      ['age', 'is_not', 5, 'a c zz'],
      ['ok', 'exact', ['true'], 'a'],
      ['ok', 'is_not', ['true'], 'b c zz'],
      ['ok', 'is_not_set', 'is_not_set', 'c zz'],
      ['mail', 'not_icontains', '@X', 'b c zz'],
      ['nothing', 'is_set', 'is_set', ''],
      ['empty', 'is_set', 'is_set', 'a'],
      ['born', 'is_date_before', '-10y', 'a'],
      ['distinct_id', 'exact', 'a2', 'a'],
      ['distinct_id', 'is_not', 'a2', 'b c zz'],
    ],
  ],
  [
    'event_metadata',
    [
      ['distinct_id', 'icontains', 'Z', 'zz'],
      ['timestamp', 'is_date_after', '-1h', ''],
      ['timestamp', 'is_date_before', '-1h', all],
    ],
  ],
])('%s', (type, rows) => {
  test.each(rows)('%s %s %j', async (key, operator, value, expected) => {
    expect(await matching([{ type, key, operator, value }])).toBe(expected)
  })
})

const five = { type: 'event', key: 'n', operator: 'exact', value: 5 }
const no = { type: 'event', key: 'flag', operator: 'exact', value: 'false' }
test.each<[string, unknown, string]>([
  [
    'groups in groups',
    {
      type: 'AND',
      values: [
        {
          type: 'OR',
          values: [five, { type: 'AND', values: [no, { type: 'person', key: 'age', operator: 'lt', value: 6 }] }],
        },
        { type: 'OR', values: [] },
      ],
    },
    'a b',
  ],
  ['an empty group among others', { type: 'OR', values: [{ type: 'AND', values: [] }, five] }, all],
  ['a group of one', { type: 'OR', values: [five] }, 'a'],
  ['no key, no type, no fields', [{ type: 'event', value: 5 }, { key: 'n', value: 5 }, {}], all],
  ['a flag', [{ type: 'flag', key: 'x', operator: 'flag_evaluates_to', value: true }], all],
  ['HogQL, whatever its value', [{ type: 'hogql', key: 'person.properties.age > 10', value: 'ignored' }], 'a'],
])('%s', async (_, properties, expected) => {
  expect(await matching(properties)).toBe(expected)
})

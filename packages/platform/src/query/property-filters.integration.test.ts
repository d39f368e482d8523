import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createQueryEngine, type QueryEngine } from './query-engine.ts'
import { eventRow, openQueryStores, personRow, type QueryStores } from './query-test-stores.ts'

let stores: QueryStores
let engine: QueryEngine
const ann = '22222222-2222-4222-8222-222222222222'

/** One event for each row: its distinct id, then its properties. */
const rows: [string, Record<string, unknown>][] = [
  ['apple', { text: 'Apple pie', n: 5, flag: true, at: '2024-03-10T10:00:00Z', version: '1.2.3', $pathname: '/u/1' }],
  ['banana', { text: 'banana', n: 10.5, flag: false, at: '2024-03-14T10:00:00Z', version: '1.10.0-beta', $pathname: '/u/2' }],
  ['empty', { text: '', n: -1, version: 'none' }],
  ['absent', {}],
]

beforeAll(async () => {
  stores = await openQueryStores()
  await stores.addProject(1, {
    settings: {
      path_cleaning_filters: [{ alias: '/u/:id', regex: '/u/\\d+' }],
      test_account_filters: [{ type: 'event', key: 'text', operator: 'is_not', value: 'banana' }],
    },
  })
  await stores.insert('persons', [personRow(1, ann, { plan: 'pro' })])
  await stores.insert(
    'person_distinct_ids',
    ['apple', 'banana'].map((distinct_id) => ({ project_id: 1, distinct_id, person_id: ann, is_deleted: 0, version: 1 })),
  )
  await stores.insert(
    'events',
    rows.map(([distinct_id, properties]) =>
      eventRow(1, 'e', '2024-03-15T10:00:00Z', {
        distinct_id,
        properties,
        ...(['apple', 'banana'].includes(distinct_id) ? { person_id: ann } : {}),
        $group_0: distinct_id === 'apple' ? 'acme' : '',
        elements_chain: distinct_id === 'apple' ? 'a.link:href="/sign-up"text="Sign \\"up\\""nth-child="1";div.box:attr_id="top"' : '',
      }),
    ),
  )
  const at = '2024-01-01 00:00:00'
  await stores.insert('groups', [
    {
      project_id: 1,
      group_type_index: 0,
      group_key: 'acme',
      created_at: at,
      updated_at: at,
      properties: { size: 'big' },
      is_deleted: 0,
      version: 1,
    },
  ])
  for (const [name, type] of [
    ['n', 'Numeric'],
    ['flag', 'Boolean'],
    ['at', 'DateTime'],
    ['text', 'String'],
    ['version', 'String'],
  ] as const)
    await stores.defineProperty(1, 'event', name, type)
  engine = createQueryEngine({ events: stores.events, application: stores.application, now: () => new Date('2024-03-15T12:00:00Z') })
})
afterAll(() => stores?.close())

async function matching(properties: unknown, rest: object = {}): Promise<unknown[]> {
  const { results } = await engine.rows({
    projectId: 1,
    query: { kind: 'EventsQuery', select: ['distinct_id'], orderBy: ['distinct_id'], properties, ...rest },
  })
  return results.map(([id]) => id)
}

const all = ['absent', 'apple', 'banana', 'empty']

describe('operators', () => {
  test.each<[string, string, unknown, string[]]>([
    ['text', 'exact', 'banana', ['banana']],
    ['text', 'exact', ['banana', 'Apple pie'], ['apple', 'banana']],
    ['text', 'exact', [], all],
    ['text', 'is_not', 'banana', ['absent', 'apple', 'empty']],
    ['text', 'is_not', ['banana', ''], ['absent', 'apple']],
    ['text', 'icontains', 'APPLE', ['apple']],
    ['text', 'not_icontains', 'APPLE', ['absent', 'banana', 'empty']],
    ['text', 'icontains', ['pie', 'NAN'], ['apple', 'banana']],
    ['text', 'icontains_multi', ['100%', 'NAN'], ['banana']],
    ['text', 'regex', '^b.n', ['banana']],
    ['text', 'not_regex', 'an', ['absent', 'apple', 'empty']],
    ['text', 'not_regex', ['an', 'pie'], ['absent', 'empty']],
    ['text', 'is_set', 'is_set', ['apple', 'banana', 'empty']],
    ['text', 'is_not_set', 'is_not_set', ['absent']],
    ['text', 'in', ['banana'], ['banana']],
    ['text', 'not_in', ['banana'], ['absent', 'apple', 'empty']],
    ['n', 'exact', '5', ['apple']],
    ['n', 'exact', [5, 10.5], ['apple', 'banana']],
    ['n', 'gt', 5, ['banana']],
    ['n', 'gte', '5', ['apple', 'banana']],
    ['n', 'lt', 5, ['empty']],
    ['n', 'max', 5, ['apple', 'empty']],
    ['n', 'between', [5, 10.5], ['apple', 'banana']],
    ['n', 'not_between', [5, 10.5], ['empty']],
    ['flag', 'exact', 'true', ['apple']],
    ['flag', 'exact', [true], ['apple']],
    ['flag', 'is_not', ['true'], ['absent', 'banana', 'empty']],
    ['at', 'is_date_before', '-2d', ['apple']],
    ['at', 'is_date_after', '2024-03-11', ['banana']],
    ['at', 'is_date_exact', '2024-03-14T10:00:00Z', ['banana']],
    ['$pathname', 'is_cleaned_path_exact', '/u/99', ['apple', 'banana']],
    ['version', 'semver_eq', '1.2.3', ['apple']],
    ['version', 'semver_gt', '1.9.0', ['banana']],
    ['version', 'semver_lt', '1.9.0', ['apple']],
    ['version', 'semver_tilde', '1.2.0', ['apple']],
    ['version', 'semver_caret', '1.3.0', ['banana']],
    ['version', 'semver_wildcard', '1.*', ['apple', 'banana']],
  ])('%s %s %o', async (key, operator, value, expected) => {
    expect(await matching([{ type: 'event', key, operator, value }])).toEqual(expected)
  })
})

describe('types', () => {
  test.each<[string, unknown, string[]]>([
    ['person', [{ type: 'person', key: 'plan', value: 'pro' }], ['apple', 'banana']],
    ['any distinct id of the person', [{ type: 'person', key: 'distinct_id', value: 'apple' }], ['apple', 'banana']],
    ['group', [{ type: 'group', group_type_index: 0, key: 'size', value: 'big' }], ['apple']],
    ['metadata', [{ type: 'event_metadata', key: '$group_0', value: 'acme' }], ['apple']],
    ['tag', [{ type: 'element', key: 'tag_name', value: 'div' }], ['apple']],
    ['href', [{ type: 'element', key: 'href', operator: 'icontains', value: 'SIGN' }], ['apple']],
    ['text of an element', [{ type: 'element', key: 'text', operator: 'icontains', value: 'sign' }], ['apple']],
    ['HogQL', [{ type: 'hogql', key: "properties.n > 3 and event = 'e'" }], ['apple', 'banana']],
    ['no filter at all', [{ key: 'text' }, {}, { type: 'empty' }], all],
    [
      'groups of filters',
      {
        type: 'OR',
        values: [
          { type: 'AND', values: [{ type: 'event', key: 'n', operator: 'gt', value: 7 }] },
          { type: 'event', key: 'text', value: '' },
        ],
      },
      ['banana', 'empty'],
    ],
    ['an empty group', { type: 'AND', values: [] }, all],
  ])('%s', async (_name, properties, expected) => {
    expect(await matching(properties)).toEqual(expected)
  })

  test("the project's filter of test accounts", async () => {
    expect(await matching([], { filterTestAccounts: true })).toEqual(['absent', 'apple', 'empty'])
  })
})

describe('refusals', () => {
  test.each<[object, string]>([
    [{ type: 'event', key: 'n', operator: 'gtt', value: 1 }, 'Unknown operator "gtt". Did you mean "gt"?'],
    [{ type: 'evnt', key: 'n', value: 1 }, 'Unknown type of property filter "evnt". Did you mean "event"?'],
    [{ type: 'event', key: 'n', operator: 'between', value: [3, 1] }, 'between: 3 is more than 1'],
    [{ type: 'event', key: 'at', operator: 'is_date_after', value: 'soon' }, '"soon" is not a date; write it like 2024-01-31 or -7d'],
    [{ type: 'event', key: 'version', operator: 'semver_gt', value: 'x' }, '"x" is not a version like 1.2.3'],
    [{ type: 'cohort', key: 'id', value: 1 }, 'There is no cohort 1'],
    [{ type: 'hogql', key: '{filters}' }, 'Placeholders cannot be used inside filters'],
  ])('%o', async (filter, message) => {
    await expect(matching([filter])).rejects.toMatchObject({ code: 'invalid_query', message })
  })
})

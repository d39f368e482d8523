import { describe, expect, test } from 'vitest'
import { type Answer, askedProject, event, type Json } from './asked-project.fixture.ts'

const ask = askedProject({
  now: '2024-03-15T12:30:00Z',
  timezone: 'America/New_York',
  team: { test_account_filters: [{ type: 'person', key: 'email', operator: 'not_icontains', value: '@corp' }] },
  persons: [
    { distinct_ids: ['a', 'a2'], properties: { email: 'a@x.io', n: 1 } },
    { distinct_ids: ['b'], properties: { email: 'b@corp' } },
  ],
  actions: [{ id: 3, name: 'x', steps: [{ event: 'x' }] }],
  events: [
    event('x', 'a', '2024-03-15T12:00:00Z', { n: 1 }),
    event('y', 'a2', '2024-03-15T11:00:00Z', { n: 2 }),
    event('x', 'b', '2024-03-14T12:40:00Z', { n: 3 }),
    event('x', 'b', '2024-03-14T12:10:00Z', { n: 4 }),
    event('x', 'none', '2024-03-14T05:00:00Z', { n: 5 }),
    event('x', 'a', '2024-03-14T03:00:00Z', { n: 6 }),
    event('x', 'a', '2024-03-01T03:00:00Z', { n: 7 }),
    event('x', 'a', '2024-03-15T12:30:04Z', { n: 8 }),
    event('x', 'a', '2024-03-15T12:31:00Z', { n: 9 }),
  ],
})

const query = (fields: Json): Promise<Answer> => ask({ kind: 'EventsQuery', ...fields })
const source = { kind: 'TrendsQuery', series: [{ kind: 'EventsNode', event: 'x' }], dateRange: { date_from: '-1d' } }

describe('which events', () => {
  test.each<[string, Json, string]>([
    ['of the last 24 hours, and five seconds ahead', {}, '8 1 2 3'],
    ['all', { after: 'all' }, '8 1 2 3 4 5 6 7'],
    ['days begin at midnight in the project', { after: '-1d' }, '8 1 2 3 4 5'],
    ['hours are lengths of time', { after: '-90M' }, '8 1'],
    ['after excludes its instant', { after: '2024-03-15T11:00:00Z' }, '8 1'],
    ['before too', { before: '2024-03-15T12:00:00Z' }, '2 3'],
    ['dates without an offset are local', { after: '2024-03-15 07:30:00' }, '8 1'],
    ['a name', { event: 'y' }, '2'],
    ['names', { events: ['y', 'x'] }, '8 1 2 3'],
    ['an action, which wins over steps', { actionId: 3, actionSteps: [{ event: 'y' }] }, '8 1 3'],
    ['steps', { actionSteps: [{ event: 'y' }] }, '2'],
    ['no test accounts', { filterTestAccounts: true }, '8 1 2'],
    ['conditions', { where: ['properties.n > 1', "event = 'x'"] }, '8 3'],
    [
      'both kinds of filters',
      {
        fixedProperties: [{ type: 'event', key: 'n', operator: 'lt', value: 3 }],
        properties: { type: 'OR', values: [{ type: 'event', key: 'n', value: 2 }] },
      },
      '2',
    ],
    ['of a person', { properties: [{ type: 'person', key: 'n', value: 1 }] }, '8 1 2'],
    ['behind a number', { source: { kind: 'InsightActorsQuery', series: 0, day: '2024-03-15', source } }, '8 1'],
  ])('%s', async (_, fields, expected) => {
    const { results } = await query({ select: ['properties.n'], orderBy: ['timestamp DESC'], ...fields })
    expect(results.flat().join(' ')).toBe(expected)
  })

  test('of one person, by whichever of its ids', async () => {
    const [[personId]] = (await query({ select: ['person_id'], event: 'y' })).results
    const { results } = await query({ select: ['distinct_id'], personId, orderBy: ['timestamp'] })
    expect(results.flat()).toEqual(['a2', 'a', 'a'])
  })
})

describe('columns and order', () => {
  test.each<[string, Json, unknown[][]]>([
    [
      'the count first',
      { select: ['event', 'min(properties.n)', 'count()'] },
      [
        ['x', 1, 3],
        ['y', 2, 1],
      ],
    ],
    [
      'else the first aggregate',
      { select: ['event', 'max(properties.n)', 'min(properties.n)'] },
      [
        ['x', 8, 1],
        ['y', 2, 2],
      ],
    ],
    ['else the newest', { select: ['properties.n', 'toHour(timestamp)', 'timestamp'], limit: 1 }, [[8, 8, '2024-03-15T08:30:04-04:00']]],
    [
      'else the first column',
      { select: ['properties.n', 'event'], limit: 2 },
      [
        [1, 'x'],
        [2, 'y'],
      ],
    ],
    [
      'as asked for',
      { select: ['event', 'count()'], orderBy: ['count() ASC'] },
      [
        ['y', 1],
        ['x', 3],
      ],
    ],
    ['by what is not shown', { select: ['event'], orderBy: ['properties.n DESC'] }, [['x'], ['x'], ['y'], ['x']]],
    ['by a column with a label', { select: ['properties.n -- N'], orderBy: ['properties.n -- N DESC'], limit: 2 }, [[8], [3]]],
    ['conditions on aggregates', { select: ['event', 'count()'], where: ['count() > 1'] }, [['x', 3]]],
    ['aggregates alone', { select: ['count()', 'uniq(person_id)'] }, [[4, 2]]],
  ])('%s', async (_, fields, expected) => {
    expect((await query(fields)).results).toEqual(expected)
  })

  test('names, pages and where to go on', async () => {
    const page = await query({ select: ['properties.n as num', 'event -- Name'], orderBy: ['num'], limit: 1, offset: 1 })
    expect(page).toMatchObject({ columns: ['num', 'event -- Name'], results: [[2, 'y']], hasMore: true, limit: 1, offset: 1 })
    const newest = await query({ select: ['properties.n'], orderBy: ['timestamp DESC'], limit: 2 })
    expect(newest).toMatchObject({ results: [[8], [1]], nextCursor: '2024-03-15T08:00:00-04:00' })
    expect(await query({ select: ['event'], event: 'nope' })).toMatchObject({ results: [], columns: ['event'], hasMore: false })
  })

  test('an empty select is the default one', async () => {
    const { columns, results } = await query({ select: [], limit: 1 })
    expect(columns).toEqual(['*'])
    expect(results[0][0].properties).toEqual({ n: 8 })
  })

  test('persons, and ids without one', async () => {
    const { results } = await query({
      select: ['person', 'person_display_name', 'person.properties.email'],
      after: '-1d',
      orderBy: ['timestamp'],
    })
    expect(results[0]).toEqual([{ distinct_id: 'none' }, { display_name: 'none', id: expect.any(String), distinct_id: 'none' }, null])
    expect(results[3]).toMatchObject([
      { uuid: expect.any(String), properties: { email: 'a@x.io', n: 1 }, distinct_id: 'a2' },
      { display_name: 'a@x.io', distinct_id: 'a2' },
      'a@x.io',
    ])
  })
})

import { afterAll, beforeAll, expect, test } from 'vitest'
import { firstToken, type RunningServer, startServer } from '../running-server.fixture.ts'

let server: RunningServer
const session = '01890000-0000-7000-8000-00000000000'
const at = (minute: number) => new Date(Date.parse('2026-03-01T12:00:00Z') + minute * 60_000).toISOString()
const asOf = '2026-03-01T13:00:00Z'

beforeAll(async () => {
  server = await startServer()
  const event = (name: string, distinctId: string, minute: number, properties: object = {}) => ({
    event: name,
    distinct_id: distinctId,
    timestamp: at(minute),
    properties,
  })
  await server.send(firstToken, 1, [
    event('$groupidentify', 'ann', -60, { $group_type: 'company', $group_key: 'acme', $group_set: { name: 'Acme', seats: 5 } }),
    event('$groupidentify', 'ann', -60, { $group_type: 'company', $group_key: 'zeta', $group_set: { seats: 9 } }),
    event('$identify', 'ann', -60, { $set: { email: 'ann@example.com', plan: 'pro' } }),
    event('$identify', 'bob', -60, { $set: { email: 'bob@example.com', plan: 'free' } }),
    event('$pageview', 'ann', 0, { $session_id: `${session}1`, $current_url: 'https://x.example/a', color: 'red' }),
    event('$pageview', 'ann', 2, { $session_id: `${session}1`, $current_url: 'https://x.example/b', color: 'red' }),
    event('$pageview', 'bob', 5, { $session_id: `${session}2`, $current_url: 'https://x.example/a', color: 'blue' }),
    event('bought', 'ann', 6, { $session_id: `${session}1` }),
    event('mailed', 'ann', 10),
    event('mailed', 'ann', 50),
  ])
})
afterAll(() => server?.close())

async function ask(query: object) {
  const { status, body } = await server.call('POST', '/api/projects/1/query/', { query, as_of: asOf })
  if (status !== 200) throw new Error(`${status}: ${body.detail}`)
  return body
}

test('SessionsQuery: columns, filters of sessions and of their events, the newest first', async () => {
  const select = ['session_id', '$pageview_count', '$entry_pathname']
  expect(
    (await ask({ kind: 'SessionsQuery', select: [...select, '$start_timestamp'] })).results.map((row: unknown[]) => row.slice(0, 3)),
  ).toEqual([
    [`${session}2`, 1, '/a'],
    [`${session}1`, 2, '/a'],
  ])
  expect((await ask({ kind: 'SessionsQuery', select, event: 'bought' })).results).toEqual([[`${session}1`, 2, '/a']])
  const long = [{ type: 'session', key: '$session_duration', operator: 'gt', value: 60 }]
  expect((await ask({ kind: 'SessionsQuery', select, properties: long })).results).toHaveLength(1)
  const [[star]] = (await ask({ kind: 'SessionsQuery' })).results
  expect(star).toMatchObject({ session_id: `${session}2`, $pageview_count: 1 })
})

test('SessionsTimelineQuery: visit by visit, with and without a session', async () => {
  const { body: ann } = await server.call('GET', '/api/projects/1/persons/ann/')
  const { results, hasMore } = await ask({ kind: 'SessionsTimelineQuery', personId: ann.id, after: at(-1) })
  const shown = results.map((visit: { sessionId?: string; events: { event: string }[] }) => [
    visit.sessionId ?? null,
    visit.events.map(({ event }) => event),
  ])
  expect([shown, hasMore]).toEqual([
    [
      [null, ['mailed']],
      [null, ['mailed']],
      [`${session}1`, ['bought', '$pageview', '$pageview']],
    ],
    false,
  ])
})

test('GroupsQuery: of one type, searched and filtered', async () => {
  const query = { kind: 'GroupsQuery', group_type_index: 0, orderBy: ['group_name ASC'] }
  expect((await ask(query)).results).toEqual([
    ['Acme', 'acme'],
    ['zeta', 'zeta'],
  ])
  expect((await ask({ ...query, search: 'ZET' })).results).toEqual([['zeta', 'zeta']])
  const seats = [{ type: 'group', key: 'seats', operator: 'lt', value: 6 }]
  expect((await ask({ ...query, select: ['key', 'properties.seats'], properties: seats })).results).toEqual([['acme', 5]])
  await expect(ask({ kind: 'GroupsQuery' })).rejects.toThrow('group_type_index')
})

test('EventTaxonomyQuery and ActorsPropertyTaxonomyQuery: examples of values', async () => {
  const colors = await ask({ kind: 'EventTaxonomyQuery', event: '$pageview', properties: ['color', 'nothing'] })
  expect(colors.results).toEqual([
    { property: 'color', sample_values: ['red', 'blue'], sample_count: 2 },
    { property: 'nothing', sample_values: [], sample_count: 0 },
  ])
  const all = await ask({ kind: 'EventTaxonomyQuery', event: '$pageview' })
  expect(all.results.map(({ property }: { property: string }) => property)).toEqual(expect.arrayContaining(['color', '$current_url']))
  const plans = await ask({ kind: 'ActorsPropertyTaxonomyQuery', properties: ['plan'] })
  expect(plans.results[0].sample_values.sort()).toEqual(['free', 'pro'])
})

test('PersonsNode: persons by search', async () => {
  expect((await ask({ kind: 'PersonsNode', search: 'ann@' })).results).toMatchObject([[{ distinct_ids: ['ann'] }]])
})

test('EventsQuery: events of an action, of steps, and behind a number', async () => {
  const action = await server.call('POST', '/api/projects/1/actions/', {
    name: 'Looked',
    steps: [{ event: '$pageview', url: '/a', url_matching: 'contains' }],
  })
  const events = (query: object) => ask({ kind: 'EventsQuery', select: ['event', 'distinct_id'], orderBy: ['timestamp'], ...query })
  expect((await events({ actionId: action.body.id })).results).toEqual([
    ['$pageview', 'ann'],
    ['$pageview', 'bob'],
  ])
  expect((await events({ actionSteps: [{ event: 'bought' }, { event: 'mailed' }] })).results).toHaveLength(3)
  await expect(events({ actionId: 999_999 })).rejects.toThrow('999999')
  const source = {
    kind: 'InsightActorsQuery',
    source: {
      kind: 'TrendsQuery',
      series: [{ kind: 'EventsNode', event: '$pageview' }],
      dateRange: { date_from: '2026-03-01', date_to: '2026-03-01' },
    },
    day: '2026-03-01',
    series: 0,
  }
  expect((await events({ source })).results).toHaveLength(3)
})

test.each([
  ['HogQLASTQuery', 'HogQLQuery'],
  ['WebOverviewQuery', 'Unsupported query kind'],
  ['TrendQuery', 'Did you mean'],
])('%s is refused clearly', async (kind, says) => {
  await expect(ask({ kind })).rejects.toThrow(says)
})

test('what a query would read is told before it is run', async () => {
  const { status, body } = await server.call('POST', '/api/projects/1/query/explain/', {
    query: { kind: 'TrendsQuery', series: [{ kind: 'EventsNode', event: '$pageview' }], dateRange: { date_from: '2026-03-01' } },
  })
  expect(status).toBe(200)
  expect(body.results[0]).toMatchObject({
    rows: expect.any(Number),
    tables: [{ table: 'events' }],
    clickhouse: expect.stringContaining('SELECT'),
  })
  expect(body.results[0].plan.join('\n')).toContain('PrimaryKey')
  const explained = await ask({ kind: 'HogQLQuery', query: 'select count() from events', explain: true })
  expect(explained).toMatchObject({ results: [[10]], estimate: { tables: expect.any(Array) } })
  expect(explained.explain.join('\n')).toContain('Aggregat')
})

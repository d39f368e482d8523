import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createQueryEngine, type QueryEngine } from './query-engine.ts'
import { eventRow, openQueryStores, personRow, type QueryStores } from './query-test-stores.ts'

const now = new Date('2024-05-15T10:30:00Z')
const personId = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const people = 40
/** Has events, but no row in persons. */
const gone = 39

type Row = Record<string, unknown>
let stores: QueryStores
let engine: QueryEngine

beforeAll(async () => {
  stores = await openQueryStores()
  engine = createQueryEngine({ events: stores.events, application: stores.application, now: () => now })
  await stores.addProject(1, {
    timezone: 'Asia/Kathmandu',
    settings: { path_cleaning_filters: [{ alias: '/user/<id>', regex: '/user/\\d+' }] },
  })
  await stores.defineProperty(1, 'event', 'price', 'Numeric')
  const ids = Array.from({ length: people }, (_, n) => n)
  await stores.insert(
    'persons',
    ids.filter((n) => n !== gone).map((n) => personRow(1, personId(n), { email: `p${n}@example.com`, name: `Person ${n}` })),
  )
  await stores.insert(
    'person_distinct_ids',
    ids.map((n) => ({ project_id: 1, distinct_id: `d${n}`, person_id: personId(n), is_deleted: 0, version: 1 })),
  )
  const at = '2024-05-10 00:00:00'
  const group = { project_id: 1, group_type_index: 0, created_at: at, updated_at: at, is_deleted: 0, version: 1 }
  await stores.insert('groups', [{ ...group, group_key: 'acme', properties: { name: 'Acme Ltd' } }])
  await stores.application.db.insertInto('group_types').values({ project_id: 1, group_type: 'company', group_type_index: 0 }).execute()
  const event = (name: string, n: number, timestamp: string, properties: Row = {}, rest: object = {}) =>
    eventRow(1, name, timestamp, { distinct_id: `d${n}`, person_id: personId(n), properties, ...rest })
  await stores.insert('events', [
    // One each of 40 people, at prices 1 to 40, one minute after another from 18:15 UTC on: a new day in Kathmandu.
    ...ids.map((n) =>
      event(
        'buy',
        n,
        `2024-05-12T18:${15 + (n % 40)}:00Z`,
        { price: n + 1, country: n < 30 ? 'NP' : `X${n}` },
        { $group_0: n % 2 ? 'acme' : 'lost' },
      ),
    ),
    event('buy', 1, '2024-05-13T18:14:59Z', { price: 100, country: 'NP' }, { $group_0: 'acme' }),
    event('view', 1, '2024-05-14T01:00:00Z', { path: '/user/17/' }),
    event('view', 1, '2024-05-14T02:00:00Z', { path: '/user/18?' }),
    event('view', 2, '2024-05-14T03:00:00Z', { path: '/#' }),
  ])
})
afterAll(() => stores?.close())

const buy = { kind: 'EventsNode', event: 'buy' }
const view = { kind: 'EventsNode', event: 'view' }
const run = (query: Row) => engine.run({ projectId: 1, query, asOf: now })
const trends = (fields: Row): Row => ({ kind: 'TrendsQuery', series: [buy], dateRange: { date_from: '-3d' }, ...fields })
const rowsOf = async (fields: Row) => (await run(trends(fields))).results as Row[]
const peopleOf = (source: Row, selection: Row = {}, more: Row = {}) =>
  run({ kind: 'ActorsQuery', source: { kind: 'InsightActorsQuery', source, ...selection }, ...more })

describe('displays', () => {
  test('box plot: what there is to draw of each day', async () => {
    const [row] = await rowsOf({ series: [{ ...buy, math: 'avg', math_property: 'price' }], trendsFilter: { display: 'BoxPlot' } })
    expect(row?.data).toEqual([0, 21, 0, 0])
    const boxes = row?.boxplot_data as Row[] | undefined
    expect(boxes?.[1]).toEqual({
      day: '2024-05-13',
      label: '13-May-2024',
      count: 41,
      min: 1,
      p25: 11,
      median: 21,
      mean: (820 + 100) / 41,
      p75: 31,
      p95: 39,
      max: 100,
    })
  })

  test('a box plot without numbers is refused', async () => {
    await expect(run(trends({ trendsFilter: { display: 'BoxPlot' } }))).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining('series[0] needs math_property'),
    })
  })

  test('calendar: weekdays and hours of the project', async () => {
    const [row] = await rowsOf({ trendsFilter: { display: 'CalendarHeatmap' } })
    const heatmap = row?.calendar_heatmap_data as {
      data: Row[]
      rowAggregations: Row[]
      columnAggregations: Row[]
      allAggregations: number
    }
    // Monday, from midnight on; the last one a second before the next.
    expect(heatmap.data.filter(({ value }) => value !== 0)).toEqual([
      { row: 1, column: 0, value: 40 },
      { row: 1, column: 23, value: 1 },
    ])
    expect(heatmap.rowAggregations[1]).toEqual({ row: 1, value: 41 })
    expect(heatmap.columnAggregations[23]).toEqual({ column: 23, value: 1 })
    expect(heatmap.allAggregations).toBe(41)
  })

  test('world map: a number for each country, up to three hundred of them', async () => {
    const response = await run(
      trends({ trendsFilter: { display: 'WorldMap' }, breakdownFilter: { breakdown: 'country', breakdown_type: 'event' } }),
    )
    const rows = response.results as Row[]
    expect(rows).toHaveLength(11)
    expect(rows[0]).toMatchObject({ breakdown_value: 'NP', aggregated_value: 31, count: 0, data: [] })
    expect(response).toMatchObject({ hasMore: false })
  })

  test('what is beyond the limit is one row, says so, and can be hidden', async () => {
    const breakdownFilter = { breakdown: 'country', breakdown_type: 'event', breakdown_limit: 3 }
    const shown = await run(trends({ breakdownFilter }))
    expect(shown).toMatchObject({ hasMore: true })
    expect((shown.results as Row[]).map(({ breakdown_value, count }) => [breakdown_value, count])).toEqual([
      ['NP', 31],
      ['X30', 1],
      ['X31', 1],
      ['$$_posthog_breakdown_other_$$', 8],
    ])
    const hidden = await run(trends({ breakdownFilter: { ...breakdownFilter, breakdown_hide_other_aggregation: true } }))
    expect(hidden.results).toHaveLength(3)
  })

  test('the dates that were meant', async () => {
    expect(await run(trends({ compareFilter: { compare: true } }))).toMatchObject({
      resolved_date_range: { date_from: '2024-05-11T18:15:00.000Z', date_to: '2024-05-15T18:14:59.999Z' },
      resolved_compare_date_range: { date_from: '2024-05-07T18:15:00.000Z', date_to: '2024-05-11T18:14:59.999Z' },
    })
  })
})

describe('breakdown values', () => {
  test.each([
    [{}, ['/#', '/user/17/', '/user/18?']],
    [{ breakdown_normalize_url: true }, ['/', '/user/17', '/user/18']],
    [{ breakdown_path_cleaning: true }, ['/#', '/user/<id>/', '/user/<id>?']],
    [{ breakdown_path_cleaning: true, breakdown_normalize_url: true }, ['/user/<id>', '/']],
  ])('%j', async (traits, values) => {
    const rows = await rowsOf({ series: [view], breakdownFilter: { breakdown: 'path', breakdown_type: 'event', ...traits } })
    expect(rows.map((row) => row.breakdown_value)).toEqual(values)
  })
})

describe('samples', () => {
  const sampled = { samplingFactor: 0.5, trendsFilter: { display: 'BoldNumber' } }

  test('hold the same people in every question, and stand for all', async () => {
    const [row] = await rowsOf({ ...sampled, series: [{ ...buy, math: 'dau' }] })
    const found = (await peopleOf(trends({ ...sampled, series: [{ ...buy, math: 'dau' }] }), {}, { select: ['id'], limit: 100 }))
      .results as string[][]
    const again = (await peopleOf(trends({ ...sampled }), {}, { select: ['id'], limit: 100 })).results as string[][]
    expect(found.length).toBeGreaterThan(8)
    expect(found.length).toBeLessThan(32)
    expect(row?.aggregated_value).toBe(found.length * 2)
    expect(again.flat().sort()).toEqual(found.flat().sort())
  })
})

test.each<[string, Row]>([
  ['a count', {}],
  ['several series', { series: [buy, { ...buy, math: 'dau' }, { ...view, math: 'total' }] }],
  ['quantiles', { series: [{ ...buy, math: 'p90', math_property: 'price' }], interval: 'week' }],
  ['weekly active people', { series: [{ ...buy, math: 'weekly_active' }], interval: 'hour' }],
  ['first times', { series: [{ ...buy, math: 'first_time_for_user' }], compareFilter: { compare: true } }],
  ['breakdowns', { series: [buy, view], breakdownFilter: { breakdowns: [{ property: 'country' }, { property: 'name', type: 'person' }] } }],
  ['smoothed breakdowns', { trendsFilter: { smoothingIntervals: 3 }, breakdownFilter: { breakdown: 'country' } }],
  ['bins', { breakdownFilter: { breakdown: 'price', breakdown_histogram_bin_count: 4 } }],
  ['sessions', { series: [{ ...buy, math: 'avg', math_property: '$session_duration' }] }],
])('the HogQL of %s is a query that can be asked', async (_, fields) => {
  const { hogql } = await run(trends(fields))
  expect((await run({ kind: 'HogQLQuery', query: hogql })).results).toBeInstanceOf(Array)
})

describe('actors', () => {
  test('each with its events, the most first; one that no longer exists by its id', async () => {
    const select = ['person', 'event_count', 'event_distinct_ids', 'matched_recordings']
    const response = await peopleOf(trends({}), { day: '2024-05-13', series: 0 }, { select, orderBy: ['event_count DESC', 'id ASC'] })
    expect(response).toMatchObject({ columns: select, hasMore: false, missing_actors_count: 1 })
    const rows = response.results as unknown[][]
    expect(rows).toHaveLength(people)
    expect(rows[0]).toEqual([
      expect.objectContaining({ id: personId(1), distinct_ids: ['d1'], properties: { email: 'p1@example.com', name: 'Person 1' } }),
      2,
      ['d1'],
      [],
    ])
    expect(rows.at(-1)?.[0]).toEqual({ id: personId(gone) })
  })

  test('found by name, narrowed by properties, page by page', async () => {
    const found = (more: Row) =>
      peopleOf(trends({}), { day: '2024-05-13' }, { select: ['properties.email'], orderBy: ['properties.email'], ...more })
    expect((await found({ search: 'person 17' })).results).toEqual([['p17@example.com']])
    const properties = [{ type: 'person', key: 'email', operator: 'icontains', value: 'p2' }]
    const page = await found({ properties, limit: 2, offset: 1 })
    expect(page).toMatchObject({ results: [['p21@example.com'], ['p22@example.com']], hasMore: true, limit: 2, offset: 1 })
  })

  test('groups, also one that is not known', async () => {
    const source = trends({ series: [{ ...buy, math: 'unique_group', math_group_type_index: 0 }] })
    const response = await peopleOf(source, { day: '2024-05-13' }, { orderBy: ['event_count DESC'], select: ['group', 'event_count'] })
    expect(response.results).toEqual([
      [
        expect.objectContaining({ id: 'acme', type: 'group', group_key: 'acme', group_type_index: 0, properties: { name: 'Acme Ltd' } }),
        21,
      ],
      [{ id: 'lost', group_type_index: 0 }, 20],
    ])
    expect((await peopleOf(source, {}, { search: 'acme l' })).results).toHaveLength(1)
  })

  test('of the values beyond the limit', async () => {
    const source = trends({ breakdownFilter: { breakdown: 'country', breakdown_type: 'event', breakdown_limit: 3 } })
    const selection = { day: '2024-05-13', breakdown: '$$_posthog_breakdown_other_$$' }
    expect((await peopleOf(source, selection, { select: ['id'] })).results).toHaveLength(8)
  })

  test('by themselves, as ids', async () => {
    const response = await run({ kind: 'InsightActorsQuery', source: trends({}), day: '2024-05-13' })
    expect(response).toMatchObject({ columns: ['actor_id', 'event_count', 'event_distinct_ids'] })
  })

  test.each<[Row, string]>([
    [{ day: 'someday' }, 'day must be a date or an instant'],
    [{ day: '2020-01-01' }, 'day must be in the date range of the source'],
    [{ day: '2024-05-13', series: 4 }, 'The source has no series 4'],
    [{ series: 'A' }, 'series must be a whole number'],
    [{ compare: 'previous' }, 'The source has no compared period'],
    [{ compare: 'later' }, 'compare must be one of current, previous'],
  ])('refuse %j', async (selection, message) => {
    await expect(peopleOf(trends({}), selection)).rejects.toMatchObject({ status: 400, message: expect.stringContaining(message) })
  })

  test.each<[Row, string]>([
    [{ kind: 'TrendsQuery' }, 'source cannot be a TrendsQuery'],
    [{ kind: 'InsightActorsQuery', source: { kind: 'HogQLQuery' } }, 'InsightActorsQuery.source cannot be a HogQLQuery'],
    [{ kind: 'InsightActorsQuery' }, 'must be an object with a kind'],
  ])('of %j are refused', async (source, message) => {
    await expect(run({ kind: 'ActorsQuery', source })).rejects.toMatchObject({ status: 400, message: expect.stringContaining(message) })
  })
})

import { describe, expect, test } from 'vitest'
import { askedProject, event, type Json, rowsOf } from './asked-project.fixture.ts'

const none = '$$_posthog_breakdown_null_$$'
const other = '$$_posthog_breakdown_other_$$'
const visit = (n: number) => `016f7a5e-0000-7000-8000-00000000000${n}`

const ask = askedProject({
  now: '2020-01-12T13:20:00Z',
  team: {
    test_account_filters: [{ type: 'cohort', key: 'id', value: 1, operator: 'not_in' }],
    path_cleaning_filters: [{ alias: '/u/<id>', regex: '/u/\\d+' }],
  },
  persons: [
    { distinct_ids: ['p1', 'p1b'], properties: { name: 'p1', plan: 'pro', age: 10 } },
    { distinct_ids: ['p2'], properties: { name: 'p2', plan: 'free', age: 20 } },
    { distinct_ids: ['p3'], properties: { name: 'p3', age: 33 } },
  ],
  groups: [
    { type_index: 0, type: 'org', key: 'o1', properties: { industry: 'tech' } },
    { type_index: 0, type: 'org', key: 'o2', properties: { industry: 'fin' } },
  ],
  cohorts: [
    { id: 1, name: 'Pros', groups: [{ properties: [{ type: 'person', key: 'plan', value: 'pro' }] }] },
    { id: 2, name: 'Grown', groups: [{ properties: [{ type: 'person', key: 'age', operator: 'gte', value: 20 }] }] },
  ],
  events: [
    event('a', 'p1', '2020-01-02', { br: 'C', x: 100 }),
    event('a', 'p1', '2020-01-03', { br: 'F', x: 100 }),
    event('b', 'p3', '2020-01-03', { br: 'F', x: 100 }),
    event('a', 'p1', '2020-01-06T10:00:00Z', { br: 'C', x: 1, on: true, $group_0: 'o1', $session_id: visit(1), $pathname: '/u/1/' }),
    event('a', 'p1b', '2020-01-06T10:05:00Z', { br: 'C', x: 3, on: false, $group_0: 'o1', $session_id: visit(1) }),
    event('v', 'p1b', '2020-01-06T10:10:00Z', { $session_id: visit(1) }),
    event('a', 'p2', '2020-01-07T10:00:00Z', { br: 'F', x: 10, on: true, $group_0: 'o2', $session_id: visit(2), $pathname: '/u/2#' }),
    event('v', 'p2', '2020-01-07T10:00:30Z', { $session_id: visit(2) }),
    event('a', 'p3', '2020-01-08', { br: '', x: 4 }),
    event('a', 'p3', '2020-01-09', { x: 2 }),
    event('a', 'p2', '2020-01-10', { br: 'S', $session_id: visit(3), $pathname: '/#' }),
    event('b', 'p1', '2020-01-06', { br: 'C', x: 5 }),
    event('b', 'p2', '2020-01-07', { br: 'S', x: 7 }),
    event('b', 'p2', '2020-01-08', { br: 'Q', x: 7 }),
  ],
})

const a = { kind: 'EventsNode', event: 'a' }
const b = { kind: 'EventsNode', event: 'b' }
const trends = (fields: Json) =>
  ask({ kind: 'TrendsQuery', series: [a], dateRange: { date_from: '2020-01-06', date_to: '2020-01-10' }, ...fields })
const broken = (breakdownFilter: Json, fields: Json = {}) => trends({ ...fields, breakdownFilter })
const total = { trendsFilter: { display: 'ActionsPie' } }
const cumulative = { trendsFilter: { display: 'ActionsLineGraphCumulative' } }
const compared = { compareFilter: { compare: true } }

describe('breakdowns', () => {
  test.each<[Json, [value: unknown, data: number[]][]]>([
    [
      { breakdown: 'br' },
      [
        ['C', [2, 0, 0, 0, 0]],
        ['F', [0, 1, 0, 0, 0]],
        ['S', [0, 0, 0, 0, 1]],
        [none, [0, 0, 1, 1, 0]],
      ],
    ],
    [
      { breakdown: 'br', breakdown_limit: 1 },
      [
        ['C', [2, 0, 0, 0, 0]],
        [other, [0, 1, 1, 1, 1]],
      ],
    ],
    [
      { breakdown: 'plan', breakdown_type: 'person' },
      [
        ['free', [0, 1, 0, 0, 1]],
        ['pro', [2, 0, 0, 0, 0]],
        [none, [0, 0, 1, 1, 0]],
      ],
    ],
    [
      { breakdown: 'on' },
      [
        ['true', [1, 1, 0, 0, 0]],
        ['false', [1, 0, 0, 0, 0]],
        [none, [0, 0, 1, 1, 1]],
      ],
    ],
    [
      { breakdown: 'industry', breakdown_type: 'group', breakdown_group_type_index: 0 },
      [
        ['tech', [2, 0, 0, 0, 0]],
        ['fin', [0, 1, 0, 0, 0]],
        [none, [0, 0, 1, 1, 1]],
      ],
    ],
    [
      { breakdown: [2, 1, 'all'], breakdown_type: 'cohort' },
      [
        [2, [0, 1, 1, 1, 1]],
        [1, [2, 0, 0, 0, 0]],
        ['all', [2, 1, 1, 1, 1]],
      ],
    ],
    [{ breakdown: 1, breakdown_type: 'cohort' }, [[1, [2, 0, 0, 0, 0]]]],
    [
      { breakdown: "concat(e.properties.br, '-', person.properties.name)", breakdown_type: 'hogql' },
      [
        ['-p3', [0, 0, 1, 1, 0]],
        ['C-p1', [2, 0, 0, 0, 0]],
        ['F-p2', [0, 1, 0, 0, 0]],
        ['S-p2', [0, 0, 0, 0, 1]],
      ],
    ],
    [
      { breakdown: 'distinct_id', breakdown_type: 'event_metadata' },
      [
        ['p2', [0, 1, 0, 0, 1]],
        ['p3', [0, 0, 1, 1, 0]],
        ['p1', [1, 0, 0, 0, 0]],
        ['p1b', [1, 0, 0, 0, 0]],
      ],
    ],
    [
      { breakdown: '$session_duration', breakdown_type: 'session' },
      [
        ['600', [2, 0, 0, 0, 0]],
        ['0', [0, 0, 0, 0, 1]],
        ['30', [0, 1, 0, 0, 0]],
        [none, [0, 0, 1, 1, 0]],
      ],
    ],
    [
      { breakdown: 'x', breakdown_histogram_bin_count: 3 },
      [
        ['[1,4]', [2, 0, 0, 1, 0]],
        ['[4,7]', [0, 0, 1, 0, 0]],
        ['[7,10.01]', [0, 1, 0, 0, 0]],
        [none, [0, 0, 0, 0, 1]],
      ],
    ],
    [
      { breakdowns: [{ property: 'age', type: 'person', histogram_bin_count: 2 }] },
      [
        [['[10,21.5]'], [2, 1, 0, 0, 1]],
        [['[21.5,33.01]'], [0, 0, 1, 1, 0]],
      ],
    ],
    [
      { breakdowns: [{ property: 'br' }, { property: 'plan', type: 'person' }] },
      [
        [
          ['C', 'pro'],
          [2, 0, 0, 0, 0],
        ],
        [
          ['F', 'free'],
          [0, 1, 0, 0, 0],
        ],
        [
          ['S', 'free'],
          [0, 0, 0, 0, 1],
        ],
        [
          [none, none],
          [0, 0, 1, 1, 0],
        ],
      ],
    ],
    [
      { breakdown_limit: 1, breakdowns: [{ property: 'br' }, { property: 'plan', type: 'person' }] },
      [
        [
          ['C', 'pro'],
          [2, 0, 0, 0, 0],
        ],
        [
          [other, other],
          [0, 1, 1, 1, 1],
        ],
      ],
    ],
    [
      { breakdown: '$pathname', breakdown_normalize_url: true },
      [
        ['/', [0, 0, 0, 0, 1]],
        ['/u/1', [1, 0, 0, 0, 0]],
        ['/u/2', [0, 1, 0, 0, 0]],
        [none, [1, 0, 1, 1, 0]],
      ],
    ],
    [{ breakdown: null, breakdown_type: 'event' }, [[null, [2, 1, 1, 1, 1]]]],
    [{}, [[null, [2, 1, 1, 1, 1]]]],
  ])('%j', async (breakdownFilter, expected) => {
    expect(rowsOf(await broken(breakdownFilter), 'breakdown_value', 'data')).toEqual(expected)
  })

  test('labels name the series where there are several', async () => {
    expect(rowsOf(await broken({ breakdown: 'br', breakdown_limit: 1 }, { series: [a, b] }), 'label')).toEqual([
      'a - C',
      `a - ${other}`,
      'b - C',
      `b - ${other}`,
    ])
    const byCohort = await broken({ breakdown: [1, 'all'], breakdown_type: 'cohort' }, { series: [a, b] })
    expect(rowsOf(byCohort, 'label', 'count')).toEqual([
      ['a - Pros', 2],
      ['b - Pros', 1],
      ['a - all users', 6],
      ['b - all users', 3],
    ])
    expect(rowsOf(await broken({ breakdowns: [{ property: 'br' }, { property: 'plan', type: 'person' }] }), 'label')[0]).toBe('C::pro')
  })

  test('of cumulative, compared and whole numbers', async () => {
    expect(rowsOf(await broken({ breakdown: 'br' }, cumulative), 'label', 'data', 'count')[3]).toEqual([none, [0, 0, 1, 2, 2], 2])
    expect(rowsOf(await broken({ breakdown: 'plan', breakdown_type: 'person' }, compared), 'label', 'compare_label', 'count')).toEqual([
      ['free', 'current', 2],
      ['pro', 'current', 2],
      [none, 'current', 2],
      ['pro', 'previous', 2],
    ])
    const people = { series: [{ ...a, math: 'dau' }], ...total }
    expect(rowsOf(await broken({ breakdown: 'br', breakdown_limit: 1 }, people), 'label', 'aggregated_value')).toEqual([
      ['C', 1],
      [other, 3],
    ])
    expect(await broken({ breakdown: 'br' }, { series: [{ kind: 'EventsNode', event: 'zz' }] })).toMatchObject({
      results: [],
      hasMore: false,
    })
  })
})

describe('maths', () => {
  const s = { properties: [{ type: 'event', key: 'br', value: 'S' }] }
  test.each<[Json, number[]]>([
    [{ math: 'dau' }, [1, 1, 1, 1, 1]],
    [{ math: 'weekly_active' }, [1, 2, 3, 3, 3]],
    [{ math: 'monthly_active' }, [1, 2, 3, 3, 3]],
    [{ math: 'unique_session' }, [1, 1, 0, 0, 1]],
    [{ math: 'unique_group', math_group_type_index: 0 }, [1, 1, 0, 0, 0]],
    [{ math: 'first_time_for_user' }, [0, 1, 1, 0, 0]],
    [{ math: 'first_time_for_user', ...s }, [0, 0, 0, 0, 0]],
    [{ math: 'first_matching_event_for_user', ...s }, [0, 0, 0, 0, 1]],
    [{ math: 'avg_count_per_actor' }, [2, 1, 1, 1, 1]],
    [{ math: 'p90', math_property: 'x' }, [2.8, 10, 4, 2, 0]],
    [{ math: 'sum', math_property: 'x', math_multiplier: 0.5 }, [2, 5, 2, 1, 0]],
    [{ math: 'sum', math_property: 'age', math_property_type: 'person_properties' }, [20, 20, 33, 33, 20]],
    [{ math: 'avg', math_property: '$session_duration' }, [600, 30, 0, 0, 0]],
    [{ math: 'max', math_property: 'nope' }, [0, 0, 0, 0, 0]],
    [{ math: 'hogql', math_hogql: 'sum(properties.x) / count()' }, [2, 10, 4, 2, 0]],
    [{ math: 'hogql', math_hogql: 'countIf(e.properties.x > 2)' }, [1, 1, 1, 0, 0]],
  ])('%j', async (math, data) => {
    expect(rowsOf(await trends({ series: [{ ...a, ...math }] }), 'data')).toEqual([data])
  })

  test.each<[Json, number]>([
    [{ math: 'dau' }, 3],
    [{ math: 'weekly_active' }, 3],
    [{ math: 'first_time_for_user' }, 2],
    [{ math: 'median_count_per_actor' }, 2],
    [{ math: 'median', math_property: 'x' }, 3],
  ])('%j of the whole range', async (math, value) => {
    const answer = await trends({ series: [{ ...a, ...math }], ...total })
    expect(rowsOf(answer, 'aggregated_value', 'count', 'data', 'days', 'labels')).toEqual([[value, 0, [], [], []]])
  })
})

describe('conditions', () => {
  const cohort = { type: 'cohort', key: 'id', value: 1 }
  test.each<[Json, number[]]>([
    [{ filterTestAccounts: true }, [0, 1, 1, 1, 1]],
    [{ properties: [{ type: 'session', key: '$session_duration', operator: 'gt', value: 60 }] }, [2, 0, 0, 0, 0]],
    [{ properties: [{ type: 'group', key: 'industry', operator: 'is_not', value: 'tech', group_type_index: 0 }] }, [0, 1, 1, 1, 1]],
    [{ properties: [{ type: 'hogql', key: "e.person.properties.plan = 'pro'" }] }, [2, 0, 0, 0, 0]],
    [{ properties: [cohort] }, [2, 0, 0, 0, 0]],
    [{ properties: [{ ...cohort, operator: 'not_in' }] }, [0, 1, 1, 1, 1]],
    [{ properties: [{ ...cohort, negation: true }] }, [0, 1, 1, 1, 1]],
    [{ properties: [{ ...cohort, value: [1, 2] }] }, [2, 1, 1, 1, 1]],
  ])('%j', async (fields, data) => {
    expect(rowsOf(await trends(fields), 'data')).toEqual([data])
  })
})

describe('formulas', () => {
  const computed = (formula: string, fields: Json = {}, display: Json = {}) =>
    trends({ series: [a, b], ...fields, trendsFilter: { formula, ...display } })

  test('of breakdown values, the greatest first, then none and all others', async () => {
    const answer = await computed('A+B', { breakdownFilter: { breakdown: 'br', breakdown_limit: 2 } })
    expect(rowsOf(answer, 'breakdown_value', 'count')).toEqual([
      ['C', 3],
      ['Q', 1],
      [none, 2],
      [other, 3],
    ])
    const whole = await computed('A+B', { breakdownFilter: { breakdown: 'br' } }, { display: 'ActionsPie' })
    expect(rowsOf(whole, 'breakdown_value', 'aggregated_value', 'count', 'data')[0]).toEqual(['C', 3, 0, null])
  })

  test('of cohorts too', async () => {
    const answer = await computed('A+B', { breakdownFilter: { breakdown: [1, 'all'], breakdown_type: 'cohort' } })
    expect(rowsOf(answer, 'breakdown_value', 'count')).toEqual([
      ['all', 9],
      [1, 3],
    ])
  })

  test('each with its current rows, then its previous ones', async () => {
    const trendsFilter = { formulaNodes: [{ formula: 'A+B', custom_name: 'both' }, { formula: 'A/B' }] }
    const answer = await trends({ series: [a, b], ...compared, trendsFilter })
    expect(rowsOf(answer, 'label', 'compare_label', 'data', 'days[0]', 'action')).toEqual([
      ['both', 'current', [3, 2, 2, 1, 1], '2020-01-06', null],
      ['both', 'previous', [0, 1, 2, 0, 0], '2020-01-01', null],
      ['Formula (A/B)', 'current', [2, 1, 1, 0, 0], '2020-01-06', null],
      ['Formula (A/B)', 'previous', [0, 0, 1, 0, 0], '2020-01-01', null],
    ])
  })

  test('after smoothing, and with letters in either case', async () => {
    expect(rowsOf(await computed('a + b', {}, { smoothingIntervals: 2 }), 'data')).toEqual([[3, 2, 2, 1, 1]])
  })
})

import { describe, expect, test } from 'vitest'
import { askedProject, event, type Json, rowsOf } from './asked-project.fixture.ts'

const days = (id: string, name: string, ...ofJanuary: string[]) => ofJanuary.map((day) => event(name, id, `2020-01-${day}`))
const range = { date_from: '2020-01-12', date_to: '2020-01-19' }
const a = { kind: 'EventsNode', event: 'a' }

describe('lifecycle', () => {
  const ask = askedProject({
    now: '2020-01-19T12:00:00Z',
    week_start: 1,
    persons: [
      { distinct_ids: ['p1'], created_at: '2020-01-11T12:00:00Z' },
      { distinct_ids: ['p2'], created_at: '2020-01-09T12:00:00Z' },
      { distinct_ids: ['p3'], created_at: '2020-01-12T12:00:00Z' },
    ],
    groups: [{ type_index: 0, type: 'org', key: 'o1', created_at: '2020-01-13T00:00:00Z' }],
    events: [
      ...days('p1', 'a', '11', '12', '15', '17', '19'),
      event('a', 'p1', '2020-01-13', { $group_0: 'o1' }),
      ...days('p2', 'a', '09', '12'),
      ...days('p3', 'a', '14'),
      ...days('p3', 'b', '12'),
      // Nobody's: active, and never new.
      ...days('stranger', 'a', '13'),
    ],
  })
  const lifecycle = (fields: Json = {}): Json => ({ kind: 'LifecycleQuery', series: [a], dateRange: range, ...fields })

  test.each<[string, Json, number[][]]>([
    [
      'by day',
      {},
      [
        [0, 0, 0, 0, 0, 0, 0, 0],
        [1, 1, 0, 0, 0, 0, 0, 0],
        [1, 1, 1, 1, 0, 1, 0, 1],
        [0, -1, -2, -1, -1, 0, -1, 0],
      ],
    ],
    [
      'of all events',
      { series: [{ kind: 'EventsNode', event: null }] },
      [
        [1, 0, 0, 0, 0, 0, 0, 0],
        [1, 1, 0, 0, 0, 0, 0, 0],
        [1, 1, 1, 1, 0, 1, 0, 1],
        [0, -2, -2, -1, -1, 0, -1, 0],
      ],
    ],
    [
      'by whole weeks, though the first is cut',
      { interval: 'week' },
      [
        [2, 0],
        [0, 1],
        [0, 2],
        [0, -1],
      ],
    ],
    ['by month', { interval: 'month' }, [[3], [0], [1], [0]]],
    [
      'of groups, by when they came to be',
      { aggregation_group_type_index: 0 },
      [
        [0, 1, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 0, 0],
        [0, 0, -1, 0, 0, 0, 0, 0],
      ],
    ],
    ['all four, whichever are shown', { interval: 'month', lifecycleFilter: { toggledLifecycles: ['new'] } }, [[3], [0], [1], [0]]],
  ])('%s', async (_, fields, expected) => {
    const answer = await ask(lifecycle(fields))
    expect(rowsOf(answer, 'status')).toEqual(['new', 'returning', 'resurrecting', 'dormant'])
    expect(rowsOf(answer, 'data')).toEqual(expected)
  })

  test('names and labels', async () => {
    const [row] = (await ask(lifecycle({ interval: 'week', series: [{ kind: 'EventsNode', event: null }] }))).results
    expect(row).toMatchObject({ label: 'All events - new', labels: ['12-Jan-2020', '13–19 Jan'], days: ['2020-01-06', '2020-01-13'] })
  })

  test.each<[string, unknown[]]>([
    ['new', []],
    ['returning', [['p1']]],
    ['resurrecting', [undefined]],
    ['dormant', [['p2']]],
  ])('people who are %s on a day', async (status, expected) => {
    const source = { kind: 'InsightActorsQuery', source: lifecycle(), day: '2020-01-13', status }
    const { results } = await ask({ kind: 'ActorsQuery', select: ['person'], source })
    expect(results.map(([person]: [{ distinct_ids?: string[] }]) => person.distinct_ids)).toEqual(expected)
  })
})

describe('stickiness', () => {
  const ask = askedProject({
    now: '2020-01-19T12:00:00Z',
    persons: [{ distinct_ids: ['p1'] }, { distinct_ids: ['p2'] }, { distinct_ids: ['p3'] }],
    events: [
      ...['11', '12', '13', '15', '17', '19'].map((day) => event('a', 'p1', `2020-01-${day}`, { $group_0: 'o1', s: 'x' })),
      ...['12', '12', '13'].map((day) => event('a', 'p2', `2020-01-${day}`, { $group_0: 'o1', s: 'y' })),
      ...days('p3', 'a', '05'),
    ],
  })
  const stickiness = (fields: Json = {}): Json => ({ kind: 'StickinessQuery', series: [a], dateRange: range, ...fields })
  const daily = [0, 1, 0, 0, 1, 0, 0, 0]

  test.each<[string, Json, number[][]]>([
    ['by day', {}, [daily]],
    ['so many or more', { stickinessFilter: { computedAs: 'cumulative' } }, [[2, 2, 1, 1, 1, 0, 0, 0]]],
    ['by week', { interval: 'week', dateRange: { date_from: '2020-01-01' } }, [[2, 0, 1, 0]]],
    ['three days in one', { intervalCount: 3 }, [[1, 0, 1]]],
    ['of groups', { series: [{ ...a, math: 'unique_group', math_group_type_index: 0 }] }, [[0, 0, 0, 0, 1, 0, 0, 0]]],
    ['of what HogQL tells apart', { series: [{ ...a, math: 'hogql', math_hogql: 'e.properties.s' }] }, [daily]],
    ['with enough events', { stickinessFilter: { stickinessCriteria: { operator: 'gte', value: 2 } } }, [[1, 0, 0, 0, 0, 0, 0, 0]]],
    ['with few enough', { stickinessFilter: { stickinessCriteria: { operator: 'lte', value: 1 } } }, [[1, 0, 0, 0, 1, 0, 0, 0]]],
    ['compared', { compareFilter: { compare: true, compare_to: '-1w' } }, [daily, [2, 1, 0, 0, 0, 0, 0, 0]]],
  ])('%s', async (_, fields, expected) => {
    expect(rowsOf(await ask(stickiness(fields)), 'data')).toEqual(expected)
  })

  test('names of intervals', async () => {
    expect(rowsOf(await ask(stickiness({ intervalCount: 3 })), 'labels', 'days', 'count')).toEqual([
      [['1 day', '2 days', '3 days'], [1, 2, 3], 2],
    ])
  })

  test.each<[Json, string[][]]>([
    [{ day: 2 }, [['p2']]],
    [{ day: '2' }, [['p2']]],
    [{ day: 2, operator: 'gte' }, [['p1'], ['p2']]],
  ])('people at %j', async (selection, expected) => {
    const source = { kind: 'StickinessActorsQuery', source: stickiness(), series: 0, ...selection }
    const { results } = await ask({ kind: 'ActorsQuery', select: ['person'], source })
    expect(results.map(([person]: [{ distinct_ids: string[] }]) => person.distinct_ids)).toEqual(expected)
  })
})

import { describe, expect, test } from 'vitest'
import { type Answer, askedProject, event, type Json } from './asked-project.fixture.ts'

const ask = askedProject({
  now: '2024-03-15T12:30:00Z',
  timezone: 'America/New_York',
  team: { person_display_name_properties: ['email', 'name'] },
  persons: [
    { distinct_ids: ['a', 'a2'], properties: { email: 'amy@x.io', name: 'Amy', n: 1, plan: 'pro' }, created_at: '2024-01-03T00:00:00Z' },
    { distinct_ids: ['b'], properties: { email: 'bob@corp', name: '', n: 2, plan: 'pro' }, created_at: '2024-01-02T00:00:00Z' },
    { distinct_ids: ['c-77'], properties: { name: 'Carl' }, created_at: '2024-01-01T00:00:00Z' },
  ],
  cohorts: [
    { id: 5, name: 'Pros', groups: [{ properties: [{ type: 'person', key: 'plan', value: 'pro' }] }] },
    { id: 6, name: 'Chosen', is_static: true, person_distinct_ids: ['c-77'] },
  ],
  events: [
    event('x', 'a', '2024-03-15T12:00:00Z', { b: 'C' }),
    event('x', 'a2', '2024-03-14T11:00:00Z', { b: 'F' }),
    event('x', 'b', '2024-03-15T12:00:00Z'),
    event('x', 'c-77', '2024-03-13T12:10:00Z', { b: 'C' }),
    event('x', 'c-77', '2024-03-06T12:10:00Z', { b: 'C' }),
  ],
})

const query = (fields: Json): Promise<Answer> => ask({ kind: 'ActorsQuery', ...fields })
const names = async (fields: Json) => {
  const { results } = await query({ select: ['person_display_name'], orderBy: ['created_at DESC'], ...fields })
  return (results as [Json][]).map(([{ display_name: name }]) => name).join(' ')
}

describe('persons', () => {
  test.each<[string, Json, string]>([
    ['all', {}, 'amy@x.io bob@corp Carl'],
    ['by name', { orderBy: ['person DESC'] }, 'bob@corp amy@x.io Carl'],
    ['searched by e-mail', { search: 'AMY@' }, 'amy@x.io'],
    ['searched by name', { search: 'carl' }, 'Carl'],
    ['searched by any distinct id', { search: 'a2' }, 'amy@x.io'],
    ['searched by blanks', { search: '  ' }, 'amy@x.io bob@corp Carl'],
    ['a property', { properties: [{ type: 'person', key: 'n', operator: 'gt', value: 1 }] }, 'bob@corp'],
    ['one that is absent', { properties: [{ type: 'person', key: 'n', operator: 'is_not', value: 1 }] }, 'bob@corp Carl'],
    [
      'groups of filters',
      {
        properties: {
          type: 'OR',
          values: [
            { type: 'person', key: 'n', value: 1 },
            { type: 'person', key: 'name', value: 'Carl' },
          ],
        },
      },
      'amy@x.io Carl',
    ],
    ['a cohort', { properties: [{ type: 'cohort', key: 'id', value: 5 }] }, 'amy@x.io bob@corp'],
    ['not of a cohort', { properties: [{ type: 'cohort', key: 'id', value: 5, operator: 'not_in' }] }, 'Carl'],
    ['a static cohort', { fixedProperties: [{ type: 'cohort', key: 'id', value: 6 }] }, 'Carl'],
    ['HogQL', { fixedProperties: [{ type: 'hogql', key: "properties.plan = 'pro' and properties.n = 1" }] }, 'amy@x.io'],
  ])('%s', async (_, fields, expected) => {
    expect(await names(fields)).toBe(expected)
  })

  test.each<[string, Json, unknown[][]]>([
    [
      'the count first',
      { select: ['properties.plan', 'count()'] },
      [
        ['pro', 2],
        [null, 1],
      ],
    ],
    [
      'conditions on aggregates',
      {
        select: ['properties.plan', 'count()'],
        properties: [
          { type: 'person', key: 'name', operator: 'is_set', value: 'is_set' },
          { type: 'hogql', key: 'count() > 1' },
        ],
      },
      [['pro', 2]],
    ],
    ['aggregates alone', { select: ['count()'] }, [[3]]],
    ['the newest, if shown', { select: ['properties.n', 'created_at'], limit: 1 }, [[1, '2024-01-02T19:00:00-05:00']]],
    ['else the first column', { select: ['properties.name'] }, [[''], ['Amy'], ['Carl']]],
    ['a column without cells', { select: ['properties.name', 'person.$delete'], limit: 1, offset: 1 }, [['Amy', null]]],
  ])('%s', async (_, fields, expected) => {
    expect((await query(fields)).results).toEqual(expected)
  })

  test('pages', async () => {
    const page = { select: ['properties.n'], orderBy: ['created_at'] }
    expect(await query({ ...page, limit: 1, offset: 1 })).toMatchObject({ results: [[2]], hasMore: true, limit: 1, offset: 1 })
    expect(await query({ ...page, limit: 2, offset: 1 })).toMatchObject({ results: [[2], [1]], hasMore: false })
  })

  test('filters of events are refused', async () => {
    await expect(query({ properties: [{ type: 'event', key: 'n', value: 1 }] })).rejects.toMatchObject({ status: 400 })
  })
})

describe('behind a trend', () => {
  const trends = (fields: Json = {}): Json => ({
    kind: 'TrendsQuery',
    series: [{ kind: 'EventsNode', event: 'x', math: 'dau' }],
    dateRange: { date_from: '-7d' },
    ...fields,
  })
  const first = trends({ series: [{ kind: 'EventsNode', event: 'x', math: 'first_time_for_user' }] })
  const pros = { breakdown: [5, 'all'], breakdown_type: 'cohort' }
  const by = (breakdownFilter: Json) => trends({ breakdownFilter })

  test.each<[string, Json, Json, [string, number][]]>([
    [
      'of a day',
      trends(),
      { day: '2024-03-15' },
      [
        ['a', 1],
        ['b', 1],
      ],
    ],
    [
      'of an instant in it',
      trends(),
      { day: '2024-03-15T00:00:00-04:00' },
      [
        ['a', 1],
        ['b', 1],
      ],
    ],
    [
      'of an hour',
      trends({ interval: 'hour' }),
      { day: '2024-03-15 08:00:00' },
      [
        ['a', 1],
        ['b', 1],
      ],
    ],
    ['of a value', by({ breakdown: 'b' }), { day: '2024-03-15', breakdown: 'C' }, [['a', 1]]],
    ['of none', by({ breakdown: 'b' }), { day: '2024-03-15', breakdown: '$$_posthog_breakdown_null_$$' }, [['b', 1]]],
    [
      'of several',
      by({ breakdowns: [{ property: 'b' }, { property: 'plan', type: 'person' }] }),
      { day: '2024-03-15', breakdown: ['C', 'pro'] },
      [['a', 1]],
    ],
    ['of all users', by({ breakdown: [5, 'all'], breakdown_type: 'cohort' }), { day: '2024-03-13', breakdown: 'all' }, [['c-77', 1]]],
    ['of first times', first, { day: '2024-03-15' }, [['b', 1]]],
    ['of first times in a cohort', { ...first, breakdownFilter: pros }, { day: '2024-03-15', breakdown: 5 }, [['b', 1]]],
    ['of first times of all', { ...first, breakdownFilter: pros }, { day: '2024-03-14', breakdown: 'all' }, [['a', 1]]],
    ['of one cohort', { ...first, breakdownFilter: { ...pros, breakdown: 5 } }, { day: '2024-03-14', breakdown: 5 }, [['a', 1]]],
    [
      'of the whole range',
      trends({ trendsFilter: { display: 'BoldNumber' } }),
      {},
      [
        ['a', 2],
        ['b', 1],
        ['c-77', 1],
      ],
    ],
    ['of the compared one', trends({ compareFilter: { compare: true } }), { day: '2024-03-06', compare: 'previous' }, [['c-77', 1]]],
  ])('%s', async (_, source, selection, expected) => {
    const { results } = await query({
      select: ['actor', 'event_count'],
      orderBy: ['event_count DESC', 'actor_id'],
      source: { kind: 'InsightActorsQuery', series: 0, source, ...selection },
    })
    expect(results.map(([{ distinct_ids: ids }, count]: [{ distinct_ids: string[] }, number]) => [ids[0], count])).toEqual(expected)
  })

  test('searched and filtered', async () => {
    const source = { kind: 'InsightActorsQuery', series: 0, day: '2024-03-15', source: trends() }
    expect(await names({ source, search: 'bob' })).toBe('bob@corp')
    expect(await names({ source, properties: [{ type: 'person', key: 'n', value: 1 }] })).toBe('amy@x.io')
  })

  test('of a HogQL query', async () => {
    const source = { kind: 'HogQLQuery', query: "SELECT DISTINCT person_id FROM events WHERE properties.b = 'C'" }
    expect(await names({ source })).toBe('amy@x.io Carl')
  })
})

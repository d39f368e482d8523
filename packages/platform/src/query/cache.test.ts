import { describe, expect, test } from 'vitest'
import { createResultCache } from './cache.ts'
import { cacheKeyOf } from './cache-key.ts'
import { momentOf, nowStepOf } from './cache-moment.ts'

describe('the key of a question', () => {
  const query = { kind: 'TrendsQuery', series: [{ kind: 'EventsNode', event: 'a' }], dateRange: { date_from: '-7d' } }

  test('is the same for other orders of fields, and for what changes no answer', () => {
    const same = {
      dateRange: { date_from: '-7d', date_to: undefined },
      tags: {},
      version: 2,
      name: 'x',
      series: [{ event: 'a', kind: 'EventsNode' }],
      kind: 'TrendsQuery',
    }
    expect(cacheKeyOf(1, same, undefined)).toBe(cacheKeyOf(1, query, undefined))
  })

  test.each<[string, number, Record<string, unknown>, Date | undefined]>([
    ['another project', 2, query, undefined],
    ['another moment', 1, query, new Date(0)],
    ['another value', 1, { ...query, dateRange: { date_from: '-8d' } }, undefined],
    ['another order of a list', 1, { ...query, series: [{ kind: 'EventsNode', event: 'b' }, ...query.series] }, undefined],
    ['a null that was absent', 1, { ...query, breakdown: null }, undefined],
    ['a list for an object', 1, { ...query, series: { 0: query.series[0] } }, undefined],
    ['a field named __proto__', 1, { ...query, ...JSON.parse('{"__proto__": 1}') }, undefined],
    ['a name inside', 1, { ...query, series: [{ ...query.series[0], name: 'x' }] }, undefined],
  ])('is another for %s', (_what, projectId, other, asOf) => {
    expect(cacheKeyOf(projectId, other, asOf)).not.toBe(cacheKeyOf(1, query, undefined))
  })
})

describe('how long "now" may move on', () => {
  const trends = { kind: 'TrendsQuery', series: [] }
  test.each([
    [trends, 'day'],
    [{ ...trends, dateRange: { date_from: '2026-01-01', date_to: '2026-01-31' } }, 'day'],
    [{ ...trends, interval: 'hour' }, 'hour'],
    [{ ...trends, dateRange: { date_from: '-24h' } }, 'hour'],
    [{ ...trends, interval: 'minute' }, 'always'],
    [{ ...trends, dateRange: { date_from: '-1d', explicitDate: true } }, 'always'],
    [{ ...trends, properties: [{ key: 'at', operator: 'is_date_before', value: '-30M' }] }, 'always'],
    [{ ...trends, properties: [{ key: 'at', operator: 'is_date_before', value: '-2h' }] }, 'always'],
    [{ ...trends, interval: 'hour', compareFilter: { compare: true, compare_to: '-30h' } }, 'hour'],
    [{ ...trends, series: [{ kind: 'EventsNode', math: 'hogql', math_hogql: 'count() / (now() - 1)' }] }, 'always'],
    [{ kind: 'RetentionQuery', retentionFilter: { period: 'Hour' } }, 'hour'],
    [{ kind: 'HogQLQuery', query: 'select count() from events' }, 'never'],
    [{ kind: 'HogQLQuery', query: 'select TODAY ( )' }, 'always'],
    [{ kind: 'HogQLQuery', query: 'select current_timestamp' }, 'always'],
    [{ kind: 'HogQLQuery', query: 'select rand()' }, 'always'],
    [{ kind: 'HogQLQuery', query: 'select snow(1)' }, 'never'],
    [{ kind: 'HogQLQuery', query: 'select 1', filters: { dateRange: { date_from: '-7d' } } }, 'day'],
    [{ kind: 'EventsQuery' }, 'always'],
    [{ kind: 'ActorsQuery', source: { kind: 'InsightActorsQuery', source: trends } }, 'day'],
    [{ kind: 'ActorsQuery', search: 'x' }, 'never'],
    [{ kind: 'SomethingNewQuery' }, 'always'],
  ])('%j: %s', (query, step) => {
    expect(nowStepOf(query)).toBe(step)
  })

  test('a day is the project’s, also where clocks change or the offset is odd', () => {
    expect(momentOf('day', new Date('2026-03-01T18:20:00Z'), 'Asia/Kathmandu')).toEqual({
      name: '2026-03-02',
      endsAt: new Date('2026-03-02T18:15:00Z'),
    })
    expect(momentOf('day', new Date('2026-03-29T12:00:00Z'), 'Europe/Berlin')).toEqual({
      name: '2026-03-29',
      endsAt: new Date('2026-03-29T22:00:00Z'),
    })
    expect(momentOf('hour', new Date('2026-03-01T18:20:30.5Z'), 'Asia/Kathmandu')).toEqual({
      name: '2026-03-01T18:15:00.000Z',
      endsAt: new Date('2026-03-01T19:15:00Z'),
    })
    expect(momentOf('never', new Date(), 'UTC')).toEqual({ name: '', endsAt: undefined })
  })
})

describe('answers in memory', () => {
  const answer = (text: string) => ({ revision: '1', moment: '', endsAt: undefined, computedAt: new Date(0), text })

  test('are forgotten, the least recently used first, when there are too many bytes', () => {
    const cache = createResultCache({ cacheBytes: 3_000, cacheEntryBytes: 2_000 })
    for (const key of ['a', 'b']) cache.put(key, answer('x'.repeat(300)))
    expect(cache.get('a')?.text).toHaveLength(300)
    cache.put('c', answer('x'.repeat(300)))
    expect(['a', 'b', 'c'].map((key) => cache.get(key) !== undefined)).toEqual([true, false, true])
    expect(cache.sizeBytes()).toBeLessThanOrEqual(3_000)
  })

  test('are not kept when one alone is too large, and leave nothing of an older one behind', () => {
    const cache = createResultCache({ cacheBytes: 3_000, cacheEntryBytes: 2_000 })
    cache.put('a', answer('old'))
    cache.put('a', answer('x'.repeat(1_000)))
    expect([cache.get('a'), cache.sizeBytes()]).toEqual([undefined, 0])
  })
})

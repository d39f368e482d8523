import { describe, expect, test } from 'vitest'
import { unwrapQuery, withFilters, withVariables } from './overrides.ts'

const filter = (key: string) => ({ type: 'event', key, value: 'x', operator: 'exact' })

describe('filters of a dashboard over a query', () => {
  test('replace its dates, and only if they have any', () => {
    const query = { kind: 'TrendsQuery', dateRange: { date_from: '-30d', date_to: '-1d', explicitDate: true } }
    expect(withFilters(query, { date_from: '-7d' })).toEqual({ kind: 'TrendsQuery', dateRange: { date_from: '-7d', date_to: null } })
    expect(withFilters(query, { date_from: null, properties: [] })).toBe(query)
  })

  test('add their conditions to its own, whatever form these have', () => {
    expect(withFilters({ kind: 'FunnelsQuery' }, { properties: [filter('a')] })).toEqual({
      kind: 'FunnelsQuery',
      properties: [filter('a')],
    })
    const group = { type: 'OR', values: [filter('b')] }
    expect(withFilters({ kind: 'FunnelsQuery', properties: group }, { properties: [filter('a')] }).properties).toEqual({
      type: 'AND',
      values: [group, { type: 'AND', values: [filter('a')] }],
    })
  })

  test('reach SQL through its filters, events through their bounds, and sources inside', () => {
    expect(withFilters({ kind: 'HogQLQuery', query: '…', filters: { filterTestAccounts: true } }, { date_from: '-7d' }).filters).toEqual({
      filterTestAccounts: true,
      dateRange: { date_from: '-7d', date_to: null },
    })
    expect(withFilters({ kind: 'EventsQuery', after: '-24h' }, { date_from: '-7d' })).toEqual({
      kind: 'EventsQuery',
      after: '-7d',
      before: undefined,
    })
    expect(withFilters({ kind: 'ActorsQuery', source: { kind: 'TrendsQuery' } }, { date_to: '2026-01-01' })).toMatchObject({
      source: { dateRange: { date_from: null, date_to: '2026-01-01' } },
    })
  })

  test('bring a breakdown to the kinds that take one', () => {
    const override = { breakdown_filter: { breakdown: 'plan' } }
    expect(withFilters({ kind: 'TrendsQuery' }, override)).toMatchObject({ breakdownFilter: { breakdown: 'plan' } })
    expect(withFilters({ kind: 'PathsQuery' }, override)).toEqual({ kind: 'PathsQuery' })
  })
})

test('values of variables reach those that a query uses, and no other', () => {
  const query = { kind: 'HogQLQuery', variables: { a: { code_name: 'x', value: 1 }, b: { code_name: 'y', value: 2 } } }
  expect(withVariables(query, { a: { value: 5 }, c: { value: 7 } })).toEqual({
    kind: 'HogQLQuery',
    variables: { a: { code_name: 'x', value: 5 }, b: { code_name: 'y', value: 2 } },
  })
  expect(() => withVariables(query, { a: 5 })).toThrow('variables_override.a')
})

test('wrappers are taken off, but not for ever', () => {
  expect(unwrapQuery({ kind: 'InsightVizNode', source: { kind: 'DataTableNode', source: { kind: 'TrendsQuery' } } })).toEqual({
    kind: 'TrendsQuery',
  })
  const endless: Record<string, unknown> = { kind: 'InsightVizNode' }
  endless.source = endless
  expect(() => unwrapQuery(endless)).toThrow('wrapped too often')
  for (const wrong of [null, [], 'x', { kind: 'DataTableNode' }]) expect(() => unwrapQuery(wrong)).toThrow('must be an object')
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { askedQuery, kinds, problemsOf, queryWords, readQuery, turnInto } from './kinds.ts'
import type { InsightQuery } from './nodes.ts'
import { besideEveryone, parseJson, queryText, questionAt } from './query-url.ts'

const examples: InsightQuery[] = [
  ...kinds.map((kind) => kind.initial()),
  {
    kind: 'TrendsQuery',
    series: [
      {
        kind: 'EventsNode',
        event: 'paid "twice" & more',
        math: 'sum',
        math_property: 'amount',
        properties: [{ type: 'event', key: 'plan', operator: 'exact', value: ['a', 'b'] }],
      },
      { kind: 'ActionsNode', id: 7, name: 'Signed up' },
      { kind: 'EventsNode', event: null },
    ],
    interval: 'week',
    dateRange: { date_from: '2026-01-01', date_to: '2026-02-01' },
    trendsFilter: { display: 'ActionsBar', formulaNodes: [{ formula: 'A/B', custom_name: 'Share' }], hiddenLegendIndexes: [1] },
    breakdownFilter: { breakdowns: [{ property: '$browser', type: 'event' }] },
    compareFilter: { compare: true, compare_to: '-7d' },
    properties: { type: 'OR', values: [{ type: 'AND', values: [{ type: 'person', key: 'plan', operator: 'is_set' }] }] },
    filterTestAccounts: true,
  },
  {
    kind: 'FunnelsQuery',
    series: [
      { kind: 'EventsNode', event: 'a' },
      { kind: 'EventsNode', event: 'b', optionalInFunnel: true },
      { kind: 'EventsNode', event: 'c' },
    ],
    funnelsFilter: { funnelOrderType: 'strict', exclusions: [{ kind: 'EventsNode', event: 'x', funnelFromStep: 0, funnelToStep: 1 }] },
    breakdownFilter: { breakdown: [1, 'all'], breakdown_type: 'cohort' },
  },
]

const plain = { test_account_filters: [], test_account_filters_default_checked: false }
const fallback = kinds.map((kind) => kind.initial()).find(({ kind }) => kind === 'LifecycleQuery')

describe('a question in an address', () => {
  test.each(examples.map((query) => [query.kind, query] as const))('%s comes back as the same question', (_kind, query) => {
    const back = questionAt({ q: queryText(query) }, fallback, plain)
    expect(queryText(back)).toBe(queryText(query))
    expect(JSON.stringify(askedQuery(back))).toBe(JSON.stringify(askedQuery(query)))
  })

  test.each(['', 'null', '[]', '{}', '{"kind":"HogQLQuery"}', '{"kind":', '"TrendsQuery"', '{"kind":["TrendsQuery"]}'])(
    '%s is no question',
    (text) => {
      expect(questionAt({ q: text }, fallback, plain)).toBe(fallback)
    },
  )

  test('a kind alone gives a new question that can be asked, or says what is missing', () => {
    for (const { slug, kind } of kinds) {
      const query = questionAt({ kind: slug }, fallback, plain)
      expect(query.kind).toBe(kind)
      expect(problemsOf(query)).toEqual(slug === 'funnel' ? [expect.stringContaining('two steps')] : [])
    }
  })

  test('a new question leaves test accounts out where the project says so, and one that was asked stays as it is', () => {
    const project = { test_account_filters: [{ type: 'person' as const, key: 'email' }], test_account_filters_default_checked: true }
    expect(questionAt({}, undefined, project)).toMatchObject({ kind: 'TrendsQuery', filterTestAccounts: true })
    expect(questionAt({ kind: 'paths' }, undefined, project)).toMatchObject({ kind: 'PathsQuery', filterTestAccounts: true })
    expect(questionAt({}, undefined, { ...project, test_account_filters: [] }).filterTestAccounts).toBeUndefined()
    expect(questionAt({ q: '{"kind":"TrendsQuery","series":[]}' }, undefined, project).filterTestAccounts).toBeUndefined()
    expect(questionAt({}, fallback, project)).toBe(fallback)
  })

  test('the wrapper of a saved insight is taken off', () => {
    expect(readQuery({ kind: 'InsightVizNode', source: { kind: 'PathsQuery' } })?.kind).toBe('PathsQuery')
  })

  test('whatever stands in an address, reading, asking and naming it do not fail', () => {
    const kindNames = kinds.map(({ kind }) => kind)
    const field = fc.constantFrom(
      'series',
      'dateRange',
      'properties',
      'interval',
      'trendsFilter',
      'funnelsFilter',
      'retentionFilter',
      'pathsFilter',
      'lifecycleFilter',
      'stickinessFilter',
      'breakdownFilter',
      'compareFilter',
      'kind',
      'event',
      'values',
      'type',
      'key',
      'formulaNodes',
      'targetEntity',
    )
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<unknown>(null, true, -1, 1e308, '', 'x', 'EventsNode', 'event', 'AND'),
        fc.array(tie('any'), { maxLength: 3 }),
        fc.dictionary(field, tie('any'), { maxKeys: 4 }),
      ),
    })).any
    fc.assert(
      fc.property(fc.constantFrom(...kindNames), fc.dictionary(field, value, { maxKeys: 6 }), (kind, raw) => {
        const query = readQuery({ ...raw, kind })
        if (!query) throw new Error('not read')
        askedQuery(query)
        problemsOf(query)
        expect(typeof queryWords(query)).toBe('string')
        for (const other of kindNames) expect(turnInto(query, other).kind).toBe(other)
      }),
      { numRuns: 300 },
    )
  })
})

describe('turned into another kind', () => {
  const trend = examples.find(({ kind, ...query }) => kind === 'TrendsQuery' && 'filterTestAccounts' in query) as InsightQuery

  test.each(kinds.map(({ kind }) => kind))('%s keeps the range, the filters and who is left out', (kind) => {
    const query = turnInto(trend, kind)
    expect(query.filterTestAccounts).toBe(true)
    expect(query.properties).toEqual(trend.properties)
    if (kind !== 'RetentionQuery') expect(query.dateRange).toEqual(trend.dateRange)
  })

  test('a funnel has the events of the series, without what was measured of them', () => {
    const funnel = turnInto(trend, 'FunnelsQuery')
    expect(funnel.kind === 'FunnelsQuery' && funnel.series.map(({ event, math }) => [event, math])).toEqual([
      ['paid "twice" & more', undefined],
      [undefined, undefined],
      [null, undefined],
    ])
  })
})

describe('what is asked of the server', () => {
  const line: InsightQuery = { kind: 'TrendsQuery', series: [{ kind: 'EventsNode', event: 'a' }] }

  test('lines, areas and bars are one question, a number is another', () => {
    const as = (display: 'ActionsBar' | 'ActionsAreaGraph' | 'BoldNumber' | 'ActionsPie') =>
      JSON.stringify(askedQuery({ ...line, trendsFilter: { display } }))
    expect(as('ActionsBar')).toBe(JSON.stringify(askedQuery(line)))
    expect(as('ActionsAreaGraph')).toBe(as('ActionsBar'))
    expect(as('BoldNumber')).not.toBe(as('ActionsBar'))
    expect(as('ActionsPie')).toBe(as('BoldNumber'))
  })

  test('a filter without its value is not asked yet', () => {
    const half: InsightQuery = { ...line, properties: [{ type: 'event', key: 'plan', operator: 'exact' }] }
    expect(JSON.stringify(askedQuery(half))).toBe(JSON.stringify(askedQuery(line)))
  })

  test('a box is asked as five statistics of one property', () => {
    const box = askedQuery({
      kind: 'TrendsQuery',
      series: [{ kind: 'EventsNode', event: 'paid', math: 'median', math_property: 'a`b\\' }],
      trendsFilter: { display: 'BoxPlot' },
    })
    expect(box.kind === 'TrendsQuery' && box.series.map(({ math }) => math)).toEqual(['min', 'hogql', 'median', 'p75', 'max'])
    expect(box.kind === 'TrendsQuery' && box.series[1]?.math_hogql).toBe('quantile(0.25)(toFloat(properties.`a\\`b\\\\`))')
  })
})

test.each([
  ['A / B', 2, undefined],
  ['(A + b) * 100', 2, undefined],
  ['', 1, undefined],
  ['A / C', 2, 'There is no series C: the letters go up to B.'],
  ['AB', 2, 'There is no series AB: the letters go up to B.'],
  ['A %', 1, '“%” has no place in a formula: letters of series, numbers, + − * / and brackets do.'],
  ['(A', 1, 'A bracket is not closed.'],
  ['A)', 1, 'A bracket is closed that was not opened.'],
  ['A +', 1, 'The formula ends in the middle.'],
])('the formula %j over %d series: %s', (formula, count, problem) => {
  const query: InsightQuery = {
    kind: 'TrendsQuery',
    series: Array.from({ length: count }, () => ({ kind: 'EventsNode' as const, event: 'a' })),
    trendsFilter: { formulaNodes: [{ formula }] },
  }
  expect(problemsOf(query)[0]).toBe(problem)
})

test('a cohort beside everyone begins with what the question began with, and has a name of its own', () => {
  const funnel: InsightQuery = {
    kind: 'FunnelsQuery',
    series: [
      { kind: 'EventsNode', event: 'signed_up' },
      { kind: 'EventsNode', event: 'paid' },
    ],
    filterTestAccounts: true,
  }
  const { q, name } = besideEveryone(funnel, { id: 7, name: 'Stopped' })
  expect(name).toBe('Who comes back: everyone, and “Stopped”')
  expect(readQuery(parseJson(q))).toMatchObject({
    kind: 'RetentionQuery',
    filterTestAccounts: true,
    retentionFilter: { targetEntity: { id: 'signed_up' }, returningEntity: { id: null } },
    breakdownFilter: { breakdown: ['all', 7], breakdown_type: 'cohort' },
  })
  const alone = readQuery(parseJson(besideEveryone(undefined, { id: 7, name: 'Stopped' }).q))
  expect(alone && problemsOf(alone)).toEqual([])
})

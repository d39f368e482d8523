import { createParser } from '@hedgerow/hogql'
import type { ExperimentDefinition } from '@hedgerow/insights'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { experimentSums } from '../experiments/experiment-sums.ts'
import { readProjectFacts } from '../project-facts.ts'
import { openQueryStores, type QueryStores } from '../query-test-stores.ts'
import type { GoldenEvent } from './golden-case.fixture.ts'
import { setUpGolden } from './set-up.fixture.ts'

let stores: QueryStores
let projects = 0
beforeAll(async () => {
  stores = await openQueryStores()
})
afterAll(() => stores?.close())

const day = (days: number, moreMs = 0) => new Date(Date.UTC(2026, 0, 1) + days * 86_400_000 + moreMs).toISOString()
const called = (id: string, variant: unknown, days: number, more: object = {}): GoldenEvent => ({
  event: '$feature_flag_called',
  distinct_id: id,
  timestamp: day(days),
  properties: { $feature_flag: 'flag', $feature_flag_response: variant, ...more },
})
const did = (id: string, event: string, days: number, properties: object = {}, moreMs = 0) => ({
  event,
  distinct_id: id,
  timestamp: day(days, moreMs),
  properties: { ...properties },
})
const experiment: ExperimentDefinition = {
  name: 'Edges',
  flagKey: 'flag',
  variants: ['control', 'test'],
  startedAt: new Date(day(1)),
  endedAt: new Date(day(20)),
  exposureCriteria: {},
}
const events = (event: string, more: object = {}) => ({ kind: 'EventsNode', event, ...more })
const mean = (more: object = {}, source: object = {}) => ({ metric_type: 'mean', source: events('buy', source), ...more })
const amount = { math: 'sum', math_property: 'amount' }

/** Sums by variant (and breakdown), one list for each metric: number of samples, sum, sum of squares. */
async function sums(list: GoldenEvent[], metrics: object[], more: Partial<ExperimentDefinition> = {}, breakdowns: unknown[] = []) {
  const projectId = ++projects
  const ids = [...new Set(list.map((event) => event.distinct_id))]
  await setUpGolden(stores, projectId, {
    persons: ids.map((id) => ({ distinct_ids: [id], properties: {} })),
    groups: [{ type_index: 0, type: 'company', key: 'acme', properties: {} }],
    events: list,
  })
  const run = { stores, facts: await readProjectFacts(stores, projectId), parser: await createParser(), timings: [], modifiers: {} }
  const now = more.endedAt === undefined && 'endedAt' in more ? new Date(day(30)) : new Date(day(60))
  const { variants } = await experimentSums({ ...run, now }, { ...experiment, ...more }, metrics, { breakdowns })
  return Object.fromEntries(
    variants.map(({ variant, breakdown, metrics: found }) => [
      breakdowns.length ? `${variant} ${JSON.stringify(breakdown)}` : variant,
      found.map(({ numberOfSamples: n, sum, sumSquares, covariateSum, stepCounts }) =>
        stepCounts ? stepCounts : covariateSum === undefined ? [n, sum, sumSquares] : [n, sum, sumSquares, covariateSum],
      ),
    ]),
  )
}

describe('windows', () => {
  test('the instant of the exposure counts, the end of the window does not; exposures on both ends of the experiment count', async () => {
    const list = [
      called('a', 'control', 1),
      did('a', 'buy', 1),
      did('a', 'buy', 2, {}, -1),
      did('a', 'buy', 2),
      called('b', 'test', 20),
      did('b', 'buy', 20.5),
      called('late', 'test', 20.1),
    ]
    const found = await sums(list, [mean({ conversion_window: 1, conversion_window_unit: 'day' }), mean()])
    expect(found).toEqual({
      control: [
        [1, 2, 4],
        [1, 3, 9],
      ],
      test: [
        [1, 1, 1],
        [1, 0, 0],
      ],
    })
  })

  test('only matured units: by the exposure, and of retention by the start that counts', async () => {
    const list = [
      called('old', 'control', 2),
      did('old', 'open', 1.5),
      did('old', 'open', 25),
      called('young', 'control', 28),
      did('young', 'buy', 28.5),
      did('young', 'open', 28.5),
    ]
    const retention = { metric_type: 'retention', start_event: events('open'), completion_event: events('open') }
    const windowed = { retention_window_start: 1, retention_window_end: 5, retention_window_unit: 'day' }
    const matured = { endedAt: undefined, onlyCountMaturedUsers: true } as unknown as Partial<ExperimentDefinition>
    const found = await sums(list, [mean({ conversion_window: 5, conversion_window_unit: 'day' }), { ...retention, ...windowed }], matured)
    expect(found.control).toEqual([
      [1, 0, 0],
      [1, 0, 0],
    ])
  })
})

describe('exposure', () => {
  test('activation: by the variant of the flag call, from the first activation at or after it, up to the end', async () => {
    const list = [
      called('a', 'control', 2),
      did('a', 'open', 1.5),
      did('a', 'buy', 2.5),
      did('a', 'open', 3),
      did('a', 'buy', 3.5),
      called('never', 'control', 2),
      called('after', 'test', 19),
      did('after', 'open', 20.5),
    ]
    const exposureCriteria = { activation_config: { kind: 'ExperimentEventExposureConfig', event: 'open', properties: [] } }
    const window = { conversion_window: 9, conversion_window_unit: 'day' }
    expect(await sums(list, [mean(window)], { exposureCriteria })).toEqual({ control: [[1, 1, 1]], test: [[0, 0, 0]] })
  })

  test('an event that exposes may be a metric’s too; its variant is the property of the flag', async () => {
    const list = [
      did('a', 'buy', 2, { '$feature/flag': 'test', amount: 5 }),
      did('a', 'buy', 3, { amount: 7 }),
      did('b', 'buy', 3, { '$feature/flag': 'other' }),
    ]
    const exposureCriteria = { exposure_config: { kind: 'ExperimentEventExposureConfig', event: 'buy', properties: [] } }
    expect(await sums(list, [mean({}, amount)], { exposureCriteria })).toEqual({ control: [[0, 0, 0]], test: [[1, 12, 144]] })
  })

  test('groups are units, and events without one are ignored; excluded variants are dropped, also from several', async () => {
    const company = { $group_0: 'acme' }
    const list = [
      called('a', 'control', 2, company),
      did('b', 'buy', 3, company),
      did('a', 'buy', 3),
      called('c', 'test', 2),
      called('d', 'blue', 2, { $group_0: 'other' }),
    ]
    const variants = ['control', 'test', 'blue']
    expect(await sums(list, [mean()], { groupTypeIndex: 0, variants, excludedVariants: ['blue'] })).toEqual({
      control: [[1, 1, 1]],
      test: [[0, 0, 0]],
    })
  })

  test.each([3, 20, 60])('of %i variants each unit is told to be of one, or of several', async (count) => {
    const variants = Array.from({ length: count }, (_, i) => `variant ${i}`)
    const list = [
      ...variants.flatMap((variant) => [called(`only ${variant}`, variant, 2), called(`only ${variant}`, variant, 3)]),
      called('several', 'variant 0', 2),
      called('several', `variant ${count - 1}`, 3),
    ]
    const found = await sums(list, [mean()], { variants })
    expect(found).toEqual({ ...Object.fromEntries(variants.map((variant) => [variant, [[1, 0, 0]]])), $multiple: [[1, 0, 0]] })
  })

  test('breakdowns take the value of the first exposure, also where it has none; every variant is there for each', async () => {
    const list = [
      called('a', 'control', 2),
      called('a', 'control', 3, { plan: 'pro' }),
      called('b', 'test', 2, { plan: 'pro' }),
      did('b', 'buy', 3),
    ]
    const found = await sums(list, [mean()], {}, [{ property: 'plan', type: 'event' }])
    expect(found).toEqual({
      'control [null]': [[1, 0, 0]],
      'test ["pro"]': [[1, 1, 1]],
      'control ["pro"]': [[0, 0, 0]],
      'test [null]': [[0, 0, 0]],
    })
  })
})

describe('values', () => {
  test('clamping: one set of bounds for all variants; the lower bound first; zeros left out; nothing but zeros; a threshold on top', async () => {
    const list = Array.from({ length: 10 }, (_, i) => {
      const id = `u${i}`
      return [called(id, i % 2 ? 'test' : 'control', 2), ...(i < 4 ? [] : [did(id, 'buy', 3, { amount: i * 10 })])]
    }).flat()
    const found = await sums(list, [
      mean({ upper_bound_percentile: 0.7 }, amount),
      mean({ upper_bound_percentile: 0.5, ignore_zeros: true }, amount),
      mean({ lower_bound_percentile: 0.9, upper_bound_percentile: 0.1 }, amount),
      mean({ upper_bound_percentile: 1, lower_bound_percentile: 0 }, amount),
      { ...mean({ upper_bound_percentile: 0.5, ignore_zeros: true }), source: events('nothing', { math: 'sum', math_property: 'amount' }) },
      mean({ upper_bound_percentile: 0.7, threshold: 60 }, amount),
    ])
    // control: 0 0 40 60 80; test: 0 0 50 70 90; sorted: 0 0 0 0 40 50 60 70 80 90
    expect(found.control).toEqual([
      [5, 40 + 60 + 70, 1600 + 3600 + 4900],
      [5, 40 + 60 + 70, 1600 + 3600 + 4900],
      [5, 0, 0],
      [5, 180, 1600 + 3600 + 6400],
      [5, 0, 0],
      [5, 2, 2],
    ])
    expect(found.test?.[0]).toEqual([5, 50 + 70 + 70, 2500 + 4900 + 4900])
  })

  test('expressions: an aggregate, a distinct count, or a plain one that is added up; null counts as 0', async () => {
    const list = [
      called('a', 'control', 2),
      did('a', 'buy', 3, { amount: 4, shop: 'x' }),
      did('a', 'buy', 4, { amount: 6, shop: 'x' }),
      did('a', 'buy', 5, { shop: 'y' }),
    ]
    const hogql = (math_hogql: string) => mean({}, { math: 'hogql', math_hogql })
    const found = await sums(list, [
      hogql('sum(toFloat(properties.amount) * 2)'),
      hogql('toFloat(properties.amount) + 1'),
      hogql('count(distinct properties.shop)'),
      hogql('max(toFloat(properties.amount))'),
      hogql('count(properties.amount)'),
      hogql("count() FILTER (WHERE properties.shop = 'x')"),
      hogql('sum(toFloat(properties.amount)) FILTER (WHERE toFloat(properties.amount) > 5)'),
      mean({}, { math: 'avg', math_property: 'amount' }),
      mean({}, { math: 'min', math_property: 'amount' }),
      mean({}, { math: 'dau' }),
    ])
    expect(found.control?.map(([, sum]) => sum)).toEqual([20, 12, 2, 6, 2, 2, 6, expect.closeTo(10 / 3, 9), 0, 1])
  })

  test('funnels: another event at the same instant counts, whatever its id; one event is never two steps; CUPED looks back', async () => {
    const list = [
      did('a', 'view', 1.2),
      did('a', 'buy', 1.3),
      called('a', 'control', 2),
      { ...did('a', 'buy', 3), uuid: '00000000-0000-4000-8000-000000000001' },
      { ...did('a', 'view', 3), uuid: '00000000-0000-4000-8000-000000000002' },
      called('b', 'test', 2),
      did('b', 'view', 3),
    ]
    const funnel = (...series: string[]) => ({ metric_type: 'funnel', series: series.map((name) => events(name)) })
    const found = await sums(list, [funnel('view', 'buy'), funnel('view', 'view')], { cupedLookbackDays: 5 })
    expect(found).toEqual({
      control: [
        [1, 1],
        [1, 0],
      ],
      test: [
        [1, 0],
        [1, 0],
      ],
    })
    const once = await sums(list, [mean()], { cupedLookbackDays: 5 })
    expect(once.control).toEqual([[1, 1, 1, 1]])
  })

  test('retention: another row of the same kind, also at the same instant; of another kind, the same row is not another', async () => {
    const list = [
      called('a', 'control', 2),
      did('a', 'open', 3, { big: 'yes' }),
      called('b', 'test', 2),
      did('b', 'open', 3, { big: 'yes' }),
      { ...did('b', 'open', 3, { big: 'yes' }), uuid: '00000000-0000-4000-8000-000000000003' },
    ]
    const big = { properties: [{ type: 'event', key: 'big', operator: 'exact', value: 'yes' }] }
    const retention = (completion: object, more: object) => ({
      metric_type: 'retention',
      start_event: events('open'),
      completion_event: completion,
      ...more,
    })
    const [sameDay, withinHours] = [
      { retention_window_start: 0, retention_window_end: 0, retention_window_unit: 'day' },
      { retention_window_start: 0, retention_window_end: 90, retention_window_unit: 'minute' },
    ]
    const found = await sums(list, [
      retention(events('open'), sameDay),
      retention(events('open'), withinHours),
      retention(events('open', big), sameDay),
    ])
    expect(found).toEqual({ control: new Array(3).fill([1, 0, 0]), test: new Array(3).fill([1, 1, 1]) })
  })
})

test('more kinds of events than one list holds, an event that is of several of them, and properties of some', async () => {
  const kinds = Array.from({ length: 14 }, (_, i) => `kind ${i}`)
  const list = [
    called('a', 'control', 2),
    called('b', 'test', 2),
    ...kinds.flatMap((kind, i) => Array.from({ length: i + 1 }, (__, n) => did('a', kind, 3, { amount: n + 1 }, n))),
    did('b', 'kind 13', 1.5, { amount: 100 }),
    did('b', 'kind 13', 4, { amount: 5 }),
  ]
  const of = (event: string | null, more: object = {}) => ({ metric_type: 'mean', source: { kind: 'EventsNode', event, ...more } })
  const big = { properties: [{ type: 'event', key: 'amount', operator: 'gt', value: 3 }] }
  const found = await sums(list, [...kinds.map((kind) => of(kind)), of('kind 13', amount), of('kind 13', big)])
  expect(found.control?.map(([, sum]) => sum)).toEqual([...kinds.map((_, i) => i + 1), 105, 11])
  expect(found.test?.map(([, sum]) => sum)).toEqual([...new Array(13).fill(0), 1, 5, 1])
})

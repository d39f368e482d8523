import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { firstToken, type RunningServer, startServer } from '../running-server.fixture.ts'

let server: RunningServer
const api = '/api/projects/1'
const purchases = { kind: 'ExperimentMetric', metric_type: 'mean', name: 'Purchases', source: { kind: 'EventsNode', event: 'purchase' } }
const revenue = {
  kind: 'ExperimentMetric',
  metric_type: 'mean',
  name: 'Revenue',
  source: { kind: 'EventsNode', event: 'purchase', math: 'sum', math_property: 'amount' },
  upper_bound_percentile: 0.99,
}
const conversion = {
  kind: 'ExperimentMetric',
  metric_type: 'funnel',
  name: 'Conversion',
  series: [{ kind: 'EventsNode', event: 'purchase' }],
}
const dayMs = 86_400_000
const started = new Date(Date.now() - 10 * dayMs)
const at = (days: number) => new Date(started.getTime() + days * dayMs).toISOString()

/** 400 people, half of each variant; of the control every fifth buys, of the test every third; staff and a person of two variants besides. */
function events(): Record<string, unknown>[] {
  const called = (id: string, variant: unknown, day: number) => ({
    event: '$feature_flag_called',
    distinct_id: id,
    timestamp: at(day),
    properties: { $feature_flag: 'checkout', $feature_flag_response: variant },
  })
  const people = Array.from({ length: 400 }, (_, i) => {
    const [id, variant, day] = [`user ${i}`, i % 2 === 0 ? 'control' : 'test', (i % 8) + 0.5]
    const buys = variant === 'control' ? i % 10 === 0 : i % 6 === 1
    const bought = { event: 'purchase', distinct_id: id, timestamp: at(day + 0.1), properties: { amount: 10 + (i % 7) } }
    return [called(id, variant, day), ...(i % 4 === 0 ? [called(id, variant, day + 0.05)] : []), ...(buys ? [bought] : [])]
  }).flat()
  return [
    ...people,
    { event: '$identify', distinct_id: 'staff', timestamp: at(0.1), properties: { $set: { email: 'me@our.company' } } },
    called('staff', 'test', 1),
    called('both', 'control', 1),
    called('both', 'test', 2),
    called('early', 'test', -1),
    called('off', false, 1),
  ]
}

const create = async (body: Record<string, unknown>) => {
  const answer = await server.call('POST', `${api}/experiments/`, body)
  expect([answer.status, answer.body.detail]).toEqual([201, undefined])
  return answer.body
}
const post = (id: number, action: string, body: object = {}) => server.call('POST', `${api}/experiments/${id}/${action}/`, body)

beforeAll(async () => {
  server = await startServer()
  await server.call('PATCH', `${api}/`, {
    test_account_filters: [{ type: 'person', key: 'email', operator: 'not_icontains', value: '@our.company' }],
  })
  await server.send(firstToken, 1, events())
})
afterAll(() => server?.close())

describe('from draft to decision', () => {
  test('an experiment makes its flag, and both go on and off together', async () => {
    const made = await create({ name: 'Lifecycle', feature_flag_key: 'lifecycle', metrics: [purchases] })
    expect(made).toMatchObject({ status: 'draft', phase: 1, feature_flag: { key: 'lifecycle', active: false } })
    expect(made.feature_flag.filters.multivariate.variants.map(({ key }: { key: string }) => key)).toEqual(['control', 'test'])
    expect(made.metrics[0]).toMatchObject({ uuid: expect.any(String), fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) })

    expect((await post(made.id, 'pause')).status).toBe(400)
    expect((await post(made.id, 'launch')).body).toMatchObject({ status: 'running', feature_flag: { active: true } })
    expect((await post(made.id, 'launch')).body.detail).toMatch(/Only a draft/)
    expect((await post(made.id, 'pause')).body).toMatchObject({ status: 'paused', feature_flag: { active: false } })
    expect((await post(made.id, 'resume')).body.status).toBe('running')
    expect((await post(made.id, 'archive')).status).toBe(400)
    const shipped = await post(made.id, 'ship_variant', {
      variant_key: 'test',
      release_to_everyone: true,
      conclusion: 'won',
      comment: 'ship it',
    })
    expect(shipped.body).toMatchObject({ status: 'stopped', conclusion: 'won', conclusion_comment: 'ship it' })
    expect(shipped.body.feature_flag.filters.groups[0]).toMatchObject({ properties: [], rollout_percentage: 100 })
    expect(
      shipped.body.feature_flag.filters.multivariate.variants.map((v: { rollout_percentage: number }) => v.rollout_percentage),
    ).toEqual([0, 100])
    expect((await post(made.id, 'archive')).body.archived).toBe(true)
    const reset = await post(made.id, 'reset')
    expect(reset.body).toMatchObject({ status: 'draft', start_date: null, conclusion: null, archived: false })
  })

  test('an end comes after the start, and a start is not taken away', async () => {
    const { id } = await create({ name: 'Dates', feature_flag_key: 'dates', start_date: '2026-01-10T00:00:00Z' })
    const change = async (body: object) => (await server.call('PATCH', `${api}/experiments/${id}/`, body)).body.detail
    expect(await change({ end_date: '2026-01-09T00:00:00Z' })).toMatch(/^end_date is 2026-01-09.* not after the start, 2026-01-10/)
    expect(await change({ start_date: null })).toMatch(/^start_date of a launched experiment/)
    expect(await change({ end_date: '2026-01-20T00:00:00Z' })).toBeUndefined()
  })

  test('what runs is pinned; a change is shown, and needs a new phase', async () => {
    const { id } = await create({ name: 'Pinned', feature_flag_key: 'pinned', metrics: [purchases] })
    await post(id, 'launch')
    const refused = await server.call('PATCH', `${api}/experiments/${id}/`, { metrics: [revenue] })
    expect([refused.status, refused.body.detail]).toEqual([400, expect.stringMatching(/^metrics of a running experiment are pinned/)])
    const { body: flag } = await server.call('GET', `${api}/experiments/${id}/`)
    const variants = [
      { key: 'control', rollout_percentage: 30 },
      { key: 'test', rollout_percentage: 70 },
    ]
    await server.call('PATCH', `${api}/feature_flags/${flag.feature_flag.id}/`, { filters: { multivariate: { variants } } })
    expect((await server.call('GET', `${api}/experiments/${id}/`)).body.changes_since_start).toEqual(['variants'])
    const next = await server.call('PATCH', `${api}/experiments/${id}/`, { metrics: [revenue], new_phase: true })
    expect(next.body).toMatchObject({ phase: 2, changes_since_start: [] })
  })

  test.each([
    ['no name', { feature_flag_key: 'refused' }, /name/],
    ['no flag', { name: 'x' }, /feature_flag_key/],
    [
      'a metric of no kind',
      { name: 'x', feature_flag_key: 'refused', metrics: [{ metric_type: 'sum' }] },
      /metrics.*metric_type.*mean, funnel/,
    ],
    ['a mean of nothing', { name: 'x', feature_flag_key: 'refused', metrics: [{ metric_type: 'mean' }] }, /metrics\[0\]\.source/],
    [
      'a funnel without steps',
      { name: 'x', feature_flag_key: 'refused', metrics: [{ metric_type: 'funnel', series: [] }] },
      /series.*needs a step/,
    ],
    ['a flag that no app can ask for', { name: 'x', feature_flag_key: 'bad key!' }, /feature_flag_key may hold only letters/],
    [
      'leaving out a variant that is none',
      { name: 'x', feature_flag_key: 'refused', parameters: { excluded_variants: ['other'] } },
      /excluded_variants\[0\] is other: flag refused has control, test/,
    ],
    [
      'leaving out the baseline',
      { name: 'x', feature_flag_key: 'refused', parameters: { excluded_variants: ['control'] } },
      /is control, the baseline/,
    ],
    ['a holdout that is not there', { name: 'x', feature_flag_key: 'refused1', holdout_id: 99 }, /holdout 99/],
    [
      'a shared metric that is not there',
      { name: 'x', feature_flag_key: 'refused2', saved_metrics_ids: [{ id: 77 }] },
      /77: there is no such shared metric/,
    ],
    ['a baseline that is no variant', { name: 'x', feature_flag_key: 'refused3', stats_config: { baseline_variant_key: 'blue' } }, /blue/],
  ])('%s is refused, and nothing is left', async (_, body, message) => {
    const answer = await server.call('POST', `${api}/experiments/`, body)
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(500)
    expect(`${answer.body.attr} ${answer.body.detail}`).toMatch(message)
    const flags = await server.call('GET', `${api}/feature_flags/?search=refused`)
    expect(flags.body.results).toEqual([])
  })

  test('another project sees nothing of it', async () => {
    const { id } = await create({ name: 'Ours', feature_flag_key: 'ours' })
    const { body: other } = await server.call('POST', '/api/projects/', { name: 'Other' })
    expect((await server.call('GET', `/api/projects/${other.id}/experiments/${id}/`)).status).toBe(404)
    const query = { kind: 'ExperimentQuery', experiment_id: id, metric: purchases }
    const asked = await server.call('POST', `/api/projects/${other.id}/query/`, { query })
    expect([asked.status, asked.body.detail]).toEqual([400, expect.stringMatching(/There is no experiment/)])
  })
})

describe('results', () => {
  let id: number

  beforeAll(async () => {
    const shared = await server.call('POST', `${api}/experiment_saved_metrics/`, { name: 'Shared conversion', query: conversion })
    expect(shared.status).toBe(201)
    const made = await create({
      name: 'Checkout',
      feature_flag_key: 'checkout',
      metrics: [purchases, revenue],
      saved_metrics_ids: [{ id: shared.body.id, metadata: { type: 'secondary' } }],
      exposure_criteria: { filterTestAccounts: true },
      stats_config: { method: 'frequentist', multiple_comparison: 'holm' },
      start_date: started.toISOString(),
    })
    expect(made.status).toBe('running')
    id = made.id
  })

  test('all metrics, exposures, waterfall, trust and verdict', async () => {
    const { status, body } = await server.call('GET', `${api}/experiments/${id}/results/`)
    expect([status, body.detail]).toEqual([200, undefined])
    expect(body.metrics[0].baseline).toMatchObject({ key: 'control', number_of_samples: 200, sum: 40 })
    expect(body.metrics[0].variant_results[0]).toMatchObject({
      key: 'test',
      number_of_samples: 200,
      sum: 67,
      method: 'frequentist',
      significant: true,
    })
    expect(body.metrics_secondary[0].variant_results[0]).toMatchObject({ sum: 67, step_counts: [67] })
    expect(body.exposures.total_exposures).toEqual({ control: 200, test: 200, $multiple: 1 })
    expect(body.exposures.sample_ratio_mismatch).toMatchObject({ mismatch: false })
    const steps = Object.fromEntries(body.waterfall.steps.map((row: { step: string; units: number }) => [row.step, row.units]))
    expect(steps).toMatchObject({ before_start: 1, after_end: 0, not_in_a_variant: 1, test_account: 1, several_variants: 1, analysed: 400 })
    expect(body.waterfall.units).toBe(404)
    expect(body.waterfall.events).toBe(400 + 100 + 1 + 2 + 1 + 1)
    expect(body.corrections).toHaveLength(3)
    for (const { p_value: p, adjusted_p_value: adjusted } of body.corrections) expect(adjusted).toBeGreaterThanOrEqual(p)
    expect(body.verdict).toMatchObject({ state: 'winner', variant: 'test' })
    expect(body.trust.map(({ name }: { name: string }) => name)).toContain('sample_ratio')
  })

  test('ExperimentQuery and the exposure query answer as PostHog’s', async () => {
    const ask = async (query: object) => (await server.call('POST', `${api}/query/`, { query })).body
    expect(await ask({ kind: 'ExperimentQuery', experiment_id: id, metric: conversion })).toMatchObject({
      kind: 'ExperimentQuery',
      stats_version: 1,
      baseline: { key: 'control', number_of_samples: 200, sum: 40, sum_squares: 40 },
      variant_results: [{ key: 'test', confidence_interval: [expect.any(Number), expect.any(Number)], p_value: expect.any(Number) }],
    })
    const exposures = await ask({ kind: 'ExperimentExposureQuery', experiment_id: id })
    expect(exposures.total_exposures).toEqual({ control: 200, test: 200, $multiple: 1 })
    expect(exposures.timeseries[0].exposure_counts.at(-1)).toBe(200)
    expect(await ask({ kind: 'ExperimentQuery', experiment_id: id, metric: { metric_type: 'median' } })).toMatchObject({
      detail: expect.stringMatching(/metric.metric_type must be one of/),
    })
  })

  test('a course of results, by day', async () => {
    const { body: experiment } = await server.call('GET', `${api}/experiments/${id}/`)
    const { body } = await server.call('GET', `${api}/experiments/${id}/timeseries_results/?metric_uuid=${experiment.metrics[0].uuid}`)
    expect([body.status, body.errors]).toEqual(['completed', {}])
    const samples = Object.values(body.timeseries as Record<string, { baseline: { number_of_samples: number } }>).map(
      ({ baseline }) => baseline.number_of_samples,
    )
    expect(samples.at(-1)).toBe(200)
    // One of the first day's is seen with the other variant on the second, and leaves.
    expect(samples.slice(0, 2)).toEqual([51, 50])
    const again = await server.call('GET', `${api}/experiments/${id}/timeseries_results/?metric_uuid=${experiment.metrics[0].uuid}`)
    expect(again.body.timeseries).toEqual(body.timeseries)
    const path = `${api}/experiments/${id}/timeseries_results/?metric_uuid=${experiment.metrics[0].uuid}`
    const days = async (fingerprint: string) => (await server.call('GET', `${path}&fingerprint=${fingerprint}`)).body
    expect((await days(body.fingerprint)).timeseries).toEqual(body.timeseries)
    // Of another definition, only what was kept while it was the experiment's is known.
    expect(await days('of-another-definition')).toMatchObject({ status: 'pending', timeseries: {} })
  })

  test('where groups are the units, events without a group are told of', async () => {
    const made = await create({
      name: 'By company',
      feature_flag_key: 'by-company',
      parameters: { aggregation_group_type_index: 0 },
      exposure_criteria: { exposure_config: { kind: 'ExperimentEventExposureConfig', event: 'purchase', properties: [] } },
      start_date: started.toISOString(),
      metrics: [purchases],
    })
    const { body } = await server.call('GET', `${api}/experiments/${made.id}/results/`)
    expect(body.waterfall).toMatchObject({ events: 107, units: 0 })
    expect(body.waterfall.steps[0]).toEqual({ step: 'without_group', units: 0, events: 107 })
  })

  test('a report verifies; an edited one does not', async () => {
    const { body: report } = await server.call('GET', `${api}/experiments/${id}/report/`)
    const verify = async (given: object) => (await server.call('POST', `${api}/experiments/verify_report/`, given)).body
    expect(await verify(report)).toEqual({ holds: true, problems: [] })
    const edited = structuredClone(report)
    edited.metrics[0].sums.test.sum += 1
    const checked = await verify(edited)
    expect(checked.holds).toBe(false)
    expect(checked.problems.join(' ')).toMatch(/changed after it was made.*not what its sums come to/)
    expect((await verify({ hello: 1 })).problems[0]).toMatch(/no report of an experiment/)
    const { body: again } = await server.call('GET', `${api}/experiments/${id}/report/?as_of=${encodeURIComponent(report.as_of)}`)
    expect(again.metrics).toEqual(report.metrics)
  })

  test('random splits of the same people find something about as often as promised', async () => {
    const { status, body } = await server.call('GET', `${api}/experiments/${id}/aa_check/`)
    expect([status, body.detail]).toEqual([200, undefined])
    expect(body.units).toBeGreaterThan(400)
    expect(body.splits).toBe(1000)
    expect(body.false_positive_rate).toBeLessThan(0.1)
    expect(body.false_positive_rate).toBeGreaterThan(0.005)
  })
})

test('holdouts belong to experiments, and are expected by the split', async () => {
  const { body: holdout } = await server.call('POST', `${api}/experiment_holdouts/`, {
    name: 'Kept out',
    filters: [{ properties: [], rollout_percentage: 10 }],
  })
  const made = await create({ name: 'Held', feature_flag_key: 'held', holdout_id: holdout.id })
  expect(made.feature_flag.filters.holdout).toEqual({ id: holdout.id, exclusion_percentage: 10 })
  const refused = await server.call('DELETE', `${api}/experiment_holdouts/${holdout.id}/`)
  expect([refused.status, refused.body.detail]).toEqual([400, expect.stringMatching(/belongs to the experiment "Held"/)])
})

test('an app’s own exposure event, by the experiment’s name', async () => {
  const started_ = (id: string, variant: string, name = 'Own event') => ({
    event: '$experiment_started',
    distinct_id: id,
    timestamp: at(3),
    properties: { $experiment_name: name, $experiment_variant: variant },
  })
  await server.send(firstToken, 1, [
    started_('p1', 'control'),
    started_('p2', 'test'),
    started_('p3', 'test', 'Other'),
    started_('p4', 'blue'),
  ])
  const made = await create({
    name: 'Own event',
    feature_flag_key: 'own-event',
    metrics: [purchases],
    start_date: started.toISOString(),
    exposure_criteria: {
      exposure_config: {
        kind: 'ExperimentEventExposureConfig',
        event: '$experiment_started',
        properties: [],
        experiment_name_property: '$experiment_name',
        variant_property: '$experiment_variant',
      },
    },
  })
  const { body } = await server.call('GET', `${api}/experiments/${made.id}/results/`)
  expect(body.exposures.total_exposures).toEqual({ control: 1, test: 1 })
  expect(body.verdict.state).toBe('too_early')
})

describe('around an experiment', () => {
  let made: { id: number; exposure_criteria: object }

  beforeAll(async () => {
    made = await create({
      name: 'Around',
      feature_flag_key: 'checkout',
      metrics: [conversion, revenue],
      start_date: started.toISOString(),
      parameters: { minimum_detectable_effect: 50 },
    })
  })

  test('new experiments leave test accounts out, and take the rest from the project', async () => {
    expect(made.exposure_criteria).toEqual({ filterTestAccounts: true })
    const defaults = { method: 'frequentist', confidence_level: 0.9, cuped_enabled: true, minimum_detectable_effect: 12 }
    await server.call('PATCH', `${api}/`, { experiment_defaults: defaults })
    const draft = await create({ name: 'Defaults', feature_flag_key: 'defaults', metrics: [purchases] })
    const { body } = await server.call('GET', `${api}/experiments/${draft.id}/results/`)
    expect(body.stats).toMatchObject({ method: 'frequentist', alpha: 0.1, cuped: true })
    expect(body.trust.find(({ name }: { name: string }) => name === 'power').text).toBeDefined()
    const own = await create({ name: 'Own', feature_flag_key: 'own-stats', metrics: [purchases], stats_config: { method: 'bayesian' } })
    expect((await server.call('GET', `${api}/experiments/${own.id}/results/`)).body.stats.method).toBe('bayesian')
    // What runs keeps what it began with, and says that it would be otherwise now.
    expect((await server.call('GET', `${api}/experiments/${made.id}/`)).body.changes_since_start).toEqual(['stats_config'])
    await server.call('PATCH', `${api}/`, { experiment_defaults: {} })
    expect((await server.call('GET', `${api}/experiments/${made.id}/`)).body.changes_since_start).toEqual([])
  })

  test('a plan from the baseline and the exposures so far, kept where it is asked for', async () => {
    const { status, body } = await post(made.id, 'calculate_running_time', { save: true })
    expect([status, body.detail]).toEqual([200, undefined])
    // 40 of 200 of the baseline convert; 16·0.2·0.8/(0.2·0.5)²·2.
    expect(body).toMatchObject({
      metric_type: 'funnel',
      baseline_value: 0.2,
      recommended_sample_size: 512,
      current_exposures: 400,
      minimum_detectable_effect: 50,
    })
    expect(body.exposures_per_day).toBeCloseTo(40, 0)
    expect(body.remaining_days).toBe(Math.ceil(112 / body.exposures_per_day))
    expect((await server.call('GET', `${api}/experiments/${made.id}/`)).body.running_time_calculation).toMatchObject({
      recommended_sample_size: 512,
    })
    const draft = await create({ name: 'Plan', feature_flag_key: 'plan', metrics: [conversion] })
    const lately = await post(draft.id, 'calculate_running_time', { minimum_detectable_effect: 25 })
    expect(lately.body).toMatchObject({ current_exposures: 0, minimum_detectable_effect: 25, recommended_sample_size: expect.any(Number) })
    expect((await post(draft.id, 'calculate_running_time', { metric_uuid: 'none' })).status).toBe(400)
  })

  test('the exposed people as a cohort, once, also where two ask for it at once', async () => {
    const ask = () => post(made.id, 'create_exposure_cohort_for_experiment')
    const answers = await Promise.all([ask(), ask(), ask()])
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 400, 400])
    const body = answers.find(({ status }) => status === 201)?.body
    const { body: cohorts } = await server.call('GET', `${api}/cohorts/?search=Exposed to`)
    expect(cohorts.count).toBe(1)
    const people = await server.call('POST', `${api}/query/`, {
      query: { kind: 'HogQLQuery', query: `select count(distinct person_id) from events where person_id in cohort ${body.cohort.id}` },
    })
    // Those who have a profile: 107 who bought, and one of the staff, who was shown a variant too; a flag call alone makes none.
    expect(people.body.results).toEqual([[108]])
    expect((await server.call('GET', `${api}/experiments/${made.id}/`)).body.exposure_cohort).toBe(body.cohort.id)
    await server.call('DELETE', `${api}/cohorts/${body.cohort.id}/`)
    expect((await ask()).status).toBe(201)
  })

  test('the people behind a number, page by page, add up to it', async () => {
    const { body: results } = await server.call('GET', `${api}/experiments/${made.id}/results/`)
    const [metric] = results.metrics
    const page = async (more: string) => (await server.call('GET', `${api}/experiments/${made.id}/people/?variant=test${more}`)).body
    const [first, second] = [await page('&limit=30'), await page('&limit=1000&offset=30')]
    expect([first.units.length, first.has_more, second.has_more]).toEqual([30, true, false])
    const units = [...first.units, ...second.units] as { id: string; value: number }[]
    const { number_of_samples: samples, sum } = metric.variant_results[0]
    expect([new Set(units.map(({ id }) => id)).size, units.filter(({ value }) => value >= 1).length]).toEqual([samples, sum])
    expect((await page('&limit=0')).attr).toBe('limit')
    expect((await server.call('GET', `${api}/experiments/${made.id}/people/?variant=other`)).body.detail).toMatch(
      /^variant must be one of control, test/,
    )
  })

  test('whether the app asks for the flag', async () => {
    expect((await server.call('GET', `${api}/experiments/${made.id}/requires_flag_implementation/`)).body).toMatchObject({
      requires_flag_implementation: false,
      feature_flag_key: 'checkout',
      first_called_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    })
    const silent = await create({ name: 'Silent', feature_flag_key: 'silent' })
    expect((await server.call('GET', `${api}/experiments/${silent.id}/requires_flag_implementation/`)).body).toMatchObject({
      requires_flag_implementation: true,
      calls: 0,
      last_called_at: null,
    })
  })

  test('a copy in another project has the variants and metrics', async () => {
    const { body: other } = await server.call('POST', '/api/projects/', { name: 'Elsewhere' })
    const { status, body } = await post(made.id, 'copy_to_project', { target_project_id: other.id, name: 'There' })
    expect([status, body.detail]).toEqual([201, undefined])
    expect(body).toMatchObject({ name: 'There', status: 'draft', feature_flag: { key: 'checkout', active: false } })
    expect(body.metrics.map(({ name }: { name: string }) => name)).toEqual(['Conversion', 'Revenue'])
    expect((await server.call('GET', `/api/projects/${other.id}/experiments/${body.id}/`)).status).toBe(200)
  })

  test('metrics of saved insights; what is no metric is refused', async () => {
    const series = [{ kind: 'EventsNode', event: 'purchase', math: 'sum', math_property: 'amount' }]
    const insight = async (source: object) =>
      (await server.call('POST', `${api}/insights/`, { name: 'Takings', query: { kind: 'InsightVizNode', source } })).body
    const trend = await insight({ kind: 'TrendsQuery', series })
    const { status, body } = await server.call('POST', `${api}/experiments/metrics_from_insight/`, { insight: trend.short_id })
    expect([status, body.detail]).toEqual([200, undefined])
    expect(body.metrics).toMatchObject([
      { metric_type: 'mean', name: 'Takings', source: { event: 'purchase', math: 'sum', math_property: 'amount' } },
    ])
    const using = await create({ name: 'Insight', feature_flag_key: 'insight', metrics: body.metrics })
    expect((await server.call('GET', `${api}/experiments/${using.id}/results/`)).status).toBe(200)
    const lifecycle = await insight({ kind: 'LifecycleQuery', series: [{ kind: 'EventsNode', event: 'purchase' }] })
    const refused = await server.call('POST', `${api}/experiments/metrics_from_insight/`, { insight: lifecycle.id })
    expect([refused.status, refused.body.detail]).toEqual([400, expect.stringMatching(/TrendsQuery, FunnelsQuery or RetentionQuery/)])
  })

  test('a metric of a query in HogQL answers like the same metric made by hand; what is none is refused with what would be', async () => {
    const query = "SELECT person_id, sum(properties.amount) AS takings FROM events WHERE event = 'purchase' GROUP BY person_id"
    const { status, body } = await server.call('POST', `${api}/experiments/metric_from_sql/`, { query, name: 'Takings' })
    expect([status, body.detail]).toEqual([200, undefined])
    const saw = (i: number) => ({
      event: 'saw_takings',
      distinct_id: `user ${i}`,
      timestamp: at(0.1),
      properties: { variant: i % 2 === 0 ? 'control' : 'test' },
    })
    await server.send(
      firstToken,
      1,
      Array.from({ length: 60 }, (_, i) => saw(i)),
    )
    const using = await create({
      name: 'By SQL',
      feature_flag_key: 'by-sql',
      metrics: [body.metric, { ...revenue, upper_bound_percentile: undefined }],
      start_date: started.toISOString(),
      exposure_criteria: {
        exposure_config: {
          kind: 'ExperimentEventExposureConfig',
          event: 'saw_takings',
          properties: [],
          variant_property: 'variant',
        },
      },
    })
    const [bySql, byHand] = (await server.call('GET', `${api}/experiments/${using.id}/results/`)).body.metrics
    expect(bySql.baseline.sum).toBeGreaterThan(0)
    expect([bySql.baseline.sum, bySql.variant_results[0].sum]).toEqual([byHand.baseline.sum, byHand.variant_results[0].sum])
    const refused = await server.call('POST', `${api}/experiments/metric_from_sql/`, {
      query: 'SELECT count() FROM persons',
      name: 'People',
    })
    expect(refused).toMatchObject({ status: 400, body: { attr: 'query', detail: expect.stringMatching(/must read the table events/) } })
  })

  test('a holdout’s new share goes to the flags that it belongs to', async () => {
    const { body: holdout } = await server.call('POST', `${api}/experiment_holdouts/`, {
      name: 'Grows',
      filters: [{ rollout_percentage: 5 }],
    })
    const held = await create({ name: 'Grows', feature_flag_key: 'grows', holdout_id: holdout.id })
    await server.call('PATCH', `${api}/experiment_holdouts/${holdout.id}/`, { filters: [{ rollout_percentage: 20 }] })
    const { body } = await server.call('GET', `${api}/experiments/${held.id}/`)
    expect(body.feature_flag.filters.holdout).toEqual({ id: holdout.id, exclusion_percentage: 20 })
  })

  test('results are computed once a day and kept, also of days that were missed', async () => {
    expect(await server.hedgerow.recalculation.executeDue()).toBeGreaterThanOrEqual(2)
    expect(await server.hedgerow.recalculation.executeDue()).toBe(0)
    const { rows } = await server.hedgerow.stores.application.pool.query<{ status: string; days: number }>(
      'SELECT status, count(*)::int AS days FROM experiment_results WHERE experiment_id = $1 GROUP BY status',
      [made.id],
    )
    expect(rows).toEqual([{ status: 'completed', days: expect.any(Number) }])
    // Seven settled days and today's, of two metrics.
    expect(rows[0]?.days).toBeGreaterThanOrEqual(14)
  })
})

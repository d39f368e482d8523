import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { firstToken, type RunningServer } from '../running-server.fixture.ts'
import { at, conversion, experimentCalls, projectUrl, purchases, revenue, started, startServerWithEvents } from './experiments.fixture.ts'

let server: RunningServer
const { create, post } = experimentCalls(() => server)
beforeAll(async () => {
  server = await startServerWithEvents()
})
afterAll(() => server?.close())

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
    await server.call('PATCH', `${projectUrl}/`, { experiment_defaults: defaults })
    const draft = await create({ name: 'Defaults', feature_flag_key: 'defaults', metrics: [purchases] })
    const { body } = await server.call('GET', `${projectUrl}/experiments/${draft.id}/results/`)
    expect(body.stats).toMatchObject({ method: 'frequentist', alpha: 0.1, cuped: true })
    expect(body.trust.find(({ name }: { name: string }) => name === 'power').text).toBeDefined()
    const own = await create({ name: 'Own', feature_flag_key: 'own-stats', metrics: [purchases], stats_config: { method: 'bayesian' } })
    expect((await server.call('GET', `${projectUrl}/experiments/${own.id}/results/`)).body.stats.method).toBe('bayesian')
    // What runs keeps what it began with, and says that it would be otherwise now.
    expect((await server.call('GET', `${projectUrl}/experiments/${made.id}/`)).body.changes_since_start).toEqual(['stats_config'])
    await server.call('PATCH', `${projectUrl}/`, { experiment_defaults: {} })
    expect((await server.call('GET', `${projectUrl}/experiments/${made.id}/`)).body.changes_since_start).toEqual([])
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
    expect((await server.call('GET', `${projectUrl}/experiments/${made.id}/`)).body.running_time_calculation).toMatchObject({
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
    const { body: cohorts } = await server.call('GET', `${projectUrl}/cohorts/?search=Exposed to`)
    expect(cohorts.count).toBe(1)
    const people = await server.call('POST', `${projectUrl}/query/`, {
      query: { kind: 'HogQLQuery', query: `select count(distinct person_id) from events where person_id in cohort ${body.cohort.id}` },
    })
    // Those who have a profile: 107 who bought, and one of the staff, who was shown a variant too; a flag call alone makes none.
    expect(people.body.results).toEqual([[108]])
    expect((await server.call('GET', `${projectUrl}/experiments/${made.id}/`)).body.exposure_cohort).toBe(body.cohort.id)
    await server.call('DELETE', `${projectUrl}/cohorts/${body.cohort.id}/`)
    expect((await ask()).status).toBe(201)
  })

  test('the people behind a number, page by page, add up to it', async () => {
    const { body: results } = await server.call('GET', `${projectUrl}/experiments/${made.id}/results/`)
    const [metric] = results.metrics
    const page = async (more: string) => (await server.call('GET', `${projectUrl}/experiments/${made.id}/people/?variant=test${more}`)).body
    const [first, second] = [await page('&limit=30'), await page('&limit=1000&offset=30')]
    expect([first.units.length, first.has_more, second.has_more]).toEqual([30, true, false])
    const units = [...first.units, ...second.units] as { id: string; value: number }[]
    const { number_of_samples: samples, sum } = metric.variant_results[0]
    expect([new Set(units.map(({ id }) => id)).size, units.filter(({ value }) => value >= 1).length]).toEqual([samples, sum])
    expect((await page('&limit=0')).attr).toBe('limit')
    expect((await server.call('GET', `${projectUrl}/experiments/${made.id}/people/?variant=other`)).body.detail).toMatch(
      /^variant must be one of control, test/,
    )
  })

  test('whether the app asks for the flag', async () => {
    expect((await server.call('GET', `${projectUrl}/experiments/${made.id}/requires_flag_implementation/`)).body).toMatchObject({
      requires_flag_implementation: false,
      feature_flag_key: 'checkout',
      first_called_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    })
    const silent = await create({ name: 'Silent', feature_flag_key: 'silent' })
    expect((await server.call('GET', `${projectUrl}/experiments/${silent.id}/requires_flag_implementation/`)).body).toMatchObject({
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
      (await server.call('POST', `${projectUrl}/insights/`, { name: 'Takings', query: { kind: 'InsightVizNode', source } })).body
    const trend = await insight({ kind: 'TrendsQuery', series })
    const { status, body } = await server.call('POST', `${projectUrl}/experiments/metrics_from_insight/`, { insight: trend.short_id })
    expect([status, body.detail]).toEqual([200, undefined])
    expect(body.metrics).toMatchObject([
      { metric_type: 'mean', name: 'Takings', source: { event: 'purchase', math: 'sum', math_property: 'amount' } },
    ])
    const using = await create({ name: 'Insight', feature_flag_key: 'insight', metrics: body.metrics })
    expect((await server.call('GET', `${projectUrl}/experiments/${using.id}/results/`)).status).toBe(200)
    const lifecycle = await insight({ kind: 'LifecycleQuery', series: [{ kind: 'EventsNode', event: 'purchase' }] })
    const refused = await server.call('POST', `${projectUrl}/experiments/metrics_from_insight/`, { insight: lifecycle.id })
    expect([refused.status, refused.body.detail]).toEqual([400, expect.stringMatching(/TrendsQuery, FunnelsQuery or RetentionQuery/)])
  })

  test('a metric of a query in HogQL answers like the same metric made by hand; what is none is refused with what would be', async () => {
    const query = "SELECT person_id, sum(properties.amount) AS takings FROM events WHERE event = 'purchase' GROUP BY person_id"
    const { status, body } = await server.call('POST', `${projectUrl}/experiments/metric_from_sql/`, { query, name: 'Takings' })
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
    const [bySql, byHand] = (await server.call('GET', `${projectUrl}/experiments/${using.id}/results/`)).body.metrics
    expect(bySql.baseline.sum).toBeGreaterThan(0)
    expect([bySql.baseline.sum, bySql.variant_results[0].sum]).toEqual([byHand.baseline.sum, byHand.variant_results[0].sum])
    const refused = await server.call('POST', `${projectUrl}/experiments/metric_from_sql/`, {
      query: 'SELECT count() FROM persons',
      name: 'People',
    })
    expect(refused).toMatchObject({ status: 400, body: { attr: 'query', detail: expect.stringMatching(/must read the table events/) } })
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

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { firstToken, type RunningServer } from '../running-server.fixture.ts'
import { at, conversion, experimentCalls, projectUrl, purchases, revenue, started, startServerWithEvents } from './experiments.fixture.ts'

let server: RunningServer
const { create } = experimentCalls(() => server)
beforeAll(async () => {
  server = await startServerWithEvents()
})
afterAll(() => server?.close())

describe('results', () => {
  let id: number

  beforeAll(async () => {
    const shared = await server.call('POST', `${projectUrl}/experiment_saved_metrics/`, { name: 'Shared conversion', query: conversion })
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
    const { status, body } = await server.call('GET', `${projectUrl}/experiments/${id}/results/`)
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
    const ask = async (query: object) => (await server.call('POST', `${projectUrl}/query/`, { query })).body
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
    const { body: experiment } = await server.call('GET', `${projectUrl}/experiments/${id}/`)
    const { body } = await server.call(
      'GET',
      `${projectUrl}/experiments/${id}/timeseries_results/?metric_uuid=${experiment.metrics[0].uuid}`,
    )
    expect([body.status, body.errors]).toEqual(['completed', {}])
    const samples = Object.values(body.timeseries as Record<string, { baseline: { number_of_samples: number } }>).map(
      ({ baseline }) => baseline.number_of_samples,
    )
    expect(samples.at(-1)).toBe(200)
    // One of the first day's is seen with the other variant on the second, and leaves.
    expect(samples.slice(0, 2)).toEqual([51, 50])
    const again = await server.call('GET', `${projectUrl}/experiments/${id}/timeseries_results/?metric_uuid=${experiment.metrics[0].uuid}`)
    expect(again.body.timeseries).toEqual(body.timeseries)
    const path = `${projectUrl}/experiments/${id}/timeseries_results/?metric_uuid=${experiment.metrics[0].uuid}`
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
    const { body } = await server.call('GET', `${projectUrl}/experiments/${made.id}/results/`)
    expect(body.waterfall).toMatchObject({ events: 107, units: 0 })
    expect(body.waterfall.steps[0]).toEqual({ step: 'without_group', units: 0, events: 107 })
  })

  test('a report verifies; an edited one does not', async () => {
    const { body: report } = await server.call('GET', `${projectUrl}/experiments/${id}/report/`)
    const verify = async (given: object) => (await server.call('POST', `${projectUrl}/experiments/verify_report/`, given)).body
    expect(await verify(report)).toEqual({ holds: true, problems: [] })
    const edited = structuredClone(report)
    edited.metrics[0].sums.test.sum += 1
    const checked = await verify(edited)
    expect(checked.holds).toBe(false)
    expect(checked.problems.join(' ')).toMatch(/changed after it was made.*not what its sums come to/)
    expect((await verify({ hello: 1 })).problems[0]).toMatch(/no report of an experiment/)
    const { body: again } = await server.call('GET', `${projectUrl}/experiments/${id}/report/?as_of=${encodeURIComponent(report.as_of)}`)
    expect(again.metrics).toEqual(report.metrics)
  })

  test('random splits of the same people find something about as often as promised', async () => {
    const { status, body } = await server.call('GET', `${projectUrl}/experiments/${id}/aa_check/`)
    expect([status, body.detail]).toEqual([200, undefined])
    expect(body.units).toBeGreaterThan(400)
    expect(body.splits).toBe(1000)
    expect(body.false_positive_rate).toBeLessThan(0.1)
    expect(body.false_positive_rate).toBeGreaterThan(0.005)
  })
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
  const { body } = await server.call('GET', `${projectUrl}/experiments/${made.id}/results/`)
  expect(body.exposures.total_exposures).toEqual({ control: 1, test: 1 })
  expect(body.verdict.state).toBe('too_early')
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningServer, startServer } from '../running-server.fixture.ts'
import { experimentCalls, projectUrl, purchases, revenue } from './experiments.fixture.ts'

let server: RunningServer
const { create, post } = experimentCalls(() => server)
beforeAll(async () => {
  server = await startServer()
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
    const change = async (body: object) => (await server.call('PATCH', `${projectUrl}/experiments/${id}/`, body)).body.detail
    expect(await change({ end_date: '2026-01-09T00:00:00Z' })).toMatch(/^end_date is 2026-01-09.* not after the start, 2026-01-10/)
    expect(await change({ start_date: null })).toMatch(/^start_date of a launched experiment/)
    expect(await change({ end_date: '2026-01-20T00:00:00Z' })).toBeUndefined()
  })

  test('what runs is pinned; a change is shown, and needs a new phase', async () => {
    const { id } = await create({ name: 'Pinned', feature_flag_key: 'pinned', metrics: [purchases] })
    await post(id, 'launch')
    const refused = await server.call('PATCH', `${projectUrl}/experiments/${id}/`, { metrics: [revenue] })
    expect([refused.status, refused.body.detail]).toEqual([400, expect.stringMatching(/^metrics of a running experiment are pinned/)])
    const { body: flag } = await server.call('GET', `${projectUrl}/experiments/${id}/`)
    const variants = [
      { key: 'control', rollout_percentage: 30 },
      { key: 'test', rollout_percentage: 70 },
    ]
    await server.call('PATCH', `${projectUrl}/feature_flags/${flag.feature_flag.id}/`, { filters: { multivariate: { variants } } })
    expect((await server.call('GET', `${projectUrl}/experiments/${id}/`)).body.changes_since_start).toEqual(['variants'])
    const next = await server.call('PATCH', `${projectUrl}/experiments/${id}/`, { metrics: [revenue], new_phase: true })
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
    const answer = await server.call('POST', `${projectUrl}/experiments/`, body)
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(500)
    expect(`${answer.body.attr} ${answer.body.detail}`).toMatch(message)
    const flags = await server.call('GET', `${projectUrl}/feature_flags/?search=refused`)
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

test('holdouts belong to experiments, and are expected by the split', async () => {
  const { body: holdout } = await server.call('POST', `${projectUrl}/experiment_holdouts/`, {
    name: 'Kept out',
    filters: [{ properties: [], rollout_percentage: 10 }],
  })
  const made = await create({ name: 'Held', feature_flag_key: 'held', holdout_id: holdout.id })
  expect(made.feature_flag.filters.holdout).toEqual({ id: holdout.id, exclusion_percentage: 10 })
  const refused = await server.call('DELETE', `${projectUrl}/experiment_holdouts/${holdout.id}/`)
  expect([refused.status, refused.body.detail]).toEqual([400, expect.stringMatching(/belongs to the experiment "Held"/)])
})

test('a holdout’s new share goes to the flags that it belongs to', async () => {
  const { body: holdout } = await server.call('POST', `${projectUrl}/experiment_holdouts/`, {
    name: 'Grows',
    filters: [{ rollout_percentage: 5 }],
  })
  const held = await create({ name: 'Grows', feature_flag_key: 'grows', holdout_id: holdout.id })
  await server.call('PATCH', `${projectUrl}/experiment_holdouts/${holdout.id}/`, { filters: [{ rollout_percentage: 20 }] })
  const { body } = await server.call('GET', `${projectUrl}/experiments/${held.id}/`)
  expect(body.feature_flag.filters.holdout).toEqual({ id: holdout.id, exclusion_percentage: 20 })
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningServer, startServer } from '../running-server.fixture.ts'
import { everybody, flagCalls, flagsUrl } from './flags.fixture.ts'

let server: RunningServer
const { create, newProject } = flagCalls(() => server)
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server?.close())

describe('changes to come', () => {
  test('are made when their time has come, and say why where they could not be', async () => {
    const flag = await create({ key: 'scheduled', active: false })
    const url = '/api/projects/1/scheduled_changes/'
    const at = (payload: object, more: object = {}) =>
      server.call('POST', url, { record_id: flag.id, model_name: 'FeatureFlag', payload, scheduled_at: '2024-01-01T00:00:00Z', ...more })
    expect((await at({ operation: 'update_status', value: 'on' })).body.attr).toBe('payload')
    expect((await at({ operation: 'update_status', value: true }, { is_recurring: true })).body.attr).toBe('recurrence_interval')
    const on = await at({ operation: 'update_status', value: true })
    expect(on.status).toBe(201)
    const bad = { groups: [{ properties: [{ type: 'cohort', key: 'id', value: 4711 }] }] }
    const failing = await at({ operation: 'add_release_condition', value: bad })
    await server.hedgerow.featureFlags.scheduled.executeDue()
    expect((await server.call('GET', `${flagsUrl}/${flag.id}/`)).body).toMatchObject({ active: true, version: 2 })
    expect((await server.call('GET', `${url}${on.body.id}/`)).body).toMatchObject({ failure_reason: null, executed_at: expect.any(String) })
    expect((await server.call('GET', `${url}${failing.body.id}/`)).body.failure_reason).toContain('cohort')
    const [newest] = (await server.call('GET', `${flagsUrl}/${flag.id}/activity/`)).body.results
    expect(newest.detail.trigger).toMatchObject({ job_type: 'scheduled_change' })
    expect((await server.call('PATCH', `${url}${on.body.id}/`, { scheduled_at: '2030-01-01T00:00:00Z' })).body.code).toBe('cannot_change')
  })

  test('recur until their end', async () => {
    const flag = await create({ key: 'recurring' })
    const { body } = await server.call('POST', '/api/projects/1/scheduled_changes/', {
      record_id: flag.id,
      model_name: 'FeatureFlag',
      payload: { operation: 'update_status', value: false },
      scheduled_at: '2024-01-01T09:00:00Z',
      is_recurring: true,
      cron_expression: '0 9 * * *',
    })
    await server.hedgerow.featureFlags.scheduled.executeDue()
    const { body: after } = await server.call('GET', `/api/projects/1/scheduled_changes/${body.id}/`)
    expect(after).toMatchObject({ executed_at: null, failure_reason: null })
    expect(Date.parse(after.scheduled_at)).toBeGreaterThan(Date.now())
    expect(after.scheduled_at).toContain('T09:00:00')
  })
})

describe('flags as code', () => {
  test('a document is pulled, planned and applied as a whole; a stale one is refused', async () => {
    const project = await newProject('As code')
    const url = `/api/projects/${project.id}/feature_flags`
    await server.call('POST', `${url}/`, { key: 'old', filters: everybody })
    const pulled = (await server.call('GET', `${url}/document/`)).body
    expect((await server.call('POST', `${url}/plan/`, pulled)).body.changes).toEqual([])

    const needsNew = { groups: [{ properties: [{ type: 'flag', key: 'new', operator: 'flag_evaluates_to', value: true }] }] }
    const document = {
      ...pulled,
      flags: [
        { ...pulled.flags[0], filters: needsNew },
        { key: 'new', filters: everybody },
      ],
    }
    expect((await server.call('POST', `${url}/plan/`, document)).body.changes).toMatchObject([
      { key: 'old', action: 'update', changes: [{ field: 'filters' }] },
      { key: 'new', action: 'create' },
    ])
    const misspelt = await server.call('POST', `${url}/plan/`, { flags: [{ key: 'old', actve: false }] })
    expect([misspelt.status, misspelt.body.attr]).toEqual([400, 'flags[0]'])
    expect(misspelt.body.detail).toContain('actve')
    const broken = { ...document, flags: [...document.flags, { key: 'bad', filters: { groups: [] } }] }
    expect((await server.call('POST', `${url}/apply/`, broken)).status).toBe(400)
    expect((await server.call('GET', `${url}/`)).body.count).toBe(1)

    const applied = await server.call('POST', `${url}/apply/`, document)
    expect(applied.status).toBe(200)
    expect((await server.call('POST', `${url}/apply/`, document)).body.code).toBe('version_conflict')
    const after = (await server.call('GET', `${url}/document/`)).body
    expect(after.flags.find((flag: { key: string }) => flag.key === 'old').filters.groups[0].properties[0].key).toBe('new')

    // What a document leaves out of filters is gone, and dependents are disabled before what they depend on.
    const variants = { variants: [{ key: 'a', rollout_percentage: 100 }] }
    const withVariants = after.flags.map((flag: { filters: object }) => ({ ...flag, filters: { ...flag.filters, multivariate: variants } }))
    const { body: second } = await server.call('POST', `${url}/apply/`, { base: after.base, flags: withVariants })
    const off = { base: second.base, flags: after.flags.map((flag: object) => ({ ...flag, active: false })) }
    expect((await server.call('POST', `${url}/plan/`, off)).body).toMatchObject({ base: second.base, is_stale: false, changes: [{}, {}] })
    expect((await server.call('POST', `${url}/apply/`, off)).status).toBe(200)
    const { body: same } = await server.call('POST', `${url}/plan/`, off)
    expect(same).toMatchObject({ is_stale: true, changes: [] })
    const { results } = (await server.call('GET', `${url}/?active=false`)).body
    expect(results.map((flag: { filters: { multivariate: unknown } }) => flag.filters.multivariate)).toEqual([null, null])
    const pruned = { base: same.base, prune: true, flags: [] }
    expect((await server.call('POST', `${url}/apply/`, pruned)).body.changes).toHaveLength(2)
    expect((await server.call('GET', `${url}/`)).body.count).toBe(0)
  })
})

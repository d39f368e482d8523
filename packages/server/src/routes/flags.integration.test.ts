import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningServer, startServer } from '../running-server.fixture.ts'
import { everybody, flagCalls, flagsUrl } from './flags.fixture.ts'

let server: RunningServer
const { create, change, ask, newProject } = flagCalls(() => server)
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server?.close())

describe('writing flags', () => {
  test('a flag is made, read, changed by merging its filters, and deleted', async () => {
    const flag = await create({ key: 'first', name: 'What it is for', tags: ['web'] })
    expect(flag).toMatchObject({
      key: 'first',
      version: 1,
      active: true,
      status: 'ACTIVE',
      tags: ['web'],
      created_by: { email: 'admin@example.com' },
    })
    expect(flag.filters).toMatchObject({ groups: [{ aggregation_group_type_index: null }], aggregation_group_type_index: null })

    const changed = await change(flag.id, { filters: { payloads: { true: '{"a": 1}' } } })
    expect(changed.body).toMatchObject({ version: 2, filters: { payloads: { true: '{"a": 1}' }, groups: [{ rollout_percentage: 100 }] } })
    expect((await ask('ann')).flags.first).toMatchObject({ enabled: true, metadata: { id: flag.id, version: 2, payload: '{"a": 1}' } })

    expect((await server.call('DELETE', `${flagsUrl}/${flag.id}/`)).status).toBe(204)
    expect((await ask('ann')).flags).not.toHaveProperty('first')
    expect((await server.call('GET', `${flagsUrl}/?search=first`)).body.count).toBe(0)
    const restored = await change(flag.id, { deleted: false })
    expect(restored.body).toMatchObject({ deleted: false, version: 4 })
  })

  const condition = (...properties: object[]) => ({ groups: [{ properties }] })
  test.each<[string, object, string, string]>([
    ['a key with a space', { key: 'a b' }, 'invalid_input', 'key'],
    ['no conditions', { filters: { groups: [] } }, 'required', 'filters.groups'],
    ['101 %', { filters: { groups: [{ rollout_percentage: 101 }] } }, 'invalid_input', 'filters.groups[0].rollout_percentage'],
    [
      'variants that sum to 90',
      { filters: { ...everybody, multivariate: { variants: [{ key: 'a', rollout_percentage: 90 }] } } },
      'invalid_input',
      'filters.multivariate.variants',
    ],
    ['a payload of no variant', { filters: { ...everybody, payloads: { test: '1' } } }, 'invalid_input', 'filters.payloads.test'],
    ['a payload that is no JSON', { filters: { ...everybody, payloads: { true: '{a' } } }, 'invalid_input', 'filters.payloads.true'],
    [
      'an unknown cohort',
      { filters: condition({ type: 'cohort', key: 'id', value: 4711 }) },
      'invalid_input',
      'filters.groups[0].properties[0].value',
    ],
    [
      'an unknown flag',
      { filters: condition({ type: 'flag', key: '4711', operator: 'flag_evaluates_to', value: true }) },
      'invalid_input',
      'filters.groups[0].properties[0].key',
    ],
    [
      'a bad regular expression',
      { filters: condition({ key: 'a', value: '1' }, { key: 'b', operator: 'regex', value: '[a' }) },
      'invalid_regex',
      'filters.groups[0].properties[1].value',
    ],
    [
      'a date that is none',
      { filters: condition({ key: 'a', operator: 'is_date_after', value: 'soon' }) },
      'invalid_input',
      'filters.groups[0].properties[0].value',
    ],
    [
      'an operator that nobody knows',
      { filters: condition({ key: 'a', operator: 'sounds_like', value: 'x' }) },
      'invalid_input',
      'filters.groups[0].properties[0].operator',
    ],
    [
      'device and continuity',
      { bucketing_identifier: 'device_id', ensure_experience_continuity: true },
      'invalid_input',
      'bucketing_identifier',
    ],
    ['archived and active', { archived: true }, 'invalid_input', 'archived'],
  ])('refuses %s', async (_, wanted, code, attr) => {
    const { status, body } = await server.call('POST', `${flagsUrl}/`, { key: 'refused', filters: everybody, ...wanted })
    expect([status, body.code, body.attr]).toEqual([400, code, attr])
  })

  test('refuses a taken key, and takes it once the other is deleted', async () => {
    const flag = await create({ key: 'taken' })
    const again = await server.call('POST', `${flagsUrl}/`, { key: 'taken', filters: everybody })
    expect([again.status, again.body.code, again.body.attr]).toEqual([400, 'flag_key_taken', 'key'])
    await server.call('DELETE', `${flagsUrl}/${flag.id}/`)
    await create({ key: 'taken' })
    expect((await change(flag.id, { deleted: false })).body.key).toBe('taken-restored-1')
  })

  test('refuses a change of what somebody else has changed since', async () => {
    const flag = await create({ key: 'contested' })
    await change(flag.id, { name: 'one', version: 1 })
    const late = await change(flag.id, { name: 'two', version: 1 })
    expect([late.status, late.body.code, late.body.attr]).toEqual([409, 'version_conflict', 'name'])
    expect((await change(flag.id, { tags: ['other field'], version: 1 })).status).toBe(200)
  })

  test('keeps dependencies whole', async () => {
    const needed = await create({ key: 'needed' })
    const needs = (flag: { id: number }) => ({
      groups: [{ properties: [{ type: 'flag', key: String(flag.id), operator: 'flag_evaluates_to', value: true }] }],
    })
    const dependent = await create({ key: 'dependent', filters: needs(needed) })
    const circle = await change(needed.id, { filters: needs(dependent) })
    expect(circle.body.detail).toContain('needed → dependent → needed')
    expect((await change(needed.id, { active: false })).body).toMatchObject({ code: 'cannot_change', attr: 'active' })
    expect((await server.call('DELETE', `${flagsUrl}/${needed.id}/`)).body.code).toBe('cannot_change')
    expect((await server.call('GET', `${flagsUrl}/${needed.id}/dependent_flags/`)).body).toMatchObject([{ key: 'dependent' }])
    expect((await server.call('POST', `${flagsUrl}/bulk_delete/`, { ids: [needed.id, dependent.id, needed.id] })).body).toMatchObject({
      deleted: [{ key: 'dependent' }, { key: 'needed' }],
      errors: [{ id: needed.id }],
    })
  })

  test('tells who changed what, and goes back', async () => {
    const flag = await create({ key: 'remembered', name: 'before' })
    await change(flag.id, { name: 'after', active: false })
    const activity = (await server.call('GET', `${flagsUrl}/${flag.id}/activity/`)).body.results
    expect(activity[0]).toMatchObject({
      activity: 'updated',
      item_id: String(flag.id),
      user: { email: 'admin@example.com' },
      detail: {
        changes: [
          { field: 'name', before: 'before', after: 'after' },
          { field: 'active', before: true, after: false },
        ],
      },
    })
    expect(activity[1].activity).toBe('created')
    const restored = await server.call('POST', `${flagsUrl}/${flag.id}/restore/`, { version: 1 })
    expect(restored.body).toMatchObject({ name: 'before', active: true, version: 3 })
    expect((await server.call('GET', `${flagsUrl}/${flag.id}/versions/`)).body.results.map((row: { name: string }) => row.name)).toEqual([
      'before',
      'after',
      'before',
    ])
  })

  test('a flag of another project is not there', async () => {
    const other = await newProject('Other')
    const flag = await create({ key: 'ours' })
    expect((await server.call('GET', `/api/projects/${other.id}/feature_flags/${flag.id}/`)).status).toBe(404)
    expect((await server.call('PATCH', `/api/projects/${other.id}/feature_flags/${flag.id}/`, { active: false })).status).toBe(404)
  })
})

describe('other projects', () => {
  test('get a copy, or what is different', async () => {
    const target = await newProject('Staging')
    const flag = await create({ key: 'copied', name: 'here' })
    const url = `${flagsUrl}/${flag.id}/copy/`
    const { body } = await server.call('POST', url, { target_project_ids: [target.id, 4711], disable_copied_flag: true })
    expect(body.success).toMatchObject([{ key: 'copied', active: false, team_id: target.id }])
    expect(body.failed).toMatchObject([{ project_id: 4711 }])
    await change(flag.id, { name: 'changed' })
    const { body: compared } = await server.call('GET', `${flagsUrl}/${flag.id}/compare/?project_id=${target.id}`)
    expect(compared.changes.map((each: { field: string }) => each.field)).toEqual(['name', 'active'])
  })
})

import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { firstToken, type RunningServer, secretKey, startServer } from '../running-server.fixture.ts'

let server: RunningServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.close())

const base = '/api/projects/1/feature_flags'
const everybody = { groups: [{ properties: [], rollout_percentage: 100 }] }

async function create(body: Record<string, unknown>) {
  const { status, body: made } = await server.call('POST', `${base}/`, { filters: everybody, ...body })
  if (status !== 201) throw new Error(`${status}: ${JSON.stringify(made)}`)
  return made
}
const change = (id: number, body: object) => server.call('PATCH', `${base}/${id}/`, body)
const ask = async (distinctId: string, more: object = {}, version = '2') =>
  (await server.call('POST', `/flags/?v=${version}`, { token: firstToken, distinct_id: distinctId, ...more }, { key: null })).body
/** What is ingested is seen a moment after it is stored. */
const eventually = (find: () => Promise<unknown>, wanted: unknown) =>
  vi.waitFor(async () => expect(await find()).toEqual(wanted), { timeout: 20_000 })
const newProject = async (name: string) => (await server.call('POST', '/api/projects/', { name })).body

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

    expect((await server.call('DELETE', `${base}/${flag.id}/`)).status).toBe(204)
    expect((await ask('ann')).flags).not.toHaveProperty('first')
    expect((await server.call('GET', `${base}/?search=first`)).body.count).toBe(0)
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
    const { status, body } = await server.call('POST', `${base}/`, { key: 'refused', filters: everybody, ...wanted })
    expect([status, body.code, body.attr]).toEqual([400, code, attr])
  })

  test('refuses a taken key, and takes it once the other is deleted', async () => {
    const flag = await create({ key: 'taken' })
    const again = await server.call('POST', `${base}/`, { key: 'taken', filters: everybody })
    expect([again.status, again.body.code, again.body.attr]).toEqual([400, 'flag_key_taken', 'key'])
    await server.call('DELETE', `${base}/${flag.id}/`)
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
    expect((await server.call('DELETE', `${base}/${needed.id}/`)).body.code).toBe('cannot_change')
    expect((await server.call('GET', `${base}/${needed.id}/dependent_flags/`)).body).toMatchObject([{ key: 'dependent' }])
    expect((await server.call('POST', `${base}/bulk_delete/`, { ids: [needed.id, dependent.id, needed.id] })).body).toMatchObject({
      deleted: [{ key: 'dependent' }, { key: 'needed' }],
      errors: [{ id: needed.id }],
    })
  })

  test('tells who changed what, and goes back', async () => {
    const flag = await create({ key: 'remembered', name: 'before' })
    await change(flag.id, { name: 'after', active: false })
    const activity = (await server.call('GET', `${base}/${flag.id}/activity/`)).body.results
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
    const restored = await server.call('POST', `${base}/${flag.id}/restore/`, { version: 1 })
    expect(restored.body).toMatchObject({ name: 'before', active: true, version: 3 })
    expect((await server.call('GET', `${base}/${flag.id}/versions/`)).body.results.map((row: { name: string }) => row.name)).toEqual([
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
    expect((await server.call('GET', `${base}/${flag.id}/`)).body).toMatchObject({ active: true, version: 2 })
    expect((await server.call('GET', `${url}${on.body.id}/`)).body).toMatchObject({ failure_reason: null, executed_at: expect.any(String) })
    expect((await server.call('GET', `${url}${failing.body.id}/`)).body.failure_reason).toContain('cohort')
    const [newest] = (await server.call('GET', `${base}/${flag.id}/activity/`)).body.results
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

describe('other projects', () => {
  test('get a copy, or what is different', async () => {
    const target = await newProject('Staging')
    const flag = await create({ key: 'copied', name: 'here' })
    const url = `${base}/${flag.id}/copy/`
    const { body } = await server.call('POST', url, { target_project_ids: [target.id, 4711], disable_copied_flag: true })
    expect(body.success).toMatchObject([{ key: 'copied', active: false, team_id: target.id }])
    expect(body.failed).toMatchObject([{ project_id: 4711 }])
    await change(flag.id, { name: 'changed' })
    const { body: compared } = await server.call('GET', `${base}/${flag.id}/compare/?project_id=${target.id}`)
    expect(compared.changes.map((each: { field: string }) => each.field)).toEqual(['name', 'active'])
  })
})

describe('early access', () => {
  test('is offered, and decided by people themselves', async () => {
    const project = await newProject('Early access')
    const url = `/api/projects/${project.id}/early_access_feature/`
    const made = await server.call('POST', url, { name: 'New editor', stage: 'beta', description: 'Faster' })
    expect(made.body).toMatchObject({ stage: 'beta', feature_flag: { key: 'new-editor', filters: { feature_enrollment: true } } })
    const offered = await server.call('GET', `/api/early_access_features/?token=${project.api_token}`, undefined, { key: null })
    expect(offered.body.earlyAccessFeatures).toMatchObject([
      { name: 'New editor', stage: 'beta', flagKey: 'new-editor', documentationUrl: null },
    ])
    const asked = async (optedIn: boolean | undefined) => {
      const properties = optedIn === undefined ? {} : { '$feature_enrollment/new-editor': optedIn }
      const request = { token: project.api_token, distinct_id: 'e', person_properties: properties }
      return (await server.call('POST', '/flags/?v=2', request, { key: null })).body.featureFlags['new-editor']
    }
    expect([await asked(undefined), await asked(true), await asked(false)]).toEqual([false, true, false])
    const flagId = made.body.feature_flag.id
    expect((await server.call('DELETE', `/api/projects/${project.id}/feature_flags/${flagId}/`)).status).toBe(400)
    expect((await server.call('DELETE', `${url}${made.body.id}/`)).status).toBe(204)
    expect(await asked(true)).toBe(false)
  })
})

describe('serving', () => {
  test('decides by stored and sent properties, and follows what is ingested', async () => {
    await create({ key: 'pro-only', filters: { groups: [{ properties: [{ key: 'plan', value: 'pro' }] }] } })
    expect((await ask('payer')).flags['pro-only'].reason).toEqual({
      code: 'no_condition_match',
      condition_index: 0,
      description: 'No matching condition set',
    })
    await server.send(firstToken, 1, [{ event: '$identify', distinct_id: 'payer', properties: { $set: { plan: 'pro' } } }])
    const answerTo = async (id: string) => (await ask(id)).featureFlags['pro-only']
    await eventually(() => answerTo('payer'), true)
    expect((await ask('payer', { person_properties: { plan: 'free' } })).featureFlags['pro-only']).toBe(false)
    await server.send(firstToken, 1, [{ event: '$set', distinct_id: 'payer', properties: { $set: { plan: 'free' } } }])
    await eventually(() => answerTo('payer'), false)
    await server.send(firstToken, 1, [
      { event: '$identify', distinct_id: 'payer', properties: { $anon_distinct_id: 'before', $set: { plan: 'pro' } } },
    ])
    await eventually(() => answerTo('before'), true)
  })

  test('decides by groups, also those that change', async () => {
    const filters = {
      aggregation_group_type_index: 0,
      groups: [{ properties: [{ type: 'group', group_type_index: 0, key: 'tier', value: 'gold' }] }],
    }
    const group = (tier: string) => ({
      event: '$groupidentify',
      distinct_id: 'g',
      properties: { $group_type: 'company', $group_key: 'acme', $group_set: { tier } },
    })
    await server.send(firstToken, 1, [group('silver')])
    await create({ key: 'gold-only', filters })
    const asked = async () => (await ask('g', { groups: { company: 'acme' } })).featureFlags['gold-only']
    expect(await asked()).toBe(false)
    await server.send(firstToken, 1, [group('gold')])
    await eventually(asked, true)
    expect((await ask('g')).flags['gold-only'].reason.code).toBe('no_group_type')
  })

  test('keeps the answer of before the login', async () => {
    const filters = { ...everybody, multivariate: { variants: ['a', 'b', 'c', 'd'].map((key) => ({ key, rollout_percentage: 25 })) } }
    await create({ key: 'kept', filters, ensure_experience_continuity: true })
    const value = async (id: string, more: object = {}) => (await ask(id, more)).featureFlags.kept
    const before = await value('anonymous-1')
    const changing = []
    for (let i = 0; changing.length === 0; i++) if ((await value(`user-${i}`)) !== before) changing.push(`user-${i}`)
    const [user = ''] = changing
    expect(await value(user, { $anon_distinct_id: 'anonymous-1' })).toBe(before)
    expect(await value(user)).toBe(before)
    expect(await value(user, { $anon_distinct_id: 'anonymous-2' })).toBe(before)
    await server.send(firstToken, 1, [{ event: '$identify', distinct_id: user, properties: { $anon_distinct_id: 'other-device' } }])
    await eventually(() => value('other-device'), before)
  })

  test('older forms', async () => {
    expect((await ask('old', {}, '1')).featureFlags.taken).toBe(true)
    const decide = async (version: string) =>
      (await server.call('POST', `/decide/?v=${version}`, { token: firstToken, distinct_id: 'old' }, { key: null })).body
    expect((await decide('1')).featureFlags).toContain('taken')
    expect((await decide('2')).featureFlags).not.toHaveProperty('gold-only')
    expect((await decide('3')).featureFlags).toMatchObject({ taken: true, 'gold-only': false })
    expect((await decide('4')).flags.taken).toMatchObject({ enabled: true })
  })

  test('by keys, runtime and contexts', async () => {
    await create({ key: 'server-only', evaluation_runtime: 'server' })
    await create({ key: 'in-docs', evaluation_contexts: ['docs'] })
    const keys = async (more: object) => Object.keys((await ask('k', more)).flags)
    expect(await keys({ flag_keys_to_evaluate: ['taken', 'nobody-made-this'] })).toEqual(['taken'])
    expect(await keys({ evaluation_runtime: 'client' })).not.toContain('server-only')
    expect(await keys({ evaluation_runtime: 'server' })).toContain('server-only')
    expect(await keys({ evaluation_contexts: ['docs'] })).toContain('in-docs')
    expect(await keys({ evaluation_contexts: ['app'] })).not.toContain('in-docs')
  })

  test('definitions for servers, and 304 while nothing changes', async () => {
    const get = (headers: Record<string, string> = {}) =>
      server.call('GET', `/flags/definitions?token=${firstToken}&send_cohorts`, undefined, { key: secretKey, headers })
    const first = await get()
    expect(first.body).toMatchObject({ property_matching_version: 2, group_type_mapping: { 0: 'company' } })
    const etag = String(first.headers.etag)
    expect((await get({ 'if-none-match': etag })).status).toBe(304)
    await create({ key: 'newer' })
    const changed = await get({ 'if-none-match': etag })
    expect(changed.status).toBe(200)
    expect(changed.body.flags.map((flag: { key: string }) => flag.key)).toContain('newer')
  })

  test('config flags, in clear text for a secret key alone', async () => {
    const filters = { ...everybody, payloads: { true: '{"limit": 5}' } }
    const flag = await create({ key: 'limits', filters, is_remote_configuration: true, has_encrypted_payloads: true })
    expect(JSON.stringify(flag)).not.toContain('limit"')
    expect((await ask('c')).flags).not.toHaveProperty('limits')
    const url = (key: string) => `/api/projects/@current/feature_flags/${key}/remote_config?token=${firstToken}`
    expect((await server.call('GET', url('limits'), undefined, { key: secretKey })).body).toBe('{"limit": 5}')
    expect((await server.call('GET', url('taken'), undefined, { key: secretKey })).status).toBe(404)
    expect((await server.call('GET', url('limits'), undefined, { key: firstToken })).status).toBe(401)
    const sentBack = await change(flag.id, { name: 'an editor sends back what it was shown', filters: flag.filters })
    expect(sentBack).toMatchObject({ status: 200, body: { version: 2 } })
    expect((await server.call('GET', url('limits'), undefined, { key: secretKey })).body).toBe('{"limit": 5}')
    expect(await change(flag.id, { filters: { payloads: { true: '{limit' } } })).toMatchObject({
      status: 400,
      body: { attr: 'filters.payloads.true' },
    })
    expect((await change(flag.id, { filters: { payloads: { true: '{"limit": 6}' } } })).status).toBe(200)
    expect((await server.call('GET', url('limits'), undefined, { key: secretKey })).body).toBe('{"limit": 6}')
    expect((await server.call('POST', `${base}/${flag.id}/replay/`, { change: { active: false } })).status).toBe(200)
    expect(await change(flag.id, { has_encrypted_payloads: false })).toMatchObject({ status: 400, body: { attr: 'filters.payloads' } })
    const open = { has_encrypted_payloads: false, filters: { payloads: { true: '7' } } }
    expect((await change(flag.id, open)).body.filters.payloads).toEqual({ true: '7' })
  })

  test('counts what it answered', async () => {
    const flag = await create({ key: 'counted' })
    for (let i = 0; i < 3; i++) await ask(`counted-${i}`)
    await server.hedgerow.featureFlags.counts.flush()
    const { body } = await server.call('GET', `${base}/${flag.id}/usage/`)
    expect(body.answered).toMatchObject([{ answer: 'true', count: 3 }])
  })
})

describe('explaining', () => {
  test('says for each condition what was hashed and what was looked at', async () => {
    const filters = { groups: [{ properties: [{ key: 'plan', value: 'max' }], rollout_percentage: 50 }, { rollout_percentage: 100 }] }
    const flag = await create({ key: 'explained', filters })
    const { body } = await server.call('POST', `${base}/${flag.id}/test_evaluation/`, { distinct_id: 'payer' })
    expect(body).toMatchObject({ key: 'explained', value: true, reason: { code: 'condition_match', condition_index: 1 } })
    expect(body.conditions[0]).toMatchObject({
      outcome: 'no_condition_match',
      identifier: 'payer',
      rollout_percentage: 50,
      rollout_hash: expect.any(Number),
      filters: [{ matches: false, actual: 'pro' }],
    })
    const reasons = (await server.call('GET', `${base}/evaluation_reasons/?distinct_id=payer`)).body
    expect(reasons.explained).toEqual({
      value: true,
      evaluation: { reason: 'condition_match', condition_index: 1, description: 'Matched condition set 2' },
    })
  })

  test('also as it was at a past moment', async () => {
    const project = await newProject('Past')
    const url = `/api/projects/${project.id}/feature_flags/`
    const filters = { groups: [{ properties: [{ key: 'plan', value: 'pro' }] }] }
    const flag = (await server.call('POST', url, { key: 'then', filters })).body
    const event = (plan: string) => ({ event: 'used', distinct_id: 'p', properties: { $set: { plan } } })
    await server.send(project.api_token, project.id, [event('pro')])
    const then = new Date().toISOString()
    await new Promise((resolve) => setTimeout(resolve, 20))
    await server.send(project.api_token, project.id, [event('free')])
    await server.call('PATCH', `${url}${flag.id}/`, { filters: { groups: [{ properties: [{ key: 'plan', value: 'max' }] }] } })
    const explain = async (timestamp?: string) =>
      (await server.call('POST', `${url}explain/`, { distinct_id: 'p', ...(timestamp ? { timestamp } : {}) })).body.flags[0]
    expect(await explain()).toMatchObject({ value: false, version: 2, conditions: [{ filters: [{ actual: 'free' }] }] })
    expect(await explain(then)).toMatchObject({ value: true, version: 1, conditions: [{ filters: [{ actual: 'pro' }] }] })
  })

  test('replays a change over what was told, and finds nothing where nothing changes', async () => {
    const project = await newProject('Replay')
    const url = `/api/projects/${project.id}/feature_flags/`
    const flag = (await server.call('POST', url, { key: 'replayed', filters: { groups: [{ rollout_percentage: 50 }] } })).body
    const told = (id: string) => ({
      event: '$feature_flag_called',
      distinct_id: id,
      properties: { $feature_flag: 'replayed', $feature_flag_response: true },
    })
    await server.send(
      project.api_token,
      project.id,
      Array.from({ length: 40 }, (_, index) => told(`r-${index}`)),
    )
    const replay = async (change: object) => (await server.call('POST', `${url}${flag.id}/replay/`, { change })).body
    expect(await replay({})).toMatchObject({ evaluations: 40, changed: 0, people: 40, people_changed: 0 })
    const all = await replay({ filters: { groups: [{ rollout_percentage: 100 }] } })
    expect(all.changed).toBeGreaterThan(5)
    expect(all.moves[0]).toEqual({ from: 'false', to: 'true', people: all.changed, is_change: true })
    const { body: usage } = await server.call('GET', `${url}${flag.id}/usage/`)
    expect(usage.called).toMatchObject([{ answer: 'true', calls: 40 }])
  })

  test.each(
    (
      JSON.parse(readFileSync(new URL('../../../flags/src/golden/blast-radius.json', import.meta.url), 'utf8')) as {
        id: string
        request: object
        persons?: { id: string; properties: object }[]
        groups?: { key: string; properties: object }[]
        expect: object
      }[]
    ).map((given) => [given.id, given] as const),
  )('counts who would match: %s', async (_, given) => {
    const project = await newProject(given.id)
    const persons = (given.persons ?? []).map(({ id, properties }) => ({
      event: '$identify',
      distinct_id: id,
      properties: { $set: properties },
    }))
    const groups = (given.groups ?? []).map(({ key, properties }) => ({
      event: '$groupidentify',
      distinct_id: 'g',
      properties: { $group_type: 'company', $group_key: key, $group_set: properties, $process_person_profile: false },
    }))
    await server.send(project.api_token, project.id, [...persons, ...groups])
    const { body } = await server.call('POST', `/api/projects/${project.id}/feature_flags/user_blast_radius/`, given.request)
    expect(body).toMatchObject(given.expect)
  })
})

describe('everybody for whom a flag is on', () => {
  test('is listed as a static cohort: by any of the ids, as flags are answered', async () => {
    const project = await newProject('Audience')
    const url = `/api/projects/${project.id}/feature_flags/`
    const identify = (id: string, anonymousId: string) => ({
      event: '$identify',
      distinct_id: id,
      properties: { $anon_distinct_id: anonymousId, $set: { known: true } },
    })
    const ids = Array.from({ length: 30 }, (_, index) => [`user-${index}`, `anonymous-${index}`] as const)
    await server.send(
      project.api_token,
      project.id,
      ids.map(([id, anonymousId]) => identify(id, anonymousId)),
    )
    const flag = (await server.call('POST', url, { key: 'third', filters: { groups: [{ rollout_percentage: 30 }] } })).body
    const isOn = async (id: string) =>
      (await server.call('POST', '/flags/', { token: project.api_token, distinct_id: id }, { key: null })).body.featureFlags.third === true
    const wanted: string[] = []
    for (const [id, anonymousId] of ids) if ((await isOn(id)) || (await isOn(anonymousId))) wanted.push(id)
    expect(wanted.length).toBeGreaterThan(0)
    expect(wanted.length).toBeLessThan(30)

    const made = await server.call('POST', `${url}${flag.id}/create_static_cohort_for_flag/`)
    expect([made.status, made.body.cohort.is_static, made.body.cohort.name]).toEqual([201, true, expect.stringContaining('third')])
    const { body } = await server.call('GET', `/api/projects/${project.id}/cohorts/${made.body.cohort.id}/persons/?limit=100`)
    const named = body.results.map(({ distinct_ids }: { distinct_ids: string[] }) => distinct_ids.find((id) => id.startsWith('user')))
    expect(named.sort()).toEqual(wanted.sort())

    await server.call('PATCH', `${url}${flag.id}/`, { active: false })
    const nobody = await server.call('POST', `${url}${flag.id}/create_static_cohort_for_flag/`)
    const none = await server.call('GET', `/api/projects/${project.id}/cohorts/${nobody.body.cohort.id}/persons/`)
    expect(none.body.results).toEqual([])
  })

  test('cannot be listed where groups or devices decide, or where there is no such flag', async () => {
    const byGroup = await create({ key: 'by-group', filters: { aggregation_group_type_index: 0, groups: [{ rollout_percentage: 100 }] } })
    const byDevice = await create({ key: 'by-device', bucketing_identifier: 'device_id' })
    for (const [id, status] of [
      [byGroup.id, 400],
      [byDevice.id, 400],
      [987654, 404],
    ] as const) {
      expect((await server.call('POST', `${base}/${id}/create_static_cohort_for_flag/`)).status).toBe(status)
    }
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

describe('cohorts by what people do', () => {
  const leaf = { type: 'behavioral', key: 'bought', event_type: 'events', time_interval: 'day', time_value: 7 }
  const kinds: [string, object, (id: string) => Record<string, unknown>[]][] = [
    ['did it', { value: 'performed_event' }, (id) => [{ event: 'bought', distinct_id: id }]],
    [
      'did it twice',
      { value: 'performed_event_multiple', operator: 'gte', operator_value: 2 },
      (id) => [
        { event: 'bought', distinct_id: id },
        { event: 'bought', distinct_id: id },
      ],
    ],
    ['did it for the first time', { value: 'performed_event_first_time' }, (id) => [{ event: 'bought', distinct_id: id }]],
    [
      'did one thing after another',
      { value: 'performed_event_sequence', seq_event: 'paid', seq_event_type: 'events', seq_time_value: 1, seq_time_interval: 'day' },
      (id) => [
        { event: 'bought', distinct_id: id, timestamp: new Date(Date.now() - 60_000).toISOString() },
        { event: 'paid', distinct_id: id, timestamp: new Date(Date.now() - 30_000).toISOString() },
      ],
    ],
    [
      'started again',
      { value: 'restarted_performing_event', seq_time_value: 1, seq_time_interval: 'day' },
      (id) => [
        { event: 'bought', distinct_id: id, timestamp: new Date(Date.now() - 20 * 86_400_000).toISOString() },
        { event: 'bought', distinct_id: id },
      ],
    ],
  ]

  test.each(kinds)('count in flags as soon as they did it: %s', async (name, kind, events) => {
    const project = await newProject(name)
    const api = `/api/projects/${project.id}`
    const identify = (id: string) => ({ event: '$identify', distinct_id: id, properties: { $set: { known: true } } })
    await server.send(project.api_token, project.id, [identify('doer'), identify('other')])
    const cohort = await server.call('POST', `${api}/cohorts/`, {
      name: 'Doers',
      filters: { properties: { type: 'AND', values: [{ type: 'AND', values: [{ ...leaf, ...kind }] }] } },
    })
    expect(cohort.status).toBe(201)
    const filters = { groups: [{ properties: [{ type: 'cohort', key: 'id', value: cohort.body.id }] }] }
    expect((await server.call('POST', `${api}/feature_flags/`, { key: 'doers', filters })).status).toBe(201)
    const asked = async (id: string) =>
      (await server.call('POST', '/flags/?v=2', { token: project.api_token, distinct_id: id }, { key: null })).body.featureFlags.doers
    expect([await asked('doer'), await asked('other')]).toEqual([false, false])
    await server.send(project.api_token, project.id, events('doer'))
    await eventually(() => asked('doer'), true)
    expect(await asked('other')).toBe(false)
    await server.call('PATCH', `${api}/cohorts/${cohort.body.id}/`, {
      filters: { properties: { type: 'AND', values: [{ type: 'AND', values: [{ ...leaf, value: 'performed_event', key: 'sold' }] }] } },
    })
    await eventually(() => asked('doer'), false)
  })

  test('count when a change is replayed, and when people are listed', async () => {
    const project = await newProject('Replay of doers')
    const api = `/api/projects/${project.id}`
    const told = (id: string) => ({
      event: '$feature_flag_called',
      distinct_id: id,
      properties: { $feature_flag: 'launch', $feature_flag_response: true, $set: { known: true } },
    })
    await server.send(project.api_token, project.id, [told('doer'), told('other'), { event: 'bought', distinct_id: 'doer' }])
    const cohort = await server.call('POST', `${api}/cohorts/`, {
      name: 'Doers',
      filters: { properties: { type: 'AND', values: [{ type: 'AND', values: [{ ...leaf, value: 'performed_event' }] }] } },
    })
    const flag = (await server.call('POST', `${api}/feature_flags/`, { key: 'launch', filters: everybody })).body
    const filters = { groups: [{ properties: [{ type: 'cohort', key: 'id', value: cohort.body.id }] }] }
    const replayed = await server.call('POST', `${api}/feature_flags/${flag.id}/replay/`, { change: { filters } })
    expect(replayed.body.moves).toEqual([
      { from: 'true', to: 'false', people: 1, is_change: true },
      { from: 'true', to: 'true', people: 1, is_change: false },
    ])
    await server.call('PATCH', `${api}/feature_flags/${flag.id}/`, { filters })
    const listed = await server.call('POST', `${api}/feature_flags/${flag.id}/create_static_cohort_for_flag/`)
    expect(listed.status).toBe(201)
    const people = await server.call('GET', `${api}/cohorts/${listed.body.cohort.id}/persons/`)
    expect(people.body.results.map((person: { distinct_ids: string[] }) => person.distinct_ids)).toEqual([['doer']])
  })
})

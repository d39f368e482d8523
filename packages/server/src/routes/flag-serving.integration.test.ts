import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { firstToken, type RunningServer, secretKey, startServer } from '../running-server.fixture.ts'
import { eventually, everybody, flagCalls, flagsUrl } from './flags.fixture.ts'

let server: RunningServer
const { create, change, ask, newProject } = flagCalls(() => server)
beforeAll(async () => {
  server = await startServer()
  await create({ key: 'taken' })
})
afterAll(() => server?.close())

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
    expect((await server.call('POST', `${flagsUrl}/${flag.id}/replay/`, { change: { active: false } })).status).toBe(200)
    expect(await change(flag.id, { has_encrypted_payloads: false })).toMatchObject({ status: 400, body: { attr: 'filters.payloads' } })
    const open = { has_encrypted_payloads: false, filters: { payloads: { true: '7' } } }
    expect((await change(flag.id, open)).body.filters.payloads).toEqual({ true: '7' })
  })

  test('counts what it answered', async () => {
    const flag = await create({ key: 'counted' })
    for (let i = 0; i < 3; i++) await ask(`counted-${i}`)
    await server.hedgerow.featureFlags.counts.flush()
    const { body } = await server.call('GET', `${flagsUrl}/${flag.id}/usage/`)
    expect(body.answered).toMatchObject([{ answer: 'true', count: 3 }])
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

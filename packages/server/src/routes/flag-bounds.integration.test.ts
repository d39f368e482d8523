import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { firstToken, type RunningServer, secretKey, startServer } from '../running-server.fixture.ts'
import { everybody, flagCalls, flagsUrl } from './flags.fixture.ts'

/** A database in MaxMind’s format that knows one network: 203.0.113.0/24 is in Sweden. */
const places = [
  'H4sIAAAAAAACA13U2W4TMRTG8dNSStn3fRv2tWXf97Rpm4RQIGUtMDgzTuqSsYeZSZvwBDxHbnkWHqLccYV4AxT0lzqqJev3WcfnSL6xiAyISEdEBnENDuFa',
  'HMZ1OILrcQNuxE24GbfgVtyG23EH7sRduBv34F7ch/vxAB7EQ3gYj+BR9PAYHscTeBJP4Wk8g2fxHJ7HC3gRR3EML+FlvIJX8Rpexxt4E2/hbbyDd/Ee3scH',
  '+BAf4WN8ggUcxwks4iRO4TSWsIwVfIpVfIYz+Bxf4Eus4Sy+wtf4Bt/iO3yPc/gBP+In9PEz9rfCuogE5DBX1yLSyJ2bOC8ihryAX7CFEVp0GOPX3NwEU8xE',
  'pE1exKXc/e+yai1PBa5ts6T7a9qkzg9cqAu1YtGqSKfLBW0na0s61PbHzz9V1akaG44FLvpdti7U/v/OnnQqiQ5cEvqp+aZ74pVN7C/qJDXO9mS4GqpM1VWq',
  '/awb69KsTrPRcZN1Sy1lm23V1OnAUEHbubqxKun6DZdEKvMjteCSlSmDq8vG5stSqbdNK/R17IL5kf6/JLr2VyqhToPExJlxtv+WmUiF2mu4xFNeptPsH5tl',
  'KNzMBAAA',
].join('')

let server: RunningServer
let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hedgerow-places-'))
  const geoipFile = join(directory, 'places.mmdb')
  await writeFile(geoipFile, gunzipSync(Buffer.from(places, 'base64')))
  server = await startServer({ geoipFile, trustedProxies: ['loopback'] })
})
afterAll(async () => {
  await server?.close()
  await rm(directory, { recursive: true, force: true })
})

const { create } = flagCalls(() => server)
const ask = async (body: object, headers: Record<string, string> = {}) =>
  (await server.call('POST', '/flags/?v=2', { token: firstToken, distinct_id: 'ann', ...body }, { key: null, headers })).body

describe('who asks', () => {
  test('is where the address is, unless it is a server’s or the request says otherwise', async () => {
    await create({ key: 'swedish', filters: { groups: [{ properties: [{ key: '$geoip_country_code', value: 'SE' }] }] } })
    const swede = { 'x-forwarded-for': '203.0.113.9' }
    const value = async (body: object, headers = swede) => (await ask(body, headers)).featureFlags.swedish
    expect(await value({})).toBe(true)
    expect(await value({}, { 'x-forwarded-for': '198.51.100.1' })).toBe(false)
    expect(await value({ ip_address: '203.0.113.77' }, { 'x-forwarded-for': '198.51.100.1' })).toBe(true)
    expect(await value({ geoip_disable: true })).toBe(false)
    expect(await value({ person_properties: { $geoip_country_code: 'NO' } })).toBe(false)
  })

  test.each(['$device_id', 'device_id'])('is hashed by the device that %s names', async (name) => {
    await create({ key: `by-${name.replace('$', 'signed-')}`, bucketing_identifier: 'device_id' })
    const { flags } = await ask({ [name]: 'phone-1' })
    expect(flags[`by-${name.replace('$', 'signed-')}`]).toMatchObject({ enabled: true, reason: { code: 'condition_match' } })
    expect((await ask({})).flags[`by-${name.replace('$', 'signed-')}`].reason.code).toBe('out_of_rollout_bound')
  })

  test('has the distinct id that is asked for, whatever is stored under that name', async () => {
    await create({ key: 'only-ann', filters: { groups: [{ properties: [{ key: 'distinct_id', value: 'ann' }] }] } })
    await server.send(firstToken, 1, [{ event: '$identify', distinct_id: 'ann', properties: { $set: { distinct_id: 'somebody else' } } }])
    expect((await ask({})).featureFlags['only-ann']).toBe(true)
    expect((await ask({ distinct_id: 'bob' })).featureFlags['only-ann']).toBe(false)
  })
})

test('a project that has asked as often as it may is told so, until the bound is raised', async () => {
  const { body: project } = await server.call('POST', '/api/projects/', { name: 'Bounded', flag_requests_per_month: 12 })
  expect(project.flag_requests_per_month).toBe(12)
  await create({ key: 'free' }, project.id)
  const post = async (path: string) =>
    server.call('POST', path, { token: project.api_token, distinct_id: 'a' }, { key: null, headers: { 'user-agent': 'posthog-js' } })
  const definitions = () => server.call('GET', `/flags/definitions?token=${project.api_token}`)
  expect((await post('/flags/?v=2')).body).toMatchObject({ featureFlags: { free: true } })
  expect((await post('/flags/?v=2')).body).not.toHaveProperty('quotaLimited')
  expect((await definitions()).status).toBe(200)
  await server.hedgerow.featureFlags.counts.flush()

  await vi.waitFor(async () => expect((await post('/flags/?v=2')).body).toHaveProperty('quotaLimited'), { timeout: 60_000, interval: 200 })
  const { requestId: _id, evaluatedAt: _at, ...limited } = (await post('/flags/?v=2')).body
  const legacy = { featureFlags: {}, featureFlagPayloads: {}, errorsWhileComputingFlags: false }
  expect(limited).toEqual({ flags: {}, ...legacy, quotaLimited: ['feature_flags'] })
  expect((await post('/decide/?v=1')).body).toMatchObject({ featureFlags: [], quotaLimited: ['feature_flags'] })
  expect((await post('/decide/?v=3')).body).toMatchObject({
    featureFlags: {},
    quotaLimited: ['feature_flags'],
    supportedCompression: ['gzip', 'gzip-js'],
  })
  const refused = await definitions()
  expect([refused.status, refused.body.code]).toEqual([402, 'quota_limited'])
  expect((await ask({})).quotaLimited).toBeUndefined()

  await server.call('PATCH', `/api/projects/${project.id}/`, { flag_requests_per_month: null })
  expect((await post('/flags/?v=2')).body.featureFlags).toEqual({ free: true })
  const wrong = await server.call('PATCH', `/api/projects/${project.id}/`, { flag_requests_per_month: -1 })
  expect([wrong.status, wrong.body.attr]).toEqual([400, 'flag_requests_per_month'])
})

describe('what servers read', () => {
  test.each([
    ['/api/projects/1/feature_flags/local_evaluation', secretKey],
    ['/api/projects/1/feature_flags/local_evaluation/?send_cohorts', undefined],
    ['/api/projects/@current/feature_flags/local_evaluation/', undefined],
    [`/api/feature_flag/local_evaluation?token=${firstToken}`, undefined],
  ])('stands at %s', async (path, key) => {
    const answer = await server.call('GET', path, undefined, key === undefined ? {} : { key })
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({ flags: expect.any(Array), property_matching_version: 2 })
  })

  test('is of the project that the key is of', async () => {
    const { body: other } = await server.call('POST', '/api/projects/', { name: 'Other' })
    const path = `/api/projects/${other.id}/feature_flags`
    expect((await server.call('GET', `${path}/local_evaluation`, undefined, { key: secretKey })).status).toBe(403)
    await create({ key: 'limits', is_remote_configuration: true, filters: { ...everybody, payloads: { true: '{"max": 7}' } } }, other.id)
    expect((await server.call('GET', `${path}/limits/remote_config/`)).body).toBe('{"max": 7}')
    expect((await server.call('GET', `${flagsUrl}/limits/remote_config/`)).status).toBe(404)
    expect((await server.call('GET', `${path}/local_evaluation/`)).body).toMatchObject({ flags: [] })
  })
})

test.each<[string, object, string[]]>([
  ['a space stands for a space, a dash or an underscore', { search: 'new pay' }, ['new-pay', 'new_pay']],
  ['and for nothing else', { search: 'newxpay' }, ['newxpay']],
  ['what a pattern would mean is text', { search: 'new.pay' }, []],
  ['flags that a picker has already', { search: 'pay', excluded_properties: JSON.stringify(['new-pay', 'newxpay']) }, ['new_pay']],
])('a list: %s', async (_, query, keys) => {
  const { body: before } = await server.call('GET', `${flagsUrl}/?key=new-pay`)
  if (before.count === 0) for (const key of ['new-pay', 'new_pay', 'newxpay']) await create({ key })
  const { body } = await server.call('GET', `${flagsUrl}/?${new URLSearchParams(query as Record<string, string>)}`)
  expect(body.results.map((flag: { key: string }) => flag.key).sort()).toEqual(keys)
})

test('conditions in a language that is not known here are refused', async () => {
  const { status, body } = await server.call('POST', `${flagsUrl}/`, { key: 'rules', filters: { ...everybody, version: 2 } })
  expect([status, body.attr]).toEqual([400, 'filters.version'])
})

test.each<[string, string, object | undefined, string | null | undefined, number]>([
  ['POST', '/flags/?v=2', { token: 'phc_\u0000', distinct_id: 'ann' }, null, 401],
  ['GET', '/flags/stream?token=phc_%00', undefined, null, 401],
  ['GET', `/api/projects/@current/feature_flags/%00/remote_config?token=${firstToken}`, undefined, secretKey, 404],
  ['GET', `${flagsUrl}/%00/`, undefined, undefined, 400],
  ['GET', `${flagsUrl}/?search=%00`, undefined, undefined, 400],
  ['GET', `${flagsUrl}/?tags=${encodeURIComponent('["\\u0000"]')}`, undefined, undefined, 400],
  ['POST', `${flagsUrl}/`, { key: 'a', filters: { groups: [{ properties: [{ key: 'a', value: '\u0000' }] }] } }, undefined, 400],
  ['GET', '/api/projects/1/scheduled_changes/?record_id=99999999999999', undefined, undefined, 400],
])('%s %s with what no store takes is no fault of the server', async (method, path, body, key, status) => {
  expect((await server.call(method, path, body, key === undefined ? {} : { key })).status).toBe(status)
})

test('somebody whose id cannot be stored is answered, and harms nobody who asks at the same time', async () => {
  await create({ key: 'asked-together', filters: { groups: [{ properties: [{ key: 'plan', operator: 'is_not_set' }] }] } })
  const answers = await Promise.all(['fresh-1', 'fresh-\u0000', 'fresh-2'].map((id) => ask({ distinct_id: id })))
  for (const { flags } of answers) expect(flags['asked-together']).toMatchObject({ enabled: true })
})

test('a condition on another flag counts those to whom that one answers so', async () => {
  const project = (await server.call('POST', '/api/projects/', { name: 'Dependent' })).body
  const people = ['a', 'b', 'c'].map((id) => ({
    event: 'used',
    distinct_id: id,
    properties: { $set: { plan: id === 'a' ? 'pro' : 'free' } },
  }))
  await server.send(project.api_token, project.id, people)
  const { id } = await create({ key: 'base', filters: { groups: [{ properties: [{ key: 'plan', value: 'pro' }] }] } }, project.id)
  const reach = async (value: unknown) => {
    const condition = { properties: [{ type: 'flag', key: String(id), operator: 'flag_evaluates_to', value }] }
    return (await server.call('POST', `/api/projects/${project.id}/feature_flags/user_blast_radius/`, { condition })).body
  }
  expect(await reach(true)).toMatchObject({ affected: 1, total: 3 })
  expect(await reach(false)).toMatchObject({ affected: 2, total: 3 })
})

describe('explaining the past', () => {
  const pause = () => new Promise((resolve) => setTimeout(resolve, 20))
  const leaf = (value: string) => ({ type: 'person', key: 'plan', operator: 'exact', value })
  const bought = { type: 'behavioral', key: 'bought', event_type: 'events', value: 'performed_event', time_value: 7, time_interval: 'day' }
  const all = (...values: object[]) => ({ properties: { type: 'AND', values } })

  test('goes by the properties of groups, the members of cohorts and their definitions as they were', async () => {
    const project = (await server.call('POST', '/api/projects/', { name: 'Then and now' })).body
    const url = `/api/projects/${project.id}`
    const send = (...events: Record<string, unknown>[]) => server.send(project.api_token, project.id, events)
    const group = (seats: number) => ({
      event: '$groupidentify',
      distinct_id: 'ann',
      properties: { $group_type: 'company', $group_key: 'acme', $group_set: { seats, [`at-${seats}`]: true } },
    })
    const cohort = async (name: string, body: object) => (await server.call('POST', `${url}/cohorts/`, { name, ...body })).body
    await send(group(5))
    await send({ event: 'used', distinct_id: 'ann', properties: { $set: { plan: 'pro' } } })
    const byPlan = await cohort('By plan', { filters: all(leaf('pro')) })
    const buyers = await cohort('Buyers', { filters: all(bought) })
    const others = await cohort('Others', { filters: all(leaf('pro'), { ...bought, negation: true }) })
    const outer = await cohort('Outer', { filters: all({ type: 'cohort', key: 'id', value: byPlan.id }) })
    const list = await cohort('List', { is_static: true })
    await server.call('POST', `${url}/cohorts/${list.id}/add_persons_to_static_cohort/`, { distinct_ids: ['ann'] })
    const inCohort = (id: number) => ({ groups: [{ properties: [{ type: 'cohort', key: 'id', value: id }] }] })
    const flags = {
      'by-plan': inCohort(byPlan.id),
      buyers: inCohort(buyers.id),
      others: inCohort(others.id),
      outer: inCohort(outer.id),
      list: inCohort(list.id),
      'by-group': {
        aggregation_group_type_index: 0,
        groups: [{ properties: [{ type: 'group', key: 'seats', operator: 'gt', value: 9, group_type_index: 0 }] }],
      },
    }
    for (const [key, filters] of Object.entries(flags)) await server.call('POST', `${url}/feature_flags/`, { key, filters })
    const explain = async (timestamp?: string) => {
      const question = { distinct_id: 'ann', groups: { company: 'acme' }, ...(timestamp ? { timestamp } : {}) }
      const { body } = await server.call('POST', `${url}/feature_flags/explain/`, question)
      return { ...body, values: Object.fromEntries(body.flags.map((flag: { key: string; value: unknown }) => [flag.key, flag.value])) }
    }
    await pause()
    const first = new Date().toISOString()
    await pause()
    await send(group(10), { event: 'bought', distinct_id: 'ann' })
    await pause()
    const second = new Date().toISOString()
    await pause()
    await send({ event: 'used', distinct_id: 'ann', properties: { $set: { plan: 'free' } } })
    await server.call('PATCH', `${url}/cohorts/${byPlan.id}/`, { filters: all(leaf('max')) })
    await server.call('PATCH', `${url}/cohorts/${list.id}/remove_person_from_static_cohort/`, { distinct_id: 'ann' })

    const before = await explain(first)
    expect(before.values).toEqual({ 'by-plan': true, outer: true, buyers: false, others: true, list: false, 'by-group': false })
    expect(before.groups).toEqual([{ group_type: 'company', key: 'acme', properties: { seats: 5, 'at-5': true, $group_key: 'acme' } }])
    expect(before.notes).toEqual(['Of the static cohort "List" only who was added is known, not who was taken out since.'])
    const between = await explain(second)
    expect(between.values).toEqual({ 'by-plan': true, outer: true, buyers: true, others: false, list: false, 'by-group': true })
    expect(between.groups[0].properties).toEqual({ seats: 10, 'at-5': true, 'at-10': true, $group_key: 'acme' })
    const { values, notes } = await explain()
    expect(values).toEqual({ 'by-plan': false, outer: false, buyers: true, others: false, list: false, 'by-group': true })
    expect(notes).toEqual([])
  })

  test('says who is not there', async () => {
    const explain = async (question: object) => (await server.call('POST', `${flagsUrl}/explain/`, question)).body
    expect(await explain({})).toMatchObject({ attr: 'distinct_id', code: 'required' })
    expect(await explain({ person_id: 'nobody' })).toMatchObject({
      attr: 'person_id',
      detail: 'person_id must be the id of a person: there is no person "nobody"',
    })
  })
})

import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { firstToken, type RunningServer, startServer } from '../running-server.fixture.ts'
import { eventually, everybody, flagCalls, flagsUrl } from './flags.fixture.ts'

let server: RunningServer
const { create, newProject } = flagCalls(() => server)
beforeAll(async () => {
  server = await startServer()
  await server.send(firstToken, 1, [{ event: '$identify', distinct_id: 'payer', properties: { $set: { plan: 'pro' } } }])
})
afterAll(() => server?.close())

describe('explaining', () => {
  test('says for each condition what was hashed and what was looked at', async () => {
    const filters = { groups: [{ properties: [{ key: 'plan', value: 'max' }], rollout_percentage: 50 }, { rollout_percentage: 100 }] }
    const flag = await create({ key: 'explained', filters })
    const { body } = await server.call('POST', `${flagsUrl}/${flag.id}/test_evaluation/`, { distinct_id: 'payer' })
    expect(body).toMatchObject({ key: 'explained', value: true, reason: { code: 'condition_match', condition_index: 1 } })
    expect(body.conditions[0]).toMatchObject({
      outcome: 'no_condition_match',
      identifier: 'payer',
      rollout_percentage: 50,
      rollout_hash: expect.any(Number),
      filters: [{ matches: false, actual: 'pro' }],
    })
    const reasons = (await server.call('GET', `${flagsUrl}/evaluation_reasons/?distinct_id=payer`)).body
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

  test('notes when apps last told of a flag, also where that came from an import', async () => {
    const project = await newProject('Imported')
    const url = `/api/projects/${project.id}/feature_flags/`
    const { id } = (await server.call('POST', url, { key: 'told', filters: { groups: [{ rollout_percentage: 50 }] } })).body
    const note = () => server.hedgerow.featureFlags.usage.noteCalls([project.id])
    await note()
    expect((await server.call('GET', `${url}${id}/`)).body.last_called_at).toBeNull()
    const at = new Date(Date.now() - 10 * 86_400_000).toISOString()
    const properties = { $feature_flag: 'told', $feature_flag_response: true }
    await server.send(project.api_token, project.id, [{ event: '$feature_flag_called', distinct_id: 'i', timestamp: at, properties }])
    await note()
    expect((await server.call('GET', `${url}${id}/`)).body.last_called_at).toBe(`${at.slice(0, 19)}.000Z`)
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
      expect((await server.call('POST', `${flagsUrl}/${id}/create_static_cohort_for_flag/`)).status).toBe(status)
    }
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

import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { firstToken, type RunningServer, startServer } from '../running-server.fixture.ts'

let server: RunningServer
/** A second project of the same organisation, with the same names in it. */
let other: { id: number; api_token: string }

const api = '/api/projects/1'

const people = [
  {
    event: '$identify',
    distinct_id: 'ada@example.com',
    properties: { $anon_distinct_id: 'anon-ada', $set: { email: 'ada@example.com', name: 'Ada', plan: 'pro', seats: 12 } },
  },
  { event: 'bought', distinct_id: 'ada@example.com', properties: { price: 9.5, $groups: { company: 'acme' }, $browser: 'Firefox' } },
  {
    event: '$identify',
    distinct_id: 'bob',
    properties: { $anon_distinct_id: '01900000-0000-7000-8000-000000000001', $set: { email: 'bob@example.com', plan: 'free', seats: 1 } },
  },
  { event: 'bought', distinct_id: 'bob', properties: { price: 3, $groups: { company: 'acme', workspace: 'w1' }, $browser: 'Chrome' } },
  { event: 'seen', distinct_id: 'visitor-50%', properties: {} },
  {
    event: '$groupidentify',
    distinct_id: 'bob',
    properties: { $group_type: 'company', $group_key: 'acme', $group_set: { name: 'Acme Ltd', employees: 40 } },
  },
]

beforeAll(async () => {
  server = await startServer()
  await server.send(firstToken, 1, people)
  other = (await server.call('POST', '/api/projects/', { name: 'Other' })).body
  await server.send(other.api_token, other.id, [
    { event: '$identify', distinct_id: 'ada@example.com', properties: { $set: { email: 'ada@example.com', name: 'Another Ada' } } },
    { event: 'bought elsewhere', distinct_id: 'ada@example.com', properties: { secret: 'theirs', $groups: { company: 'acme' } } },
    {
      event: '$groupidentify',
      distinct_id: 'x',
      properties: { $group_type: 'company', $group_key: 'acme', $group_set: { name: 'Acme elsewhere' } },
    },
  ])
})
afterAll(() => server?.close())

const names = (body: { results: { name: string }[] }) => body.results.map(({ name }) => name).sort()
const person = async (id: string) => (await server.call('GET', `${api}/persons/${encodeURIComponent(id)}/`)).body

describe('persons', () => {
  test.each([
    ['', ['ada@example.com', 'bob@example.com', 'visitor-50%']],
    ['search=ADA', ['ada@example.com']],
    ['search=anon-ada', ['ada@example.com']],
    ['search=50%25', ['visitor-50%']],
    ['search=_', []],
    ['email=bob@example.com', ['bob@example.com']],
    ['distinct_id=anon-ada', ['ada@example.com']],
    ['distinct_id=nobody', []],
    ['is_identified=false', ['visitor-50%']],
    ['is_identified=true', ['ada@example.com', 'bob@example.com']],
    [`properties=${encodeURIComponent('[{"key":"plan","value":["pro"],"type":"person"}]')}`, ['ada@example.com']],
    [
      `properties=${encodeURIComponent('[{"key":"plan","value":"pro","operator":"is_not","type":"person"}]')}`,
      ['bob@example.com', 'visitor-50%'],
    ],
    [`properties=${encodeURIComponent('[{"key":"seats","value":2,"operator":"gt","type":"person"}]')}`, ['ada@example.com']],
    [`properties=${encodeURIComponent('[{"key":"email","operator":"is_set","type":"person"}]')}`, ['ada@example.com', 'bob@example.com']],
    [`properties=${encodeURIComponent('[{"key":"email","value":"bob","operator":"icontains","type":"person"}]')}`, ['bob@example.com']],
  ])('?%s lists %j', async (query, expected) => {
    const { status, body } = await server.call('GET', `${api}/persons/?${query}`)
    expect(status).toBe(200)
    expect(names(body)).toEqual(expected)
    expect(body.count).toBe(expected.length)
  })

  test('pages fit together', async () => {
    const first = (await server.call('GET', `${api}/persons/?limit=2`)).body
    expect(first).toMatchObject({ count: 3, previous: null })
    const { pathname, search } = new URL(first.next)
    const second = (await server.call('GET', pathname + search)).body
    expect(second).toMatchObject({ count: 3, next: null })
    expect([...names(first), ...names(second)].sort()).toEqual(['ada@example.com', 'bob@example.com', 'visitor-50%'])
  })

  test.each([
    ['limit=0', 'limit'],
    ['limit=1001', 'limit'],
    ['offset=-1', 'offset'],
    ['properties={', 'properties'],
    [`properties=${encodeURIComponent('{"key":"a"}')}`, 'properties'],
    [`properties=${encodeURIComponent('[{"value":"a"}]')}`, 'key'],
  ])('?%s is refused by naming %s', async (query, attr) => {
    expect(await server.call('GET', `${api}/persons/?${query}`)).toMatchObject({ status: 400, body: { type: 'validation_error', attr } })
  })

  test('conditions on properties are those of every question, and go with a search and the rest', async () => {
    const list = async (properties: object[], more = '') => {
      const { status, body } = await server.call(
        'GET',
        `${api}/persons/?properties=${encodeURIComponent(JSON.stringify(properties))}${more}`,
      )
      return status === 200 ? [body.count, ...names(body)] : [status, body.code]
    }
    const { id } = (await server.call('POST', `${api}/cohorts/`, { name: 'Buyers', is_static: true, csv: 'distinct_id\nbob' })).body
    const ofEmail = { key: 'email', type: 'person' }
    expect(await list([{ ...ofEmail, operator: 'regex', value: '^(ada|eve)@' }])).toEqual([1, 'ada@example.com'])
    expect(await list([{ key: 'seats', type: 'person', operator: 'between', value: [1, 5] }])).toEqual([1, 'bob@example.com'])
    expect(await list([{ key: 'id', type: 'cohort', value: id }])).toEqual([1, 'bob@example.com'])
    expect(await list([{ key: 'id', type: 'cohort', value: id, operator: 'not_in' }])).toEqual([2, 'ada@example.com', 'visitor-50%'])
    expect(await list([{ ...ofEmail, operator: 'is_set' }], '&search=ada')).toEqual([1, 'ada@example.com'])
    expect(await list([{ ...ofEmail, operator: 'is_not_set' }], '&is_identified=false')).toEqual([1, 'visitor-50%'])
    expect(await list([{ ...ofEmail, operator: 'is_set' }], '&distinct_id=anon-ada')).toEqual([1, 'ada@example.com'])
    expect(await list([{ ...ofEmail, operator: 'is_set' }], '&distinct_id=nobody')).toEqual([0])
    expect(await list([{ ...ofEmail, operator: 'is_set' }], '&limit=1&offset=1')).toEqual([2, expect.stringContaining('@example.com')])
    expect(await list([{ key: 'id', type: 'cohort', value: 999 }])).toEqual([400, expect.any(String)])
  })

  test('how properties changed is read from events, of the person alone', async () => {
    const { body: own } = await server.call('POST', '/api/projects/', { name: 'History' })
    const send = (batch: Record<string, unknown>[]) => server.send(own.api_token, own.id, batch)
    const set = (minutes: number, distinct_id: string, $set: object, more: object = {}) => ({
      event: '$set',
      distinct_id,
      timestamp: new Date(Date.now() - minutes * 60_000).toISOString(),
      properties: { $set, ...more },
    })
    await send([set(50, 'ada', { plan: 'free', seats: 1 })])
    await send([set(40, 'eve', { plan: 'trial' })])
    await send([set(30, 'ada', { plan: 'team' }), set(20, 'ada', { seats: 1 })])
    await send([{ ...set(10, 'ada', {}), properties: { $unset: ['seats'] } }])
    const history = async (key = '') => (await server.call('GET', `/api/projects/${own.id}/persons/ada/property_history/${key}`)).body
    const { results, is_cut } = await history()
    expect(is_cut).toBe(false)
    const told = results.filter(({ key }: { key: string }) => !key.startsWith('$'))
    expect(told.map(({ key, before, after, event }: Record<string, unknown>) => [key, before, after, event])).toEqual([
      ['seats', 1, undefined, '$set'],
      ['plan', 'free', 'team', '$set'],
      ['plan', undefined, 'free', '$set'],
      ['seats', undefined, 1, '$set'],
    ])
    expect((await history('?key=plan')).results.map(({ after }: { after: unknown }) => after)).toEqual(['team', 'free'])
    expect((await server.call('GET', `/api/projects/${own.id}/persons/nobody/property_history/`)).status).toBe(404)
  })

  test('the cohorts that somebody is in', async () => {
    const cohort = async (body: object) => (await server.call('POST', `${api}/cohorts/`, body)).body.id
    const byPlan = (value: string) => ({
      filters: {
        properties: { type: 'AND', values: [{ type: 'AND', values: [{ type: 'person', key: 'email', operator: 'exact', value }] }] },
      },
    })
    const listed = await cohort({ name: 'Listed', is_static: true, csv: 'distinct_id\nanon-ada' })
    const matching = await cohort({ name: 'Matching', ...byPlan('ada@example.com') })
    await cohort({ name: 'Others', ...byPlan('bob@example.com') })
    const { body } = await server.call('GET', `${api}/persons/cohorts/?person_id=ada@example.com`)
    expect(body.results.map(({ id, name, is_static }: Record<string, unknown>) => [id, name, is_static])).toEqual([
      [listed, 'Listed', true],
      [matching, 'Matching', false],
    ])
    expect((await server.call('GET', `${api}/persons/cohorts/?person_id=nobody`)).status).toBe(404)
    expect((await server.call('GET', `/api/projects/${other.id}/persons/cohorts/?person_id=ada@example.com`)).body.results).toEqual([])
  })

  test('one is found by id and by any of its distinct ids', async () => {
    const ada = await person('ada@example.com')
    expect(ada).toMatchObject({
      id: ada.uuid,
      name: 'ada@example.com',
      distinct_ids: ['ada@example.com', 'anon-ada'],
      properties: { email: 'ada@example.com', plan: 'pro', seats: 12 },
      is_identified: true,
    })
    expect(await person(ada.uuid)).toEqual(ada)
    expect(await person('anon-ada')).toEqual(ada)
    for (const id of ['nobody', '00000000-0000-0000-0000-000000000000', "' OR 1=1 --"]) {
      expect((await server.call('GET', `${api}/persons/${encodeURIComponent(id)}/`)).status).toBe(404)
    }
  })

  test('the name follows the project’s display properties', async () => {
    await server.call('PATCH', `${api}/`, { person_display_name_properties: ['nothing', 'name'] })
    expect((await person('ada@example.com')).name).toBe('Ada')
    expect((await person('bob')).name).toBe('bob')
    await server.call('PATCH', `${api}/`, { person_display_name_properties: ['email'] })
  })

  test('merges tell what brought the ids together', async () => {
    const { body } = await server.call('GET', `${api}/persons/ada@example.com/merges/`)
    expect(body.results.length).toBeGreaterThan(0)
    for (const merge of body.results)
      expect(merge).toMatchObject({ kind: expect.stringMatching(/merged|attached/), event: '$identify', occurred_at: expect.any(String) })
    expect((await server.call('GET', `${api}/persons/nobody/merges/`)).status).toBe(404)
  })

  test('properties are set and deleted, and the change is an event in the ledger', async () => {
    const accepted = async () => (await server.call('GET', `${api}/ingestion/`)).body.accepted
    const before = await accepted()
    const set = await server.call('POST', `${api}/persons/bob/update_property/`, { key: 'city', value: { name: 'Pokhara', since: 2020 } })
    expect(set).toMatchObject({ status: 200, body: { properties: { city: { name: 'Pokhara', since: 2020 }, plan: 'free' } } })
    const patched = await server.call('PATCH', `${api}/persons/bob/`, { properties: { plan: 'team', seats: null } })
    expect(patched).toMatchObject({ status: 200, body: { properties: { plan: 'team' } } })
    const removed = await server.call('POST', `${api}/persons/bob/delete_property/`, { $unset: 'city' })
    expect(removed.status).toBe(200)
    expect(removed.body.properties).not.toHaveProperty('city')
    expect(await accepted()).toBe(before + 3)
    expect((await server.call('GET', `/api/projects/${other.id}/persons/ada@example.com/`)).body.properties.name).toBe('Another Ada')
  })

  test.each([
    ['update_property', {}, 'key', 'required'],
    ['update_property', { key: 'a' }, 'value', 'required'],
    ['update_property', { key: 5, value: 1 }, 'key', 'invalid_input'],
    ['delete_property', {}, '$unset', 'required'],
    ['split', { main_distinct_id: 'not-mine' }, 'main_distinct_id', 'cannot_change'],
    ['split', { distinct_ids_to_split: ['not-mine'] }, 'distinct_ids_to_split', 'cannot_change'],
    ['split', { distinct_ids_to_split: [] }, 'distinct_ids_to_split', 'invalid_input'],
    ['split', { main_distinct_id: 'bob', distinct_ids_to_split: ['bob'] }, 'distinct_ids_to_split', 'invalid_input'],
  ])('%s with %j is refused', async (action, body, attr, code) => {
    expect(await server.call('POST', `${api}/persons/ada@example.com/${action}/`, body)).toMatchObject({
      status: 400,
      body: { attr, code },
    })
  })

  test('a person becomes part of another, also where both are identified, and of nobody else', async () => {
    const identified = (id: string, set: object) => ({ event: '$identify', distinct_id: id, properties: { $set: set } })
    await server.send(firstToken, 1, [
      identified('eve@home', { plan: 'team', home: true }),
      { event: '$identify', distinct_id: 'eve@home', properties: { $anon_distinct_id: 'anon-eve' } },
      identified('eve@work', { plan: 'free', work: true }),
    ])
    const merge = (into: string, other: unknown) => server.call('POST', `${api}/persons/${encodeURIComponent(into)}/merge/`, { other })
    const before = await person('eve@work')
    const { status, body } = await merge('eve@work', (await person('anon-eve')).id)
    expect([status, body.detail]).toEqual([200, undefined])
    expect(body).toMatchObject({
      id: before.id,
      distinct_ids: ['anon-eve', 'eve@home', 'eve@work'],
      properties: { plan: 'free', home: true, work: true },
    })
    expect(await person('eve@home')).toEqual(body)
    expect((await merge('eve@work', 'eve@home')).body).toMatchObject({
      code: 'cannot_change',
      attr: 'other',
      detail: expect.stringMatching(/already/),
    })
    expect((await merge('eve@work', 'nobody')).body).toMatchObject({
      code: 'cannot_change',
      detail: expect.stringMatching(/There is no person nobody/),
    })
    expect((await merge('nobody', 'eve@work')).status).toBe(404)
    expect(await merge('eve@work', 5)).toMatchObject({ status: 400, body: { attr: 'other' } })
    expect((await server.call('POST', `/api/projects/${other.id}/persons/ada@example.com/merge/`, { other: 'eve@work' })).status).toBe(400)
  })

  test('a person is split into its distinct ids', async () => {
    expect(await server.call('POST', `${api}/persons/visitor-50%25/split/`, {})).toMatchObject({
      status: 400,
      body: { code: 'cannot_change' },
    })
    const answer = await server.call('POST', `${api}/persons/ada@example.com/split/`, { main_distinct_id: 'ada@example.com' })
    expect(answer).toMatchObject({ status: 200, body: { status: 'done', outcome: { status: 'done' } } })
    expect((await person('ada@example.com')).distinct_ids).toEqual(['ada@example.com'])
    expect((await person('anon-ada')).distinct_ids).toEqual(['anon-ada'])
    const { body } = await server.call('GET', `${api}/persons/commands/${answer.body.command_id}/`)
    expect(body).toEqual(answer.body)
    expect((await server.call('GET', `/api/projects/${other.id}/persons/commands/${answer.body.command_id}/`)).body.status).toBe('queued')
  })

  test('a person is deleted, alone or with its events', async () => {
    const events = async (distinctId: string) =>
      (await server.call('GET', `${api}/events/?distinct_id=${encodeURIComponent(distinctId)}`)).body.results.length
    await server.send(firstToken, 1, [
      { event: 'a', distinct_id: 'leaves-events', properties: { $set: { x: 1 } } },
      { event: 'b', distinct_id: 'leaves-nothing', properties: { $set: { x: 1 } } },
      { event: 'c', distinct_id: 'bulk-1', properties: { $set: { x: 1 } } },
      { event: 'd', distinct_id: 'bulk-2', properties: { $set: { x: 1 } } },
    ])
    expect((await server.call('DELETE', `${api}/persons/leaves-events/`)).status).toBe(200)
    expect((await server.call('GET', `${api}/persons/leaves-events/`)).status).toBe(404)
    expect(await events('leaves-events')).toBe(1)
    expect((await server.call('DELETE', `${api}/persons/leaves-nothing/?delete_events=true`)).status).toBe(200)
    expect(await events('leaves-nothing')).toBe(0)
    const id = (await person('bulk-1')).id
    const bulk = await server.call('POST', `${api}/persons/bulk_delete/`, {
      ids: [id],
      distinct_ids: ['bulk-2', 'nobody'],
      delete_events: true,
    })
    expect(bulk).toMatchObject({ status: 200, body: { persons_found: 2, persons_deleted: 2 } })
    expect(await events('bulk-2')).toBe(0)
    expect((await server.call('DELETE', `${api}/persons/nobody/`)).status).toBe(404)
    expect(await server.call('POST', `${api}/persons/bulk_delete/`, {})).toMatchObject({ status: 400, body: { attr: 'ids' } })
    expect(await server.call('POST', `${api}/persons/bulk_delete/`, { ids: ['x'] })).toMatchObject({
      status: 400,
      body: { attr: 'ids[0]' },
    })
    const ledger = (await server.call('GET', `${api}/ingestion/`)).body
    expect(ledger.accepted).toBe(ledger.stored + ledger.rejected + ledger.repeated + ledger.waiting)
  })

  test('a person of another project is not there', async () => {
    const theirs = (await server.call('GET', `/api/projects/${other.id}/persons/?search=ada`)).body.results[0]
    const mine = await person('ada@example.com')
    expect(theirs.id).not.toBe(mine.id)
    for (const [method, path] of [
      ['GET', ''],
      ['DELETE', ''],
      ['POST', 'split/'],
      ['GET', 'merges/'],
    ] as const) {
      expect((await server.call(method, `${api}/persons/${theirs.id}/${path}`, method === 'POST' ? {} : undefined)).status).toBe(404)
    }
  })
})

describe('groups', () => {
  test('types are listed and renamed', async () => {
    expect((await server.call('GET', `${api}/groups_types/`)).body).toMatchObject([
      { group_type: 'company', group_type_index: 0, name_singular: null, name_plural: null },
      { group_type: 'workspace', group_type_index: 1 },
    ])
    const renamed = await server.call('PATCH', `${api}/groups_types/update_metadata/`, [
      { group_type_index: 0, name_singular: 'Company', name_plural: 'Companies' },
    ])
    expect(renamed.body[0]).toMatchObject({ name_singular: 'Company', name_plural: 'Companies' })
    expect((await server.call('PATCH', `${api}/groups_types/update_metadata/`, [{ group_type_index: 4 }])).status).toBe(404)
    expect(await server.call('PATCH', `${api}/groups_types/update_metadata/`, [{ group_type_index: 9 }])).toMatchObject({ status: 400 })
    expect((await server.call('GET', `${api}/`)).body.has_group_types).toBe(true)
  })

  test('they are listed, found and changed', async () => {
    const acme = { group_type_index: 0, group_key: 'acme', group_properties: { name: 'Acme Ltd', employees: 40 } }
    expect((await server.call('GET', `${api}/groups/?group_type_index=0`)).body).toMatchObject({ count: 1, next: null, results: [acme] })
    expect((await server.call('GET', `${api}/groups/?group_type_index=0&search=ltd`)).body.count).toBe(1)
    expect((await server.call('GET', `${api}/groups/?group_type_index=0&search=nothing`)).body.count).toBe(0)
    expect((await server.call('GET', `${api}/groups/find/?group_type_index=0&group_key=acme`)).body).toMatchObject(acme)
    expect((await server.call('GET', `${api}/groups/find/?group_type_index=0&group_key=nobody`)).status).toBe(404)
    expect(await server.call('GET', `${api}/groups/`)).toMatchObject({ status: 400, body: { attr: 'group_type_index', code: 'required' } })
    const changed = await server.call('POST', `${api}/groups/update_property/?group_type_index=0&group_key=acme`, {
      key: 'employees',
      value: 41,
    })
    expect(changed).toMatchObject({ status: 200, body: { group_properties: { name: 'Acme Ltd', employees: 41 } } })
    expect(
      (await server.call('GET', `/api/projects/${other.id}/groups/find/?group_type_index=0&group_key=acme`)).body.group_properties,
    ).toEqual({ name: 'Acme elsewhere' })
  })

  test('who had events together is related', async () => {
    const related = (await server.call('GET', `${api}/groups/related/?group_type_index=0&id=acme`)).body
    expect(
      related
        .filter(({ type, name }: { type: string; name: string }) => type === 'person' && name.includes('@'))
        .map(({ name }: { name: string }) => name)
        .sort(),
    ).toEqual(['ada@example.com', 'bob@example.com'])
    const ofBob = (await server.call('GET', `${api}/groups/related/?id=bob`)).body
    expect(ofBob).toMatchObject([{ type: 'group', group_type_index: 0, group_key: 'acme' }])
    expect((await server.call('GET', `${api}/groups/related/?group_type_index=0&id=nobody`)).status).toBe(404)
  })
})

test('the commonest values of a person property', async () => {
  const { body: project } = await server.call('POST', '/api/projects/', { name: 'Values' })
  const identify = (id: string, plan: string) => ({ event: '$identify', distinct_id: id, properties: { $set: { plan } } })
  await server.send(project.api_token, project.id, [identify('a', 'pro'), identify('b', 'pro'), identify('c', "fr'ee")])
  const values = async (query: string) => (await server.call('GET', `/api/projects/${project.id}/persons/values/?key=plan${query}`)).body
  expect(await values('')).toEqual([{ name: 'pro' }, { name: "fr'ee" }])
  expect(await values("&value=R'")).toEqual([{ name: "fr'ee" }])
  expect(await values('&value=nobody')).toEqual([])
})

describe('among many events, an index of the store finds', () => {
  let project: { id: number; api_token: string }
  let personId: string
  let uuid: string

  beforeAll(async () => {
    project = (await server.call('POST', '/api/projects/', { name: 'Indices' })).body
    await server.send(project.api_token, project.id, [{ event: 'seen', distinct_id: 'ida', properties: { $set: { plan: 'pro' } } }])
    const { body } = await server.call('GET', `/api/projects/${project.id}/events/?limit=1`)
    const [event] = body.results
    uuid = event.id
    personId = event.person.id
  })

  test.each([
    ['an event by its uuid', () => `events/${uuid}/`, 'Name: by_uuid'],
    ['the events of a distinct id', () => 'events/?distinct_id=ida', 'Name: by_distinct_id'],
    ['the events of a person', () => `events/?person_id=${personId}`, 'Condition: and((cityHash64(distinct_id) in'],
    ['the events that changed a person', () => `persons/${personId}/property_history/`, 'Name: by_person_id'],
  ])('%s', async (_, path, index) => {
    const store = server.hedgerow.stores.events
    const asked = vi.spyOn(store, 'query')
    const { status } = await server.call('GET', `/api/projects/${project.id}/${path()}`)
    const statements = asked.mock.calls.filter(([sql]) => sql.includes('FROM `events`'))
    asked.mockRestore()
    expect([status, statements.length > 0]).toEqual([200, true])
    for (const [sql, options] of statements) {
      const { rows } = await store.query(`EXPLAIN indexes = 1 ${sql}`, options)
      expect(rows.flat().join('\n')).toContain(index)
    }
  })
})

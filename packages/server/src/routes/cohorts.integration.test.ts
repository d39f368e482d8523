import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { firstToken, type RunningServer, startServer, until } from '../running-server.fixture.ts'

let server: RunningServer
/** A second project of the same organisation. */
let other: { id: number; api_token: string }

const api = '/api/projects/1'
const identify = (id: string, $set: object) => ({
  event: '$identify',
  distinct_id: id,
  properties: { $anon_distinct_id: `anon-${id}`, $set },
})

beforeAll(async () => {
  server = await startServer()
  await server.send(firstToken, 1, [
    identify('ada', { email: 'ada@example.com', plan: 'pro', seats: 12 }),
    identify('bob', { email: 'bob@example.com', plan: 'free', seats: 2 }),
    identify('cleo', { email: 'cleo@example.com', plan: 'pro', seats: 3 }),
    { event: 'bought', distinct_id: 'ada', properties: { price: 9 } },
    { event: 'bought', distinct_id: 'bob', properties: { price: 3 } },
    { event: 'bought', distinct_id: 'bob', properties: { price: 4 } },
    {
      event: '$autocapture',
      distinct_id: 'cleo',
      properties: {
        $event_type: 'click',
        $elements_chain: 'button.buy:attr_id="pay"nth-child="1"nth-of-type="1"text="Pay";form:nth-child="0"nth-of-type="0"',
      },
    },
  ])
  other = (await server.call('POST', '/api/projects/', { name: 'Other' })).body
  await server.send(other.api_token, other.id, [identify('ada', { plan: 'pro' })])
})
afterAll(() => server?.close())

const plan = (value: string, more: object = {}) => ({ type: 'person', key: 'plan', value, operator: 'exact', ...more })
const all = (...values: unknown[]) => ({ properties: { type: 'AND', values } })
const create = async (body: object, expected = 201) => {
  const answer = await server.call('POST', `${api}/cohorts/`, body)
  expect([answer.status, answer.body.detail]).toEqual([expected, expected === 201 ? undefined : expect.any(String)])
  return answer.body
}
const emails = async (id: number, query = '') => {
  const { body } = await server.call('GET', `${api}/cohorts/${id}/persons/${query}`)
  return body.results.map((person: { properties: { email?: string }; name: string }) => person.properties.email ?? person.name).sort()
}
const calculated = async (id: number) => {
  return until(`cohort ${id} is calculated`, async () => {
    const { body } = await server.call('GET', `${api}/cohorts/${id}/`)
    return body.is_calculating ? undefined : body
  })
}
const sql = async (query: string, project = 1) =>
  (await server.call('POST', `/api/projects/${project}/query/`, { query: { kind: 'HogQLQuery', query } })).body
const adaBob = ['ada@example.com', 'bob@example.com']

test('criteria that nobody keeps are counted, refused where a cohort would be, and leave nothing behind', async () => {
  const count = async (filters: object, more: object = {}) =>
    (await server.call('POST', `${api}/cohorts/count/`, { filters, ...more })).body
  const bought = { type: 'behavioral', value: 'performed_event', key: 'bought', event_type: 'events', time_value: 30, time_interval: 'day' }
  expect(await count(all(plan('pro')))).toEqual({ count: 2, total: 3 })
  expect(await count(all(bought))).toEqual({ count: 2, total: 3 })
  expect(await count(all(bought, plan('pro', { negation: true })))).toEqual({ count: 1, total: 3 })
  expect(await count(all(plan('pro', { negation: true })))).toMatchObject({ code: 'needs_a_positive_criterion' })
  expect(await count(all({ type: 'cohort', value: 999 }))).toMatchObject({ code: 'invalid_input' })
  const { id } = await create({ name: 'Pro', filters: all(plan('pro')) })
  expect(await count(all({ type: 'cohort', value: id }))).toEqual({ count: 2, total: 3 })
  expect(await count(all({ type: 'cohort', value: id }), { id })).toMatchObject({ code: 'cohort_cycle' })
  expect((await server.call('GET', `${api}/cohorts/`)).body.count).toBe(1)
  await server.call('DELETE', `${api}/cohorts/${id}/`)
})

describe('dynamic cohorts', () => {
  test('by property: created, calculated, listed, changed, deleted', async () => {
    const made = await create({ name: 'Pro people', filters: all(plan('pro')) })
    expect(made).toMatchObject({
      name: 'Pro people',
      is_static: false,
      cohort_type: 'person_property',
      deleted: false,
      errors_calculating: 0,
    })
    expect(made.created_by.email).toBe('admin@example.com')
    const body = await calculated(made.id)
    expect(body).toMatchObject({ count: 2, version: 1, progress: null })
    expect(body.last_calculation).not.toBeNull()
    expect(await emails(made.id)).toEqual(['ada@example.com', 'cleo@example.com'])
    expect(await emails(made.id, '?search=ada')).toEqual(['ada@example.com'])
    expect((await sql(`SELECT count() FROM events WHERE event = 'bought' AND person_id IN COHORT ${made.id}`)).results).toEqual([[1]])
    expect((await sql(`SELECT count() FROM events WHERE event = 'bought' AND person_id NOT IN COHORT 'Pro people'`)).results).toEqual([[2]])
    expect((await sql(`SELECT count() FROM cohort_people WHERE cohort_id = ${made.id}`)).results).toEqual([[2]])

    await server.call('PATCH', `${api}/cohorts/${made.id}/`, { name: 'Free people', filters: all(plan('free')) })
    expect(await emails(made.id)).toEqual(['bob@example.com'])
    expect(await calculated(made.id)).toMatchObject({ name: 'Free people', count: 1, version: 2 })
    const history = (await server.call('GET', `${api}/cohorts/${made.id}/calculation_history/`)).body
    expect(history.results.map(({ count, version, error }: never) => ({ count, version, error }))).toEqual([
      { count: 1, version: 2, error: null },
      { count: 2, version: 1, error: null },
    ])

    expect((await server.call('DELETE', `${api}/cohorts/${made.id}/`)).status).toBe(204)
    expect((await sql(`SELECT 1 FROM persons WHERE id IN COHORT ${made.id}`)).detail).toBe(`There is no cohort ${made.id}`)
    expect((await sql(`SELECT count() FROM cohort_people WHERE cohort_id = ${made.id}`)).results).toEqual([[0]])
    const { body: list } = await server.call('GET', `${api}/cohorts/?search=people`)
    expect(list.results.map((each: { id: number }) => each.id)).not.toContain(made.id)
  })

  test('the old form is read as the new one, and kept', async () => {
    const groups = [
      { properties: [{ key: 'plan', value: 'free', type: 'person' }] },
      { event_id: 'bought', days: 7, count: 1, count_operator: 'gte' },
    ]
    const made = await create({ name: 'Old', groups })
    expect(made.groups).toEqual(groups)
    expect(made.filters.properties).toMatchObject({ type: 'OR', values: [{ type: 'AND', values: [{ key: 'plan' }] }, { type: 'AND' }] })
    expect(await emails(made.id)).toEqual(adaBob)
  })

  test('cohorts inside cohorts, negated, and by what actions match', async () => {
    const action = (
      await server.call('POST', `${api}/actions/`, { name: 'Paid', steps: [{ event: '$autocapture', selector: 'form > button#pay' }] })
    ).body
    const pro = await create({ name: 'Pro', filters: all(plan('pro')) })
    const paid = {
      type: 'behavioral',
      key: action.id,
      event_type: 'actions',
      value: 'performed_event',
      time_value: 1,
      time_interval: 'day',
    }
    const made = await create({
      name: 'Pro who did not pay',
      filters: all({ type: 'cohort', key: 'id', value: pro.id }, { ...paid, negation: true }),
    })
    expect(made.cohort_type).toBe('behavioral')
    expect(await emails(made.id)).toEqual(['ada@example.com'])
    expect((await sql(`SELECT count() FROM events WHERE matchesAction('Paid')`)).results).toEqual([[1]])
    expect(
      (await sql(`SELECT count() FROM events e JOIN persons p ON p.id = e.person_id WHERE matchesAction(${action.id})`)).results,
    ).toEqual([[1]])

    const change = await server.call('PATCH', `${api}/cohorts/${pro.id}/`, {
      filters: all(plan('pro'), { type: 'cohort', key: 'id', value: made.id }),
    })
    expect(change.body).toMatchObject({ code: 'cohort_cycle', detail: 'The cohort would contain itself: Pro → Pro who did not pay → Pro' })
    expect((await sql("SELECT 1 FROM events WHERE person_id IN COHORT 'Proo'")).detail).toBe(
      'There is no cohort named "Proo". Did you mean "Pro"?',
    )
  })

  test.each([
    [{ name: 'x', filters: all(plan('pro', { operator: 'exactt' })) }, 'invalid_input', /Unknown operator "exactt".*exact/],
    [{ name: 'x', filters: all(plan('(', { operator: 'regex' })) }, 'invalid_regex', /RE2/],
    [{ name: 'x', filters: all({ type: 'cohort', key: 'id', value: 99999 }) }, 'invalid_input', /99999, which does not exist/],
    [{ name: 'x', filters: all({ type: 'behavioral', key: 'a', value: 'performed_twice' }) }, 'invalid_input', /performed_event/],
    [{ name: 'x', filters: all(plan('pro', { negation: true })) }, 'needs_a_positive_criterion', /positive criterion/],
    [{ name: 'x' }, 'needs_a_positive_criterion', /no criteria/],
    [{ name: 'x', filters: all({ type: 'person', key: 'plan', operator: 'gt' }) }, 'invalid_input', /needs a value/],
    [{ name: '', filters: all(plan('pro')) }, 'invalid_input', /name/],
    [{ name: 'x', query: { kind: 'HogQLQuery', query: 'SELECT 1' } }, 'invalid_input', /is_static/],
  ])('%j is refused', async (body, code, detail) => {
    const refused = await create(body, 400)
    expect(refused.code).toBe(code)
    expect(refused.detail).toMatch(detail)
  })
})

describe('static cohorts', () => {
  test('people by distinct id and by person id, taken out again; who is merged stays in', async () => {
    const made = await create({ name: 'Chosen', is_static: true })
    const cleo = (await server.call('GET', `${api}/persons/cleo/`)).body
    const path = `${api}/cohorts/${made.id}`
    const added = await server.call('POST', `${path}/add_persons_to_static_cohort/`, {
      distinct_ids: ['ada', 'anon-ada', 'ghost'],
      person_ids: [cleo.id],
    })
    expect(added.body).toEqual({ added: 3, unknown: 1, unknown_ids: ['ghost'] })
    expect(await emails(made.id)).toEqual(['ada@example.com', 'cleo@example.com'])
    expect((await calculated(made.id)).count).toBe(2)
    expect((await sql(`SELECT count() FROM static_cohort_people WHERE cohort_id = ${made.id}`)).results).toEqual([[2]])
    expect((await sql(`SELECT cohort_id, person.properties.plan FROM cohort_people WHERE cohort_id = ${made.id}`)).results).toHaveLength(2)

    await server.send(firstToken, 1, [{ event: 'seen', distinct_id: 'early', properties: {} }])
    await server.call('POST', `${path}/add_persons_to_static_cohort/`, { distinct_ids: ['early'] })
    await server.send(firstToken, 1, [
      { event: '$identify', distinct_id: 'dora', properties: { $anon_distinct_id: 'early', $set: { email: 'dora@example.com' } } },
    ])
    expect(await emails(made.id)).toEqual(['ada@example.com', 'cleo@example.com', 'dora@example.com'])

    const removed = await server.call('PATCH', `${path}/remove_person_from_static_cohort/`, { person_id: cleo.id })
    expect(removed.body).toEqual({ success: true })
    expect(await emails(made.id)).toEqual(['ada@example.com', 'dora@example.com'])
    expect((await server.call('PATCH', `${path}/remove_person_from_static_cohort/`, { person_id: cleo.id })).status).toBe(404)
    expect(await server.hedgerow.cohortMembers.among(1, [made.id], ['anon-ada'])).toEqual(new Set([made.id]))
  })

  test('from CSV, as a form, as text and as a field', async () => {
    const form = new FormData()
    form.set('name', 'From a form')
    form.set('is_static', 'true')
    form.set('csv', new Blob(['﻿Name,distinct_id\r\n"Ada, the first",ada\r\n\r\nBob,"bob"\r\n']), 'people.csv')
    const encoded = new Response(form)
    const answer = await server.call('POST', `${api}/cohorts/`, Buffer.from(await encoded.arrayBuffer()), {
      headers: { 'content-type': encoded.headers.get('content-type') ?? '' },
    })
    expect(answer.status).toBe(201)
    expect(await emails(answer.body.id)).toEqual(adaBob)

    const other = await create({ name: 'From a field', is_static: true, csv: 'ada\nbob\n' })
    expect(await emails(other.id)).toEqual(adaBob)
    const wrong = await create({ name: 'From nothing', is_static: true, csv: 'a,b\n1,2\n' }, 400)
    expect(wrong.detail).toContain('must be person_id or distinct_id')
  })

  test('from the people of a query, and as a copy', async () => {
    const made = await create({
      name: 'Buyers',
      is_static: true,
      query: { kind: 'ActorsQuery', source: { kind: 'HogQLQuery', query: "SELECT DISTINCT person_id FROM events WHERE event = 'bought'" } },
    })
    expect(await emails(made.id)).toEqual(adaBob)
    const copy = await server.call('POST', `${api}/cohorts/${made.id}/duplicate/`)
    expect(copy.body.name).toBe('Buyers (copy)')
    expect(await emails(copy.body.id)).toEqual(adaBob)
  })

  test('a dynamic cohort takes no people', async () => {
    const made = await create({ name: 'By plan', filters: all(plan('pro')) })
    const answer = await server.call('POST', `${api}/cohorts/${made.id}/add_persons_to_static_cohort/`, { distinct_ids: ['bob'] })
    expect(answer.body.code).toBe('cannot_change')
    const fixed = await server.call('POST', `${api}/cohorts/${made.id}/duplicate_as_static_cohort/`)
    expect(await emails(fixed.body.id)).toEqual(['ada@example.com', 'cleo@example.com'])
  })
})

describe('actions', () => {
  test('created, listed, changed, marked as deleted', async () => {
    const steps = [
      { event: '$pageview', url: '/pricing', url_matching: 'contains', properties: [{ key: '$browser', value: 'Firefox', type: 'event' }] },
    ]
    const { status, body } = await server.call('POST', `${api}/actions/`, {
      name: 'Pricing',
      description: 'Saw prices',
      steps,
      tags: ['web'],
    })
    expect(status).toBe(201)
    expect(body).toMatchObject({ name: 'Pricing', description: 'Saw prices', steps, tags: ['web'], deleted: false, pinned_at: null })
    const changed = await server.call('PATCH', `${api}/actions/${body.id}/`, { name: 'Prices', pinned_at: new Date().toISOString() })
    expect(changed.body).toMatchObject({ name: 'Prices', steps, pinned_at: expect.any(String) })
    expect((await server.call('GET', `${api}/actions/?search=PRICES`)).body.results).toHaveLength(1)
    expect((await server.call('PATCH', `${api}/actions/${body.id}/`, { deleted: true })).body.deleted).toBe(true)
    expect((await server.call('GET', `${api}/actions/?search=PRICES`)).body.results).toHaveLength(0)
    expect((await sql("SELECT 1 FROM events WHERE matchesAction('Prices')")).detail).toContain('There is no action named "Prices"')
  })

  test.each([
    [{ steps: [] }, 'required', 'name'],
    [{ name: 'x', steps: [{ url: '(', url_matching: 'regex' }] }, 'invalid_regex', 'steps[0].url'],
    [{ name: 'x', steps: [{ event: '$autocapture', selector: 'a:hover' }] }, 'invalid_input', 'steps[0]'],
    [{ name: 'x', steps: [{ properties: [{ key: 'a', type: 'event', operator: 'like', value: 1 }] }] }, 'invalid_input', 'steps[0]'],
    [{ name: 'x', steps: [{ url_matching: 'starts' }] }, 'invalid_input', 'steps[0].url_matching'],
  ])('%j is refused', async (given, code, attr) => {
    expect((await server.call('POST', `${api}/actions/`, given)).body).toMatchObject({ code, attr })
  })
})

describe('isolation', () => {
  test('cohorts and actions of another project are as if they did not exist', async () => {
    const cohort = await create({ name: 'Ours', filters: all(plan('pro')) })
    const action = (await server.call('POST', `${api}/actions/`, { name: 'Our action', steps: [{ event: 'bought' }] })).body
    await calculated(cohort.id)
    const theirs = `/api/projects/${other.id}`
    for (const path of [`cohorts/${cohort.id}/`, `cohorts/${cohort.id}/persons/`, `actions/${action.id}/`]) {
      expect((await server.call('GET', `${theirs}/${path}`)).status).toBe(404)
    }
    expect(
      (await server.call('POST', `${theirs}/cohorts/${cohort.id}/add_persons_to_static_cohort/`, { distinct_ids: ['ada'] })).status,
    ).toBe(404)
    for (const query of [
      `SELECT 1 FROM events WHERE person_id IN COHORT ${cohort.id}`,
      "SELECT 1 FROM events WHERE person_id IN COHORT 'Ours'",
      `SELECT 1 FROM events WHERE matchesAction(${action.id})`,
      "SELECT 1 FROM events WHERE matchesAction('Our action')",
    ]) {
      expect((await sql(query, other.id)).detail).toMatch(/^There is no (cohort|action)/)
    }
    expect((await sql('SELECT * FROM cohort_people', other.id)).results).toEqual([])
    expect((await sql('SELECT * FROM static_cohort_people', other.id)).results).toEqual([])
    const nested = await server.call('POST', `${theirs}/cohorts/`, {
      name: 'x',
      filters: all({ type: 'cohort', key: 'id', value: cohort.id }),
    })
    expect(nested.body.detail).toContain('which does not exist')
  })
})

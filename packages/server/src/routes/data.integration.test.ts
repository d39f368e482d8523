import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { adminKey, firstToken, type RunningServer, startServer } from '../running-server.fixture.ts'

let server: RunningServer
let other: { id: number; api_token: string }

const api = '/api/projects/1'
const at = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()

beforeAll(async () => {
  server = await startServer()
  await server.send(firstToken, 1, [
    { event: 'bought', distinct_id: 'ada', timestamp: at(5), properties: { price: 9.5, $browser: 'Firefox', plan: 'pro' } },
    { event: 'bought', distinct_id: 'bob', timestamp: at(4), properties: { price: 3, $browser: 'Chrome' } },
    { event: 'seen', distinct_id: 'ada', timestamp: at(60 * 24 * 3), properties: { $browser: 'Chrome' } },
    { event: 'long ago', distinct_id: 'ada', timestamp: at(60 * 24 * 100), properties: { $process_person_profile: false } },
    { event: '$pageview', distinct_id: 'bob', timestamp: at(1), properties: { $current_url: 'https://shop.example/' } },
  ])
  other = (await server.call('POST', '/api/projects/', { name: 'Other' })).body
  await server.send(other.api_token, other.id, [
    { event: 'bought elsewhere', distinct_id: 'ada', properties: { secret: 'theirs', $browser: 'Lynx' } },
  ])
})
afterAll(() => server?.close())

const eventNames = (body: { results: { event: string }[] }) => body.results.map(({ event }) => event)

describe('events', () => {
  test.each([
    ['', ['$pageview', 'bought', 'bought', 'seen', 'long ago']],
    ['event=bought', ['bought', 'bought']],
    ['distinct_id=ada', ['bought', 'seen', 'long ago']],
    ["distinct_id=ada'%20OR%201=1%20--", []],
    [`properties=${encodeURIComponent('[{"key":"$browser","value":"Chrome","type":"event"}]')}`, ['bought', 'seen']],
    [`properties=${encodeURIComponent('[{"key":"price","value":5,"operator":"gt","type":"event"}]')}`, ['bought']],
    [`after=${at(60 * 24)}`, ['$pageview', 'bought', 'bought']],
    [`before=${at(60 * 24)}`, ['seen', 'long ago']],
    ['limit=1', ['$pageview']],
  ])('?%s lists %j', async (query, expected) => {
    const { status, body } = await server.call('GET', `${api}/events/?${query}`)
    expect(status).toBe(200)
    expect(eventNames(body)).toEqual(expected)
  })

  test('pages follow one another without gaps, also where events have one instant', async () => {
    const { body: project } = await server.call('POST', '/api/projects/', { name: 'Ties' })
    const timestamp = at(3)
    await server.send(
      project.api_token,
      project.id,
      Array.from({ length: 25 }, (_, n) => ({ event: `e${n}`, distinct_id: 'x', timestamp })),
    )
    const seen: string[] = []
    for (let next: string | null = `/api/projects/${project.id}/events/?limit=10`; next !== null; ) {
      const { body }: { body: { next: string | null; results: { event: string }[] } } = await server.call('GET', next)
      seen.push(...eventNames(body))
      next = body.next && new URL(body.next).pathname + new URL(body.next).search
    }
    expect(seen).toHaveLength(25)
    expect(new Set(seen).size).toBe(25)
  })

  test('one is read with its person', async () => {
    const [first] = (await server.call('GET', `${api}/events/?event=bought&distinct_id=ada`)).body.results
    expect(first).toMatchObject({
      event: 'bought',
      distinct_id: 'ada',
      properties: { price: 9.5, plan: 'pro' },
      person: { distinct_ids: ['ada'], is_identified: false },
    })
    expect((await server.call('GET', `${api}/events/${first.id}/`)).body).toEqual(first)
    expect((await server.call('GET', `${api}/events/${first.id.toUpperCase()}/`)).status).toBe(200)
    expect((await server.call('GET', `/api/projects/${other.id}/events/${first.id}/`)).status).toBe(404)
    expect(await server.call('GET', `${api}/events/00000000-0000-0000-0000-000000000000/`)).toMatchObject({
      status: 404,
      body: { code: 'not_found' },
    })
    expect(await server.call('GET', `${api}/events/first/`)).toMatchObject({ status: 400 })
    const byPerson = await server.call('GET', `${api}/events/?person_id=${first.person.id}`)
    expect(eventNames(byPerson.body)).toEqual(['bought', 'seen', 'long ago'])
  })

  test('values of a property are those of this project, commonest first', async () => {
    expect((await server.call('GET', `${api}/events/values/?key=$browser`)).body).toEqual([{ name: 'Chrome' }, { name: 'Firefox' }])
    expect((await server.call('GET', `${api}/events/values/?key=$browser&value=fire`)).body).toEqual([{ name: 'Firefox' }])
    expect((await server.call('GET', `${api}/events/values/?key=$browser&event_name=bought&value=%25`)).body).toEqual([])
    expect((await server.call('GET', `${api}/events/values/?key=secret`)).body).toEqual([])
    expect(await server.call('GET', `${api}/events/values/`)).toMatchObject({ status: 400, body: { attr: 'key', code: 'required' } })
  })

  test.each([
    ['limit=0', 'limit'],
    ['before=yesterday', 'before'],
    ['person_id=ada', 'person_id'],
    ['properties=x', 'properties'],
  ])('?%s is refused by naming %s', async (query, attr) => {
    expect(await server.call('GET', `${api}/events/?${query}`)).toMatchObject({ status: 400, body: { attr } })
  })
})

describe('definitions', () => {
  test('of events are listed, described and forgotten', async () => {
    const list = async (query: string) => (await server.call('GET', `${api}/event_definitions/?${query}`)).body
    expect((await list('')).results.map(({ name }: { name: string }) => name)).toEqual(['$pageview', 'bought', 'long ago', 'seen'])
    expect((await list('event_type=event_custom&ordering=-volume')).results[0]).toMatchObject({
      name: 'bought',
      volume: 2,
      verified: false,
    })
    expect((await list('search=OUGH')).count).toBe(1)
    const { id } = (await list('search=bought')).results[0]
    const changed = await server.call('PATCH', `${api}/event_definitions/${id}/`, {
      description: 'A purchase',
      tags: ['money'],
      verified: true,
    })
    expect(changed).toMatchObject({ status: 200, body: { description: 'A purchase', tags: ['money'], verified: true, hidden: false } })
    expect((await server.call('PATCH', `${api}/event_definitions/${id}/`, { hidden: true })).body).toMatchObject({
      description: 'A purchase',
      hidden: true,
    })
    expect((await list('exclude_hidden=true')).count).toBe(3)
    expect((await server.call('GET', `/api/projects/${other.id}/event_definitions/${id}/`)).status).toBe(404)
    expect(await server.call('PATCH', `${api}/event_definitions/${id}/`, { verified: 'yes' })).toMatchObject({
      status: 400,
      body: { attr: 'verified' },
    })
    const { user } = (await server.call('GET', '/api/organizations/@current/members/')).body.results[0]
    expect(user).toMatchObject({ email: 'admin@example.com' })
    expect((await server.call('PATCH', `${api}/event_definitions/${id}/`, { owner: user.id })).body).toMatchObject({
      owner: user,
      hidden: true,
    })
    expect((await list('search=bought')).results[0].owner).toEqual(user)
    expect(await server.call('PATCH', `${api}/event_definitions/${id}/`, { owner: 'nobody' })).toMatchObject({
      status: 400,
      body: { attr: 'owner' },
    })
    expect((await server.call('PATCH', `${api}/event_definitions/${id}/`, { owner: null })).body.owner).toBe(null)
    expect((await server.call('DELETE', `${api}/event_definitions/${id}/`)).status).toBe(204)
    expect((await server.call('GET', `${api}/event_definitions/${id}/`)).status).toBe(404)
    expect((await server.call('GET', `${api}/event_definitions/nonsense/`)).status).toBe(404)
  })

  test('an event tells what names it', async () => {
    const { results } = (await server.call('GET', `${api}/event_definitions/?search=seen`)).body
    const trend = (event: string) => ({ kind: 'InsightVizNode', source: { kind: 'TrendsQuery', series: [{ kind: 'EventsNode', event }] } })
    const keep = (name: string, query: object) => server.call('POST', `${api}/insights/`, { name, query, saved: true })
    await keep('Seen', trend('seen'))
    await keep('Bought', trend('bought'))
    await keep('In SQL', { kind: 'HogQLQuery', query: "select count() from events where event = 'seen'" })
    const deleted = (await keep('Gone', trend('seen'))).body
    await server.call('PATCH', `${api}/insights/${deleted.id}/`, { deleted: true })
    await server.call('POST', `${api}/actions/`, { name: 'Sees', steps: [{ event: 'seen' }] })
    await server.call('POST', `${api}/actions/`, { name: 'Looks', steps: [{ event: 'seen by' }] })
    const behavioral = {
      type: 'behavioral',
      key: 'seen',
      value: 'performed_event',
      event_type: 'events',
      time_value: 30,
      time_interval: 'day',
    }
    await server.call('POST', `${api}/cohorts/`, {
      name: 'Seers',
      filters: { properties: { type: 'AND', values: [{ type: 'AND', values: [behavioral] }] } },
    })
    const { body } = await server.call('GET', `${api}/event_definitions/${results[0].id}/used_by/`)
    const called = (of: { name: string }[]) => of.map(({ name }) => name).sort()
    expect({ insights: called(body.insights), actions: called(body.actions), cohorts: called(body.cohorts), experiments: [] }).toEqual({
      insights: ['In SQL', 'Seen'],
      actions: ['Sees'],
      cohorts: ['Seers'],
      experiments: body.experiments,
    })
    expect((await server.call('GET', `/api/projects/${other.id}/event_definitions/${results[0].id}/used_by/`)).status).toBe(404)
  })

  test('of properties are found and given a type', async () => {
    const list = async (query: string) => (await server.call('GET', `${api}/property_definitions/?${query}`)).body
    const [price] = (await list('type=event&search=price')).results
    expect(price).toMatchObject({ name: 'price', type: 'event', property_type: 'Numeric', is_numerical: true, group_type_index: null })
    expect((await list('search=secret')).count).toBe(0)
    expect((await list('excluded_properties=["price"]&search=price')).count).toBe(0)
    expect((await list('properties=price,plan')).results.map(({ name }: { name: string }) => name)).toEqual(['plan', 'price'])
    // The app's own names stand before those that SDKs add.
    const shown: string[] = (await list('')).results.map(({ name }: { name: string }) => name)
    expect(shown.findLastIndex((name) => !name.startsWith('$'))).toBeLessThan(shown.findIndex((name) => name.startsWith('$')))
    expect((await list('event_names=["seen"]&filter_by_event_names=true&properties=price,$browser')).results).toMatchObject([
      { name: '$browser', is_seen_on_filtered_events: true },
    ])
    expect((await list('event_names=["seen"]&properties=price')).results).toMatchObject([{ is_seen_on_filtered_events: false }])
    expect((await list('is_numerical=true')).results.map(({ name }: { name: string }) => name)).toContain('price')
    const changed = await server.call('PATCH', `${api}/property_definitions/${price.id}/`, {
      property_type: 'String',
      description: 'in euros',
    })
    expect(changed).toMatchObject({ status: 200, body: { property_type: 'String', is_numerical: false, description: 'in euros' } })
    await server.send(firstToken, 1, [{ event: 'bought', distinct_id: 'ada', properties: { price: 1 } }])
    expect((await server.call('GET', `${api}/property_definitions/${price.id}/`)).body.property_type).toBe('String')
    expect(await server.call('PATCH', `${api}/property_definitions/${price.id}/`, { property_type: 'Money' })).toMatchObject({
      status: 400,
      body: { attr: 'property_type', detail: expect.stringContaining('String, Numeric, Boolean, DateTime') },
    })
    expect(await server.call('GET', `${api}/property_definitions/?type=cohort`)).toMatchObject({ status: 400, body: { attr: 'type' } })
  })
})

describe('the ledger', () => {
  test('adds up, with reasons, project by project', async () => {
    const { body: project } = await server.call('POST', '/api/projects/', { name: 'Ledger' })
    const uuid = '01900000-0000-7000-8000-00000000abcd'
    await server.send(project.api_token, project.id, [
      { event: 'a', distinct_id: 'x', uuid },
      { event: 'b', distinct_id: 'x' },
      { event: '$create_alias', distinct_id: 'x', properties: { alias: 'y', $process_person_profile: false } },
    ])
    await server.send(project.api_token, project.id, [{ event: 'a', distinct_id: 'x', uuid }])
    const { body } = await server.call('GET', `/api/projects/${project.id}/ingestion/`)
    expect(body).toMatchObject({
      accepted: 4,
      stored: 2,
      rejected: 1,
      repeated: 1,
      waiting: 0,
      lag_ms: 0,
      rejected_by_reason: { person_processing_disabled: 1 },
      stalled: null,
    })
    expect(body.event_log.limit_bytes).toBeGreaterThan(0)
    const warnings = await server.call(
      'GET',
      `/api/projects/${project.id}/ingestion/warnings/?rejected=true&reason=person_processing_disabled`,
    )
    expect(warnings.body).toMatchObject({
      count: 1,
      next: null,
      results: [{ reason: 'person_processing_disabled', rejected: true, event: '$create_alias', distinct_id: 'x' }],
    })
    expect((await server.call('GET', `/api/projects/${project.id}/ingestion/warnings/?rejected=false`)).body.count).toBe(0)
    expect(await server.call('GET', `${api}/ingestion/warnings/?rejected=perhaps`)).toMatchObject({
      status: 400,
      body: { attr: 'rejected' },
    })
  })

  test('is right at any moment while events come', async () => {
    const { body: project } = await server.call('POST', '/api/projects/', { name: 'Busy' })
    let answered = 0
    let asked = 0
    let isSending = true
    const senders = Array.from({ length: 4 }, async (_, sender) => {
      for (let n = 0; n < 40 || asked < 10; n++) {
        const batch = Array.from({ length: 50 }, (_unused, i) => ({ event: 'tick', distinct_id: `u${sender}-${i}` }))
        const { status } = await server.call('POST', '/batch/', { api_key: project.api_token, batch }, { key: null })
        expect(status).toBe(200)
        answered += 50
      }
    })
    const asking = (async () => {
      let last = 0
      while (isSending) {
        const before = answered
        const ledgers = await Promise.all([1, 2, 3].map(() => server.hedgerow.ledger.read(project.id)))
        for (const ledger of ledgers) {
          expect(ledger.accepted).toBe(ledger.stored + ledger.rejected + ledger.repeated + ledger.waiting)
          expect(ledger.accepted).toBeGreaterThanOrEqual(Math.max(before, last))
        }
        last = Math.max(...ledgers.map(({ accepted }) => accepted))
        asked++
        await sleep(5)
      }
    })()
    await Promise.all(senders)
    isSending = false
    await asking
    await server.settled(project.id)
    expect(await server.hedgerow.ledger.read(project.id)).toMatchObject({ accepted: answered, stored: answered, waiting: 0, lag_ms: 0 })
  })
})

describe('queries', () => {
  const query = (body: unknown, path = api) => server.call('POST', `${path}/query/`, body)

  test('see the events of their own project alone', async () => {
    const all = { query: { kind: 'HogQLQuery', query: 'SELECT DISTINCT event FROM events ORDER BY event' } }
    expect((await query(all)).body.results.flat()).toEqual(['$pageview', 'bought', 'long ago', 'seen'])
    expect((await query(all, `/api/environments/${other.id}`)).body.results.flat()).toEqual(['bought elsewhere'])
    const escaping = { query: { kind: 'HogQLQuery', query: `SELECT count() FROM events WHERE team_id = ${other.id}` } }
    expect((await query(escaping)).body.results).toEqual([[0]])
  })

  test('that are wrong are answered with the place', async () => {
    const { status, body } = await query({ query: { kind: 'HogQLQuery', query: 'SELECT evnt FROM events' } })
    expect(status).toBe(400)
    expect(body).toMatchObject({ type: 'validation_error', code: 'invalid_query', start: 7, end: 11 })
    expect(await query({})).toMatchObject({ status: 400, body: { attr: 'query', code: 'required' } })
    expect(await query({ query: { query: 'SELECT 1' } })).toMatchObject({ status: 400, body: { attr: 'query.kind' } })
    expect(await query({ query: { kind: 'NoQuery' } })).toMatchObject({ status: 400, body: { code: 'invalid_query' } })
    expect(await query({ query: { kind: 'HogQLQuery', query: 'SELECT 1' }, as_of: 'later' })).toMatchObject({
      status: 400,
      body: { attr: 'as_of' },
    })
    expect((await server.call('DELETE', `${api}/query/not-running/`)).status).toBe(404)
  })

  test('take "now" from as_of', async () => {
    const body = { query: { kind: 'EventsQuery', select: ['event'], after: '-1d' }, as_of: at(60 * 24 * 3 - 60), refresh: 'blocking' }
    expect((await query(body)).body.results).toEqual([['seen']])
  })
})

describe('the live stream', () => {
  /** Reads a stream over a real connection until `enough` events came. */
  async function listen(query: string, onOpen: () => Promise<unknown>, enough: number) {
    const address = server.app.server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const abort = new AbortController()
    const response = await fetch(`http://127.0.0.1:${port}${api}/live/events/?${query}`, {
      headers: { authorization: `Bearer ${adminKey}` },
      signal: abort.signal,
    })
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    const timer = setTimeout(() => abort.abort(), 60_000)
    const events: { event: string; inserted_at: string; properties: Record<string, unknown> }[] = []
    let text = ''
    await sleep(300)
    await onOpen()
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += new TextDecoder().decode(chunk)
      const blocks = text.split('\n\n')
      text = blocks.pop() ?? ''
      for (const block of blocks) {
        const data = block.split('\n').find((line) => line.startsWith('data: '))
        if (data) events.push(JSON.parse(data.slice(6)))
      }
      if (events.length >= enough) break
    }
    clearTimeout(timer)
    abort.abort()
    return events
  }

  beforeAll(async () => {
    await server.app.listen({ port: 0, host: '127.0.0.1' })
  })

  test('gives new events of the project, and no others', async () => {
    const events = await listen(
      'event=live',
      async () => {
        await server.send(other.api_token, other.id, [{ event: 'live', distinct_id: 'theirs' }])
        await server.send(firstToken, 1, [
          { event: 'not asked for', distinct_id: 'ada' },
          { event: 'live', distinct_id: 'ada', properties: { n: 1 } },
        ])
        await server.send(firstToken, 1, [{ event: 'live', distinct_id: 'ada', properties: { n: 2 } }])
      },
      2,
    )
    expect(events).toMatchObject([
      { event: 'live', distinct_id: 'ada', properties: { n: 1 }, inserted_at: expect.stringMatching(/Z$/) },
      { event: 'live', distinct_id: 'ada', properties: { n: 2 } },
    ])
    await expect.poll(() => server.hedgerow.live.listeners()).toBe(0)
  })

  test('tells what became of events that were not simply stored, also later', async () => {
    const uuid = '01900000-0000-7000-8000-0000000000aa'
    const events = await listen(
      'distinct_id=judge',
      async () => {
        await server.send(other.api_token, other.id, [{ event: 'judged', distinct_id: 'judge', timestamp: '2999-01-01T00:00:00Z' }])
        await server.send(firstToken, 1, [{ uuid, event: 'judged', distinct_id: 'judge', timestamp: '2999-01-01T00:00:00Z' }])
        await server.send(firstToken, 1, [{ uuid, event: 'judged', distinct_id: 'judge' }])
        await server.send(firstToken, 1, [{ event: '$identify', distinct_id: 'judge', properties: { $process_person_profile: false } }])
      },
      4,
    )
    const verdicts = (of: object[]) =>
      of.flatMap((each) => ('verdict' in each && 'event_uuid' in each && 'reason' in each ? [[each.verdict, each.reason]] : []))
    const expected = [
      ['warning', 'timestamp_in_future'],
      ['repeated', null],
      ['rejected', 'person_processing_disabled'],
    ]
    expect(verdicts(events)).toEqual(expected)
    const { body } = await server.call('GET', `${api}/ingestion/verdicts/?limit=3`)
    expect(verdicts(body.results)).toEqual(expected.toReversed())
    expect(body.results[1]).toMatchObject({ event_uuid: uuid, event: 'judged', distinct_id: 'judge' })
    expect(
      (await server.call('GET', `/api/projects/${other.id}/ingestion/verdicts/`)).body.results.map(
        ({ verdict }: { verdict: string }) => verdict,
      ),
    ).not.toContain('repeated')
  })

  test('one reader serves all who watch a project, and there are only so many', async () => {
    await expect.poll(() => server.hedgerow.live.listeners()).toBe(0)
    const most = server.hedgerow.config.platform.liveListenersPerProject
    const stops = Array.from({ length: most }, () => server.hedgerow.live.listen(1, {}, () => undefined))
    expect(await server.call('GET', `${api}/live/events/`)).toMatchObject({ status: 429, body: { code: 'too_many_listeners' } })
    for (const stop of stops) stop()
    expect(server.hedgerow.live.listeners()).toBe(0)
  })
})

import { configWith } from '@hedgerow/platform'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { firstToken, type RunningServer, startServer, until } from '../running-server.fixture.ts'

let server: RunningServer
let otherProject: number
const event = (name: string, properties: object = {}) => ({
  event: name,
  distinct_id: 'someone',
  timestamp: '2026-03-01T12:00:00Z',
  properties,
})
const count = { kind: 'HogQLQuery', query: 'select event, count() from events group by event order by event' }
const slow = { kind: 'HogQLQuery', query: 'select count() from numbers(100000000000) where number % 7 = 3 and sipHash64(number) = 1' }

beforeAll(async () => {
  server = await startServer({ query: { ...configWith({}).query, perUser: 2 } })
  otherProject = (await server.call('POST', '/api/projects/', { name: 'Other' })).body.id
  await server.send(firstToken, 1, [event('view', { plan: 'pro', seconds: 5 }), event('view', { plan: 'free' }), event('=cmd|danger')])
})
afterAll(() => server?.close())

const ask = (body: object, projectId = 1) => server.call('POST', `/api/projects/${projectId}/query/`, body)

describe('an answer is kept', () => {
  test('and given again while nothing changed, also for the same question in other words', async () => {
    const first = await ask({ query: count })
    expect(first.body).toMatchObject({ is_cached: false, timezone: 'UTC', cache_key: expect.stringMatching(/^cache_1_/) })
    const again = await ask({ query: { query: count.query, kind: 'HogQLQuery', tags: { scene: 'x' } } })
    expect(again.body).toMatchObject({ is_cached: true, results: first.body.results, last_refresh: first.body.last_refresh })
    expect((await ask({ query: count, refresh: 'force_blocking' })).body.is_cached).toBe(false)
  })

  test('not after new events of the project, but after those of another', async () => {
    await ask({ query: count })
    const { body: other } = await server.call('GET', `/api/projects/${otherProject}/`)
    await server.send(other.api_token, otherProject, [event('elsewhere')])
    expect((await ask({ query: count })).body.is_cached).toBe(true)
    await server.send(firstToken, 1, [event('click')])
    const { body } = await ask({ query: count })
    expect(body).toMatchObject({ is_cached: false, results: expect.arrayContaining([['click', 1]]) })
  })

  test.each<[string, () => Promise<unknown>]>([
    ['the time zone', () => server.call('PATCH', '/api/projects/1/', { timezone: 'Asia/Kathmandu' })],
    ['a setting', () => server.call('PATCH', '/api/projects/1/', { test_account_filters: [{ key: 'plan', type: 'event', value: 'x' }] })],
    [
      'the type of a property',
      async () => {
        const { body } = await server.call('GET', '/api/projects/1/property_definitions/?search=seconds')
        return server.call('PATCH', `/api/projects/1/property_definitions/${body.results[0].id}/`, { property_type: 'String' })
      },
    ],
    ['an action', () => server.call('POST', '/api/projects/1/actions/', { name: 'Viewed', steps: [{ event: 'view' }] })],
    ['a cohort', () => server.call('POST', '/api/projects/1/cohorts/', { name: 'Some', is_static: true })],
    [
      'who is in a cohort',
      async () => {
        const { body } = await server.call('GET', '/api/projects/1/cohorts/?search=Some')
        return server.call('PATCH', `/api/projects/1/cohorts/${body.results[0].id}/add_persons_to_static_cohort/`, {
          distinct_ids: ['someone'],
        })
      },
    ],
    ['a person', () => server.call('POST', '/api/projects/1/persons/someone/update_property/', { key: 'a', value: Math.random() })],
  ])('not after a change of %s', async (_what, change) => {
    await ask({ query: count })
    const status = (await change()) as { status: number }
    expect(status.status).toBeLessThan(300)
    expect((await ask({ query: count })).body.is_cached).toBe(false)
    // Cohorts are counted a moment later, which changes answers once more.
    await until('cohorts are counted', async () => {
      const { body } = await server.call('GET', '/api/projects/1/cohorts/')
      return body.results.every((cohort: { is_calculating: boolean }) => !cohort.is_calculating) || undefined
    })
  })

  test('and what is begun before it is known whether anything changed is not given where something did', async () => {
    const anew = { query: { kind: 'HogQLQuery', query: "select count(), toString(toStartOfDay(toDateTime('2026-03-01'))) from events" } }
    const force = async () => (await ask({ ...anew, refresh: 'force_blocking' })).body
    // From the third on, the project is taken to be where it was.
    const [, , before] = [await force(), await force(), await force()]
    await server.send(firstToken, 1, [event('soon')])
    const more = await force()
    expect(more.results[0][0]).toBe(before.results[0][0] + 1)
    expect(Date.parse(more.included_until)).toBeGreaterThan(Date.parse(before.included_until))
    expect(await force()).toMatchObject({ results: more.results })
    const shown = (await force()).timezone
    await server.call('PATCH', '/api/projects/1/', { timezone: 'America/St_Johns' })
    expect(shown).not.toBe('America/St_Johns')
    expect(await force()).toMatchObject({ timezone: 'America/St_Johns', is_cached: false })
    expect((await ask(anew)).body).toMatchObject({ timezone: 'America/St_Johns', is_cached: true })
  })

  test('for its moment, and never where the clock is read', async () => {
    const moving = { kind: 'HogQLQuery', query: 'select now()' }
    await ask({ query: moving })
    expect((await ask({ query: moving })).body.is_cached).toBe(false)
    await ask({ query: moving, as_of: '2026-03-02T00:00:00Z' })
    expect((await ask({ query: moving, as_of: '2026-03-02T00:00:00Z' })).body.is_cached).toBe(true)
    expect((await ask({ query: moving, as_of: '2026-03-02T00:00:01Z' })).body.is_cached).toBe(false)
  })

  test('force_cache computes nothing', async () => {
    const query = { kind: 'HogQLQuery', query: 'select 17' }
    expect((await ask({ query, refresh: 'force_cache' })).body).toMatchObject({ is_cached: false, results: null })
    await ask({ query })
    expect((await ask({ query, refresh: 'force_cache' })).body).toMatchObject({ is_cached: true, results: [[17]] })
    await server.send(firstToken, 1, [event('later')])
    expect((await ask({ query, refresh: 'force_cache' })).body).toMatchObject({ is_cached: true, is_stale: true })
  })
})

describe('asynchronous queries', () => {
  test('are answered 202, listed with their progress, and fetched', async () => {
    const { status, body } = await ask({ query: count, refresh: 'force_async', client_query_id: 'later-1' })
    expect(status).toBe(202)
    expect(body.query_status).toMatchObject({ id: 'later-1', query_async: true, team_id: 1, complete: false, results: null })
    const done = await until('later-1 is complete', async () => {
      const polled = await server.call('GET', '/api/projects/1/query/later-1/')
      return polled.body.query_status.complete ? polled.body.query_status : undefined
    })
    expect(done).toMatchObject({ error: false, results: { columns: ['event', 'count()'] } })
    expect((await server.call('GET', `/api/projects/${otherProject}/query/later-1/`)).status).toBe(404)
  })

  test('are stopped in the engine, and tell so', async () => {
    await ask({ query: slow, refresh: 'force_async', client_query_id: 'slow-1', name: 'A long one' })
    const listed = await until('slow-1 is listed with its progress', async () => {
      const { body } = await server.call('GET', '/api/projects/1/query/')
      return body.results.find((run: { rows_read: number }) => run.rows_read > 0)
    })
    expect(listed).toMatchObject({ client_query_id: 'slow-1', kind: 'HogQLQuery', name: 'A long one', state: 'running' })
    const polled = await server.call('GET', '/api/projects/1/query/slow-1/')
    expect(polled.body.query_status.query_progress.rows_read).toBeGreaterThan(0)
    expect((await server.call('DELETE', `/api/projects/${otherProject}/query/slow-1/`)).status).toBe(404)
    expect((await server.call('DELETE', '/api/projects/1/query/slow-1/')).status).toBe(204)
    const stopped = await until('slow-1 is stopped', async () => {
      const { body } = await server.call('GET', '/api/projects/1/query/slow-1/')
      return body.query_status.complete ? body.query_status : undefined
    })
    expect(stopped).toMatchObject({ error: true, error_code: 'query_cancelled' })
    await until('the engine is idle', async () => (server.hedgerow.stores.events.running().length === 0 ? true : undefined))
  })

  test('tell what is wrong with the query', async () => {
    await ask({ query: { kind: 'HogQLQuery', query: 'select nope from events' }, refresh: 'force_async', client_query_id: 'wrong-1' })
    const status = await until('wrong-1 is complete', async () => {
      const { body } = await server.call('GET', '/api/projects/1/query/wrong-1/')
      return body.query_status.complete ? body.query_status : undefined
    })
    expect(status).toMatchObject({ error: true, error_code: 'invalid_query', error_message: expect.stringContaining('nope') })
  })
})

test('the same question asked by several at once is computed once', async () => {
  const query = { kind: 'HogQLQuery', query: 'select sum(sipHash64(number)) from numbers(3000000)' }
  const answers = await Promise.all(Array.from({ length: 2 }, () => ask({ query })))
  expect(new Set(answers.map(({ body }) => body.last_refresh)).size).toBe(1)
})

test('filters_override lays dates and conditions over a query, variables_override values over its variables', async () => {
  const query = { kind: 'HogQLQuery', query: 'select count() from events where {filters}' }
  const filtered = await ask({ query, filters_override: { properties: [{ key: 'plan', type: 'event', value: 'pro', operator: 'exact' }] } })
  expect(filtered.body.results).toEqual([[1]])
  expect((await ask({ query, filters_override: { date_from: '2040-01-01' } })).body.results).toEqual([[0]])
  const variable = await server.call('POST', '/api/projects/1/insight_variables/', {
    name: 'My plan',
    type: 'String',
    default_value: 'free',
  })
  expect(variable.body).toMatchObject({ code_name: 'my_plan' })
  const { id } = variable.body
  const named = {
    kind: 'HogQLQuery',
    query: 'select {variables.my_plan}',
    variables: { [id]: { variableId: id, code_name: 'my_plan' } },
  }
  expect((await ask({ query: named })).body.results).toEqual([['free']])
  expect((await ask({ query: named, variables_override: { [id]: { value: 'pro' } } })).body.results).toEqual([['pro']])
  await server.call('PATCH', `/api/projects/1/insight_variables/${id}/`, { default_value: 'team' })
  expect((await ask({ query: named })).body.results).toEqual([['team']])
})

test('too many queries at once are answered 429', async () => {
  const ids = Array.from({ length: 2 }, (_, i) => `many-${i}`)
  for (const id of ids) {
    const query = { ...slow, query: `${slow.query} and '${id}' != ''` }
    await ask({ query, refresh: 'force_async', client_query_id: id })
  }
  const refused = await ask({ query: count, refresh: 'force_blocking' })
  expect(refused).toMatchObject({ status: 429, body: { code: 'too_many_queries', type: 'throttled_error' } })
  expect(refused.headers['retry-after']).toBe('2')
  for (const id of ids) expect((await server.call('DELETE', `/api/projects/1/query/${id}/`)).status).toBe(204)
})

describe('exports', () => {
  const hostile = {
    kind: 'HogQLQuery',
    query:
      "select event as `=x`, 1 as `1`, 2 as `1`, 'a\"b\nc' as `__proto__` from events where event like '=%' or event = 'view' order by event",
  }
  const exported = (format: string, query: object = hostile) =>
    server.call('POST', `/api/projects/1/query/export/?format=${format}&filename=${encodeURIComponent('Päge ../"1"')}`, { query })

  test('as CSV, without formulas', async () => {
    const { status, headers, body } = await exported('csv')
    expect(status).toBe(200)
    expect(headers['content-disposition']).toBe(`attachment; filename="P_ge ..__1_.csv"; filename*=UTF-8''P%C3%A4ge%20.._%221%22.csv`)
    expect(body).toBe(`'=x,1,1,__proto__\r\n'=cmd|danger,1,2,"a""b\nc"\r\n${'view,1,2,"a""b\nc"\r\n'.repeat(2)}`)
  })

  test('as JSON, and as a stream of lines', async () => {
    expect((await exported('json')).body).toEqual({
      columns: ['=x', '1', '1', '__proto__'],
      results: [['=cmd|danger', 1, 2, 'a"b\nc'], ...Array.from({ length: 2 }, () => ['view', 1, 2, 'a"b\nc'])],
    })
    const streamed = await server.call(
      'POST',
      '/api/projects/1/query/',
      { query: { kind: 'HogQLQuery', query: 'select number from numbers(60000)' } },
      { headers: { accept: 'application/x-ndjson' } },
    )
    const lines = String(streamed.body).trimEnd().split('\n')
    expect([lines.length, lines[0], lines[1], lines.at(-1)]).toEqual([60_001, '{"columns":["number"]}', '[0]', '[59999]'])
  })

  test('a page of rows as lines: the answer without them first', async () => {
    const { status, headers, body } = await server.call('POST', '/api/projects/1/query/rows/', {
      query: { kind: 'HogQLQuery', query: 'select number, toString(number) as text from numbers(200000) limit 200000' },
    })
    expect([status, headers['content-type']]).toEqual([200, 'application/x-ndjson; charset=utf-8'])
    const [head = '', ...rows] = String(body).trimEnd().split('\n')
    expect(JSON.parse(head)).toMatchObject({ columns: ['number', 'text'], rows: 100_000, hasMore: false, limit: 100_000 })
    expect(JSON.parse(head)).not.toHaveProperty('results')
    expect([rows.length, rows[0], rows.at(-1)]).toEqual([100_000, '[0,"0"]', '[99999,"99999"]'])
    const refused = await server.call('POST', '/api/projects/1/query/rows/', {
      query: { kind: 'HogQLQuery', query: 'select nope from events' },
    })
    expect(refused).toMatchObject({ status: 400, body: { code: 'invalid_query' } })
  })

  test('as Parquet, of SQL and of any other question', async () => {
    for (const query of [hostile, { kind: 'EventsQuery', select: ['event', '*'], after: 'all' }]) {
      const { status, body } = await exported('parquet', query)
      expect(status).toBe(200)
      expect([String(body).slice(0, 4), String(body).slice(-4)]).toEqual(['PAR1', 'PAR1'])
    }
  })

  test('refuse what a query would refuse', async () => {
    expect(await exported('csv', { kind: 'HogQLQuery', query: 'select nope from events' })).toMatchObject({
      status: 400,
      body: { code: 'invalid_query' },
    })
    expect(await exported('xml')).toMatchObject({ status: 400, body: { attr: 'format' } })
  })
})

test('what an account asked is remembered, newest first, for that account', async () => {
  await ask({ query: { kind: 'HogQLQuery', query: "select 'remember me\u0000'" }, name: 'Mine' })
  await ask({ query: { kind: 'HogQLQuery', query: 'select wrong' } })
  await ask({ query: { kind: 'HogQLQuery', query: "select 'a page asks this by itself'" }, remember: false })
  const { body } = await server.call('GET', '/api/projects/1/query/history/?limit=2')
  expect(body.results).toMatchObject([
    { kind: 'HogQLQuery', error_code: 'invalid_query' },
    { name: 'Mine', error_code: null },
  ])
})

test.each([
  [{}, 'query'],
  [{ query: { kind: 5 } }, 'query.kind'],
  [{ query: count, refresh: 'soon' }, 'refresh'],
  [{ query: count, as_of: 'yesterday' }, 'as_of'],
  [{ query: count, client_query_id: 'a b' }, 'client_query_id'],
  [{ query: count, filters_override: { date_from: 5 } }, 'filters_override.date_from'],
  [{ query: count, variables_override: [] }, 'variables_override'],
  [{ query: count, remember: 'no' }, 'remember'],
])('%j is refused, naming %s', async (body, attr) => {
  expect(await ask(body)).toMatchObject({ status: 400, body: { type: 'validation_error', attr } })
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { firstToken, type RunningServer, startServer } from '../running-server.fixture.ts'

let server: RunningServer
let other: number
const question = (event = 'view') => ({
  kind: 'HogQLQuery',
  query: `select count() from events where event = '${event}' and {filters}`,
})
const api = (method: string, path: string, body?: unknown, project = 1) => server.call(method, `/api/projects/${project}${path}`, body)

beforeAll(async () => {
  server = await startServer()
  other = (await server.call('POST', '/api/projects/', { name: 'Other' })).body.id
  const event = (plan: string) => ({ event: 'view', distinct_id: 'a', timestamp: '2026-03-01T12:00:00Z', properties: { plan } })
  await server.send(firstToken, 1, [event('pro'), event('free'), event('free')])
})
afterAll(() => server?.close())

describe('insights', () => {
  test('are made, found, changed, deleted and brought back, each noted', async () => {
    const made = await api('POST', '/insights/', { name: 'Views', query: question(), tags: ['b', 'b'], saved: true })
    expect(made).toMatchObject({
      status: 201,
      body: {
        short_id: expect.stringMatching(/^[A-Za-z]\w{7}$/),
        tags: ['b'],
        created_by: { email: 'admin@example.com' },
        filters: {},
        result: null,
      },
    })
    const { id, short_id: shortId } = made.body
    for (const by of [id, shortId]) expect((await api('GET', `/insights/${by}/`)).body.id).toBe(id)
    expect((await api('GET', `/insights/?short_id=${shortId}`)).body).toMatchObject({ count: 1, results: [{ id }] })
    for (const query of ['search=vie', 'tags=b', 'insight=SQL', 'saved=true', 'user=1', 'order=name', 'basic=true'])
      expect((await api('GET', `/insights/?${query}`)).body.results.map((found: { id: number }) => found.id)).toContain(id)
    for (const query of ['search=nothing', 'tags=c', 'insight=TRENDS', 'favorited=true'])
      expect((await api('GET', `/insights/?${query}`)).body.count).toBe(0)

    expect((await api('PATCH', `/insights/${id}/`, { favorited: true, description: 'Ours' })).body).toMatchObject({
      favorited: true,
      name: 'Views',
    })
    expect((await api('DELETE', `/insights/${id}/`)).status).toBe(204)
    expect((await api('GET', `/insights/?short_id=${shortId}`)).body.count).toBe(0)
    expect((await api('PATCH', `/insights/${id}/`, { deleted: false })).body.deleted).toBe(false)
    const { body: activity } = await api('GET', `/insights/${id}/activity/`)
    expect(activity.results.map((entry: { activity: string }) => entry.activity)).toEqual(['restored', 'deleted', 'updated', 'created'])
    expect(activity.results[2].detail.changes).toContainEqual({ field: 'favorited', action: 'changed', before: false, after: true })
  })

  test('show what is kept, and compute when they are asked to', async () => {
    const { body: insight } = await api('POST', '/insights/', { query: question() })
    expect((await api('GET', `/insights/${insight.id}/`)).body).toMatchObject({ result: null, is_cached: false })
    expect((await api('GET', `/insights/${insight.id}/?refresh=blocking`)).body).toMatchObject({ result: [[3]], is_cached: false })
    expect((await api('GET', `/insights/${insight.id}/`)).body).toMatchObject({
      result: [[3]],
      is_cached: true,
      last_refresh: expect.any(String),
    })
    const filters = encodeURIComponent(JSON.stringify({ properties: [{ type: 'event', key: 'plan', operator: 'exact', value: 'pro' }] }))
    expect((await api('GET', `/insights/${insight.id}/?refresh=blocking&filters_override=${filters}`)).body.result).toEqual([[1]])
    expect(
      (await server.call('POST', '/api/projects/1/query/', { query: { kind: 'SavedInsightNode', shortId: insight.short_id } })).body
        .results,
    ).toEqual([[3]])
    const { body: broken } = await api('POST', '/insights/', { query: { kind: 'HogQLQuery', query: 'select nope from events' } })
    expect(await api('GET', `/insights/${broken.id}/?refresh=blocking`)).toMatchObject({
      status: 200,
      body: { result: null, result_error: { code: 'invalid_query', detail: expect.stringContaining('nope') } },
    })
  })
})

describe('dashboards', () => {
  test('hold insights and texts in places, and answer them tile by tile', async () => {
    const { body: board } = await api('POST', '/dashboards/', {
      name: 'Ours',
      filters: { properties: [{ type: 'event', key: 'plan', operator: 'exact', value: 'free' }] },
    })
    const { body: insight } = await api('POST', '/insights/', { name: 'Views', query: question(), dashboards: [board.id] })
    const text = await api('POST', `/dashboards/${board.id}/tiles/`, {
      text: { body: '# Hello' },
      layouts: { sm: { x: 0, y: 0, w: 6, h: 2 } },
    })
    expect(text).toMatchObject({ status: 201, body: { text: { body: '# Hello' }, insight: null } })

    const shown = await api('GET', `/dashboards/${board.id}/?refresh=blocking`)
    expect(shown.body.tiles).toMatchObject([{ text: { body: '# Hello' } }, { insight: { id: insight.id, result: [[2]] } }])

    const streamed = await api('GET', `/dashboards/${board.id}/stream_tiles/`)
    expect(streamed.headers['content-type']).toContain('text/event-stream')
    const messages = String(streamed.body)
      .split('\n\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line.replace(/^data: /, '')))
    expect(messages.map(({ type }) => type)).toEqual(['metadata', 'tile', 'tile', 'complete'])
    expect(messages.find(({ tile }) => tile?.insight)?.tile.insight.result).toEqual([[2]])

    const moved = { tiles: [{ id: text.body.id, layouts: { sm: { x: 6, y: 9, w: 6, h: 2 } }, text: { body: 'Changed' } }] }
    expect((await api('PATCH', `/dashboards/${board.id}/`, moved)).body.tiles).toContainEqual(
      expect.objectContaining({ id: text.body.id, text: { body: 'Changed' }, layouts: { sm: { x: 6, y: 9, w: 6, h: 2 } } }),
    )
  })

  test('are copied, with the same insights or with copies; a tile moves to another one', async () => {
    const { body: board } = await api('POST', '/dashboards/', { name: 'First', tags: ['x'] })
    const { body: insight } = await api('POST', '/insights/', { name: 'Views', query: question(), dashboards: [board.id] })
    const same = await api('POST', '/dashboards/', { use_dashboard: board.id })
    expect(same.body).toMatchObject({ name: 'First (copy)', tags: ['x'], tiles: [{ insight: { id: insight.id } }] })
    const copied = await api('POST', '/dashboards/', { use_dashboard: board.id, duplicate_tiles: true, name: 'Mine' })
    expect(copied.body.tiles[0].insight).toMatchObject({ name: 'Views (copy)' })
    expect(copied.body.tiles[0].insight.id).not.toBe(insight.id)

    const { body: target } = await api('POST', '/dashboards/', { name: 'Target' })
    const tile = { id: copied.body.tiles[0].id }
    expect((await api('PATCH', `/dashboards/${copied.body.id}/move_tile/`, { tile, to_dashboard: target.id })).body.tiles).toEqual([])
    expect((await api('GET', `/dashboards/${target.id}/`)).body.tiles).toMatchObject([tile])
    expect((await api('DELETE', `/dashboards/${target.id}/tiles/${tile.id}/`)).status).toBe(204)
    expect((await api('GET', `/dashboards/${target.id}/tiles/`)).body.results).toEqual([])
  })

  test('show a feature flag and an experiment, each once, as long as there is one', async () => {
    const { body: flag } = await api('POST', '/feature_flags/', { key: 'on-a-tile', filters: { groups: [{ properties: [] }] } })
    const { body: experiment } = await api('POST', '/experiments/', { name: 'Tried', feature_flag_key: 'tried-on-a-tile' })
    const { body: board } = await api('POST', '/dashboards/', { name: 'Releases', tiles: [{ feature_flag: flag.id }] })
    const path = `/dashboards/${board.id}/tiles/`
    const added = await api('POST', path, { experiment: experiment.id })
    expect(added).toMatchObject({
      status: 201,
      body: { experiment: { id: experiment.id, name: 'Tried' }, feature_flag: null, insight: null },
    })
    expect((await api('POST', path, { experiment: { id: experiment.id } })).body.id).toBe(added.body.id)
    expect(board.tiles).toMatchObject([{ feature_flag: { id: flag.id, key: 'on-a-tile' } }])
    expect((await api('POST', '/dashboards/', { use_dashboard: board.id })).body.tiles).toHaveLength(2)

    expect(await api('POST', path, { feature_flag: flag.id, experiment: experiment.id })).toMatchObject({
      status: 400,
      body: { attr: 'insight' },
    })
    expect(await api('POST', path, { feature_flag: 987_654 })).toMatchObject({ status: 400, body: { attr: 'feature_flag' } })
    const { body: theirs } = await api('POST', '/dashboards/', { name: 'z' }, other)
    expect(await api('POST', `/dashboards/${theirs.id}/tiles/`, { feature_flag: flag.id }, other)).toMatchObject({
      status: 400,
      body: { attr: 'feature_flag' },
    })

    const { body: target } = await api('POST', '/dashboards/', { name: 'Others', tiles: [{ experiment: experiment.id }] })
    const move = { tile: { id: added.body.id }, to_dashboard: target.id }
    expect(await api('PATCH', `/dashboards/${board.id}/move_tile/`, move)).toMatchObject({ status: 400, body: { attr: 'to_dashboard' } })
    expect((await api('DELETE', `/feature_flags/${flag.id}/`)).status).toBeLessThan(300)
    expect((await api('GET', path)).body.results).toMatchObject([{ experiment: { id: experiment.id } }])
  })

  test('are deleted and brought back with what stands on them', async () => {
    const { body: board } = await api('POST', '/dashboards/', { name: 'Gone', pinned: true })
    await api('POST', '/insights/', { query: question(), dashboards: [board.id] })
    await api('DELETE', `/dashboards/${board.id}/`)
    expect((await api('GET', '/dashboards/?search=gone')).body.count).toBe(0)
    expect((await api('GET', '/dashboards/?search=gone&deleted=true')).body.count).toBe(1)
    expect((await api('PATCH', `/dashboards/${board.id}/`, { deleted: false })).body.tiles).toHaveLength(1)
    expect(
      (await api('GET', `/dashboards/${board.id}/activity/`)).body.results.map((entry: { activity: string }) => entry.activity),
    ).toEqual(['restored', 'deleted', 'created'])
  })
})

test('annotations: made, found by date, changed, deleted', async () => {
  const { body: made } = await api('POST', '/annotations/', { content: 'Release 1', date_marker: '2026-03-01T12:00:00+05:45' })
  expect(made).toMatchObject({ scope: 'project', creation_type: 'USR', date_marker: '2026-03-01T06:15:00.000Z' })
  expect((await api('GET', '/annotations/?date_from=2026-03-01&date_to=2026-03-02&search=release')).body.count).toBe(1)
  expect((await api('GET', '/annotations/?date_from=2026-03-02')).body.count).toBe(0)
  expect((await api('PATCH', `/annotations/${made.id}/`, { content: 'Release 2' })).body.content).toBe('Release 2')
  expect((await api('DELETE', `/annotations/${made.id}/`)).status).toBe(204)
  expect((await api('GET', '/annotations/')).body.count).toBe(0)
  expect((await api('PATCH', `/annotations/${made.id}/`, { deleted: false })).body.deleted).toBe(false)
})

test('variables: named for SQL, of one type, with one code name each', async () => {
  const { body: made } = await api('POST', '/insight_variables/', { name: 'Main plan!', type: 'String', default_value: 'pro' })
  expect(made).toMatchObject({ code_name: 'main_plan', default_value: 'pro' })
  expect(await api('POST', '/insight_variables/', { name: 'main plan', type: 'Number' })).toMatchObject({
    status: 409,
    body: { attr: 'code_name' },
  })
  expect(await api('POST', '/insight_variables/', { name: 'x', type: 'Number', default_value: 'many' })).toMatchObject({
    status: 400,
    body: { attr: 'default_value' },
  })
  expect((await api('PATCH', `/insight_variables/${made.id}/`, { default_value: null })).body.default_value).toBeNull()
  expect((await api('GET', '/insight_variables/')).body.count).toBe(1)
  expect((await api('DELETE', `/insight_variables/${made.id}/`)).status).toBe(204)
  expect((await api('GET', `/insight_variables/${made.id}/`)).status).toBe(404)
})

test('what belongs to another project is not there', async () => {
  const { body: insight } = await api('POST', '/insights/', { query: question() })
  const { body: board } = await api('POST', '/dashboards/', { name: 'x' })
  const { body: annotation } = await api('POST', '/annotations/', { content: 'x' })
  const { body: variable } = await api('POST', '/insight_variables/', { name: 'theirs', type: 'String' })
  const paths = [
    `/insights/${insight.id}/`,
    `/insights/${insight.short_id}/`,
    `/dashboards/${board.id}/`,
    `/annotations/${annotation.id}/`,
    `/insight_variables/${variable.id}/`,
  ]
  for (const path of paths) {
    for (const method of ['GET', 'PATCH', 'DELETE'])
      expect([path, method, (await api(method, path, method === 'PATCH' ? {} : undefined, other)).status]).toEqual([path, method, 404])
  }
  expect(await api('POST', '/insights/', { query: question(), dashboards: [board.id] }, other)).toMatchObject({
    status: 400,
    body: { attr: 'dashboards[0]' },
  })
  const { body: theirs } = await api('POST', '/dashboards/', { name: 'y' }, other)
  expect(await api('POST', `/dashboards/${theirs.id}/tiles/`, { insight: insight.id }, other)).toMatchObject({
    status: 400,
    body: { attr: 'insight' },
  })
  expect(await api('POST', '/annotations/', { content: 'z', scope: 'dashboard_item', dashboard_item: insight.id }, other)).toMatchObject({
    status: 400,
    body: { attr: 'dashboard_item' },
  })
})

test.each([
  ['/insights/', {}, 'query'],
  ['/insights/', { query: { kind: 'HogQLQuery' }, name: 'a\u0000b' }, 'name'],
  ['/insights/', { query: { kind: 'HogQLQuery' }, tags: [5] }, 'tags[0]'],
  ['/insights/', { query: { kind: 'HogQLQuery' }, filters: { insight: 'TRENDS' } }, 'filters'],
  ['/dashboards/', { tiles: [{ layouts: { sm: { x: -1, y: 0, w: 1, h: 1 } } }] }, 'tiles[0].layouts.sm.x'],
  ['/dashboards/', { use_dashboard: 'x' }, 'use_dashboard'],
  ['/annotations/', { content: '' }, 'content'],
  ['/annotations/', { content: 'x', date_marker: 'soon' }, 'date_marker'],
  ['/annotations/', { content: 'x', scope: 'planet' }, 'scope'],
  ['/insight_variables/', { name: 'x', type: 'Colour' }, 'type'],
  ['/insight_variables/', { name: 'x', type: 'String', code_name: 'a-b' }, 'code_name'],
])('POST %s %j is refused, naming %s', async (path, body, attr) => {
  expect(await api('POST', path, body)).toMatchObject({ status: 400, body: { type: 'validation_error', attr } })
})

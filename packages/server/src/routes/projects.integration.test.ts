import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { firstToken, type RunningServer, secretKey, startServer } from '../running-server.fixture.ts'

let server: RunningServer

beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server?.close())

const anonymous = { key: null }

describe('projects', () => {
  test('one is made with its settings, listed, read and changed', async () => {
    const made = await server.call('POST', '/api/projects/', {
      name: 'Shop',
      timezone: 'Asia/Kathmandu',
      week_start_day: 1,
      anonymize_ips: true,
    })
    expect(made).toMatchObject({
      status: 201,
      body: {
        name: 'Shop',
        timezone: 'Asia/Kathmandu',
        week_start_day: 1,
        anonymize_ips: true,
        drop_bots: false,
        person_display_name_properties: ['email', 'name', 'username'],
        test_account_filters: [],
        api_token: expect.stringMatching(/^phc_[0-9A-Za-z]{43}$/),
        secret_api_token_hint: null,
        is_demo: false,
        ingested_event: false,
        has_group_types: false,
      },
    })
    const path = `/api/projects/${made.body.id}/`
    expect((await server.call('GET', path)).body).toEqual(made.body)
    const change = {
      name: 'Shop 2',
      test_account_filters: [{ key: 'email', value: '@shop.example', operator: 'icontains', type: 'person' }],
      path_cleaning_filters: [{ alias: '/item/<id>', regex: '/item/\\d+' }],
      person_display_name_properties: ['nickname'],
      autocapture_opt_out: true,
      session_recording_opt_in: true,
      colour: 'ignored',
    }
    const { colour, ...kept } = change
    const changed = await server.call('PATCH', path, change)
    expect(changed).toMatchObject({ status: 200, body: { ...kept, timezone: 'Asia/Kathmandu', anonymize_ips: true } })
    expect(changed.body).not.toHaveProperty('colour')
    expect((await server.call('GET', path.replace('projects', 'environments').slice(0, -1))).body).toEqual(changed.body)

    const list = await server.call('GET', '/api/projects/?limit=1&offset=1')
    expect(list.body).toMatchObject({ count: 2, next: null, results: [{ id: made.body.id }] })
    expect(list.body.previous).toContain('/api/projects/?limit=1&offset=0')
    expect((await server.call('GET', '/api/environments/?limit=1')).body.next).toContain('/api/environments/?limit=1&offset=1')
  })

  test.each([
    [{ timezone: 'Mars/Olympus' }, 'timezone', 'invalid_input'],
    [{ timezone: 5 }, 'timezone', 'invalid_input'],
    [{ week_start_day: 7 }, 'week_start_day', 'invalid_input'],
    [{ test_account_filters: {} }, 'test_account_filters', 'invalid_input'],
    [{ test_account_filters: [{ value: 1 }] }, 'test_account_filters[0].key', 'invalid_input'],
    [{ test_account_filters: [{ key: 'a', operator: 'like' }] }, 'test_account_filters[0].operator', 'invalid_input'],
    [{ path_cleaning_filters: [{ alias: 'x', regex: '(?<=a)b' }] }, 'path_cleaning_filters[0].regex', 'invalid_regex'],
    [
      {
        path_cleaning_filters: [
          { alias: 'x', regex: 'ok' },
          { alias: 'y', regex: '([' },
        ],
      },
      'path_cleaning_filters[1].regex',
      'invalid_regex',
    ],
    [{ session_recording_opt_in: 'yes' }, 'session_recording_opt_in', 'invalid_input'],
    [{ name: '' }, 'name', 'invalid_input'],
    [{ name: null }, 'name', 'invalid_input'],
  ])('PATCH %j is refused by naming the field', async (body, attr, code) => {
    expect(await server.call('PATCH', '/api/projects/1/', body)).toMatchObject({
      status: 400,
      body: { type: 'validation_error', attr, code },
    })
    expect(await server.call('POST', '/api/projects/', body)).toMatchObject({ status: 400, body: { attr, code } })
  })

  test('the body must be JSON of an acceptable size', async () => {
    const headers = { 'content-type': 'application/json' }
    expect(await server.call('PATCH', '/api/projects/1/', '{"name": ', { headers })).toMatchObject({
      status: 400,
      body: { code: 'malformed_json' },
    })
    expect(
      await server.call('PATCH', '/api/projects/1/', 'name=x', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
    ).toMatchObject({ status: 400, body: { code: 'malformed_json' } })
    expect(await server.call('PATCH', '/api/projects/1/', [], { headers })).toMatchObject({ status: 400, body: { code: 'invalid_input' } })
    expect(await server.call('PATCH', '/api/projects/1/', { name: 'x'.repeat(1_100_000) })).toMatchObject({
      status: 413,
      body: { code: 'body_too_large' },
    })
  })

  test('a token that was reset no longer takes events; the new one does', async () => {
    const { body: project } = await server.call('POST', '/api/projects/', { name: 'Tokens' })
    const event = (token: string) =>
      server.call('POST', '/batch/', { api_key: token, batch: [{ event: 'x', distinct_id: 'a' }] }, anonymous)
    expect((await event(project.api_token)).status).toBe(200)
    const { body: reset } = await server.call('PATCH', `/api/projects/${project.id}/reset_token/`)
    expect(reset.api_token).not.toBe(project.api_token)
    expect((await event(project.api_token)).status).toBe(401)
    expect((await event(reset.api_token)).status).toBe(200)
  })

  test('a secret key is shown once, and replaces the one before', async () => {
    const read = (key: string) => server.call('GET', `/flags/definitions?token=${firstToken}`, undefined, { key })
    expect((await read(secretKey)).status).toBe(200)
    const { body } = await server.call('POST', '/api/projects/1/rotate_secret_token/')
    expect(body.secret_api_token).toMatch(/^phs_[0-9A-Za-z]{43}$/)
    expect((await server.call('GET', '/api/projects/1/')).body).not.toHaveProperty('secret_api_token')
    expect((await server.call('GET', '/api/projects/1/')).body.secret_api_token_hint).toBe(`phs_…${body.secret_api_token.slice(-4)}`)
    expect((await read(body.secret_api_token)).status).toBe(200)
    expect((await read('phs_wrong_key_altogether')).status).toBe(401)
  })

  test('a deleted project is gone at once, and what it holds soon after', async () => {
    const { body: project } = await server.call('POST', '/api/projects/', { name: 'Gone' })
    await server.send(project.api_token, project.id, [
      { event: '$identify', distinct_id: 'ada', properties: { $set: { email: 'ada@example.com' } } },
      { event: 'bought', distinct_id: 'ada' },
    ])
    expect((await server.call('DELETE', `/api/projects/${project.id}/`)).status).toBe(204)
    expect((await server.call('GET', `/api/projects/${project.id}/`)).status).toBe(404)
    expect(
      (await server.call('POST', '/batch/', { api_key: project.api_token, batch: [{ event: 'x', distinct_id: 'a' }] }, anonymous)).status,
    ).toBe(401)
    const { events, application } = server.hedgerow.stores
    await expect.poll(async () => (await application.pool.query('SELECT id FROM projects WHERE id = $1', [project.id])).rowCount).toBe(0)
    const { rows } = await events.query(`SELECT count() FROM events WHERE project_id = ${project.id}`)
    expect(Number(rows[0]?.[0])).toBe(0)
    expect((await application.pool.query('SELECT 1 FROM persons WHERE project_id = $1', [project.id])).rowCount).toBe(0)
  })
})

describe('every address', () => {
  test('an unknown path of the API is answered as JSON', async () => {
    for (const path of ['/api/', '/api/nothing/', '/api/projects/1/nothing/', '/_nothing', '/static/nothing.js', '/API/projects/']) {
      const answer = await server.call('GET', path)
      if (path === '/API/projects/') expect(answer.headers['content-type']).toContain('text/html')
      else expect(answer).toMatchObject({ status: 404, body: { type: 'invalid_request', code: 'not_found' } })
    }
    expect(await server.call('PUT', '/somewhere', {})).toMatchObject({ status: 404, body: { code: 'not_found' } })
  })

  test('never redirects, with a trailing slash or without, or with two slashes', async () => {
    for (const path of [
      '/api/projects',
      '/api/projects/',
      '//api/projects/',
      '/api/projects/1',
      '/api/projects/1/',
      '/api/projects/1/persons',
      '/_health/',
      '/_preflight',
    ]) {
      expect((await server.call('GET', path)).status, path).toBe(200)
    }
  })

  test('carries headers against what a browser would do wrongly', async () => {
    for (const path of ['/', '/api/projects/', '/api/nothing', '/_health']) {
      const { headers } = await server.call('GET', path)
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'same-origin',
        'content-security-policy': expect.stringContaining("default-src 'self'"),
      })
    }
    expect((await server.call('GET', '/api/projects/')).headers['cache-control']).toBe('no-store')
  })

  test('of the web app is the page, and its files are cached by their names', async () => {
    const page = await server.call('GET', '/project/1/persons', undefined, anonymous)
    expect(page).toMatchObject({ status: 200, headers: { 'cache-control': 'no-cache' } })
    expect(page.headers['content-type']).toContain('text/html')
    const [script] = readdirSync(new URL('../../../web/dist/assets/', import.meta.url)).filter((name) => name.endsWith('.js'))
    expect((await server.call('GET', `/assets/${script}`, undefined, anonymous)).headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
    })
    const robots = await server.call('GET', '/robots.txt', undefined, anonymous)
    expect([robots.headers['content-type'], robots.body]).toEqual(['text/plain; charset=utf-8', 'User-agent: *\nDisallow: /\n'])
    for (const path of ['/assets/../../package.json', '/..%2f..%2fpackage.json', '/%2e%2e/package.json', '/assets/nothing.js']) {
      const answer = await server.call('GET', path, undefined, anonymous)
      expect(JSON.stringify(answer.body)).not.toContain('@hedgerow/web')
    }
  })
})

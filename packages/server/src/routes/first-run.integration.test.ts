import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { configWith, createHedgerow } from '@hedgerow/platform'
import { expect, onTestFinished, test } from 'vitest'
import { adminEmail, adminKey, adminPassword, cookiesOf, firstToken, ownOrigin, secretKey, startServer } from '../running-server.fixture.ts'

const anonymous = { key: null }
const noKeys = {
  projectToken: undefined,
  projectSecretKey: undefined,
  personalApiKey: undefined,
  adminEmail: undefined,
  adminPassword: undefined,
}

async function directory(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'hedgerow-first-run-'))
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }))
  return dataDir
}

test('the demo is made in the running server, once, and goes on where it was broken off', async () => {
  const server = await startServer()
  try {
    const demo = async (method: 'GET' | 'POST') => (await server.call(method, '/api/demo/')).body
    expect(await demo('GET')).toEqual({ status: 'none', project_id: null, stored: 0, fraction: 0, error: null })
    expect(await server.call('POST', '/api/demo/')).toMatchObject({ status: 202, body: { status: 'filling' } })
    expect(await demo('POST')).toMatchObject({ status: 'filling' })
    await expect.poll(async () => (await demo('GET')).stored).toBeGreaterThan(0)
    const { project_id: id } = await demo('GET')
    expect((await server.call('GET', `/api/projects/${id}/`)).body).toMatchObject({ is_demo: true, name: 'Meadow (demo)' })
  } finally {
    // A stop does not wait for the fill.
    await server.close()
  }
})

test('the first account is made on a page, once, and is signed in by it', async () => {
  const server = await startServer(noKeys)
  try {
    expect((await server.call('GET', '/_preflight/', undefined, anonymous)).body).toEqual({
      setup_required: true,
      demo: false,
      version: '0.1.0',
    })
    const wanted = { email: 'Ada@example.com', password: 'long enough', name: 'Ada', project_name: 'Shop', timezone: 'Asia/Kathmandu' }
    for (const [body, attr] of [
      [{ ...wanted, email: 'ada' }, 'email'],
      [{ ...wanted, password: 'short' }, 'password'],
      [{ ...wanted, timezone: 'Nowhere' }, 'timezone'],
      [{ ...wanted, project_name: undefined }, 'project_name'],
    ] as const) {
      expect(await server.call('POST', '/api/setup/', body, anonymous)).toMatchObject({ status: 400, body: { attr } })
    }
    expect(await server.call('POST', '/api/setup/', wanted, { key: null, headers: { origin: 'https://evil.example' } })).toMatchObject({
      status: 403,
    })
    const made = await server.call('POST', '/api/setup/', wanted, { key: null, headers: { origin: ownOrigin } })
    expect(made).toMatchObject({
      status: 201,
      body: { id: 1, name: 'Shop', timezone: 'Asia/Kathmandu', api_token: expect.stringMatching(/^phc_/) },
    })
    const cookie = cookiesOf(made)
    expect((await server.call('GET', '/api/users/@me/', undefined, { key: null, headers: { cookie } })).body).toMatchObject({
      email: 'ada@example.com',
      first_name: 'Ada',
      team: { id: 1, name: 'Shop' },
      organization: { name: 'Ada’s organization' },
    })
    expect((await server.call('GET', '/_preflight/', undefined, anonymous)).body.setup_required).toBe(false)
    expect(await server.call('POST', '/api/setup/', { ...wanted, email: 'eve@example.com' }, anonymous)).toMatchObject({
      status: 409,
      body: { code: 'already_set_up' },
    })
  } finally {
    await server.close()
  }
})

test('the environment makes project 1, and adopts it with other keys, as often as it is asked', async () => {
  const dataDir = await directory()
  const first = await startServer({ dataDir })
  await first.send(firstToken, 1, [{ event: 'kept', distinct_id: 'ada' }])
  await first.call('PATCH', '/api/projects/1/', { name: 'Renamed' })
  await first.close()

  const again = await startServer({ dataDir })
  expect((await again.call('GET', '/api/projects/')).body).toMatchObject({
    count: 1,
    results: [{ id: 1, name: 'Renamed', api_token: firstToken, secret_api_token_hint: 'phs_…ject' }],
  })
  expect((await again.call('GET', '/api/personal_api_keys/')).body).toHaveLength(1)
  expect((await again.call('GET', '/api/projects/1/ingestion/')).body).toMatchObject({ accepted: 1, stored: 1, waiting: 0 })
  await again.close()

  const changes = {
    projectToken: 'phc_another_token_for_it',
    projectSecretKey: 'phs_another_key_for_it',
    personalApiKey: 'phx_another_key_of_another_admin',
    adminEmail: 'second@example.com',
    adminPassword: 'another password',
  }
  const changed = await startServer({ dataDir, ...changes })
  try {
    const key = changes.personalApiKey
    expect((await changed.call('GET', '/api/projects/', undefined, { key })).body).toMatchObject({
      count: 1,
      results: [{ id: 1, api_token: changes.projectToken }],
    })
    expect(
      (await changed.call('GET', `/flags/definitions?token=${changes.projectToken}`, undefined, { key: changes.projectSecretKey })).status,
    ).toBe(200)
    expect((await changed.call('GET', `/flags/definitions?token=${changes.projectToken}`, undefined, { key: secretKey })).status).toBe(401)
    expect(
      (await changed.call('POST', '/batch/', { api_key: firstToken, batch: [{ event: 'x', distinct_id: 'a' }] }, anonymous)).status,
    ).toBe(401)
    for (const [email, password] of [
      [adminEmail, adminPassword],
      [changes.adminEmail, changes.adminPassword],
    ]) {
      expect(
        (await changed.call('POST', '/api/auth/sign-in/email', { email, password }, { key: null, headers: { origin: ownOrigin } })).status,
      ).toBe(200)
    }
  } finally {
    await changed.close()
  }
})

test('a password that is too short ends the start, and leaves nothing open', async () => {
  const dataDir = await directory()
  const config = (password: string) =>
    configWith({ dataDir, adminEmail, adminPassword: password, personalApiKey: adminKey, logLevel: 'silent' })
  await expect(createHedgerow(config('short'))).rejects.toMatchObject({
    code: 'weak_password',
    message: 'HEDGEROW_ADMIN_PASSWORD must have at least 8 characters',
  })
  const hedgerow = await createHedgerow(config('long enough'))
  await hedgerow.stop()
  await hedgerow.stop()
})

test('health is 200 only while everything works', async () => {
  const server = await startServer()
  const health = () => server.call('GET', '/_health', undefined, anonymous)
  expect(await health()).toMatchObject({ status: 200, body: { status: 'ok', reasons: [] } })
  for (const path of ['/_health/', '/_readiness', '/_liveness/'])
    expect((await server.call('GET', path, undefined, anonymous)).status).toBe(200)
  await server.hedgerow.stop()
  const stopped = await health()
  expect(stopped).toMatchObject({ status: 503, body: { status: 'unavailable' } })
  expect(stopped.body.reasons).toContain('Hedgerow is stopping.')
  expect((await server.call('GET', '/_liveness', undefined, anonymous)).status).toBe(200)
  await server.close()
})

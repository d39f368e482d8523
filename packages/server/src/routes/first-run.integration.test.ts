import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  adminEmail,
  adminKey,
  adminPassword,
  firstToken,
  ownOrigin,
  type RunningServer,
  secretKey,
  startServer,
} from '../running-server.fixture.ts'

let server: RunningServer

beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server?.close())

test('health answers 200 once everything works', async () => {
  expect(await server.call('GET', '/_health', undefined, { key: null })).toMatchObject({ status: 200, body: { status: 'ok', reasons: [] } })
  for (const path of ['/_health/', '/_readiness', '/_liveness/'])
    expect((await server.call('GET', path, undefined, { key: null })).status).toBe(200)
})

test('the environment made project 1 with the given keys', async () => {
  const { status, body } = await server.call('GET', '/api/projects/1/')
  expect(status).toBe(200)
  expect(body).toMatchObject({ id: 1, api_token: firstToken, timezone: 'UTC', week_start_day: 0, secret_api_token_hint: 'phs_…ject' })
})

test('an event is taken, stored and in the ledger', async () => {
  await server.send(firstToken, 1, [{ event: 'first', distinct_id: 'ada', properties: { plan: 'pro' } }])
  const { body } = await server.call('GET', '/api/projects/1/ingestion/')
  expect(body).toMatchObject({ accepted: 1, stored: 1, rejected: 0, repeated: 0, waiting: 0, lag_ms: 0, stalled: null })
})

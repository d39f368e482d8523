import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ApplicationStore, defaultApplicationStoreLimits, openApplicationStore } from '@hedgerow/stores'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAccounts } from './accounts.ts'
import { createAuth } from './auth.ts'
import { cookieSecret } from './installation.ts'
import { createSignInLimits } from './sign-in-limits.ts'

let dataDir: string
let application: ApplicationStore

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'hedgerow-accounts-'))
  application = await openApplicationStore({ directory: dataDir }, defaultApplicationStoreLimits)
})

afterAll(async () => {
  await application?.close()
  await rm(dataDir, { recursive: true, force: true })
})

const authOf = async () =>
  createAuth({
    application,
    secret: await cookieSecret(application),
    useSecureCookies: false,
    allowedOrigins: [],
    sessionDays: 30,
    log: () => undefined,
  })

test('the key that signs cookies is made once', async () => {
  const first = await cookieSecret(application)
  expect(first.length).toBeGreaterThanOrEqual(64)
  expect(await cookieSecret(application)).toBe(first)
})

test('of two set-ups at once one makes the first account', async () => {
  const accounts = createAccounts(application, await authOf())
  expect(await accounts.setUpRequired()).toBe(true)
  const wanted = { email: 'Ada@example.com', password: 'correct horse', name: 'Ada', project_name: 'One', timezone: 'UTC' }
  const outcomes = await Promise.allSettled([accounts.setUp(wanted), accounts.setUp({ ...wanted, email: 'eve@example.com' })])
  expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(outcomes.find((outcome) => outcome.status === 'rejected')?.reason).toMatchObject({ code: 'already_set_up' })
  expect(await accounts.setUpRequired()).toBe(false)
  const user = await accounts.findByEmail('ADA@example.com')
  expect(user).toMatchObject({ email: 'ada@example.com', name: 'Ada' })
  expect(await accounts.organizationsOf(user?.id ?? '')).toMatchObject([{ role: 'owner', name: 'Ada’s organization' }])
  const { rows } = await application.pool.query<{ password: string }>('SELECT password FROM user_accounts')
  expect(rows.map((row) => row.password.split('$').slice(1, 4))).toEqual([['argon2id', 'v=19', 'm=19456,t=2,p=1']])
})

test('attempts are counted per address and per account, in windows, and a right password begins anew', async () => {
  let nowMs = Date.parse('2026-05-01T12:00:00Z')
  const limits = createSignInLimits(
    application,
    { signInWindowMs: 60_000, signInsPerAddress: 5, signInsPerAccount: 3 },
    () => new Date(nowMs),
  )
  for (let attempt = 0; attempt < 3; attempt++) await limits.attempt('192.0.2.1', 'ada@example.com')
  await expect(limits.attempt('192.0.2.1', ' ADA@example.com')).rejects.toMatchObject({ code: 'too_many_attempts', retryAfterSeconds: 60 })
  await expect(limits.attempt('192.0.2.2', 'ada@example.com')).rejects.toMatchObject({ code: 'too_many_attempts' })
  await limits.attempt('192.0.2.1', 'bob@example.com')
  await expect(limits.attempt('192.0.2.1', 'eve@example.com')).rejects.toMatchObject({ code: 'too_many_attempts' })
  nowMs += 60_001
  await limits.attempt('192.0.2.1', 'ada@example.com')
  await limits.attempt('192.0.2.2', 'ada@example.com')
  await limits.succeeded('ada@example.com')
  for (let attempt = 0; attempt < 3; attempt++) await limits.attempt('192.0.2.3', 'ada@example.com')
})

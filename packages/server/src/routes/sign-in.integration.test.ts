import { configWith } from '@hedgerow/platform'
import { expect, test } from 'vitest'
import { adminEmail, adminPassword, cookiesOf, ownOrigin, startServer } from '../running-server.fixture.ts'

test('attempts to sign in are limited per account', async () => {
  const limited = await startServer({ platform: { ...configWith({}).platform, signInsPerAccount: 3 } })
  try {
    const attempt = () =>
      limited.call(
        'POST',
        '/api/auth/sign-in/email',
        { email: adminEmail, password: 'guess' },
        { key: null, headers: { origin: ownOrigin } },
      )
    for (let tries = 0; tries < 3; tries++) expect((await attempt()).status).toBe(401)
    const refused = await attempt()
    expect(refused).toMatchObject({ status: 429, body: { code: 'too_many_attempts', type: 'throttled_error' } })
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
  } finally {
    await limited.close()
  }
})

test('over https cookies are sent over https alone', async () => {
  const secure = await startServer({ publicUrl: 'https://hedgerow.example' })
  try {
    const answer = await secure.call(
      'POST',
      '/api/auth/sign-in/email',
      { email: adminEmail, password: adminPassword },
      { key: null, headers: { origin: 'https://hedgerow.example' } },
    )
    expect(answer.status).toBe(200)
    expect(String(answer.headers['set-cookie'])).toMatch(/^__Secure-hedgerow\.session_token=.*Secure/)
    const me = await secure.call('GET', '/api/users/@me/', undefined, { key: null, headers: { cookie: cookiesOf(answer) } })
    expect(me).toMatchObject({ status: 200 })
    expect(me.headers['strict-transport-security']).toBe('max-age=31536000')
    const changed = await secure.call(
      'PATCH',
      '/api/users/@me/',
      { name: 'Ada' },
      { key: null, headers: { cookie: cookiesOf(answer), origin: 'https://hedgerow.example' } },
    )
    expect(changed).toMatchObject({ status: 200, body: { first_name: 'Ada' } })
  } finally {
    await secure.close()
  }
})

import { randomBytes } from 'node:crypto'
import type { ApplicationStore } from '@hedgerow/stores'

/** The key that signs cookies: made once, the same for every process and after every restart. */
export async function cookieSecret(application: ApplicationStore): Promise<string> {
  await application.pool.query('INSERT INTO installation_values (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
    'cookie_secret',
    randomBytes(48).toString('base64url'),
  ])
  const { rows } = await application.pool.query<{ value: string }>('SELECT value FROM installation_values WHERE name = $1', [
    'cookie_secret',
  ])
  const secret = rows[0]?.value
  if (secret === undefined) throw new Error('The cookie secret was written, but is not there.')
  return secret
}

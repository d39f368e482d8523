import { createHash } from 'node:crypto'
import type { ApplicationStore } from '@hedgerow/stores'
import { HedgerowError } from '../errors.ts'

export interface SignInLimits {
  signInWindowMs: number
  signInsPerAddress: number
  signInsPerAccount: number
}

/**
 * Counts attempts to sign in, in the database, so that several processes count together and a restart forgets nothing.
 */
export function createSignInLimits(application: ApplicationStore, limits: SignInLimits, now: () => Date) {
  async function count(subject: string, most: number): Promise<void> {
    const at = now()
    const { rows } = await application.pool.query<{ attempts: number; window_started_at: Date }>(
      `INSERT INTO sign_in_attempts AS known (subject, window_started_at, attempts) VALUES ($1, $2, 1)
       ON CONFLICT (subject) DO UPDATE SET
         attempts = CASE WHEN known.window_started_at > $3 THEN known.attempts + 1 ELSE 1 END,
         window_started_at = CASE WHEN known.window_started_at > $3 THEN known.window_started_at ELSE $2 END
       RETURNING attempts, window_started_at`,
      [subject, at, new Date(at.getTime() - limits.signInWindowMs)],
    )
    const row = rows[0]
    if (!row || row.attempts <= most) return
    const seconds = Math.max(1, Math.ceil((row.window_started_at.getTime() + limits.signInWindowMs - at.getTime()) / 1000))
    throw new HedgerowError('too_many_attempts', `Too many attempts to sign in. Try again in ${seconds} s.`, { retryAfterSeconds: seconds })
  }

  return {
    /** Throws `too_many_attempts` when the address or the account has had its share. */
    async attempt(address: string | undefined, email: string): Promise<void> {
      await application.pool.query('DELETE FROM sign_in_attempts WHERE window_started_at < $1', [
        new Date(now().getTime() - 10 * limits.signInWindowMs),
      ])
      if (address !== undefined) await count(`address:${address}`, limits.signInsPerAddress)
      await count(accountSubject(email), limits.signInsPerAccount)
    },
    /** A password that was right: the account's count begins anew. */
    async succeeded(email: string): Promise<void> {
      await application.pool.query('DELETE FROM sign_in_attempts WHERE subject = $1', [accountSubject(email)])
    },
  }
}

// why: a digest, so that what people mistype into the address field is not kept.
const accountSubject = (email: string) => `account:${createHash('sha256').update(email.trim().toLowerCase()).digest('hex')}`

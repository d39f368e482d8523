import { randomUUID } from 'node:crypto'
import type { PersonalApiKeyBody, Scope } from '@hedgerow/protocol'
import type { ApplicationStore } from '@hedgerow/stores'
import { notFound } from '../errors.ts'
import { ExpiringCache } from '../expiring-cache.ts'
import { keyHash, keyHint, randomKey } from '../random.ts'

export interface KnownKey {
  id: string
  userId: string
  scopes: Scope[]
}

interface KeyRow {
  id: string
  user_id: string
  label: string
  key_hint: string
  scopes: Scope[]
  created_at: Date
  last_used_at: Date | null
}

const columns = 'id, user_id, label, key_hint, scopes, created_at, last_used_at'
/** "Last used" is written at most this often. */
const lastUsedIntervalMs = 60_000
const rememberedKeys = 10_000

/** Keys of people for the API: shown once, kept as digests, revocable. */
export function createPersonalApiKeys(application: ApplicationStore, options: { cacheMs: number; nowMs: () => number }) {
  const { pool } = application
  const known = new ExpiringCache<KnownKey>({ maxAgeMs: options.cacheMs, maxEntries: rememberedKeys, nowMs: options.nowMs })
  const usedAtMs = new Map<string, number>()

  async function noteUse(id: string): Promise<void> {
    const nowMs = options.nowMs()
    if (nowMs - (usedAtMs.get(id) ?? 0) < lastUsedIntervalMs) return
    usedAtMs.set(id, nowMs)
    await pool.query('UPDATE personal_api_keys SET last_used_at = $2 WHERE id = $1', [id, new Date(nowMs)])
  }

  async function select(where: string, values: unknown[]): Promise<KeyRow[]> {
    const { rows } = await pool.query<KeyRow>(
      `SELECT ${columns} FROM personal_api_keys WHERE revoked_at IS NULL AND ${where} ORDER BY created_at`,
      values,
    )
    return rows
  }

  async function one(userId: string, id: string): Promise<KeyRow> {
    const [row] = await select('user_id = $1 AND id = $2', [userId, id])
    if (!row) throw notFound(`personal API key ${id}`)
    return row
  }

  return {
    /** Whose key it is; undefined for a key that is unknown or revoked. */
    async find(key: string): Promise<KnownKey | undefined> {
      const hash = keyHash(key)
      const found = await known.get(hash, async () => {
        const [row] = await select('key_hash = $1', [hash])
        return row && { id: row.id, userId: row.user_id, scopes: row.scopes }
      })
      if (found) await noteUse(found.id)
      return found
    },

    list: async (userId: string): Promise<PersonalApiKeyBody[]> => (await select('user_id = $1', [userId])).map(bodyOf),
    get: async (userId: string, id: string): Promise<PersonalApiKeyBody> => bodyOf(await one(userId, id)),

    /** The answer holds the key itself as `value`, this once. */
    async create(userId: string, label: string, scopes: readonly Scope[], key: string = randomKey('phx_')): Promise<PersonalApiKeyBody> {
      const { rows } = await pool.query<KeyRow>(
        `INSERT INTO personal_api_keys (id, user_id, label, key_hash, key_hint, scopes) VALUES ($1, $2, $3, $4, $5, $6) RETURNING ${columns}`,
        [randomUUID(), userId, label, keyHash(key), keyHint(key), scopes],
      )
      known.forget(keyHash(key))
      return { ...bodyOf(rows[0] as KeyRow), value: key }
    },

    /** Makes a given key the user's, with every scope, whoever had it before; for the unattended set-up. */
    async adopt(userId: string, key: string): Promise<void> {
      await pool.query(
        `INSERT INTO personal_api_keys (id, user_id, label, key_hash, key_hint, scopes) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (key_hash) DO UPDATE SET user_id = excluded.user_id, scopes = excluded.scopes, revoked_at = NULL`,
        [randomUUID(), userId, 'Set by the environment', keyHash(key), keyHint(key), ['*']],
      )
      known.clear()
    },

    async change(
      userId: string,
      id: string,
      change: { label?: string | undefined; scopes?: readonly Scope[] | undefined },
    ): Promise<PersonalApiKeyBody> {
      await one(userId, id)
      await pool.query(
        'UPDATE personal_api_keys SET label = coalesce($3, label), scopes = coalesce($4, scopes) WHERE user_id = $1 AND id = $2',
        [userId, id, change.label ?? null, change.scopes ?? null],
      )
      known.clear()
      return bodyOf(await one(userId, id))
    },

    async revoke(userId: string, id: string): Promise<void> {
      await one(userId, id)
      await pool.query('UPDATE personal_api_keys SET revoked_at = now() WHERE user_id = $1 AND id = $2', [userId, id])
      known.clear()
    },

    /** The key's value changes; its label and scopes stay. */
    async roll(userId: string, id: string): Promise<PersonalApiKeyBody> {
      await one(userId, id)
      const key = randomKey('phx_')
      await pool.query('UPDATE personal_api_keys SET key_hash = $3, key_hint = $4, last_used_at = NULL WHERE user_id = $1 AND id = $2', [
        userId,
        id,
        keyHash(key),
        keyHint(key),
      ])
      known.clear()
      return { ...bodyOf(await one(userId, id)), value: key }
    },
  }
}

export type PersonalApiKeys = ReturnType<typeof createPersonalApiKeys>

const bodyOf = (row: KeyRow): PersonalApiKeyBody => ({
  id: row.id,
  label: row.label,
  mask_value: row.key_hint,
  scopes: row.scopes,
  created_at: row.created_at.toISOString(),
  last_used_at: row.last_used_at?.toISOString() ?? null,
})

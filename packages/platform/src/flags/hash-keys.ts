import type { ApplicationStore } from '@hedgerow/stores'

/**
 * Keeps, for whoever has just been identified, the anonymous id as what flags with continuity hash, where the person has none yet. The
 * first to write wins.
 */
export async function keepHashKeys(
  { pool }: ApplicationStore,
  wanted: { projectId: number; distinctId: string; anonymousId: string; flagKeys: readonly string[] },
): Promise<void> {
  await pool.query(
    `INSERT INTO feature_flag_hash_keys (project_id, distinct_id, flag_key, hash_key)
     SELECT $1, $2, f.key, $3 FROM unnest($4::text[]) AS f(key)
     ON CONFLICT DO NOTHING`,
    [wanted.projectId, wanted.distinctId, wanted.anonymousId, wanted.flagKeys],
  )
}

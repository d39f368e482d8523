import type { ApplicationStore } from '@hedgerow/stores'

/** What a request counts for: a server that evaluates by itself asks rarely, for many. */
const units = { evaluation: 1, definitions: 10 } as const

interface Month {
  name: string
  used: number
  readAtMs: number
  reading: Promise<void> | undefined
}

const usedSince = `
SELECT coalesce(sum(count * CASE kind WHEN 'definitions' THEN ${units.definitions} ELSE ${units.evaluation} END), 0)::float8 AS used
FROM feature_flag_request_counts WHERE project_id = $1 AND day >= $2::date`

/**
 * Whether a project has asked for flags as often as it may in a calendar month, UTC. It goes by the counts that all processes write now
 * and then, so that a bound is passed by what they answer in between.
 */
export function createFlagQuota(
  { pool }: ApplicationStore,
  options: { readMs: number; nowMs: () => number; warn(message: string, error: unknown): void },
) {
  const months = new Map<number, Month>()

  async function read(projectId: number, month: Month): Promise<void> {
    try {
      const { rows } = await pool.query<{ used: number }>(usedSince, [projectId, `${month.name}-01`])
      month.used = rows[0]?.used ?? 0
    } catch (error) {
      // why: nobody shall lose their flags since they could not be counted.
      options.warn('how often a project asked for flags cannot be read', error)
    }
    month.readAtMs = options.nowMs()
    month.reading = undefined
  }

  return {
    /** From memory; a promise where it was not looked up yet. */
    isUsedUp(projectId: number, bound: number | null): boolean | Promise<boolean> {
      if (bound === null) return false
      const nowMs = options.nowMs()
      const name = new Date(nowMs).toISOString().slice(0, 7)
      const known = months.get(projectId)
      const month = known?.name === name ? known : { name, used: 0, readAtMs: Number.NEGATIVE_INFINITY, reading: undefined }
      if (month !== known) months.set(projectId, month)
      if (nowMs - month.readAtMs > options.readMs) month.reading ??= read(projectId, month)
      if (month.readAtMs === Number.NEGATIVE_INFINITY && month.reading) return month.reading.then(() => month.used >= bound)
      return month.used >= bound
    },
  }
}

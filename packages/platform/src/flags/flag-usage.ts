import type { ApplicationStore } from '@hedgerow/stores'
import type { QueryEngine } from '../query/query-engine.ts'
import type { Flags } from './flags.ts'

/** How often a flag was asked for: what apps told, and what the server itself answered. */
export function createFlagUsage(application: ApplicationStore, parts: { flags: Flags; query: QueryEngine; nowMs: () => number }) {
  const noted = new Set<number>()

  return {
    async of(projectId: number, id: string, days: number) {
      const row = await parts.flags.row(projectId, id)
      const { results } = await parts.query.rows({
        projectId,
        query: {
          kind: 'HogQLQuery',
          query: `SELECT toDate(timestamp) AS day, toString(properties.$feature_flag_response) AS answer, count() AS calls, count(DISTINCT person_id) AS people
                  FROM events WHERE event = '$feature_flag_called' AND properties.$feature_flag = {key} AND timestamp > now() - toIntervalDay({days})
                  GROUP BY day, answer ORDER BY day, answer LIMIT 10000`,
          values: { key: row.key, days },
        },
      })
      const { rows } = await application.pool.query<{ day: string; answer: string; count: number }>(
        `SELECT day::text AS day, answer, count FROM feature_flag_counts
         WHERE project_id = $1 AND flag_id = $2 AND day > ($3::timestamptz - make_interval(days => $4))::date ORDER BY day, answer`,
        [projectId, row.id, new Date(parts.nowMs()), days],
      )
      return {
        called: results.map(([day, answer, calls, people]) => ({ day: String(day), answer: String(answer), calls, people })),
        answered: rows,
        last_called_at: row.last_called_at?.toISOString() ?? null,
      }
    },

    /** Notes when apps last told of each flag, from the events of the last hour; of thirty days until some are found, as after a start or in a new project. */
    async noteCalls(projectIds: readonly number[]): Promise<void> {
      for (const projectId of projectIds) {
        const hours = noted.has(projectId) ? 1 : 30 * 24
        const { results } = await parts.query.rows({
          projectId,
          query: {
            kind: 'HogQLQuery',
            query: `SELECT properties.$feature_flag AS key, toUnixTimestamp(max(timestamp)) FROM events
                    WHERE event = '$feature_flag_called' AND timestamp > now() - toIntervalHour({hours}) GROUP BY key LIMIT 10000`,
            values: { hours },
          },
        })
        if (results.length === 0) continue
        noted.add(projectId)
        await application.pool.query(
          `UPDATE feature_flags f SET last_called_at = greatest(f.last_called_at, least(to_timestamp(c.at), now()))
           FROM unnest($2::text[], $3::bigint[]) AS c(key, at) WHERE f.project_id = $1 AND f.key = c.key`,
          [projectId, results.map(([key]) => String(key)), results.map(([, at]) => Number(at))],
        )
      }
    },
  }
}

import type { LiveEventBody } from '@hedgerow/protocol'
import type { ApplicationStore } from '@hedgerow/stores'
import type { QueryEngine } from '../query/query-engine.ts'

/**
 * A project's events that became queryable after `cursor`, oldest first; without a cursor none, but the place to begin. Where they
 * are more than `limit`, the newest of them, and how many were passed over.
 */
export type ReadNewEvents = (
  projectId: number,
  cursor: string | undefined,
  limit: number,
) => Promise<{ events: LiveEventBody[]; cursor: string; skipped: number }>

/** A batch of ingestion has one `inserted_at`, later than that of every batch before it; so "after this instant" misses nothing of committed batches. */
export function createReadNewEvents(application: ApplicationStore, query: QueryEngine): ReadNewEvents {
  /** The newest instant whose events are all visible. */
  async function newest(): Promise<string> {
    const { rows } = await application.pool.query<{ newest: string | null }>(
      `SELECT to_char(coalesce((SELECT min(inserted_at) FROM ingestion_pending_batches) - interval '1 microsecond', last_inserted_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS newest
       FROM ingestion_progress`,
    )
    return rows[0]?.newest ?? '1970-01-01T00:00:00.000000Z'
  }

  async function rows(projectId: number, select: string, values: { cursor: string; upTo: string }, rest = ''): Promise<unknown[][]> {
    const { results } = await query.rows({
      projectId,
      query: {
        kind: 'HogQLQuery',
        query: `SELECT ${select} FROM events WHERE inserted_at > toDateTime({cursor}) AND inserted_at <= toDateTime({upTo}) ${rest}`,
        values,
      },
    })
    return results
  }

  return async (projectId, cursor, limit) => {
    const upTo = await newest()
    // Both have one form, in which the later instant sorts behind.
    if (cursor === undefined || upTo <= cursor) return { events: [], cursor: cursor ?? upTo, skipped: 0 }
    const range = { cursor, upTo }
    const found = await rows(projectId, columns, range, `ORDER BY inserted_at DESC, created_at DESC, uuid DESC LIMIT ${limit}`)
    const [[count] = [found.length]] = found.length < limit ? [] : await rows(projectId, 'count()', range)
    return { events: found.reverse().map(liveEvent), cursor: upTo, skipped: Math.max(0, Number(count) - found.length) }
  }
}

const columns = 'uuid, event, distinct_id, person_id, timestamp, created_at, inserted_at, properties'

function liveEvent([uuid, event, distinctId, personId, timestamp, createdAt, insertedAt, properties]: unknown[]): LiveEventBody {
  return {
    uuid: String(uuid),
    id: String(uuid),
    event: String(event),
    distinct_id: String(distinctId),
    person_id: String(personId),
    timestamp: new Date(String(timestamp)).toISOString(),
    created_at: new Date(String(createdAt)).toISOString(),
    inserted_at: new Date(String(insertedAt)).toISOString(),
    properties: JSON.parse(String(properties)),
  }
}

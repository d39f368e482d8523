import type { LiveEventBody } from '@hedgerow/protocol'
import type { ApplicationStore } from '@hedgerow/stores'
import type { QueryEngine } from '../query/query-engine.ts'

/** A project's events that became queryable after `cursor`; without a cursor none, but the place to begin. */
export type ReadNewEvents = (
  projectId: number,
  cursor: string | undefined,
  limit: number,
) => Promise<{ events: LiveEventBody[]; cursor: string; hasMore: boolean }>

/**
 * A batch of ingestion has one `inserted_at`, later than that of every batch before it, and its events become visible
 * together; so "after this instant" misses nothing. limit: of a batch with more events than are asked for, the rest is passed over.
 */
export function createReadNewEvents(application: ApplicationStore, query: QueryEngine): ReadNewEvents {
  /** The newest instant whose events are all visible. */
  async function newest(): Promise<string> {
    const { rows } = await application.pool.query<{ newest: string | null }>(
      `SELECT to_char(coalesce((SELECT min(inserted_at) FROM ingestion_pending_batches) - interval '1 microsecond', last_inserted_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS newest
       FROM ingestion_progress`,
    )
    return rows[0]?.newest ?? '1970-01-01T00:00:00Z'
  }

  return async (projectId, cursor, limit) => {
    if (cursor === undefined) return { events: [], cursor: await newest(), hasMore: false }
    const { results } = await query.rows({
      projectId,
      query: {
        kind: 'HogQLQuery',
        query: `SELECT uuid, event, distinct_id, person_id, timestamp, created_at, inserted_at, properties FROM events
                WHERE inserted_at > toDateTime({cursor}) ORDER BY inserted_at, created_at, uuid LIMIT ${limit}`,
        values: { cursor },
      },
    })
    return { events: results.map(liveEvent), cursor: String(results.at(-1)?.[6] ?? cursor), hasMore: results.length === limit }
  }
}

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

import type { LiveEventBody } from '@hedgerow/protocol'
import type { EventStore } from '@hedgerow/stores'

/** What a project's events that became queryable after `cursor` are; without a cursor none, but the place to begin. */
export type ReadNewEvents = (
  projectId: number,
  cursor: string | undefined,
  limit: number,
) => Promise<{ events: LiveEventBody[]; cursor: string; hasMore: boolean }>

/**
 * A batch of ingestion has one `inserted_at`, later than that of every batch before it, and its events become visible
 * together; so "after this instant" misses nothing. A batch of more events than the limit is cut: its rest is passed over.
 */
export function createReadNewEvents(events: EventStore): ReadNewEvents {
  async function newest(projectId: number): Promise<string> {
    const { rows } = await events.query('SELECT toString(max(inserted_at)) FROM events WHERE project_id = {project:Int64}', {
      params: { project: projectId },
      projectId,
    })
    return String(rows[0]?.[0] ?? '1970-01-01 00:00:00.000000')
  }

  return async (projectId, cursor, limit) => {
    if (cursor === undefined) return { events: [], cursor: await newest(projectId), hasMore: false }
    const { rows } = await events.query(
      `SELECT toString(uuid), event, distinct_id, toString(person_id), toString(timestamp), toString(created_at), toString(inserted_at),
         toJSONString(properties)
       FROM events WHERE project_id = {project:Int64} AND inserted_at > {cursor:DateTime64(6, 'UTC')}
       ORDER BY inserted_at, created_at, uuid LIMIT {limit:UInt64}`,
      { params: { project: projectId, cursor, limit }, projectId },
    )
    const found = rows.map(liveEvent)
    return { events: found, cursor: String(rows.at(-1)?.[6] ?? cursor), hasMore: rows.length === limit }
  }
}

function liveEvent([uuid, event, distinctId, personId, timestamp, createdAt, insertedAt, properties]: unknown[]): LiveEventBody {
  return {
    uuid: String(uuid),
    id: String(uuid),
    event: String(event),
    distinct_id: String(distinctId),
    person_id: String(personId),
    timestamp: instantOf(timestamp),
    created_at: instantOf(createdAt),
    inserted_at: instantOf(insertedAt),
    properties: JSON.parse(String(properties)),
  }
}

/** `2026-03-01 12:00:00.123456` → ISO, with milliseconds. */
const instantOf = (text: unknown): string => `${String(text).slice(0, 23).replace(' ', 'T')}Z`

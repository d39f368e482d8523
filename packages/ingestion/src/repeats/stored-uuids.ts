import { type EventStore, eventStoreTables } from '@hedgerow/stores'
import { keyOf } from '../identity/person-state.ts'
import type { RepeatFilter } from './repeat-filter.ts'

export interface UuidKey {
  projectId: number
  uuid: string
}

/** limit: uuids in one look-up; they travel in the address of a request. */
const uuidsPerQuery = 4_000
/** limit: uuids in one row while the filter is being filled. */
const uuidsPerSlice = 250_000

export interface StoredRange {
  /** `YYYY-MM-DD hh:mm:ss.ffffff`: only what was inserted from then on… */
  from: string
  /** …and before then: rows of a batch that is done again are not its repeats. */
  before: string
}

/** Which of the uuids are in the event store; keys as of `keyOf(projectId, uuid)`. */
export async function findStoredUuids(store: EventStore, keys: readonly UuidKey[], range: StoredRange): Promise<Set<string>> {
  const found = new Set<string>()
  const byProject = groupByProject(keys)
  for (const [projectId, uuids] of byProject) {
    for (let at = 0; at < uuids.length; at += uuidsPerQuery) {
      const { rows } = await store.query(
        `SELECT DISTINCT toString(uuid) FROM ${eventStoreTables.events}
         WHERE project_id = {projectId: UInt32} AND uuid IN {uuids: Array(UUID)}
           AND inserted_at >= {from: DateTime64(6, 'UTC')} AND inserted_at < {before: DateTime64(6, 'UTC')}`,
        { params: { projectId, uuids: uuids.slice(at, at + uuidsPerQuery), ...range }, lane: 'background', projectId },
      )
      for (const [uuid] of rows) found.add(keyOf(projectId, String(uuid)))
    }
  }
  return found
}

function groupByProject(keys: readonly UuidKey[]): Map<number, string[]> {
  const groups = new Map<number, string[]>()
  for (const { projectId, uuid } of keys) {
    const group = groups.get(projectId)
    if (group) group.push(uuid)
    else groups.set(projectId, [uuid])
  }
  return groups
}

/**
 * Fills the filter with what was stored since `from`, newest first, then marks it complete. In the background:
 * until it is done, every uuid is looked up.
 */
export async function fillRepeatFilter(store: EventStore, filter: RepeatFilter, from: string, signal: AbortSignal): Promise<void> {
  const { rows } = await store.query(
    `SELECT toUnixTimestamp(toStartOfHour(inserted_at)) AS hour, count()
     FROM ${eventStoreTables.events} WHERE inserted_at >= {from: DateTime64(6, 'UTC')}
     GROUP BY hour ORDER BY hour DESC`,
    { params: { from }, lane: 'background', signal },
  )
  for (const [hour, count] of rows) {
    const slices = Math.ceil(Number(count) / uuidsPerSlice)
    for (let slice = 0; slice < slices; slice += 1) {
      const startSeconds = Number(hour)
      const result = await store.query(
        `SELECT project_id, arrayStringConcat(groupArray(toString(uuid)))
         FROM ${eventStoreTables.events}
         WHERE toStartOfHour(inserted_at) = toDateTime({hour: UInt32}, 'UTC') AND inserted_at >= {from: DateTime64(6, 'UTC')}
           AND inserted_at >= toDateTime({hour: UInt32}, 'UTC') AND inserted_at < toDateTime({hour: UInt32}, 'UTC') + INTERVAL 1 HOUR
           AND cityHash64(uuid) % {slices: UInt32} = {slice: UInt32}
         GROUP BY project_id`,
        { params: { hour: startSeconds, from, slices, slice }, lane: 'background', signal },
      )
      for (const [projectId, uuids] of result.rows) filter.addStored(Number(projectId), String(uuids), startSeconds * 1_000)
    }
  }
  filter.markComplete()
}

import { eventStoreTables } from '@hedgerow/stores'
import type { IngestionStores } from './batch/ingestion-state.ts'
import { microsText } from './batch/instants.ts'
import { readProgress } from './batch/progress.ts'
import { sqlOf } from './batch/sql.ts'

/**
 * limit: distinct ids, of whichever projects, rewritten by one mutation.
 * A mutation reads every part, however few rows it changes.
 */
const idsPerMutation = 5_000

/** The two together are what a row is recognised by, in one list for all projects. */
const rowKey = "concat(toString(project_id), ':', distinct_id)"

export interface FoldOptions {
  /** At most this many distinct ids in one call. */
  maxDistinctIds?: number
  signal?: AbortSignal
}

export interface FoldOutcome {
  folded: number
  /** Overrides that were left, since events of theirs still stand under another person. */
  left: number
}

interface Override {
  projectId: number
  distinctId: string
  personId: string
}

/**
 * Writes the present person into the events of overridden distinct ids, then removes the overrides, so that queries of
 * a project without merges since the last time need not look at any. To be run now and then, by one process at a time.
 *
 * Only overrides of committed batches are folded. Every event stored under a former person was inserted before such an override was;
 * an event inserted later carries that person or a later one, whose own override is newer and stays. An override is removed only after
 * a count says that no event needs it.
 */
export async function foldOverrides(
  stores: Pick<IngestionStores, 'events' | 'application'>,
  options: FoldOptions = {},
): Promise<FoldOutcome> {
  const { maxDistinctIds = 50_000, signal } = options
  const progress = await readProgress(sqlOf(stores.application.pool))
  // tricky: versions are the instants of batches; batches under way have later ones.
  const [firstPending] = progress.pending
  const upTo = firstPending ? firstPending.insertedAtMicros - 1 : progress.lastInsertedAtMicros
  const overrides = await readOverrides(stores, upTo, maxDistinctIds)
  const outcome: FoldOutcome = { folded: 0, left: 0 }
  for (let at = 0; at < overrides.length && !signal?.aborted; at += idsPerMutation) {
    const chunk = overrides.slice(at, at + idsPerMutation)
    const isFolded = await foldChunk(stores, chunk, upTo)
    if (isFolded) outcome.folded += chunk.length
    else outcome.left += chunk.length
  }
  return outcome
}

async function readOverrides({ events }: Pick<IngestionStores, 'events'>, upTo: number, limit: number): Promise<Override[]> {
  const { rows } = await events.query(
    `SELECT project_id, distinct_id, toString(argMax(person_id, version)), argMax(is_deleted, version)
     FROM ${eventStoreTables.personDistinctIdOverrides}
     GROUP BY project_id, distinct_id HAVING max(version) <= {upTo: UInt64}
     ORDER BY project_id, distinct_id LIMIT {limit: UInt32}`,
    { params: { upTo, limit }, lane: 'background' },
  )
  // An override that says "deleted" overrides nothing; its row goes with the others.
  return rows.map(([projectId, distinctId, personId, isDeleted]) => ({
    projectId: Number(projectId),
    distinctId: String(distinctId),
    personId: Number(isDeleted) === 1 ? '' : String(personId),
  }))
}

async function foldChunk({ events }: Pick<IngestionStores, 'events'>, chunk: readonly Override[], upTo: number): Promise<boolean> {
  const moved = chunk.filter((override) => override.personId !== '')
  const params = {
    projectIds: [...new Set(moved.map((override) => override.projectId))],
    keys: moved.map(keyOfOverride),
    persons: moved.map((override) => override.personId),
    before: microsText(upTo + 1),
  }
  const present = `toUUID(transform(${rowKey}, {keys: Array(String)}, {persons: Array(String)}, toString(person_id)))`
  const stale = `project_id IN {projectIds: Array(UInt32)} AND ${rowKey} IN {keys: Array(String)} AND person_id != ${present}
    AND inserted_at < {before: DateTime64(6, 'UTC')}`
  if (moved.length > 0) {
    const countStale = async () => {
      const { rows } = await events.query(`SELECT count() FROM ${eventStoreTables.events} WHERE ${stale}`, { params, lane: 'background' })
      return Number(rows[0]?.[0])
    }
    if ((await countStale()) > 0) {
      await events.command(`ALTER TABLE ${eventStoreTables.events} UPDATE person_id = ${present} WHERE ${stale}`, {
        params,
        lane: 'background',
      })
      if ((await countStale()) > 0) return false
    }
  }
  await events.command(
    `DELETE FROM ${eventStoreTables.personDistinctIdOverrides} WHERE ${rowKey} IN {keys: Array(String)} AND version <= {upTo: UInt64}`,
    { params: { keys: chunk.map(keyOfOverride), upTo }, lane: 'background' },
  )
  return true
}

function keyOfOverride({ projectId, distinctId }: Override): string {
  return `${projectId}:${distinctId}`
}

import type { FlagSource } from '@hedgerow/flags'
import type { Sql } from '@hedgerow/ingestion'
import type { ApplicationStore } from '@hedgerow/stores'
import type { QueryEngine } from '../query/query-engine.ts'
import { definitionOf, type FlagFields } from './flag-row.ts'
import { readFlagSource } from './flag-source.ts'

type Properties = Readonly<Record<string, unknown>>

/** Somebody as known at a moment. */
export interface PersonThen {
  properties: Properties
  /** The event that says so. */
  seenAt: string
}

/** Flags as they were defined at a moment. Cohorts and group types are those of now; see createPastCohorts. */
export async function flagSourceAt({ pool }: ApplicationStore, projectId: number, at: string): Promise<FlagSource> {
  const now = await readFlagSource(pool as unknown as Sql, projectId)
  const { rows } = await pool.query<{ flag_id: number; version: number; definition: FlagFields }>(
    `SELECT DISTINCT ON (flag_id) flag_id, version, definition FROM feature_flag_versions
     WHERE project_id = $1 AND created_at <= $2 ORDER BY flag_id, version DESC`,
    [projectId, at],
  )
  const flags = rows
    .filter((row) => !row.definition.deleted)
    .map((row) => definitionOf({ ...row.definition, id: row.flag_id, version: row.version }))
  return { ...now, flags }
}

/**
 * A person's properties at a moment, from the last event before it; undefined where there is none. Of events of the same instant the one with
 * the later uuid is the later one, where SDKs make them by time.
 */
export async function personAt(
  query: QueryEngine,
  projectId: number,
  distinctIds: readonly string[],
  at: string,
): Promise<PersonThen | undefined> {
  const { results } = await query.rows({
    projectId,
    query: {
      kind: 'HogQLQuery',
      query: `SELECT toString(poe.properties), timestamp FROM events
              WHERE distinct_id IN {ids} AND person_mode != 'propertyless' AND timestamp <= toDateTime({at})
              ORDER BY timestamp DESC, created_at DESC, toString(uuid) DESC LIMIT 1`,
      values: { ids: [...distinctIds], at },
    },
  })
  const [row] = results
  return row && { properties: propertiesIn(row[0]), seenAt: String(row[1]) }
}

/** limit: changes of one group that are read; before the newest of these nothing counts. */
const maxGroupChanges = 10_000

/** A group's properties at a moment, as the events that set them left them; undefined where there were none yet. */
export async function groupAt(
  query: QueryEngine,
  projectId: number,
  type: string,
  key: string,
  at: string,
): Promise<Properties | undefined> {
  const { results } = await query.rows({
    projectId,
    query: {
      kind: 'HogQLQuery',
      query: `SELECT toString(properties) FROM events
              WHERE event = '$groupidentify' AND properties.$group_type = {type} AND properties.$group_key = {key}
                AND timestamp <= toDateTime({at}) ORDER BY timestamp DESC, created_at DESC, toString(uuid) DESC LIMIT ${maxGroupChanges}`,
      values: { type, key, at },
    },
  })
  if (results.length === 0) return undefined
  return Object.assign({}, ...results.reverse().map(([properties]) => recordIn(propertiesIn(properties).$group_set)))
}

/** One evaluation of a flag that an app told of. */
export interface ToldEvaluation {
  distinctId: string
  personId: string
  properties: Properties
  /** By index of the type. */
  groupKeys: readonly string[]
}

/** Who was told a flag's answer in the last days, each with what was known of them then; the newest of each. */
export async function toldEvaluations(
  query: QueryEngine,
  projectId: number,
  key: string,
  days: number,
  limit: number,
): Promise<ToldEvaluation[]> {
  const { results } = await query.rows({
    projectId,
    query: {
      kind: 'HogQLQuery',
      query: `SELECT distinct_id, toString(argMax(person_id, timestamp)), argMax(toString(poe.properties), timestamp),
                argMax($group_0, timestamp), argMax($group_1, timestamp), argMax($group_2, timestamp), argMax($group_3, timestamp), argMax($group_4, timestamp)
              FROM events
              WHERE event = '$feature_flag_called' AND properties.$feature_flag = {key} AND timestamp > now() - toIntervalDay({days})
              GROUP BY distinct_id ORDER BY distinct_id LIMIT ${limit}`,
      values: { key, days },
    },
  })
  return results.map(([distinctId, personId, properties, ...groupKeys]) => ({
    distinctId: String(distinctId),
    personId: String(personId),
    properties: propertiesIn(properties),
    groupKeys: groupKeys.map(String),
  }))
}

function propertiesIn(value: unknown): Properties {
  return recordIn(typeof value === 'string' ? JSON.parse(value || '{}') : value)
}

const recordIn = (value: unknown): Properties => (typeof value === 'object' && value !== null ? (value as Properties) : {})

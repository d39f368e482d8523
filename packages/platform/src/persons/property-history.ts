import type { PropertyChangeBody, PropertyHistoryBody } from '@hedgerow/protocol'
import type { QueryEngine } from '../query/query-engine.ts'

type Properties = Readonly<Record<string, unknown>>

/** A person as it was right after an event, where that differs from what was known before. */
export interface Snapshot {
  at: string
  uuid: string
  event: string
  distinctId: string
  properties: Properties
  /** After the event before. */
  previous: Properties
  /** After the event before of the same distinct id; absent for its first. */
  previousOfSame: Properties | undefined
}

/** limit: events with a change that are read of a person; each may have changed several properties. */
const mostSnapshots = 2_000

const isSame = (one: Properties, other: Properties, key: string): boolean =>
  Object.hasOwn(one, key) === Object.hasOwn(other, key) && JSON.stringify(one[key]) === JSON.stringify(other[key])

/**
 * What changed with each snapshot, in their order; of one property, or of all. Two persons that were merged later have alternating
 * events with a past of their own each: what is new neither to the distinct id nor to the event before is no change.
 */
export function propertyChanges(snapshots: readonly Snapshot[], key?: string): PropertyChangeBody[] {
  return snapshots.flatMap(({ at, uuid, event, distinctId, properties, previous, previousOfSame = previous }) => {
    const names = key === undefined ? [...new Set([...Object.keys(properties), ...Object.keys(previousOfSame)])].sort() : [key]
    return names.flatMap((name): PropertyChangeBody[] => {
      if (isSame(properties, previousOfSame, name) || isSame(properties, previous, name)) return []
      const before = Object.hasOwn(previousOfSame, name) ? { before: previousOfSame[name] } : {}
      const after = Object.hasOwn(properties, name) ? { after: properties[name] } : {}
      return [{ key: name, ...before, ...after, at, event_uuid: uuid, event, distinct_id: distinctId }]
    })
  })
}

/** How a person's properties came to be: every event carries them as they were right after it. */
export async function readPropertyHistory(
  query: QueryEngine,
  projectId: number,
  personId: string,
  key: string | undefined,
): Promise<PropertyHistoryBody> {
  const { results } = await query.rows({
    projectId,
    query: {
      kind: 'HogQLQuery',
      query: `SELECT timestamp, toString(uuid), event, distinct_id, properties_then, before, before_of_same
              FROM (
                SELECT timestamp, uuid, event, distinct_id, toString(poe.properties) AS properties_then,
                  lagInFrame(toString(poe.properties), 1, '{}') OVER (ORDER BY timestamp ASC, uuid ASC) AS before,
                  lagInFrame(toString(poe.properties), 1, '') OVER (PARTITION BY distinct_id ORDER BY timestamp ASC, uuid ASC) AS before_of_same
                FROM events WHERE person_id = {person} AND person_mode != 'propertyless'
              )
              WHERE properties_then != before AND properties_then != before_of_same
              ORDER BY timestamp DESC, uuid DESC LIMIT ${mostSnapshots + 1}`,
      values: { person: personId },
    },
  })
  const snapshots = results.slice(0, mostSnapshots).map(([at, uuid, event, distinctId, properties, previous, previousOfSame]) => ({
    at: new Date(String(at)).toISOString(),
    uuid: String(uuid),
    event: String(event),
    distinctId: String(distinctId),
    properties: propertiesIn(properties),
    previous: propertiesIn(previous),
    previousOfSame: previousOfSame === '' ? undefined : propertiesIn(previousOfSame),
  }))
  return { results: propertyChanges(snapshots, key), is_cut: results.length > mostSnapshots }
}

function propertiesIn(value: unknown): Properties {
  const parsed: unknown = typeof value === 'string' ? JSON.parse(value || '{}') : value
  return typeof parsed === 'object' && parsed !== null ? (parsed as Properties) : {}
}

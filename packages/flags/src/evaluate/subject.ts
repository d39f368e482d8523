import type { Properties } from '../properties/match.ts'

/** Who is asked about. */
export interface Subject {
  distinctId: string
  /** The person's, with `distinct_id` and what the request says; see {@link personProperties}. */
  person: Properties
  /** Columns of the person that are no properties, such as `created_at`. */
  personColumns: Properties
  deviceId: string | undefined
  /** The id before the person was identified. */
  anonymousId: string | undefined
  /** What a flag with continuity hashes instead of the distinct id: flag key → text. */
  hashKeys: ReadonlyMap<string, string> | undefined
  /** By the index of the type; undefined where no group of a type was named. */
  groups: readonly (SubjectGroup | undefined)[]
  /** Whether the person is in a cohort whose members are kept. */
  isMember(cohortId: number): boolean
  nowMs: number
  /** Why what is stored about the person could not be read, if it could not: whatever needs it fails. */
  unread?: string | undefined
}

export interface SubjectGroup {
  key: string
  properties: Properties
}

/**
 * The properties that conditions see: stored ones, `distinct_id` over them, and over both what the request says. A missing `$initial_x`
 * is what the request says of `x`.
 */
export function personProperties(stored: Properties | undefined, requested: Properties | undefined, distinctId: string): Properties {
  const merged: Record<string, unknown> = { ...stored, distinct_id: distinctId, ...requested }
  for (const key in requested) {
    if (key.startsWith('$initial_')) continue
    const initial = `$initial_${key.startsWith('$') ? key.slice(1) : key}`
    if (!Object.hasOwn(merged, initial)) merged[initial] = requested[key]
  }
  return merged
}

/** A group's key as text; undefined for what is none. */
function groupKey(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : undefined
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The groups that a request names, by index. `stored` answers a group's stored properties. */
export function subjectGroups(
  groupTypes: ReadonlyMap<string, number>,
  requested: Readonly<Record<string, unknown>> | undefined,
  properties: Readonly<Record<string, unknown>> | undefined,
  stored: (typeIndex: number, key: string) => Properties | undefined,
): (SubjectGroup | undefined)[] {
  const groups: (SubjectGroup | undefined)[] = []
  for (const type in requested) {
    const index = groupTypes.get(type)
    const key = groupKey(requested[type])
    if (index === undefined || key === undefined) continue
    const given = properties?.[type]
    groups[index] = { key, properties: { ...stored(index, key), ...(isRecord(given) ? given : undefined), $group_key: key } }
  }
  return groups
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

import type { CommittedChanges } from '@hedgerow/ingestion'
import type { ApplicationStore } from '@hedgerow/stores'
import { NoticedCache } from './noticed-cache.ts'

type Properties = Readonly<Record<string, unknown>>

/** What is stored about whoever a distinct id belongs to. */
export interface KnownPerson {
  /** Undefined where nobody has the distinct id. */
  id: string | undefined
  properties: Properties | undefined
  /** Columns that conditions may ask for. */
  columns: Properties
  /** Static cohorts that the person is in. */
  cohortIds: ReadonlySet<number>
  /** Flag key → what is hashed for it. */
  hashKeys: ReadonlyMap<string, string>
}

const nobody: KnownPerson = { id: undefined, properties: undefined, columns: {}, cohortIds: new Set(), hashKeys: new Map() }

export interface PeopleLimits {
  flagPeopleCount: number
  flagPeopleBytes: number
}

interface PersonRow {
  project_id: number
  distinct_id: string
  person_id: string | null
  properties: string | null
  is_identified: boolean | null
  created_at: Date | null
  cohort_ids: number[] | null
  hash_keys: [string, string][] | null
}

// why: LATERAL with OFFSET, so that ids are looked up one by one, whatever Postgres believes of the tables.
// why: a hash key or a membership is of a distinct id, and counts for the person that the id belongs to now.
const personsOf = `
SELECT k.project_id, k.distinct_id, d.person_id, p.properties::text AS properties, p.is_identified, p.created_at,
  (SELECT array_agg(DISTINCT m.cohort_id) FROM person_distinct_ids o
   JOIN static_cohort_members m ON m.project_id = o.project_id AND m.distinct_id = o.distinct_id
   WHERE o.project_id = d.project_id AND o.person_id = d.person_id) AS cohort_ids,
  (SELECT json_agg(json_build_array(h.flag_key, h.hash_key) ORDER BY h.created_at DESC) FROM feature_flag_hash_keys h
   WHERE h.project_id = k.project_id AND (h.distinct_id = k.distinct_id OR h.distinct_id IN
     (SELECT o.distinct_id FROM person_distinct_ids o WHERE o.project_id = d.project_id AND o.person_id = d.person_id))) AS hash_keys
FROM unnest($1::int[], $2::text[]) AS k(project_id, distinct_id)
LEFT JOIN LATERAL (
  SELECT project_id, person_id FROM person_distinct_ids WHERE project_id = k.project_id AND distinct_id = k.distinct_id OFFSET 0
) d ON true
LEFT JOIN LATERAL (
  SELECT properties, is_identified, created_at FROM persons WHERE project_id = d.project_id AND id = d.person_id OFFSET 0
) p ON true`

const groupsOf = `
SELECT g.project_id, g.group_type_index, g.group_key, g.properties::text AS properties
FROM unnest($1::int[], $2::smallint[], $3::text[]) AS k(project_id, group_type_index, group_key)
CROSS JOIN LATERAL (
  SELECT project_id, group_type_index, group_key, properties FROM groups
  WHERE project_id = k.project_id AND group_type_index = k.group_type_index AND group_key = k.group_key OFFSET 0
) g`

/**
 * Persons and groups that flags were asked about, in memory. Ingestion tells what it changed, in this process and in others, so that
 * nothing here is older than the last commit.
 */
export class FlagPeople {
  readonly #pool: ApplicationStore['pool']
  readonly #persons: NoticedCache<KnownPerson>
  readonly #groups: NoticedCache<Properties | undefined>
  /** Person → keys of the distinct ids that are remembered. */
  readonly #keysOfPerson = new Map<string, Set<string>>()
  /** Of each look-up that is under way, the persons who changed meanwhile: it may have read them as they were. */
  readonly #changedMeanwhile = new Set<Set<string>>()

  constructor({ pool }: ApplicationStore, limits: PeopleLimits) {
    this.#pool = pool
    const sizes = { maxEntries: limits.flagPeopleCount, maxBytes: limits.flagPeopleBytes }
    this.#persons = new NoticedCache({ ...sizes, absent: nobody, load: (keys) => this.#loadPersons(keys) })
    this.#groups = new NoticedCache<Properties | undefined>({ ...sizes, absent: undefined, load: (keys) => this.#loadGroups(keys) })
  }

  person(projectId: number, distinctId: string): KnownPerson | Promise<KnownPerson> {
    // why: text with this character is stored nowhere, and would fail all who are looked up along with it.
    if (distinctId.includes('\0')) return nobody
    return this.#persons.get(keyOf(projectId, distinctId))
  }

  group(projectId: number, typeIndex: number, key: string): Properties | undefined | Promise<Properties | undefined> {
    if (key.includes('\0')) return undefined
    return this.#groups.get(keyOf(projectId, `${typeIndex}:${key}`))
  }

  /** A commit of ingestion in this process, with all that it changed. */
  hear(changes: CommittedChanges): void {
    for (const { projectId, distinctId } of changes.distinctIds) this.#persons.forget(keyOf(projectId, distinctId))
    for (const { projectId, id, json } of changes.persons) {
      const person = keyOf(projectId, id)
      for (const changed of this.#changedMeanwhile) changed.add(person)
      const keys = this.#keysOfPerson.get(person)
      if (!keys) continue
      const properties = json === undefined ? undefined : (JSON.parse(json) as Properties)
      for (const key of keys) {
        if (properties) this.#persons.change(key, (known) => ({ ...known, properties }))
        else this.#persons.forget(key)
      }
    }
    for (const { projectId, typeIndex, key } of changes.groups) this.#groups.forget(keyOf(projectId, `${typeIndex}:${key}`))
    for (const projectId of changes.projects) this.forgetProject(projectId)
  }

  forgetPerson(projectId: number, distinctId: string): void {
    this.#persons.forget(keyOf(projectId, distinctId))
  }

  forgetProject(projectId: number): void {
    this.#persons.forgetAll(keyOf(projectId, ''))
    this.#groups.forgetAll(keyOf(projectId, ''))
  }

  forgetAll(): void {
    this.#persons.forgetAll('')
    this.#groups.forgetAll('')
    this.#keysOfPerson.clear()
  }

  async #loadPersons(keys: readonly string[]): Promise<Map<string, { value: KnownPerson; sizeBytes: number }>> {
    const parts = keys.map(partsOf)
    const changed = new Set<string>()
    this.#changedMeanwhile.add(changed)
    try {
      const { rows } = await this.#pool.query<PersonRow>(personsOf, [parts.map(([projectId]) => projectId), parts.map(([, id]) => id)])
      if (this.#keysOfPerson.size > 2 * this.#persons.size + 10_000) this.#tidy()
      return new Map(
        rows.map((row) => {
          const key = keyOf(row.project_id, row.distinct_id)
          if (row.person_id) {
            const person = keyOf(row.project_id, row.person_id)
            this.#note(person, key)
            if (changed.has(person)) this.#persons.forget(key)
          }
          return [key, { value: knownPerson(row), sizeBytes: (row.properties?.length ?? 0) * 2 }]
        }),
      )
    } finally {
      this.#changedMeanwhile.delete(changed)
    }
  }

  #note(person: string, key: string): void {
    const keys = this.#keysOfPerson.get(person)
    if (keys) keys.add(key)
    else this.#keysOfPerson.set(person, new Set([key]))
  }

  /** Forgets the distinct ids that were forgotten. */
  #tidy(): void {
    for (const [person, keys] of this.#keysOfPerson) {
      for (const key of keys) if (!this.#persons.peek(key)) keys.delete(key)
      if (keys.size === 0) this.#keysOfPerson.delete(person)
    }
  }

  async #loadGroups(keys: readonly string[]): Promise<Map<string, { value: Properties | undefined; sizeBytes: number }>> {
    const parts = keys.map((key) => {
      const [projectId, rest] = partsOf(key)
      const colon = rest.indexOf(':')
      return [projectId, Number(rest.slice(0, colon)), rest.slice(colon + 1)] as const
    })
    const { rows } = await this.#pool.query<{ project_id: number; group_type_index: number; group_key: string; properties: string }>(
      groupsOf,
      [parts.map(([projectId]) => projectId), parts.map(([, index]) => index), parts.map(([, , key]) => key)],
    )
    return new Map(
      rows.map((row) => [
        keyOf(row.project_id, `${row.group_type_index}:${row.group_key}`),
        { value: JSON.parse(row.properties) as Properties, sizeBytes: row.properties.length * 2 },
      ]),
    )
  }
}

function knownPerson(row: PersonRow): KnownPerson {
  const hashKeys = new Map(row.hash_keys ?? [])
  if (row.person_id === null) return { ...nobody, hashKeys }
  return {
    id: row.person_id,
    properties: row.properties === null ? undefined : (JSON.parse(row.properties) as Properties),
    columns: { created_at: row.created_at?.toISOString() ?? null, is_identified: row.is_identified, id: row.person_id },
    cohortIds: new Set(row.cohort_ids ?? []),
    hashKeys,
  }
}

const keyOf = (projectId: number, text: string): string => `${projectId}:${text}`

function partsOf(key: string): [number, string] {
  const colon = key.indexOf(':')
  return [Number(key.slice(0, colon)), key.slice(colon + 1)]
}

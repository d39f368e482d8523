import type {
  CommandBody,
  Page,
  PageQuery,
  PersonBody,
  PersonCohortBody,
  PersonMergeBody,
  PropertyFilter,
  PropertyHistoryBody,
} from '@hedgerow/protocol'
import type { Stores } from '@hedgerow/stores'
import { HedgerowError, invalidInput, notFound } from '../errors.ts'
import type { LogChanges } from '../log-changes.ts'
import type { Project } from '../projects/project.ts'
import type { QueryEngine } from '../query/query-engine.ts'
import { type PersonRow, personBody } from './person.ts'
import { type PersonConditions, personConditions } from './person-conditions.ts'
import { readPropertyHistory } from './property-history.ts'

export interface PersonsFilter extends PersonConditions {
  /** Conditions on properties and cohorts, as questions take them. */
  properties?: readonly PropertyFilter[] | undefined
}

interface MergeRow {
  kind: PersonMergeBody['kind']
  distinct_id: string
  other_person_id: string | null
  event_uuid: string | null
  event_name: string | null
  occurred_at: Date
}

const columns = `persons.id, persons.properties, persons.is_identified, persons.created_at, persons.last_seen_at,
  ARRAY(SELECT ids.distinct_id FROM person_distinct_ids ids
        WHERE ids.project_id = persons.project_id AND ids.person_id = persons.id ORDER BY ids.distinct_id LIMIT 1000) AS distinct_ids`

/** The id of no person. */
const nobody = '00000000-0000-0000-0000-000000000000'
const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Persons as ingestion keeps them; changes go through the event log. */
export function createPersons(stores: Stores, query: QueryEngine, changes: LogChanges) {
  const { pool } = stores.application

  async function find(project: Project, id: string): Promise<PersonRow | undefined> {
    const byId = uuidForm.test(id)
    const { rows } = await pool.query<PersonRow>(
      `SELECT ${columns} FROM persons WHERE persons.project_id = $1 AND (persons.id = $2
         OR persons.id = (SELECT person_id FROM person_distinct_ids WHERE project_id = $1 AND distinct_id = $3))
       ORDER BY persons.id = $2 DESC LIMIT 1`,
      [project.id, byId ? id : null, id],
    )
    return rows[0]
  }

  async function get(project: Project, id: string): Promise<PersonRow> {
    const row = await find(project, id)
    if (!row) throw notFound(`person ${id.slice(0, 100)}`)
    return row
  }

  const body = (project: Project, row: PersonRow) => personBody(row, project.settings.person_display_name_properties)

  /** Sends `$set` or `$unset` as an event of the person; undefined when it is not stored in time. */
  async function send(project: Project, id: string, properties: Record<string, unknown>): Promise<PersonBody | undefined> {
    const row = await get(project, id)
    const [distinctId] = row.distinct_ids
    if (distinctId === undefined) throw notFound(`distinct id of person ${row.id}`)
    const isStored = await changes.event(project.id, { event: '$set', distinctId, properties: { ...properties, $lib: 'hedgerow-api' } })
    return isStored ? body(project, await get(project, row.id)) : undefined
  }

  async function byIds(project: Project, ids: readonly string[]): Promise<Map<string, PersonBody>> {
    if (ids.length === 0) return new Map()
    const { rows } = await pool.query<PersonRow>(`SELECT ${columns} FROM persons WHERE persons.project_id = $1 AND persons.id = ANY($2)`, [
      project.id,
      [...new Set(ids)],
    ])
    return new Map(rows.map((row) => [row.id, body(project, row)]))
  }

  /** Properties and cohorts mean what they mean in every question, so the same engine finds them. */
  async function listByQuery(
    project: Project,
    { limit, offset, search, distinct_id: distinctId, email, is_identified: isIdentified, properties = [] }: PageQuery & PersonsFilter,
  ): Promise<Pick<Page<PersonBody>, 'count' | 'results'>> {
    const owner = distinctId === undefined ? undefined : ((await find(project, distinctId))?.id ?? nobody)
    const conditions = [
      ...properties.map((filter) => (filter.type === 'event' ? { ...filter, type: 'person' } : filter)),
      ...(email === undefined ? [] : [{ type: 'person', key: 'email', operator: 'exact', value: email }]),
      ...(isIdentified === undefined ? [] : [{ type: 'hogql', key: isIdentified ? 'is_identified' : 'not is_identified' }]),
      ...(owner === undefined ? [] : [{ type: 'hogql', key: `id = toUUID('${owner}')` }]),
    ]
    const among = { kind: 'ActorsQuery', properties: conditions, ...(search ? { search } : {}) }
    const [found, counted] = await Promise.all([
      query.rows({ projectId: project.id, query: { ...among, select: ['id'], orderBy: ['created_at DESC', 'id'], limit, offset } }),
      query.rows({ projectId: project.id, query: { ...among, select: ['count()'] } }),
    ])
    const ids = found.results.map(([id]) => String(id))
    const bodies = await byIds(project, ids)
    return { count: Number(counted.results[0]?.[0] ?? 0), results: ids.flatMap((id) => bodies.get(id) ?? []) }
  }

  return {
    async list(
      project: Project,
      { limit, offset, properties, ...filter }: PageQuery & PersonsFilter,
    ): Promise<Pick<Page<PersonBody>, 'count' | 'results'>> {
      if (properties?.length) return listByQuery(project, { limit, offset, properties, ...filter })
      const { where, values } = personConditions(project.id, filter)
      const counted = await pool.query<{ count: number }>(`SELECT count(*) FROM persons WHERE ${where}`, values)
      const { rows } = await pool.query<PersonRow>(
        `SELECT ${columns} FROM persons WHERE ${where} ORDER BY persons.created_at DESC, persons.id
         LIMIT $${values.length + 1} OFFSET $${values.length + 2}`,
        [...values, limit, offset],
      )
      return { count: counted.rows[0]?.count ?? 0, results: rows.map((row) => body(project, row)) }
    },

    /** By uuid, or by one of the distinct ids. Throws `not_found`. */
    get: async (project: Project, id: string): Promise<PersonBody> => body(project, await get(project, id)),

    /** Persons by their ids, in one look-up; those that do not exist are missing in the answer. */
    byIds,

    /** How its properties came to be what they are: of one property, or of all. */
    propertyHistory: async (project: Project, id: string, key: string | undefined): Promise<PropertyHistoryBody> =>
      readPropertyHistory(query, project.id, (await get(project, id)).id, key),

    /** The cohorts that it is in at this moment, by name. One that cannot be asked for right now is left out. */
    async cohorts(project: Project, id: string): Promise<PersonCohortBody[]> {
      const { id: personId } = await get(project, id)
      const { rows } = await pool.query<PersonCohortBody>(
        'SELECT id, name, is_static, count FROM cohorts WHERE project_id = $1 AND NOT deleted ORDER BY lower(name), id LIMIT 1000',
        [project.id],
      )
      if (rows.length === 0) return []
      const columns = rows.map((row) => `id IN COHORT ${row.id} AS in_${row.id}`)
      const { results } = await query.rows({
        projectId: project.id,
        query: { kind: 'HogQLQuery', query: `SELECT ${columns.join(', ')} FROM persons WHERE id = {person}`, values: { person: personId } },
      })
      return rows.filter((_, index) => Number(results[0]?.[index]) === 1)
    },

    async merges(project: Project, id: string): Promise<PersonMergeBody[]> {
      const { rows } = await pool.query<MergeRow>(
        `SELECT kind, distinct_id, other_person_id, event_uuid, event_name, occurred_at FROM person_merges
         WHERE project_id = $1 AND person_id = $2 ORDER BY occurred_at, id LIMIT 1000`,
        [project.id, (await get(project, id)).id],
      )
      return rows.map(({ event_name, occurred_at, ...row }) => ({ ...row, event: event_name, occurred_at: occurred_at.toISOString() }))
    },

    setProperties: (project: Project, id: string, properties: Record<string, unknown>): Promise<PersonBody | undefined> =>
      send(project, id, { $set: properties }),

    deleteProperty: (project: Project, id: string, name: string): Promise<PersonBody | undefined> => send(project, id, { $unset: [name] }),

    /**
     * Another person becomes part of this one, with its ids and events, also where both are identified. Where both have a property, this one's stays.
     * Undefined when it is not done in time.
     */
    async merge(project: Project, id: string, other: string): Promise<PersonBody | undefined> {
      const [row, source] = [await get(project, id), await find(project, other)]
      const refused = (message: string) => new HedgerowError('cannot_change', message, { attr: 'other' })
      const [distinctId] = row.distinct_ids
      const [alias] = source?.distinct_ids ?? []
      if (!source || distinctId === undefined || alias === undefined)
        throw refused(`There is no person ${other.slice(0, 100)} in this project.`)
      if (source.id === row.id) throw refused(`Both are person ${row.id} already.`)
      const isStored = await changes.event(project.id, {
        event: '$merge_dangerously',
        distinctId,
        properties: { alias, $lib: 'hedgerow-api' },
      })
      if (!isStored) return undefined
      const merged = await get(project, row.id)
      if (merged.distinct_ids.includes(alias)) return body(project, merged)
      throw refused(`Not merged: one of the ids "${distinctId}" and "${alias}" stands for no single person.`)
    },

    /** Each distinct id but the main one becomes a person of its own; or only those that are named, and the others stay together. */
    async split(
      project: Project,
      id: string,
      { mainDistinctId, distinctIds }: { mainDistinctId?: string | undefined; distinctIds?: string[] | undefined },
    ): Promise<CommandBody> {
      const row = await get(project, id)
      if (row.distinct_ids.length < 2) {
        throw new HedgerowError('cannot_change', `Person ${row.id} has a single distinct id: there is nothing to split.`)
      }
      if (mainDistinctId !== undefined && !row.distinct_ids.includes(mainDistinctId)) {
        throw new HedgerowError('cannot_change', `"${mainDistinctId}" is not a distinct id of person ${row.id}.`, {
          attr: 'main_distinct_id',
        })
      }
      const stranger = distinctIds?.find((distinctId) => !row.distinct_ids.includes(distinctId))
      if (stranger !== undefined) {
        throw new HedgerowError('cannot_change', `"${stranger}" is not a distinct id of person ${row.id}.`, {
          attr: 'distinct_ids_to_split',
        })
      }
      return changes.command(project.id, {
        command: 'split-person',
        personId: row.id,
        ...(mainDistinctId === undefined ? {} : { mainDistinctId }),
        ...(distinctIds === undefined ? {} : { distinctIds }),
      })
    },

    async delete(project: Project, id: string, deleteEvents: boolean): Promise<CommandBody> {
      const row = await get(project, id)
      return changes.command(project.id, { command: 'delete-person', personId: row.id, deleteEvents })
    },

    /** Ids and distinct ids that nobody has are passed over. */
    async deleteMany(
      project: Project,
      wanted: { ids: readonly string[]; distinctIds: readonly string[]; deleteEvents: boolean; most: number },
    ) {
      const { rows } = await pool.query<{ id: string }>(
        `SELECT id FROM persons WHERE project_id = $1 AND (id = ANY($2::uuid[])
           OR id IN (SELECT person_id FROM person_distinct_ids WHERE project_id = $1 AND distinct_id = ANY($3::text[])))`,
        [project.id, wanted.ids, wanted.distinctIds],
      )
      if (rows.length > wanted.most)
        throw invalidInput('ids', `name ${rows.length} persons; at most ${wanted.most} are deleted by one request`)
      const commands = await Promise.all(
        rows.map((row) => changes.command(project.id, { command: 'delete-person', personId: row.id, deleteEvents: wanted.deleteEvents })),
      )
      return { persons_found: rows.length, persons_deleted: commands.filter((command) => command.status === 'done').length }
    },

    /** What became of a change that was answered `queued`. */
    commandOutcome: (project: Project, commandId: string): Promise<CommandBody> => changes.outcome(project.id, commandId),
  }
}

export type Persons = ReturnType<typeof createPersons>

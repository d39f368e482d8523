import type { CommandBody, Page, PageQuery, PersonBody, PersonMergeBody } from '@hedgerow/protocol'
import type { Stores } from '@hedgerow/stores'
import { HedgerowError, invalidInput, notFound } from '../errors.ts'
import type { LogChanges } from '../log-changes.ts'
import type { Project } from '../projects/project.ts'
import { type PersonRow, personBody } from './person.ts'
import { type PersonFilter, personConditions } from './person-conditions.ts'

export interface PersonsFilter {
  search?: string | undefined
  distinct_id?: string | undefined
  email?: string | undefined
  is_identified?: boolean | undefined
  /** Conditions on properties. */
  properties?: readonly PersonFilter[]
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

const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Persons as ingestion keeps them; changes go through the event log. */
export function createPersons(stores: Stores, changes: LogChanges) {
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

  return {
    async list(
      project: Project,
      { limit, offset, ...filter }: PageQuery & PersonsFilter,
    ): Promise<Pick<Page<PersonBody>, 'count' | 'results'>> {
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
    async byIds(project: Project, ids: readonly string[]): Promise<Map<string, PersonBody>> {
      if (ids.length === 0) return new Map()
      const { rows } = await pool.query<PersonRow>(
        `SELECT ${columns} FROM persons WHERE persons.project_id = $1 AND persons.id = ANY($2)`,
        [project.id, [...new Set(ids)]],
      )
      return new Map(rows.map((row) => [row.id, body(project, row)]))
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

    /** Each distinct id but the main one becomes a person of its own. */
    async split(project: Project, id: string, mainDistinctId: string | undefined): Promise<CommandBody> {
      const row = await get(project, id)
      if (row.distinct_ids.length < 2) {
        throw new HedgerowError('cannot_change', `Person ${row.id} has a single distinct id: there is nothing to split.`)
      }
      if (mainDistinctId !== undefined && !row.distinct_ids.includes(mainDistinctId)) {
        throw new HedgerowError('cannot_change', `"${mainDistinctId}" is not a distinct id of person ${row.id}.`, {
          attr: 'main_distinct_id',
        })
      }
      return changes.command(project.id, {
        command: 'split-person',
        personId: row.id,
        ...(mainDistinctId === undefined ? {} : { mainDistinctId }),
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

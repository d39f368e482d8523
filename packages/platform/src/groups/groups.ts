import type { GroupBody, GroupTypeBody, Page, PageQuery, RelatedActorBody } from '@hedgerow/protocol'
import type { ApplicationStore } from '@hedgerow/stores'
import { notFound } from '../errors.ts'
import type { LogChanges } from '../log-changes.ts'
import type { Persons } from '../persons/persons.ts'
import type { Project } from '../projects/project.ts'
import type { QueryEngine } from '../query/query-engine.ts'

interface GroupRow {
  group_type_index: number
  group_key: string
  properties: Record<string, unknown>
  created_at: Date
}

interface GroupTypeRow {
  group_type: string
  group_type_index: number
  name_singular: string | null
  name_plural: string | null
  created_at: Date
}

const columns = 'group_type_index, group_key, properties, created_at'
/** Actors of one kind that an answer about relations names. */
const mostRelated = 100

/** Groups as ingestion keeps them; changes of properties go through the event log. */
export function createGroups({ pool }: ApplicationStore, query: QueryEngine, changes: LogChanges, persons: Persons) {
  async function get(project: Project, index: number, key: string): Promise<GroupRow> {
    const { rows } = await pool.query<GroupRow>(
      `SELECT ${columns} FROM groups WHERE project_id = $1 AND group_type_index = $2 AND group_key = $3`,
      [project.id, index, key],
    )
    if (!rows[0]) throw notFound(`group "${key.slice(0, 100)}" of type ${index}`)
    return rows[0]
  }

  async function types(project: Pick<Project, 'id'>): Promise<GroupTypeBody[]> {
    const { rows } = await pool.query<GroupTypeRow>(
      `SELECT group_type, group_type_index, name_singular, name_plural, created_at FROM group_types
       WHERE project_id = $1 ORDER BY group_type_index`,
      [project.id],
    )
    return rows.map((row) => ({ ...row, created_at: row.created_at.toISOString() }))
  }

  /** The different values of a column in a project's events. */
  async function distinct(
    project: Project,
    column: string,
    condition: string,
    values: Record<string, unknown>,
    most: number,
  ): Promise<string[]> {
    const { results } = await query.rows({
      projectId: project.id,
      query: {
        kind: 'HogQLQuery',
        query: `SELECT DISTINCT ${column} FROM events WHERE (${condition}) AND ${column} != '' LIMIT ${most}`,
        values,
      },
    })
    return results.map(([value]) => String(value))
  }

  async function relatedGroups(
    project: Project,
    condition: string,
    values: Record<string, unknown>,
    except: number | undefined,
  ): Promise<RelatedActorBody[]> {
    const found: RelatedActorBody[] = []
    for (const { group_type_index: index } of await types(project)) {
      if (index === except) continue
      const keys = await distinct(project, `$group_${index}`, condition, values, mostRelated)
      const known = await pool.query<GroupRow>(
        `SELECT ${columns} FROM groups WHERE project_id = $1 AND group_type_index = $2 AND group_key = ANY($3::text[])`,
        [project.id, index, keys],
      )
      for (const row of known.rows) {
        const { group_properties, created_at } = groupBody(row)
        found.push({
          type: 'group',
          id: row.group_key,
          group_type_index: index,
          group_key: row.group_key,
          properties: group_properties,
          created_at,
        })
      }
    }
    return found
  }

  return {
    types,

    async renameTypes(
      project: Project,
      wanted: readonly { group_type_index: number; name_singular?: string | null | undefined; name_plural?: string | null | undefined }[],
    ): Promise<GroupTypeBody[]> {
      const known = await types(project)
      for (const { group_type_index: index } of wanted) {
        if (!known.some((type) => type.group_type_index === index)) throw notFound(`group type ${index}`)
      }
      for (const { group_type_index: index, name_singular: singular, name_plural: plural } of wanted) {
        await pool.query(
          `UPDATE group_types SET name_singular = CASE WHEN $3 THEN $4 ELSE name_singular END, name_plural = CASE WHEN $5 THEN $6 ELSE name_plural END
           WHERE project_id = $1 AND group_type_index = $2`,
          [project.id, index, singular !== undefined, singular ?? null, plural !== undefined, plural ?? null],
        )
      }
      return types(project)
    },

    async list(
      project: Project,
      { limit, offset, group_type_index: index, search }: PageQuery & { group_type_index: number; search?: string | undefined },
    ): Promise<Pick<Page<GroupBody>, 'count' | 'results'>> {
      const like = search ? `%${search.replace(/[\\%_]/g, '\\$&')}%` : null
      const where = `project_id = $1 AND group_type_index = $2 AND ($3::text IS NULL OR group_key ILIKE $3 OR properties ->> 'name' ILIKE $3)`
      const counted = await pool.query<{ count: number }>(`SELECT count(*) FROM groups WHERE ${where}`, [project.id, index, like])
      const { rows } = await pool.query<GroupRow>(
        `SELECT ${columns} FROM groups WHERE ${where} ORDER BY created_at DESC, group_key LIMIT $4 OFFSET $5`,
        [project.id, index, like, limit, offset],
      )
      return { count: counted.rows[0]?.count ?? 0, results: rows.map(groupBody) }
    },

    /** Throws `not_found`. */
    find: async (project: Project, index: number, key: string): Promise<GroupBody> => groupBody(await get(project, index, key)),

    /** Undefined when the change is not stored in time. */
    async setProperty(project: Project, index: number, key: string, name: string, value: unknown): Promise<GroupBody | undefined> {
      await get(project, index, key)
      const type = (await types(project)).find((known) => known.group_type_index === index)
      if (!type) throw notFound(`group type ${index}`)
      const isStored = await changes.event(project.id, {
        event: '$groupidentify',
        distinctId: `${type.group_type}_${key}`,
        properties: {
          $group_type: type.group_type,
          $group_key: key,
          $group_set: { [name]: value },
          $lib: 'hedgerow-api',
        },
      })
      return isStored ? groupBody(await get(project, index, key)) : undefined
    },

    /** Who had events together with a group, or with a person when there is no `index`. */
    async related(project: Project, id: string, index: number | undefined): Promise<RelatedActorBody[]> {
      if (index === undefined) {
        const { id: personId, distinct_ids: distinctIds } = await persons.get(project, id)
        return relatedGroups(project, 'distinct_id IN {ids} OR person_id = {person}', { person: personId, ids: distinctIds }, undefined)
      }
      await get(project, index, id)
      const condition = `$group_${index} = {key}`
      const personIds = await distinct(project, 'toString(person_id)', condition, { key: id }, mostRelated)
      const members = await persons.byIds(project, personIds)
      const people = [...members.values()].map(
        ({ id: personId, name, created_at, distinct_ids, properties }): RelatedActorBody => ({
          type: 'person',
          id: personId,
          person: { distinct_ids, properties },
          name,
          created_at,
        }),
      )
      return [...people, ...(await relatedGroups(project, condition, { key: id }, index))]
    },
  }
}

const groupBody = (row: GroupRow): GroupBody => ({
  group_type_index: row.group_type_index,
  group_key: row.group_key,
  group_properties: row.properties,
  created_at: row.created_at.toISOString(),
})

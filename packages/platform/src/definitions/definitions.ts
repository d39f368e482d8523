import type { EventDefinitionBody, EventUsesBody, Page, PageQuery, PropertyDefinitionBody } from '@hedgerow/protocol'
import type { ApplicationStore } from '@hedgerow/stores'
import { type CreatorColumns, creatorBody, creatorColumns } from '../accounts/creator.ts'
import { invalidInput, notFound } from '../errors.ts'
import type { Project } from '../projects/project.ts'
import { usesOfEvent } from './used-by.ts'

export interface EventDefinitionsFilter {
  search?: string | undefined
  event_type: 'all' | 'event' | 'event_custom' | 'event_posthog'
  ordering: 'name' | '-name' | 'last_seen_at' | '-last_seen_at' | 'volume' | '-volume' | 'created_at' | '-created_at'
  verified?: boolean | undefined
  exclude_hidden: boolean
}

/** What an app names itself stands before what its SDK adds. */
const ownFirst = `starts_with(d.name, '$'), d.name, d.group_type_index`

export interface PropertyDefinitionsFilter {
  type: PropertyDefinitionBody['type']
  group_type_index?: number | undefined
  search?: string | undefined
  properties?: readonly string[] | undefined
  excluded_properties?: readonly string[] | undefined
  event_names?: readonly string[] | undefined
  filter_by_event_names: boolean
  is_numerical?: boolean | undefined
  is_feature_flag?: boolean | undefined
  verified?: boolean | undefined
  exclude_hidden: boolean
  exclude_core_properties?: boolean | undefined
}

export interface DefinitionChange {
  description?: string | null | undefined
  tags?: readonly string[] | undefined
  verified?: boolean | undefined
  hidden?: boolean | undefined
  /** The id of a member of the project's organisation. */
  owner?: string | null | undefined
}

interface DefinitionRow extends CreatorColumns {
  id: string
  name: string
  description: string | null
  tags: string[]
  verified: boolean
  hidden: boolean
  created_at: Date
  last_seen_at: Date | null
}
type EventRow = DefinitionRow & { volume: number }
type PropertyRow = DefinitionRow & {
  type: PropertyDefinitionBody['type']
  group_type_index: number
  property_type: PropertyDefinitionBody['property_type']
  is_seen?: boolean
}

const shared = (table: string) =>
  ['id', 'name', 'description', 'tags', 'verified', 'hidden', 'created_at', 'last_seen_at'].map((column) => `${table}.${column}`).join(', ')
const ownerJoin = 'LEFT JOIN users creator ON creator.id = d.owner_id'
const eventColumns = `${shared('d')}, d.volume, ${creatorColumns}`
const eventTable = `event_definitions d ${ownerJoin}`
const propertyColumns = `${shared('d')}, d.type, d.group_type_index, d.property_type, ${creatorColumns}`
const propertyTable = `property_definitions d ${ownerJoin}`

/** Properties that carry the protocol, not knowledge of the product. */
const coreProperties = [
  'token',
  'distinct_id',
  '$time',
  '$sent_at',
  '$ip',
  '$set',
  '$set_once',
  '$unset',
  '$group_type',
  '$group_key',
  '$group_set',
  '$groups',
]

/** What events and properties a project has, collected by ingestion and described by people. */
export function createDefinitions(application: ApplicationStore) {
  const { pool } = application

  async function countedPage<Row>(
    select: { columns: string; table: string; where: string; order: string; values: unknown[] },
    { limit, offset }: PageQuery,
  ): Promise<{ count: number; rows: Row[] }> {
    const { columns, table, where, order, values } = select
    // why: the count takes the same values, of which it may not need all; naming their types in the clause keeps both valid.
    const counted = await pool.query<{ count: number }>(`SELECT count(*) FROM ${table} WHERE ${where}`, values)
    const last = values.length
    const { rows } = await pool.query(
      `SELECT ${columns} FROM ${table} WHERE ${where} ORDER BY ${order} LIMIT $${last + 1} OFFSET $${last + 2}`,
      [...values, limit, offset],
    )
    return { count: counted.rows[0]?.count ?? 0, rows: rows as Row[] }
  }

  const assignments = `description = CASE WHEN $3 THEN $4 ELSE description END, tags = coalesce($5, tags), verified = coalesce($6, verified), hidden = coalesce($7, hidden),
    owner_id = CASE WHEN $8 THEN $9 ELSE owner_id END`
  const changeValues = ({ description, tags, verified, hidden, owner }: DefinitionChange) => [
    description !== undefined,
    description ?? null,
    tags ?? null,
    verified ?? null,
    hidden ?? null,
    owner !== undefined,
    owner ?? null,
  ]

  async function getEvent(project: Project, id: string): Promise<EventDefinitionBody> {
    const { rows } = await pool.query<EventRow>(`SELECT ${eventColumns} FROM ${eventTable} WHERE d.project_id = $1 AND d.id::text = $2`, [
      project.id,
      id.toLowerCase(),
    ])
    if (!rows[0]) throw notFound(`event definition ${id.slice(0, 100)}`)
    return eventBody(rows[0])
  }

  async function getProperty(project: Project, id: string): Promise<PropertyDefinitionBody> {
    const { rows } = await pool.query<PropertyRow>(
      `SELECT ${propertyColumns} FROM ${propertyTable} WHERE d.project_id = $1 AND d.id::text = $2`,
      [project.id, id.toLowerCase()],
    )
    if (!rows[0]) throw notFound(`property definition ${id.slice(0, 100)}`)
    return propertyBody(rows[0])
  }

  return {
    getEvent,
    getProperty,

    async listEvents(
      project: Project,
      { limit, offset, ...filter }: PageQuery & EventDefinitionsFilter,
    ): Promise<Pick<Page<EventDefinitionBody>, 'count' | 'results'>> {
      const values: unknown[] = [project.id]
      const bind = (value: unknown) => `$${values.push(value)}`
      const where = ['d.project_id = $1']
      if (filter.search) where.push(`d.name ILIKE ${bind(containing(filter.search))}`)
      if (filter.event_type === 'event_custom') where.push(`d.name NOT LIKE '$%'`)
      if (filter.event_type === 'event_posthog') where.push(`d.name LIKE '$%'`)
      if (filter.verified !== undefined) where.push(`d.verified = ${bind(filter.verified)}`)
      if (filter.exclude_hidden) where.push('NOT d.hidden')
      const [column, direction] = filter.ordering.startsWith('-')
        ? [filter.ordering.slice(1), 'DESC NULLS LAST']
        : [filter.ordering, 'ASC NULLS FIRST']
      const { count, rows } = await countedPage<EventRow>(
        { columns: eventColumns, table: eventTable, where: where.join(' AND '), order: `d.${column} ${direction}, d.name`, values },
        { limit, offset },
      )
      return { count, results: rows.map(eventBody) }
    },

    async changeEvent(project: Project, id: string, change: DefinitionChange): Promise<EventDefinitionBody> {
      await getEvent(project, id)
      await checkOwner(project, change)
      await pool.query(`UPDATE event_definitions SET ${assignments} WHERE project_id = $1 AND id = $2`, [
        project.id,
        id,
        ...changeValues(change),
      ])
      return getEvent(project, id)
    },

    /** What names the event. */
    usesOfEvent: async (project: Project, id: string): Promise<EventUsesBody> =>
      usesOfEvent(application, project.id, (await getEvent(project, id)).name),

    /** Forgets the definition, not the events; it comes back with the next event of that name. */
    async deleteEvent(project: Project, id: string): Promise<void> {
      await getEvent(project, id)
      await pool.query('DELETE FROM event_definitions WHERE project_id = $1 AND id = $2', [project.id, id])
    },

    async listProperties(
      project: Project,
      { limit, offset, ...filter }: PageQuery & PropertyDefinitionsFilter,
    ): Promise<Pick<Page<PropertyDefinitionBody>, 'count' | 'results'>> {
      const values: unknown[] = [project.id, filter.type]
      const bind = (value: unknown) => `$${values.push(value)}`
      const where = ['d.project_id = $1', 'd.type = $2']
      if (filter.group_type_index !== undefined) where.push(`d.group_type_index = ${bind(filter.group_type_index)}`)
      if (filter.search) where.push(`d.name ILIKE ${bind(containing(filter.search))}`)
      if (filter.properties) where.push(`d.name = ANY(${bind(filter.properties)}::text[])`)
      if (filter.excluded_properties) where.push(`NOT d.name = ANY(${bind(filter.excluded_properties)}::text[])`)
      if (filter.exclude_core_properties) where.push(`NOT d.name = ANY(${bind(coreProperties)}::text[])`)
      if (filter.is_numerical !== undefined) where.push(`(d.property_type IS NOT DISTINCT FROM 'Numeric') = ${bind(filter.is_numerical)}`)
      if (filter.is_feature_flag !== undefined) where.push(`(d.name LIKE '$feature/%') = ${bind(filter.is_feature_flag)}`)
      if (filter.verified !== undefined) where.push(`d.verified = ${bind(filter.verified)}`)
      if (filter.exclude_hidden) where.push('NOT d.hidden')
      const seen = `d.name IN (SELECT property FROM event_properties WHERE project_id = $1 AND event = ANY`
      if (filter.event_names && filter.filter_by_event_names) where.push(`${seen}(${bind(filter.event_names)}::text[]))`)

      const found = await countedPage<PropertyRow>(
        { columns: propertyColumns, table: propertyTable, where: where.join(' AND '), order: ownFirst, values },
        { limit, offset },
      )
      const names =
        filter.event_names &&
        (await seenWith(
          project,
          filter.event_names,
          found.rows.map((row) => row.name),
        ))
      return { count: found.count, results: found.rows.map((row) => propertyBody(names ? { ...row, is_seen: names.has(row.name) } : row)) }
    },

    async changeProperty(
      project: Project,
      id: string,
      change: DefinitionChange & { property_type?: PropertyDefinitionBody['property_type'] | undefined },
    ): Promise<PropertyDefinitionBody> {
      await getProperty(project, id)
      await checkOwner(project, change)
      await pool.query(
        `UPDATE property_definitions SET ${assignments},
           property_type = CASE WHEN $10 THEN $11 ELSE property_type END,
           -- With no type of a person's choosing, ingestion infers it again.
           property_type_source = CASE WHEN $10 THEN CASE WHEN $11::text IS NULL THEN 'inferred' ELSE 'set' END ELSE property_type_source END
         WHERE project_id = $1 AND id = $2`,
        [project.id, id, ...changeValues(change), change.property_type !== undefined, change.property_type ?? null],
      )
      return getProperty(project, id)
    },

    async deleteProperty(project: Project, id: string): Promise<void> {
      await getProperty(project, id)
      await pool.query('DELETE FROM property_definitions WHERE project_id = $1 AND id = $2', [project.id, id])
    },
  }

  async function checkOwner(project: Project, { owner }: DefinitionChange): Promise<void> {
    if (owner === undefined || owner === null) return
    const { rows } = await pool.query('SELECT 1 FROM organization_members WHERE organization_id = $1 AND user_id = $2', [
      project.organizationId,
      owner,
    ])
    if (rows.length === 0) throw invalidInput('owner', `is "${owner}", who is not a member of the organization`)
  }

  async function seenWith(project: Project, events: readonly string[], names: readonly string[]): Promise<Set<string>> {
    const { rows } = await pool.query<{ property: string }>(
      'SELECT DISTINCT property FROM event_properties WHERE project_id = $1 AND event = ANY($2::text[]) AND property = ANY($3::text[])',
      [project.id, events, names],
    )
    return new Set(rows.map((row) => row.property))
  }
}

const containing = (text: string) => `%${text.replace(/[\\%_]/g, '\\$&')}%`

const definitionBody = (row: DefinitionRow) => ({
  id: row.id,
  name: row.name,
  description: row.description,
  tags: row.tags,
  verified: row.verified,
  hidden: row.hidden,
  owner: creatorBody(row),
  created_at: row.created_at.toISOString(),
  last_seen_at: row.last_seen_at?.toISOString() ?? null,
})

const eventBody = (row: EventRow): EventDefinitionBody => ({ ...definitionBody(row), volume: row.volume })

const propertyBody = (row: PropertyRow): PropertyDefinitionBody => ({
  ...definitionBody(row),
  type: row.type,
  group_type_index: row.group_type_index === -1 ? null : row.group_type_index,
  property_type: row.property_type,
  is_numerical: row.property_type === 'Numeric',
  is_seen_on_filtered_events: row.is_seen ?? null,
})

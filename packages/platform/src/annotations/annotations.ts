import type { AnnotationBody, AnnotationChange, NewAnnotation, Page, PageQuery } from '@hedgerow/protocol'
import type { ApplicationStore } from '@hedgerow/stores'
import { type CreatorColumns, creatorBody, creatorColumns, creatorJoin } from '../accounts/creator.ts'
import { invalidInput, notFound } from '../errors.ts'

interface AnnotationRow extends CreatorColumns {
  id: number
  content: string
  date_marker: Date
  scope: string
  creation_type: string
  dashboard_id: number | null
  insight_id: number | null
  deleted: boolean
  created_at: Date
  updated_at: Date
}

export interface AnnotationsFilter extends PageQuery {
  search?: string | undefined
  scope?: string | undefined
  date_from?: string | undefined
  date_to?: string | undefined
  dashboard_item?: number | undefined
  deleted: boolean
}

const columns = `annotations.id, annotations.content, annotations.date_marker, annotations.scope, annotations.creation_type, annotations.dashboard_id,
  annotations.insight_id, annotations.deleted, annotations.created_at, annotations.updated_at, ${creatorColumns}`
const from = `annotations ${creatorJoin('annotations')}`

/** What happened when, for charts to show. */
export function createAnnotations({ pool }: ApplicationStore, now: () => Date) {
  async function get(projectId: number, id: string): Promise<AnnotationRow> {
    const { rows } = /^\d{1,9}$/.test(id)
      ? await pool.query<AnnotationRow>(`SELECT ${columns} FROM ${from} WHERE annotations.project_id = $1 AND annotations.id = $2`, [
          projectId,
          Number(id),
        ])
      : { rows: [] }
    if (!rows[0]) throw notFound(`annotation ${id.slice(0, 40)}`)
    return rows[0]
  }

  async function checkOwner(projectId: number, table: 'insights' | 'dashboards', id: number | null, attr: string): Promise<void> {
    if (id === null) return
    const { rows } = await pool.query(`SELECT 1 FROM ${table} WHERE project_id = $1 AND id = $2`, [projectId, id])
    if (rows.length === 0) throw invalidInput(attr, `is ${id}: there is no such ${table === 'insights' ? 'insight' : 'dashboard'}`)
  }

  async function checkOwners(projectId: number, scope: string, insightId: number | null, dashboardId: number | null): Promise<void> {
    if (scope === 'dashboard_item' && insightId === null) throw invalidInput('dashboard_item', 'is required for the scope dashboard_item')
    if (scope === 'dashboard' && dashboardId === null) throw invalidInput('dashboard_id', 'is required for the scope dashboard')
    await checkOwner(projectId, 'insights', insightId, 'dashboard_item')
    await checkOwner(projectId, 'dashboards', dashboardId, 'dashboard_id')
  }

  return {
    async list(projectId: number, filter: AnnotationsFilter): Promise<Pick<Page<AnnotationBody>, 'count' | 'results'>> {
      const values: unknown[] = [projectId, filter.deleted]
      const bind = (value: unknown) => `$${values.push(value)}`
      const where = ['annotations.project_id = $1', 'annotations.deleted = $2']
      if (filter.search) where.push(`annotations.content ILIKE ${bind(`%${filter.search.replace(/[\\%_]/g, '\\$&')}%`)}`)
      if (filter.scope) where.push(`annotations.scope = ${bind(filter.scope)}`)
      if (filter.date_from) where.push(`annotations.date_marker >= ${bind(filter.date_from)}`)
      if (filter.date_to) where.push(`annotations.date_marker <= ${bind(filter.date_to)}`)
      if (filter.dashboard_item !== undefined) where.push(`annotations.insight_id = ${bind(filter.dashboard_item)}`)
      const conditions = where.join(' AND ')
      const counted = await pool.query<{ count: number }>(`SELECT count(*) FROM annotations WHERE ${conditions}`, values)
      const { rows } = await pool.query<AnnotationRow>(
        `SELECT ${columns} FROM ${from} WHERE ${conditions} ORDER BY annotations.date_marker DESC, annotations.id DESC
         LIMIT $${values.length + 1} OFFSET $${values.length + 2}`,
        [...values, filter.limit, filter.offset],
      )
      return { count: counted.rows[0]?.count ?? 0, results: rows.map(annotationBody) }
    },

    get: async (projectId: number, id: string): Promise<AnnotationBody> => annotationBody(await get(projectId, id)),

    async create(projectId: number, userId: string, wanted: NewAnnotation): Promise<AnnotationBody> {
      const { content, date_marker, scope = 'project', creation_type = 'USR', dashboard_item = null, dashboard_id = null } = wanted
      await checkOwners(projectId, scope, dashboard_item, dashboard_id)
      const { rows } = await pool.query<{ id: number }>(
        `INSERT INTO annotations (project_id, content, date_marker, scope, creation_type, insight_id, dashboard_id, deleted, created_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id`,
        [
          projectId,
          content,
          date_marker ?? now().toISOString(),
          scope,
          creation_type,
          dashboard_item,
          dashboard_id,
          wanted.deleted ?? false,
          userId,
        ],
      )
      return annotationBody(await get(projectId, String(rows[0]?.id)))
    },

    async change(projectId: number, id: string, change: AnnotationChange): Promise<AnnotationBody> {
      const before = await get(projectId, id)
      const scope = change.scope ?? before.scope
      const insightId = change.dashboard_item === undefined ? before.insight_id : change.dashboard_item
      const dashboardId = change.dashboard_id === undefined ? before.dashboard_id : change.dashboard_id
      await checkOwners(projectId, scope, insightId, dashboardId)
      await pool.query(
        `UPDATE annotations SET content = $3, date_marker = $4, scope = $5, creation_type = $6, insight_id = $7, dashboard_id = $8, deleted = $9,
           updated_at = now() WHERE project_id = $1 AND id = $2`,
        [
          projectId,
          before.id,
          change.content ?? before.content,
          change.date_marker ?? before.date_marker,
          scope,
          change.creation_type ?? before.creation_type,
          insightId,
          dashboardId,
          change.deleted ?? before.deleted,
        ],
      )
      return annotationBody(await get(projectId, id))
    },
  }
}

function annotationBody(row: AnnotationRow): AnnotationBody {
  return {
    id: row.id,
    content: row.content,
    date_marker: row.date_marker.toISOString(),
    scope: row.scope,
    creation_type: row.creation_type,
    dashboard_item: row.insight_id,
    dashboard_id: row.dashboard_id,
    deleted: row.deleted,
    created_by: creatorBody(row),
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  }
}

import type { Sql } from '@hedgerow/ingestion'
import type {
  EarlyAccessFeatureBody,
  EarlyAccessFeatureChange,
  EarlyAccessStage,
  FlagFilters,
  NewEarlyAccessFeature,
  Page,
  PageQuery,
} from '@hedgerow/protocol'
import type { ApplicationStore } from '@hedgerow/stores'
import { HedgerowError, notFound } from '../errors.ts'
import type { Flags } from './flags.ts'
import type { Author } from './write-flag.ts'

interface FeatureRow {
  id: string
  project_id: number
  flag_id: number | null
  name: string
  description: string
  stage: EarlyAccessStage
  documentation_url: string
  payload: unknown
  created_at: Date
}

const columns = 'id, project_id, flag_id, name, description, stage, documentation_url, payload, created_at'
/** Stages in which people may opt in. */
const offeredStages: readonly string[] = ['concept', 'alpha', 'beta', 'general-availability']
const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Features that people opt in to by themselves, each with a flag that their choice decides. */
export function createEarlyAccess({ pool }: ApplicationStore, flags: Flags) {
  const anywhere = pool as unknown as Sql

  async function find(projectId: number, id: string): Promise<FeatureRow> {
    const { rows } = uuidForm.test(id)
      ? await pool.query<FeatureRow>(`SELECT ${columns} FROM early_access_features WHERE project_id = $1 AND id = $2`, [projectId, id])
      : { rows: [] }
    if (!rows[0]) throw notFound(`early access feature ${id.slice(0, 40)}`)
    return rows[0]
  }

  const body = async (row: FeatureRow): Promise<EarlyAccessFeatureBody> => ({
    id: row.id,
    name: row.name,
    description: row.description,
    stage: row.stage,
    documentation_url: row.documentation_url,
    payload: row.payload ?? {},
    feature_flag: row.flag_id === null ? null : await flags.get(row.project_id, String(row.flag_id)),
    created_at: row.created_at.toISOString(),
  })

  /** Lets people's own choice decide the flag, or no longer. */
  async function setEnrollment(sql: Sql, projectId: number, flagId: number, isOn: boolean, author: Author): Promise<void> {
    const filters: FlagFilters = isOn ? { feature_enrollment: true } : { feature_enrollment: null, super_groups: null }
    await flags.changeIn(sql, projectId, String(flagId), { filters }, author)
  }

  async function flagFor(sql: Sql, projectId: number, wanted: NewEarlyAccessFeature, author: Author): Promise<number> {
    if (wanted.feature_flag_id !== undefined && wanted.feature_flag_id !== null) {
      const row = await flags.row(projectId, String(wanted.feature_flag_id), sql)
      if (row.features.length > 0) {
        throw new HedgerowError('conflict', `Flag ${row.key} belongs to the feature "${row.features[0]?.name}" already.`, {
          attr: 'feature_flag_id',
        })
      }
      await setEnrollment(sql, projectId, row.id, true, author)
      return row.id
    }
    const { rows } = await sql.query<{ key: string }>('SELECT key FROM feature_flags WHERE project_id = $1 AND NOT deleted', [projectId])
    const key = freeKey(wanted.name, new Set(rows.map((row) => row.key)))
    const filters: FlagFilters = { groups: [{ properties: [], rollout_percentage: 0 }], feature_enrollment: true }
    return flags.createIn(sql, projectId, { key, name: `Early access: ${wanted.name}`, filters }, author)
  }

  return {
    async list(projectId: number, { limit, offset }: PageQuery): Promise<Pick<Page<EarlyAccessFeatureBody>, 'count' | 'results'>> {
      const { rows } = await pool.query<FeatureRow>(
        `SELECT ${columns} FROM early_access_features WHERE project_id = $1 ORDER BY created_at DESC, id`,
        [projectId],
      )
      return { count: rows.length, results: await Promise.all(rows.slice(offset, offset + limit).map(body)) }
    },

    get: async (projectId: number, id: string): Promise<EarlyAccessFeatureBody> => body(await find(projectId, id)),

    /** Makes the flag too, unless one is named. */
    async create(projectId: number, wanted: NewEarlyAccessFeature, author: Author): Promise<EarlyAccessFeatureBody> {
      const row = await flags.together(projectId, async (sql) => {
        const flagId = await flagFor(sql, projectId, wanted, author)
        const { rows } = await sql.query<FeatureRow>(
          `INSERT INTO early_access_features (project_id, flag_id, name, description, stage, documentation_url, payload)
           VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING ${columns}`,
          [
            projectId,
            flagId,
            wanted.name,
            wanted.description ?? '',
            wanted.stage ?? 'draft',
            wanted.documentation_url ?? '',
            JSON.stringify(wanted.payload ?? {}),
          ],
        )
        return rows[0] as FeatureRow
      })
      return body(row)
    },

    async change(projectId: number, id: string, change: EarlyAccessFeatureChange): Promise<EarlyAccessFeatureBody> {
      const row = await find(projectId, id)
      const { rows } = await anywhere.query<FeatureRow>(
        `UPDATE early_access_features SET name = $2, description = $3, stage = $4, documentation_url = $5, payload = $6
         WHERE id = $1 RETURNING ${columns}`,
        [
          row.id,
          change.name ?? row.name,
          change.description ?? row.description,
          change.stage ?? row.stage,
          change.documentation_url ?? row.documentation_url,
          JSON.stringify(change.payload === undefined ? row.payload : change.payload),
        ],
      )
      return body(rows[0] as FeatureRow)
    },

    /** The flag stays, and is decided by its conditions alone. */
    async delete(projectId: number, id: string, author: Author): Promise<void> {
      const row = await find(projectId, id)
      await flags.together(projectId, async (sql) => {
        await sql.query('DELETE FROM early_access_features WHERE id = $1', [row.id])
        if (row.flag_id !== null) await setEnrollment(sql, projectId, row.flag_id, false, author)
      })
    },

    /** What SDKs show to people; beta ones unless stages are named. */
    async offered(projectId: number, stages: readonly string[]): Promise<object[]> {
      const wanted = (stages.length > 0 ? stages : ['beta']).filter((stage) => offeredStages.includes(stage))
      const { rows } = await pool.query<FeatureRow & { key: string | null }>(
        `SELECT e.id, e.name, e.description, e.stage, e.documentation_url, e.payload, f.key
         FROM early_access_features e LEFT JOIN feature_flags f ON f.id = e.flag_id AND NOT f.deleted
         WHERE e.project_id = $1 AND e.stage = ANY($2) ORDER BY e.created_at, e.id`,
        [projectId, wanted],
      )
      return rows.map((row) => ({
        id: row.id,
        name: row.name,
        description: row.description,
        stage: row.stage,
        documentationUrl: row.documentation_url || null,
        payload: row.payload ?? {},
        flagKey: row.key,
      }))
    },
  }
}

function freeKey(name: string, taken: ReadonlySet<string>): string {
  const slug =
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'early-access'
  if (!taken.has(slug)) return slug
  for (let number = 2; ; number += 1) if (!taken.has(`${slug}-${number}`)) return `${slug}-${number}`
}

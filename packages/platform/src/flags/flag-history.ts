import type { FlagActivityBody, FlagBody, Page } from '@hedgerow/protocol'
import type { ApplicationStore } from '@hedgerow/stores'
import { notFound } from '../errors.ts'
import { shownPayloads } from './encrypted-payloads.ts'
import type { FlagFields } from './flag-row.ts'
import type { Flags } from './flags.ts'
import type { Author, FieldChange } from './write-flag.ts'

interface VersionRow {
  id: number
  flag_id: number
  version: number
  activity: FlagActivityBody['activity']
  changes: FieldChange[]
  definition: FlagFields
  trigger: FlagActivityBody['detail']['trigger'] | null
  created_at: Date
  author: FlagActivityBody['user']
}

const columns = `v.id, v.flag_id, v.version, v.activity, v.changes, v.definition, v.trigger, v.created_at,
  (SELECT json_build_object('id', u.id, 'uuid', u.id, 'first_name', u.name, 'email', u.email) FROM users u WHERE u.id = v.user_id) AS author`

/** What was ever written about flags, and how to go back to it. */
export function createFlagHistory({ pool }: ApplicationStore, flags: Flags) {
  async function select(where: string, values: unknown[], page: { limit: number; offset: number }) {
    const counted = await pool.query<{ count: number }>(`SELECT count(*) FROM feature_flag_versions v WHERE ${where}`, values)
    const { rows } = await pool.query<VersionRow>(
      `SELECT ${columns} FROM feature_flag_versions v WHERE ${where} ORDER BY v.id DESC LIMIT $${values.length + 1} OFFSET $${values.length + 2}`,
      [...values, page.limit, page.offset],
    )
    return { count: counted.rows[0]?.count ?? 0, rows }
  }

  return {
    /** Newest first; of one flag, also of one that was deleted, or of all. */
    async activity(
      projectId: number,
      id: string | undefined,
      page: { limit: number; offset: number },
    ): Promise<Pick<Page<FlagActivityBody>, 'count' | 'results'>> {
      const flagId = id === undefined ? null : (await flags.row(projectId, id)).id
      const { count, rows } = await select('v.project_id = $1 AND ($2::int IS NULL OR v.flag_id = $2)', [projectId, flagId], page)
      return { count, results: rows.map(activityBody) }
    },

    /** Every version of a flag as it was, newest first. */
    async versions(projectId: number, id: string, page: { limit: number; offset: number }) {
      const row = await flags.row(projectId, id)
      const { count, rows } = await select('v.project_id = $1 AND v.flag_id = $2', [projectId, row.id], page)
      const results = rows.map(({ version, definition, author, created_at: createdAt, activity }) => ({
        version,
        ...shown(definition),
        activity,
        created_by: author,
        created_at: createdAt.toISOString(),
        is_current: version === row.version,
      }))
      return { count, results }
    },

    /** Makes a flag what it was at a version, by a new one. */
    async restore(projectId: number, id: string, version: number, author: Author): Promise<FlagBody> {
      const row = await flags.row(projectId, id)
      const { rows } = await pool.query<{ definition: FlagFields }>(
        'SELECT definition FROM feature_flag_versions WHERE project_id = $1 AND flag_id = $2 AND version = $3',
        [projectId, row.id, version],
      )
      const before = rows[0]?.definition
      if (!before) throw notFound(`version ${version} of feature flag ${row.key}`)
      return flags.replace(projectId, String(row.id), before, author)
    },
  }
}

/** Encrypted payloads stay hidden in the past, too. */
function shown(definition: FlagFields): FlagFields {
  if (!definition.has_encrypted_payloads) return definition
  return { ...definition, filters: { ...definition.filters, payloads: shownPayloads(definition.filters.payloads) } }
}

function activityBody(row: VersionRow): FlagActivityBody {
  const isHidden = row.definition.has_encrypted_payloads
  const changes = row.changes.map(({ field, action, before, after }) => ({
    type: 'FeatureFlag' as const,
    field,
    action,
    before: isHidden && field === 'filters' ? hiddenFilters(before) : before,
    after: isHidden && field === 'filters' ? hiddenFilters(after) : after,
  }))
  return {
    id: String(row.id),
    item_id: String(row.flag_id),
    scope: 'FeatureFlag',
    activity: row.activity,
    detail: {
      name: row.definition.key,
      short_id: null,
      type: null,
      version: row.version,
      changes,
      ...(row.trigger ? { trigger: row.trigger } : {}),
    },
    user: row.author,
    created_at: row.created_at.toISOString(),
  }
}

function hiddenFilters(filters: unknown): unknown {
  if (typeof filters !== 'object' || filters === null) return filters
  return { ...filters, payloads: shownPayloads((filters as FlagFields['filters']).payloads) }
}

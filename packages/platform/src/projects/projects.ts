import {
  defaultProjectSettings,
  type NewProject,
  type PathCleaningFilter,
  type ProjectChange,
  type ProjectSettings,
  projectSettings,
} from '@hedgerow/protocol'
import type { Stores } from '@hedgerow/stores'
import { checkRegex } from '../check-regex.ts'
import { HedgerowError, notFound } from '../errors.ts'
import { ExpiringCache } from '../expiring-cache.ts'
import { keyHash, keyHint, randomKey } from '../random.ts'
import { type Project, type ProjectRow, projectColumns, projectOf } from './project.ts'

const uniqueViolation = '23505'

export interface ProjectsOptions {
  cacheMs: number
  cacheCount: number
  nowMs: () => number
  /** Told after a project was hidden, to remove what it holds. */
  onDeleted?: () => void
}

/** Projects: made, read, changed, deleted; found by their token for every captured request. */
export function createProjects(stores: Stores, options: ProjectsOptions) {
  const { pool } = stores.application
  const byToken = new ExpiringCache<Project>({ maxAgeMs: options.cacheMs, maxEntries: options.cacheCount, nowMs: options.nowMs })
  const byId = new ExpiringCache<Project>({ maxAgeMs: options.cacheMs, maxEntries: options.cacheCount, nowMs: options.nowMs })

  async function select(where: string, values: unknown[]): Promise<Project[]> {
    const { rows } = await pool.query<ProjectRow>(
      `SELECT ${projectColumns} FROM projects WHERE projects.deleted_at IS NULL AND ${where} ORDER BY projects.id`,
      values,
    )
    return rows.map(projectOf)
  }

  async function update(id: number, assignments: string, values: unknown[]): Promise<Project> {
    const { rows } = await pool.query<ProjectRow>(
      `UPDATE projects SET ${assignments}, updated_at = now() WHERE projects.id = $1 AND projects.deleted_at IS NULL RETURNING ${projectColumns}`,
      [id, ...values],
    )
    byToken.clear()
    byId.clear()
    const row = rows[0]
    if (!row) throw notFound(`project ${id}`)
    return projectOf(row)
  }

  async function checkPathFilters(filters: readonly PathCleaningFilter[]): Promise<void> {
    for (const [index, { regex }] of filters.entries()) await checkRegex(stores.events, `path_cleaning_filters[${index}].regex`, regex)
  }

  return {
    /** By the token that SDKs send. Remembered for a short time, so that it costs nothing per request. */
    findByToken: async (token: string): Promise<Project | undefined> =>
      // why: the database refuses to compare with this character, which no token has.
      token.includes('\0') ? undefined : byToken.get(token, async () => (await select('projects.api_token = $1', [token]))[0]),

    /** By id; remembered as above. */
    find: (id: number): Promise<Project | undefined> => byId.get(String(id), async () => (await select('projects.id = $1', [id]))[0]),

    findBySecretKey: async (key: string): Promise<Project | undefined> =>
      (await select('projects.secret_key_hash = $1', [keyHash(key)]))[0],

    /** Read from the database. Throws `not_found`. */
    async get(id: number): Promise<Project> {
      const [project] = await select('projects.id = $1', [id])
      if (!project) throw notFound(`project ${id}`)
      return project
    },

    listOf: (organizationIds: readonly string[]): Promise<Project[]> => select('projects.organization_id = ANY($1)', [organizationIds]),

    /** `apiToken` and `id` are given by the unattended set-up and the demo alone. */
    async create(organizationId: string | null, wanted: NewProject, given: { apiToken?: string; isDemo?: boolean } = {}): Promise<Project> {
      if (wanted.path_cleaning_filters) await checkPathFilters(wanted.path_cleaning_filters)
      const { rows } = await pool
        .query<ProjectRow>(
          `INSERT INTO projects (organization_id, name, api_token, timezone, week_start_day, settings, is_demo)
           VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING ${projectColumns}`,
          [
            organizationId,
            wanted.name ?? 'Default project',
            given.apiToken ?? randomKey('phc_'),
            wanted.timezone ?? 'UTC',
            wanted.week_start_day ?? 0,
            JSON.stringify(settingsIn(wanted)),
            given.isDemo ?? false,
          ],
        )
        .catch(tokenTaken)
      byToken.clear()
      return projectOf(rows[0] as ProjectRow)
    },

    async change(id: number, change: ProjectChange): Promise<Project> {
      if (change.path_cleaning_filters) await checkPathFilters(change.path_cleaning_filters)
      return update(
        id,
        'name = coalesce($2, name), timezone = coalesce($3, timezone), week_start_day = coalesce($4, week_start_day), settings = settings || $5',
        [change.name ?? null, change.timezone ?? null, change.week_start_day ?? null, JSON.stringify(settingsIn(change))],
      )
    },

    /** The old token stops working at once in this process, elsewhere when its cache ends. */
    resetToken: (id: number): Promise<Project> => update(id, 'api_token = $2', [randomKey('phc_')]),

    setToken: (id: number, token: string): Promise<Project> => update(id, 'api_token = $2', [token]).catch(tokenTaken),

    /** Gives the new key, which is kept as a digest alone. */
    async rotateSecretKey(id: number, key: string = randomKey('phs_')): Promise<{ project: Project; key: string }> {
      return { project: await update(id, 'secret_key_hash = $2, secret_key_hint = $3', [keyHash(key), keyHint(key)]), key }
    },

    setOrganization: (id: number, organizationId: string): Promise<Project> => update(id, 'organization_id = $2', [organizationId]),

    /** Hides it at once and stops its token; `purgeDeletedProjects` removes what it holds. */
    async delete(id: number): Promise<void> {
      await update(id, 'deleted_at = now()', [])
      options.onDeleted?.()
    },

    /** Forgets what is remembered, e.g. after the set-up changed projects by other means. */
    forget(): void {
      byToken.clear()
      byId.clear()
    },
  }
}

export type Projects = ReturnType<typeof createProjects>

function settingsIn(change: ProjectChange): Partial<ProjectSettings> {
  const names = Object.keys(projectSettings.shape) as (keyof ProjectSettings)[]
  return Object.fromEntries(
    names.filter((name) => name in defaultProjectSettings && change[name] !== undefined).map((name) => [name, change[name]]),
  )
}

function tokenTaken(error: unknown): never {
  if (typeof error === 'object' && error !== null && 'code' in error && error.code === uniqueViolation) {
    throw new HedgerowError('conflict', 'Another project has this token.', { attr: 'api_token', cause: error })
  }
  throw error
}

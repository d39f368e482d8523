import { dependenciesOf, mergeFilters, normalFilters } from '@hedgerow/flags'
import { inTransaction, type Sql } from '@hedgerow/ingestion'
import type { FlagBody, FlagChange, FlagFilters, FlagsQuery, NewFlag, Page } from '@hedgerow/protocol'
import type { ApplicationStore } from '@hedgerow/stores'
import { HedgerowError, invalidInput, notFound } from '../errors.ts'
import type { Project } from '../projects/project.ts'
import { holdsSealed, type PayloadCipher } from './encrypted-payloads.ts'
import { flagConditions } from './flag-conditions.ts'
import { type FlagFields, type FlagRow, fieldsOf, flagBody, flagColumns } from './flag-row.ts'
import { readFlags } from './flag-source.ts'
import {
  type Author,
  checkFlag,
  type FlagActivity,
  insertFlag,
  proposed,
  requireFreeKey,
  requireUntouched,
  selectFlag,
  updateFlag,
} from './write-flag.ts'

export interface FlagsOptions {
  nowMs: () => number
  cipher: PayloadCipher
  /** Told after a project's flags were changed; the change is answered once it resolves. */
  onChanged: (projectId: number) => Promise<void>
}

const defaults: Omit<FlagFields, 'key' | 'filters'> = {
  name: '',
  active: true,
  archived: false,
  deleted: false,
  ensure_experience_continuity: false,
  bucketing_identifier: 'distinct_id',
  evaluation_runtime: 'all',
  evaluation_contexts: [],
  is_remote_configuration: false,
  has_encrypted_payloads: false,
  tags: [],
}

const uniqueViolation = '23505'

/** Feature flags: made, read, changed, deleted and brought back. Every write is one version, with what was before and after. */
export function createFlags({ pool }: ApplicationStore, options: FlagsOptions) {
  const { cipher } = options

  async function find(sql: Sql, projectId: number, id: string, lock = ''): Promise<FlagRow> {
    // compat: PostHog takes the key in the place of the id in some of its routes.
    const byId = /^\d{1,9}$/.test(id)
    const where = byId ? 'f.id = $2' : 'f.key = $2 AND NOT f.deleted'
    const row = await selectFlag(sql, projectId, `${where} ${lock}`, [byId ? Number(id) : id])
    if (!row) throw notFound(`feature flag ${id.slice(0, 100)}`)
    return row
  }

  const body = (row: FlagRow): FlagBody => flagBody(row, options.nowMs())

  async function writing(projectId: number, act: (sql: Sql) => Promise<number>): Promise<FlagBody> {
    const id = await inTransaction(pool, act).catch((error: unknown) => {
      if ((error as { code?: string }).code !== uniqueViolation) throw error
      throw invalidInput('key', 'must be unique: another flag has just got this key', 'flag_key_taken')
    })
    await options.onChanged(projectId)
    return body(await find(pool as unknown as Sql, projectId, String(id)))
  }

  /** Checks and writes a flag as it shall be. */
  async function save(sql: Sql, row: FlagRow, wanted: FlagFields, author: Author): Promise<number> {
    if (row.has_encrypted_payloads && !wanted.has_encrypted_payloads && holdsSealed(wanted.filters.payloads)) {
      throw invalidInput('filters.payloads', 'must be given anew, or as {}, where has_encrypted_payloads becomes false')
    }
    const fields = { ...wanted }
    if (fields.archived && fields.active) throw invalidInput('archived', 'must be false while the flag is active: disable it first')
    if (fields.deleted && !row.deleted) return remove(sql, row, fields, author)
    if (fields.key !== row.key || (row.deleted && !fields.deleted)) {
      fields.key = row.deleted && !fields.deleted ? await freeKey(sql, row, fields.key) : fields.key
      await requireFreeKey(sql, row.project_id, fields.key, row.id)
    }
    if (row.active && !fields.active) await requireNoDependents(sql, row, 'disabled')
    if (!row.active && fields.active) await requireActiveDependencies(sql, row, fields)
    await checkFlag(sql, row.project_id, proposed(row, fields))
    await updateFlag(sql, row, { ...fields, filters: sealed(fields, row.filters) }, author)
    return row.id
  }

  const sealed = (fields: FlagFields, before: FlagFilters | undefined): FlagFilters =>
    fields.has_encrypted_payloads
      ? { ...fields.filters, payloads: cipher.encryptAll(fields.filters.payloads, before?.payloads) }
      : fields.filters

  async function remove(sql: Sql, row: FlagRow, fields: FlagFields, author: Author): Promise<number> {
    await requireNoDependents(sql, row, 'deleted')
    if (row.features.length > 0) {
      throw new HedgerowError(
        'cannot_change',
        `Flag ${row.key} belongs to the early access feature "${row.features[0]?.name}": delete that first.`,
      )
    }
    if (row.experiments.some((experiment) => experiment.is_running)) {
      throw new HedgerowError('cannot_change', `Flag ${row.key} decides an experiment that runs: end that first.`, { attr: 'deleted' })
    }
    // compat: events of an experiment carry the key, which may be given to another flag.
    const key = row.experiments.length > 0 ? `${row.key}:deleted:${row.id}` : row.key
    await updateFlag(sql, row, { ...fields, filters: sealed(fields, row.filters), key }, author)
    return row.id
  }

  return {
    async list(project: Pick<Project, 'id'>, query: FlagsQuery): Promise<Pick<Page<FlagBody>, 'count' | 'results'>> {
      const { where, values, order } = flagConditions(project.id, query, options.nowMs())
      const counted = await pool.query<{ count: number }>(`SELECT count(*) FROM feature_flags f WHERE ${where}`, values)
      const { rows } = await pool.query<FlagRow>(
        `SELECT ${flagColumns} FROM feature_flags f WHERE ${where} ORDER BY ${order}
         LIMIT $${values.length + 1} OFFSET $${values.length + 2}`,
        [...values, query.limit, query.offset],
      )
      return { count: counted.rows[0]?.count ?? 0, results: rows.map(body) }
    },

    /** By id, or by key for one that was not deleted. Throws `not_found`. */
    get: async (projectId: number, id: string): Promise<FlagBody> => body(await find(pool as unknown as Sql, projectId, id)),
    /** `sql`: the transaction that asks, if one does; the embedded database has a single connection for it. */
    row: (projectId: number, id: string, sql: Sql = pool as unknown as Sql): Promise<FlagRow> => find(sql, projectId, id),

    create(projectId: number, wanted: NewFlag, author: Author, activity: FlagActivity = 'created'): Promise<FlagBody> {
      return writing(projectId, (sql) => createIn(sql, projectId, wanted, author, activity))
    },

    /** Throws an error that names the field, or `version_conflict`. */
    change(projectId: number, id: string, change: FlagChange, author: Author): Promise<FlagBody> {
      return writing(projectId, (sql) => changeIn(sql, projectId, id, change, author))
    },

    /** Makes a flag what it is given as, by a new version; a deleted one comes back. */
    replace(projectId: number, id: string, wanted: FlagFields, author: Author): Promise<FlagBody> {
      return writing(projectId, async (sql) => {
        const row = await find(sql, projectId, id, 'FOR UPDATE OF f')
        return save(sql, row, { ...wanted, filters: normalFilters(wanted.filters) }, author)
      })
    },

    /** Serves at once what was written together with something else. */
    refresh: (projectId: number): Promise<void> => options.onChanged(projectId),

    createIn,
    changeIn,
    /** Runs writes of several flags as one. */
    async together<Result>(projectId: number, act: (sql: Sql) => Promise<Result>): Promise<Result> {
      const result = await inTransaction(pool, act)
      await options.onChanged(projectId)
      return result
    },

    async dependents(projectId: number, id: string): Promise<{ id: number; key: string; name: string; active: boolean }[]> {
      const row = await find(pool as unknown as Sql, projectId, id)
      const flags = await readFlags(pool as unknown as Sql, projectId)
      return flags
        .filter((flag) => dependenciesOf(flag).includes(row.id))
        .map(({ id: flagId, key, name, active }) => ({ id: flagId, key, name, active }))
    },

    /** The payload of a config flag, in clear text. Throws `not_found`. */
    async remoteConfig(projectId: number, key: string): Promise<string | null> {
      const isKey = !key.includes('\0')
      const row = isKey ? await selectFlag(pool as unknown as Sql, projectId, 'f.key = $2 AND NOT f.deleted', [key]) : undefined
      if (!row?.is_remote_configuration) throw notFound(`remote config flag ${key.slice(0, 100)}`)
      const payload = row.filters.payloads?.true
      return typeof payload === 'string' ? cipher.decrypt(payload) : null
    },
  }

  async function createIn(
    sql: Sql,
    projectId: number,
    wanted: NewFlag,
    author: Author,
    activity: FlagActivity = 'created',
  ): Promise<number> {
    const { evaluation_tags: oldContexts, filters, ...given } = wanted
    const fields: FlagFields = { ...defaults, ...defined(given), key: wanted.key, filters: normalFilters(filters ?? {}) }
    if (wanted.evaluation_contexts === undefined && oldContexts) fields.evaluation_contexts = oldContexts
    if (fields.archived && fields.active) throw invalidInput('archived', 'must be false while the flag is active')
    await requireFreeKey(sql, projectId, fields.key, undefined)
    await checkFlag(sql, projectId, proposed({ id: 0, version: 1 }, fields))
    return insertFlag(sql, projectId, { ...fields, filters: sealed(fields, undefined) }, author, activity)
  }

  async function changeIn(sql: Sql, projectId: number, id: string, change: FlagChange, author: Author): Promise<number> {
    const row = await find(sql, projectId, id, 'FOR UPDATE OF f')
    const { version, original_flag: _original, evaluation_tags: oldContexts, filters, ...given } = change
    const fields: FlagFields = { ...fieldsOf(row), ...defined(given) }
    if (filters) fields.filters = mergeFilters(row.filters, filters)
    if (given.evaluation_contexts === undefined && oldContexts) fields.evaluation_contexts = oldContexts
    await requireUntouched(sql, row, version, Object.keys(change))
    if (row.deleted && fields.deleted) throw notFound(`feature flag ${id.slice(0, 100)}`)
    return save(sql, row, fields, author)
  }
}

export type Flags = ReturnType<typeof createFlags>

/** The key of a flag that is brought back, with a suffix if it was given away meanwhile. */
async function freeKey(sql: Sql, row: FlagRow, wanted: string): Promise<string> {
  const key = wanted.replace(`:deleted:${row.id}`, '')
  const others = new Set((await readFlags(sql, row.project_id)).map((flag) => flag.key))
  if (!others.has(key)) return key
  for (let number = 1; ; number += 1) if (!others.has(`${key}-restored-${number}`)) return `${key}-restored-${number}`
}

async function requireNoDependents(sql: Sql, row: FlagRow, what: string): Promise<void> {
  const dependents = (await readFlags(sql, row.project_id)).filter((flag) => flag.active && dependenciesOf(flag).includes(row.id))
  if (dependents.length === 0) return
  const names = dependents.map((flag) => flag.key).join(', ')
  throw new HedgerowError('cannot_change', `Flag ${row.key} cannot be ${what} while others depend on it: ${names}.`, {
    attr: what === 'deleted' ? 'deleted' : 'active',
  })
}

async function requireActiveDependencies(sql: Sql, row: FlagRow, fields: FlagFields): Promise<void> {
  const needed = dependenciesOf({ filters: fields.filters })
  const disabled = (await readFlags(sql, row.project_id)).filter((flag) => !flag.active && needed.includes(flag.id))
  if (disabled.length === 0) return
  const names = disabled.map((flag) => flag.key).join(', ')
  throw new HedgerowError('cannot_change', `Flag ${row.key} cannot be enabled while it depends on flags that are disabled: ${names}.`, {
    attr: 'active',
  })
}

function defined<Fields extends object>(fields: Fields): { [Key in keyof Fields]: Exclude<Fields[Key], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never
}

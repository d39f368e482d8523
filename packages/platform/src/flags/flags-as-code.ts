import { dependenciesOf, normalFilters } from '@hedgerow/flags'
import { inTransaction, type Sql } from '@hedgerow/ingestion'
import type { FlagDocument, FlagFilters, FlagPlanBody } from '@hedgerow/protocol'
import type { ApplicationStore } from '@hedgerow/stores'
import { HedgerowError, invalidInput } from '../errors.ts'
import { keyHash } from '../random.ts'
import { type FlagRow, fieldsOf, flagColumns } from './flag-row.ts'
import type { Flags } from './flags.ts'
import { renamed } from './portable-flags.ts'
import { type Author, changesBetween } from './write-flag.ts'

type DocumentFlag = FlagDocument['flags'][number]

/** Fields of a flag in a document. Payloads that are encrypted stay out of it. */
const documentFields = [
  'name',
  'active',
  'filters',
  'ensure_experience_continuity',
  'bucketing_identifier',
  'evaluation_runtime',
  'evaluation_contexts',
  'is_remote_configuration',
  'has_encrypted_payloads',
  'archived',
  'tags',
] as const

/** All flags of a project as one document, and back: what a document would change, and that change as a whole or not at all. */
export function createFlagsAsCode({ pool }: ApplicationStore, flags: Flags) {
  /** With `lock`, nobody else changes them before the transaction ends. */
  async function rowsOf(sql: Sql, projectId: number, lock = ''): Promise<FlagRow[]> {
    const { rows } = await sql.query<FlagRow>(
      `SELECT ${flagColumns} FROM feature_flags f WHERE f.project_id = $1 AND NOT f.deleted ORDER BY f.key ${lock}`,
      [projectId],
    )
    return rows
  }

  const byKey = (rows: readonly FlagRow[]) => ({
    flag: (id: string) => rows.find((row) => String(row.id) === id)?.key,
    cohort: (id: string) => Number(id),
  })

  function planned(rows: readonly FlagRow[], document: FlagDocument): FlagPlanBody['changes'] {
    const named = new Set(document.flags.map((flag) => flag.key))
    const changes = document.flags.map((wanted) => {
      const row = rows.find((each) => each.key === wanted.key)
      const before = row ? documentOf(row, rows) : undefined
      const fields = documentFields
        .filter((field) => wanted[field] !== undefined && isOther(field, before?.[field], wanted[field]))
        .map((field) => ({ field, before: before?.[field] ?? null, after: wanted[field] }))
      return { key: wanted.key, action: row ? ('update' as const) : ('create' as const), changes: fields }
    })
    const removed = document.prune ? rows.filter((row) => !named.has(row.key)) : []
    return [
      ...changes.filter((change) => change.action === 'create' || change.changes.length > 0),
      ...removed.map((row) => ({ key: row.key, action: 'delete' as const, changes: [] })),
    ]
  }

  const documentOf = (row: FlagRow, rows: readonly FlagRow[]): DocumentFlag => {
    const { filters, ...fields } = fieldsOf(row)
    const portable = renamed(filters, byKey(rows), () => undefined)
    if (row.has_encrypted_payloads) delete portable.payloads
    const entries = documentFields.map((field) => [field, field === 'filters' ? portable : fields[field]])
    return { key: row.key, ...Object.fromEntries(entries) }
  }

  /** Flags after those that they depend on; those to be disabled last, and before those that they depend on. */
  function inOrder(document: FlagDocument, rows: readonly FlagRow[]): DocumentFlag[] {
    const left = new Map(document.flags.map((flag) => [flag.key, flag]))
    if (left.size < document.flags.length) throw invalidInput('flags', 'must name each flag once')
    const ordered: DocumentFlag[] = []
    while (left.size > 0) {
      const ready = [...left.values()].filter((flag) => !keysNeeded(flag).some((key) => left.has(key)))
      if (ready.length === 0) throw invalidInput('flags', `must not depend on each other in a circle: ${[...left.keys()].join(', ')}`)
      for (const flag of ready) {
        ordered.push(flag)
        left.delete(flag.key)
      }
    }
    const isDisabling = ({ key, active }: DocumentFlag) => active === false && rows.some((row) => row.key === key && row.active)
    return [...ordered.filter((flag) => !isDisabling(flag)), ...ordered.filter(isDisabling).reverse()]
  }

  return {
    async pull(projectId: number): Promise<FlagDocument> {
      const rows = await rowsOf(pool as unknown as Sql, projectId)
      return { base: baseOf(rows), flags: rows.map((row) => documentOf(row, rows)), prune: false }
    },

    /** What apply would do, found out by doing it and taking it back; so it is refused as apply would refuse it, but for a stale base. */
    async plan(projectId: number, document: FlagDocument, author: Author): Promise<FlagPlanBody & { is_stale: boolean }> {
      return inTransaction(pool, async (sql) => {
        const base = baseOf(await rowsOf(sql, projectId))
        await sql.query('SAVEPOINT plan')
        const { changes } = await applyIn(sql, projectId, { ...document, base: null }, author)
        await sql.query('ROLLBACK TO SAVEPOINT plan')
        return { base, changes, is_stale: Boolean(document.base) && document.base !== base }
      })
    },

    /** All of it or nothing. Throws `version_conflict` where flags were changed since the document was made. */
    apply: (projectId: number, document: FlagDocument, author: Author): Promise<FlagPlanBody> =>
      flags.together(projectId, (sql) => applyIn(sql, projectId, document, author)),
  }

  async function applyIn(sql: Sql, projectId: number, document: FlagDocument, author: Author): Promise<FlagPlanBody> {
    await sql.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`flags of project ${projectId}`])
    const rows = await rowsOf(sql, projectId, 'FOR UPDATE OF f')
    if (document.base && document.base !== baseOf(rows)) {
      throw new HedgerowError('version_conflict', 'Flags were changed since this document was made: pull again, and merge your changes.', {
        attr: 'base',
      })
    }
    const changes = planned(rows, document)
    const ids = new Map(rows.map((row) => [row.key, row.id]))
    for (const wanted of inOrder(document, rows)) {
      const change = changes.find(({ key }) => key === wanted.key)
      if (!change) continue
      const row = rows.find(({ key }) => key === wanted.key)
      const filters = wanted.filters && withIds(wanted.key, whole(wanted.filters, row), ids)
      const fields = { ...wanted, ...(filters ? { filters } : {}) }
      if (row) await flags.changeIn(sql, projectId, String(row.id), fields, author)
      else ids.set(wanted.key, await flags.createIn(sql, projectId, fields, author))
    }
    await remove(sql, projectId, changes, rows, author)
    return { base: baseOf(await rowsOf(sql, projectId)), changes }
  }

  /** Dependents go before what they depend on. */
  async function remove(
    sql: Sql,
    projectId: number,
    changes: FlagPlanBody['changes'],
    rows: readonly FlagRow[],
    author: Author,
  ): Promise<void> {
    const gone = new Set(changes.filter(({ action }) => action === 'delete').map(({ key }) => key))
    let left = rows.filter((row) => gone.has(row.key))
    while (left.length > 0) {
      const needed = new Set(left.flatMap((row) => dependenciesOf(row)))
      const free = left.filter((row) => !needed.has(row.id))
      const next = free.length > 0 ? free : left
      for (const row of next) await flags.changeIn(sql, projectId, String(row.id), { deleted: true }, author)
      left = left.filter((row) => !next.includes(row))
    }
  }
}

/** The state of all flags as a short text. */
const baseOf = (rows: readonly FlagRow[]): string => keyHash(rows.map((row) => `${row.id}:${row.version}`).join(' ')).slice(0, 16)

function keysNeeded(flag: DocumentFlag): string[] {
  const filters = (flag.filters?.groups ?? []).flatMap((condition) => condition.properties ?? [])
  return filters.filter((filter) => filter.type === 'flag').map((filter) => String(filter.key))
}

function withIds(key: string, filters: FlagFilters, ids: ReadonlyMap<string, number>): FlagFilters {
  return renamed(filters, { flag: (name) => ids.get(name)?.toString(), cohort: (id) => Number(id) }, (what) => {
    throw invalidInput(`flags.${key}.filters`, `must name flags that exist: there is no ${what}`)
  })
}

/** Filters of a document stand for all: what they leave out is gone, but for payloads that a document cannot hold. */
function whole(wanted: FlagFilters, row: FlagRow | undefined): FlagFilters {
  const kept = row?.has_encrypted_payloads ? ['payloads'] : []
  const gone = Object.keys(row?.filters ?? {}).filter((key) => !(key in wanted) && !kept.includes(key))
  return { ...Object.fromEntries(gone.map((key) => [key, key === 'groups' ? [] : null])), ...wanted }
}

function isOther(field: (typeof documentFields)[number], before: unknown, after: unknown): boolean {
  const present = (filters: object) => Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== null))
  const fields = (value: unknown) =>
    ({ [field]: field === 'filters' && value ? present(normalFilters(value as FlagFilters)) : value }) as never
  return changesBetween(fields(before), fields(after)).length > 0
}

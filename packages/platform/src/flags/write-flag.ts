import { type FlagDefinition, findProblem } from '@hedgerow/flags'
import type { Sql } from '@hedgerow/ingestion'
import { flagLimits } from '@hedgerow/protocol'
import { HedgerowError, invalidInput } from '../errors.ts'
import { withoutSealed } from './encrypted-payloads.ts'
import { changeableFields, definitionOf, type FlagFields, type FlagRow, fieldsOf, flagColumns } from './flag-row.ts'
import { readCohorts, readFlags } from './flag-source.ts'

export type FlagActivity = 'created' | 'updated' | 'deleted' | 'restored' | 'copied'

/** Who or what makes a change. */
export interface Author {
  userId: string | null
  /** What made it, where it was no person. */
  trigger?: { job_type: string; job_id: string; payload: unknown }
}

export interface FieldChange {
  field: string
  action: 'created' | 'changed' | 'deleted'
  before: unknown
  after: unknown
}

export async function selectFlag(sql: Sql, projectId: number, where: string, values: unknown[]): Promise<FlagRow | undefined> {
  const { rows } = await sql.query<FlagRow>(`SELECT ${flagColumns} FROM feature_flags f WHERE f.project_id = $1 AND ${where}`, [
    projectId,
    ...values,
  ])
  return rows[0]
}

/** Throws an error that names the field of the first thing that is wrong. */
export async function checkFlag(sql: Sql, projectId: number, flag: FlagDefinition): Promise<void> {
  const sizeBytes = JSON.stringify(flag.filters).length
  if (sizeBytes > flagLimits.maxFiltersBytes) {
    throw invalidInput('filters', `must be at most ${flagLimits.maxFiltersBytes} bytes of JSON; these are ${sizeBytes}`)
  }
  const known = { flags: await readFlags(sql, projectId), cohorts: await readCohorts(sql, projectId), isFollowed: () => true }
  // why: what is encrypted was checked before it was.
  const payloads = withoutSealed(flag.filters.payloads)
  const problem = findProblem({ ...flag, filters: flag.hasEncryptedPayloads ? { ...flag.filters, payloads } : flag.filters }, known)
  if (problem) throw invalidInput(problem.attr, problem.message, problem.code)
}

/** Throws `conflict` where another flag has the key. */
export async function requireFreeKey(sql: Sql, projectId: number, key: string, flagId: number | undefined): Promise<void> {
  const other = await selectFlag(sql, projectId, 'f.key = $2 AND NOT f.deleted AND f.id IS DISTINCT FROM $3', [key, flagId ?? null])
  if (other) throw invalidInput('key', `must be unique: flag ${other.id} has the key ${JSON.stringify(key)} already`, 'flag_key_taken')
}

export async function insertFlag(sql: Sql, projectId: number, fields: FlagFields, author: Author, activity: FlagActivity): Promise<number> {
  const columns = [...changeableFields, 'project_id', 'created_by', 'last_modified_by']
  const values = [...changeableFields.map((field) => columnValue(fields, field)), projectId, author.userId, author.userId]
  const { rows } = await sql.query<{ id: number }>(
    `INSERT INTO feature_flags (${columns.join(', ')}) VALUES (${columns.map((_, index) => `$${index + 1}`).join(', ')}) RETURNING id`,
    values,
  )
  const id = rows[0]?.id as number
  const changes = changeableFields.map((field) => ({ field, action: 'created' as const, before: null, after: fields[field] }))
  await insertVersion(sql, { projectId, flagId: id, version: 1, activity, changes, fields, author })
  return id
}

/** Writes what differs, as one version; writes nothing where nothing does. */
export async function updateFlag(sql: Sql, row: FlagRow, fields: FlagFields, author: Author): Promise<void> {
  const changes = changesBetween(fieldsOf(row), fields)
  if (changes.length === 0) return
  const assignments = changeableFields.map((field, index) => `${field} = $${index + 3}`)
  await sql.query(
    `UPDATE feature_flags SET ${assignments.join(', ')}, version = version + 1, updated_at = now(),
       last_modified_by = coalesce($2, last_modified_by) WHERE id = $1`,
    [row.id, author.userId, ...changeableFields.map((field) => columnValue(fields, field))],
  )
  const activity: FlagActivity = fields.deleted === row.deleted ? 'updated' : fields.deleted ? 'deleted' : 'restored'
  await insertVersion(sql, { projectId: row.project_id, flagId: row.id, version: row.version + 1, activity, changes, fields, author })
}

export function changesBetween(before: FlagFields, after: FlagFields): FieldChange[] {
  return changeableFields
    .filter((field) => !isSame(before[field], after[field]))
    .map((field) => ({ field, action: 'changed' as const, before: before[field], after: after[field] }))
}

/** Throws `version_conflict` where somebody else has changed one of these fields since a version. */
export async function requireUntouched(sql: Sql, row: FlagRow, version: number | undefined, fields: readonly string[]): Promise<void> {
  if (version === undefined || version >= row.version) return
  const { rows } = await sql.query<{ field: string }>(
    `SELECT DISTINCT c ->> 'field' AS field FROM feature_flag_versions v, jsonb_array_elements(v.changes) c
     WHERE v.flag_id = $1 AND v.version > $2`,
    [row.id, version],
  )
  const touched = fields.filter((field) => rows.some((changed) => changed.field === field))
  if (touched.length === 0) return
  const names = touched.join(', ')
  throw new HedgerowError(
    'version_conflict',
    `The flag is at version ${row.version}, and since version ${version} somebody else has changed ${names}. Read it again, and repeat the change.`,
    { attr: touched[0] as string },
  )
}

/** A flag's own definition with other fields, as it would be evaluated. */
export const proposed = (row: { id: number; version: number }, fields: FlagFields): FlagDefinition =>
  definitionOf({ ...fields, id: row.id, version: row.version })

async function insertVersion(
  sql: Sql,
  row: {
    projectId: number
    flagId: number
    version: number
    activity: FlagActivity
    changes: readonly FieldChange[]
    fields: FlagFields
    author: Author
  },
): Promise<void> {
  await sql.query(
    `INSERT INTO feature_flag_versions (project_id, flag_id, version, activity, changes, definition, user_id, trigger)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      row.projectId,
      row.flagId,
      row.version,
      row.activity,
      JSON.stringify(row.changes),
      JSON.stringify(row.fields),
      row.author.userId,
      row.author.trigger ? JSON.stringify(row.author.trigger) : null,
    ],
  )
}

const columnValue = (fields: FlagFields, field: (typeof changeableFields)[number]): unknown =>
  field === 'filters' ? JSON.stringify(fields.filters) : fields[field]

/** JSON in the database has its keys in another order. */
function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(ordered(a)) === JSON.stringify(ordered(b))
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, ordered(item)]),
  )
}

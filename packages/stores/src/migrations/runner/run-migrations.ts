import { createHash } from 'node:crypto'
import type pg from 'pg'
import { StoresError } from '../../stores-error.ts'
import type { Migration } from './migration.ts'

/** Postgres names advisory locks by number; this one is for changing the schema ("hedgerow" as a number). */
const migrationLockId = 748_336_297

const createRecords = `
  CREATE TABLE IF NOT EXISTS schema_migrations (
    id text PRIMARY KEY,
    checksum text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
  )`

/**
 * Applies what is missing, in order, each in a transaction of its own, and answers the ids applied by this call.
 * Safe to run twice, and by several processes at once: one works while the others wait.
 * Throws {@link StoresError} `database_newer_than_program`, `migration_changed` or `migration_failed`, and then has changed nothing more.
 */
export async function runMigrations(pool: pg.Pool, migrations: readonly Migration[]): Promise<string[]> {
  checkOrder(migrations)
  const client = await pool.connect()
  const applied: string[] = []
  try {
    const recorded = await inTransaction(client, async () => {
      await client.query(createRecords)
      const records = await readRecords(client)
      checkRecords(records, migrations)
      return records
    })
    for (const migration of migrations.filter(({ id }) => !recorded.has(id))) {
      const isNew = await inTransaction(client, () => applyUnlessRecorded(client, migration, migrations))
      if (isNew) applied.push(migration.id)
    }
    return applied
  } finally {
    client.release()
  }
}

export function checksumOf(migration: Migration): string {
  return createHash('sha256').update(migration.sql).digest('hex')
}

function checkOrder(migrations: readonly Migration[]): void {
  for (const [index, { id }] of migrations.entries()) {
    const previous = migrations[index - 1]
    if (!/^\d{4}-[a-z0-9-]+$/.test(id)) throw new Error(`Migration "${id}" must be named like "0001-foundation"`)
    if (previous !== undefined && previous.id.slice(0, 4) >= id.slice(0, 4)) {
      throw new Error(`Migration "${id}" must have a higher number than "${previous.id}" before it`)
    }
  }
}

/** Every transaction takes the lock for itself, so that none is left behind by a lost connection. */
async function inTransaction<T>(client: pg.PoolClient, work: () => Promise<T>): Promise<T> {
  await client.query('BEGIN')
  try {
    // why: the lock may be held by a process whose migration takes long.
    await client.query('SET LOCAL statement_timeout = 0')
    await client.query('SELECT pg_advisory_xact_lock($1)', [migrationLockId])
    const result = await work()
    await client.query('COMMIT')
    return result
  } catch (error) {
    // why: when the connection itself is lost, the first error says more than this one.
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  }
}

async function readRecords(client: pg.PoolClient): Promise<Map<string, string>> {
  const { rows } = await client.query<{ id: string; checksum: string }>('SELECT id, checksum FROM schema_migrations ORDER BY id')
  return new Map(rows.map((row) => [row.id, row.checksum]))
}

function checkRecords(records: Map<string, string>, migrations: readonly Migration[]): void {
  const known = new Map(migrations.map((migration) => [migration.id, migration]))
  for (const [id, checksum] of records) {
    const migration = known.get(id)
    if (migration === undefined) {
      throw new StoresError(
        'database_newer_than_program',
        `The application database has been changed by a newer version of Hedgerow: it holds migration "${id}", ` +
          `and this program knows none after "${migrations.at(-1)?.id ?? ''}". Start a version that is at least as new.`,
      )
    }
    if (checksumOf(migration) !== checksum) {
      throw new StoresError(
        'migration_changed',
        `Migration "${id}" was applied to the application database with another text than this program has. ` +
          'Released migrations never change: the program or the database was altered by hand.',
      )
    }
  }
}

async function applyUnlessRecorded(client: pg.PoolClient, migration: Migration, migrations: readonly Migration[]): Promise<boolean> {
  const records = await readRecords(client)
  checkRecords(records, migrations)
  if (records.has(migration.id)) return false
  try {
    await client.query(migration.sql)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new StoresError('migration_failed', `Migration "${migration.id}" of the application database failed: ${reason}`, { cause: error })
  }
  await client.query('INSERT INTO schema_migrations (id, checksum) VALUES ($1, $2)', [migration.id, checksumOf(migration)])
  return true
}

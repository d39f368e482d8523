import { setTimeout as sleep } from 'node:timers/promises'
import { EventStoreError } from '../../event-store/event-store.ts'
import { foundation } from './0001-foundation.ts'
import { cohorts } from './0002-cohorts.ts'
import { dropPersonProperties, personSnapshots } from './0003-person-snapshot.ts'
import { smallParts } from './0004-small-parts.ts'
import { lightMerges } from './0005-light-merges.ts'
import { dropOldSessionColumns, lightSessions } from './0006-light-sessions.ts'
import { packing } from './0007-packing.ts'
import type { Layout } from './layout.ts'

/**
 * Ordered; the number is the place in the list, from 1. A released migration is never changed, nor may
 * what it imports: it holds its own lists.
 * Each statement must be safe to run again and by two processes at once (`IF NOT EXISTS`): ClickHouse has no transaction
 * around DDL and, without Keeper, no lock.
 */
export const eventStoreMigrations: readonly EventStoreMigration[] = [
  { name: 'foundation', statements: foundation },
  { name: 'cohorts', statements: cohorts },
  { name: 'person-snapshots', statements: personSnapshots },
  { name: 'drop-person-properties', statements: dropPersonProperties },
  { name: 'small-parts', statements: smallParts },
  { name: 'light-merges', statements: lightMerges },
  { name: 'light-sessions', statements: lightSessions },
  { name: 'drop-old-session-columns', statements: dropOldSessionColumns },
  { name: 'packing', statements: packing },
]

const maxAttempts = 10
const pollMs = 250

export interface EventStoreMigration {
  name: string
  statements: (layout: Layout) => string[]
}

/** One server. Each node of a cluster records for itself what it has, so a node that is added later gets everything. */
export interface MigrationTarget {
  /** For messages. */
  name: string
  query(sql: string): Promise<unknown[][]>
  command(sql: string): Promise<void>
}

/** Applies what a server does not have yet, in order. */
export async function migrateEventStore(
  targets: readonly MigrationTarget[],
  layout: Layout,
  migrations: readonly EventStoreMigration[] = eventStoreMigrations,
): Promise<void> {
  for (const target of targets) await migrateServer(target, layout, migrations)
}

async function migrateServer(target: MigrationTarget, layout: Layout, migrations: readonly EventStoreMigration[]): Promise<void> {
  const record = layout.kind === 'single' ? 'hedgerow_migrations' : `${layout.localDatabase}.hedgerow_migrations`
  if (layout.kind === 'cluster') {
    await target.command(`CREATE DATABASE IF NOT EXISTS ${layout.localDatabase}`)
    await target.command(`CREATE DATABASE IF NOT EXISTS ${layout.database}`)
  }
  await target.command(`CREATE TABLE IF NOT EXISTS ${record} (
    number UInt32, name String, applied_at DateTime64(3, 'UTC') DEFAULT now64(3)
  ) ENGINE = ReplacingMergeTree ORDER BY number SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`)
  const [row] = await target.query(`SELECT max(number) FROM ${record}`)
  const applied = Number(row?.[0] ?? 0)
  if (applied > migrations.length) {
    throw new EventStoreError(
      'database_newer_than_program',
      `The event store at ${target.name} has migration ${applied}, this program knows ${migrations.length}. ` +
        'Start the version of Hedgerow that last used it, or a later one.',
    )
  }
  for (const [index, migration] of migrations.entries()) {
    const number = index + 1
    if (number <= applied) continue
    try {
      for (const statement of migration.statements(layout)) await change(target, layout, statement)
    } catch (error) {
      // why: another process may have gone on meanwhile, to where the statement is no longer possible.
      if (!(await isRecorded(target, record, number))) throw error
    }
    await target.command(`INSERT INTO ${record} (number, name) VALUES (${number}, '${migration.name}')`)
  }
}

/**
 * A change of rows takes as long as the table is large, longer than a statement may, and goes on in the engine when its statement
 * has ended; another process that starts may also have begun one. What fails meanwhile is tried again when it has come to its end.
 */
async function change(target: MigrationTarget, layout: Layout, statement: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await target.command(statement)
    } catch (error) {
      // tricky: what was under way may have ended before it is looked for, so that once is tried again without having seen any.
      const hasWaited = await waitedForMutations(target, layout)
      if (attempt === maxAttempts || (!hasWaited && attempt > 1)) throw error
    }
  }
}

/** False where none was under way. Throws `bad_query` with the engine's reason where one cannot be done. */
async function waitedForMutations(target: MigrationTarget, layout: Layout): Promise<boolean> {
  const database = layout.kind === 'single' ? 'currentDatabase()' : `'${layout.localDatabase}'`
  for (let isFirst = true; ; isFirst = false) {
    const [row] = await target.query(
      `SELECT count(), max(latest_fail_reason) FROM system.mutations WHERE database = ${database} AND NOT is_done`,
    )
    if (Number(row?.[0] ?? 0) === 0) return !isFirst
    if (row?.[1]) throw new EventStoreError('bad_query', `Rows of ${target.name} could not be carried over: ${row[1]}`)
    await sleep(pollMs)
  }
}

/** Whether another process has done this one, or does within moments. */
async function isRecorded(target: MigrationTarget, record: string, number: number): Promise<boolean> {
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const [row] = await target.query(`SELECT max(number) FROM ${record}`)
    if (Number(row?.[0] ?? 0) >= number) return true
    await sleep(pollMs)
  }
  return false
}

import { EventStoreError } from '../../event-store/event-store.ts'
import { foundation } from './0001-foundation.ts'
import { cohorts } from './0002-cohorts.ts'
import { dropPersonProperties, personSnapshots } from './0003-person-snapshot.ts'
import type { Layout } from './layout.ts'

/**
 * Ordered; the number is the place in the list, from 1. A released migration is never changed.
 * Each statement must be safe to run again and by two processes at once (`IF NOT EXISTS`): ClickHouse has no transaction
 * around DDL and, without Keeper, no lock.
 */
export const eventStoreMigrations: readonly EventStoreMigration[] = [
  { name: 'foundation', statements: foundation },
  { name: 'cohorts', statements: cohorts },
  { name: 'person-snapshots', statements: personSnapshots },
  { name: 'drop-person-properties', statements: dropPersonProperties },
]

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
      for (const statement of migration.statements(layout)) await target.command(statement)
    } catch (error) {
      // why: another process may have gone on meanwhile, to where the statement is no longer possible.
      const [now] = await target.query(`SELECT max(number) FROM ${record}`)
      if (Number(now?.[0] ?? 0) < number) throw error
    }
    await target.command(`INSERT INTO ${record} (number, name) VALUES (${number}, '${migration.name}')`)
  }
}

import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findPostgres, postgresSkipReason, startPostgres } from '../../test-servers/postgres.ts'
import type { TestServer } from '../../test-servers/server-process.ts'
import { checksumOf, runMigrations } from './run-migrations.ts'

const hasPostgres = findPostgres() !== undefined
const suffix = hasPostgres ? '' : ` — skipped: ${postgresSkipReason}`

const first = { id: '0001-first', sql: 'CREATE TABLE a (id int); INSERT INTO a VALUES (1)' }
const second = { id: '0002-second', sql: 'ALTER TABLE a ADD COLUMN b int; SELECT pg_sleep(0.2)' }
const broken = { id: '0003-broken', sql: 'CREATE TABLE c (id int); CREATE TABEL d ()' }

describe.skipIf(!hasPostgres)(`migrations${suffix}`, () => {
  let postgres: TestServer
  let pool: pg.Pool

  beforeAll(async () => {
    postgres = await startPostgres()
    pool = new pg.Pool({ connectionString: postgres.url, max: 10 })
  })
  afterAll(async () => {
    await pool?.end()
    await postgres?.remove()
  })
  beforeEach(async () => {
    await pool.query('DROP SCHEMA public CASCADE')
    await pool.query('CREATE SCHEMA public')
  })

  const recorded = async () => (await pool.query('SELECT id, checksum FROM schema_migrations ORDER BY id')).rows

  it('applies what is missing, in order, and records it', async () => {
    expect(await runMigrations(pool, [first])).toEqual(['0001-first'])
    expect(await runMigrations(pool, [first, second])).toEqual(['0002-second'])
    expect(await runMigrations(pool, [first, second])).toEqual([])
    expect(await recorded()).toEqual([first, second].map((migration) => ({ id: migration.id, checksum: checksumOf(migration) })))
    expect((await pool.query('SELECT * FROM a')).rows).toEqual([{ id: 1, b: null }])
  })

  it('is applied once by six at once', async () => {
    const applied = await Promise.all(Array.from({ length: 6 }, () => runMigrations(pool, [first, second])))
    expect(applied.flat().sort()).toEqual(['0001-first', '0002-second'])
    expect((await pool.query('SELECT * FROM a')).rows).toHaveLength(1)
  })

  it('leaves nothing of one that fails, and keeps those before it', async () => {
    await expect(runMigrations(pool, [first, second, broken])).rejects.toMatchObject({
      code: 'migration_failed',
      message: expect.stringContaining('0003-broken'),
    })
    expect((await recorded()).map(({ id }) => id)).toEqual(['0001-first', '0002-second'])
    await expect(pool.query('SELECT * FROM c')).rejects.toMatchObject({ code: '42P01' })
    expect(await runMigrations(pool, [first, second, { ...broken, sql: 'CREATE TABLE c (id int)' }])).toEqual(['0003-broken'])
  })

  it('refuses a database that a newer program has changed, and changes nothing', async () => {
    await runMigrations(pool, [first, second])
    await expect(runMigrations(pool, [first])).rejects.toMatchObject({
      code: 'database_newer_than_program',
      message: expect.stringMatching(/newer version of Hedgerow.*"0002-second".*"0001-first"/),
    })
    expect(await recorded()).toHaveLength(2)
  })

  it('refuses a migration that was changed after it was applied', async () => {
    await runMigrations(pool, [first])
    await expect(runMigrations(pool, [{ ...first, sql: 'CREATE TABLE b ()' }])).rejects.toMatchObject({ code: 'migration_changed' })
  })

  it.each([
    ['twice the same number', [first, { ...second, id: '0001-second' }]],
    ['a lower number after a higher one', [second, first]],
    ['a name without a number', [{ ...first, id: 'first' }]],
  ])('refuses %s', async (_, migrations) => {
    await expect(runMigrations(pool, migrations)).rejects.toThrow('Migration "')
  })
})

import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { applicationMigrations } from '../migrations/application/application-migrations.ts'
import type { ApplicationStore } from './application-store.ts'

/** An empty place for a store, and how it is opened there. */
export interface StorePlace {
  open(): Promise<ApplicationStore>
  remove(): Promise<void>
}

/** What every application store does, wherever its Postgres runs. */
export function describeApplicationStore(name: string, makePlace: () => Promise<StorePlace>): void {
  describe(name, () => {
    let place: StorePlace
    let store: ApplicationStore

    beforeAll(async () => {
      place = await makePlace()
      store = await place.open()
    })

    afterAll(async () => {
      await store.close()
      await place.remove()
    })

    it('has all tables, and records how they came', async () => {
      const rows = await store.db.selectFrom('schema_migrations').select(['id']).orderBy('id').execute()
      expect(rows.map(({ id }) => id)).toEqual(applicationMigrations.map(({ id }) => id))
      expect(await store.db.selectFrom('ingestion_progress').selectAll().execute()).toEqual([
        { id: 1, committed_position: 0, last_inserted_at: null, log_id: null },
      ])
    })

    it('counts projects from 1', async () => {
      const project = await store.db
        .insertInto('projects')
        .values({ name: 'First', api_token: 'phc_first' })
        .returningAll()
        .executeTakeFirstOrThrow()
      expect(project).toMatchObject({ id: 1, timezone: 'UTC', week_start_day: 0, settings: {}, is_demo: false, deleted_at: null })
      expect(project.created_at).toBeInstanceOf(Date)
    })

    it('reads each kind of column as its type says', async () => {
      const { rows } = await sql<Record<string, unknown>>`
        SELECT 9007199254740991::bigint AS safe, 9223372036854775807::bigint AS unsafe, ARRAY[1, NULL, 2]::bigint[] AS list,
               DATE '2026-03-29' AS day, TIMESTAMP '2026-03-29 02:30:00' AS local, TIMESTAMPTZ '2026-03-29 02:30:00.123456Z' AS instant,
               '{"a": [1, null], "b": "\u{1f994}"}'::jsonb AS json, NULL::text AS nothing, ARRAY['x', NULL] AS texts`.execute(store.db)
      expect(rows[0]).toEqual({
        safe: 9_007_199_254_740_991,
        unsafe: '9223372036854775807',
        list: [1, null, 2],
        day: '2026-03-29',
        local: '2026-03-29 02:30:00',
        instant: new Date('2026-03-29T02:30:00.123Z'),
        json: { a: [1, null], b: '\u{1f994}' },
        nothing: null,
        texts: ['x', null],
      })
    })

    it('keeps the microseconds of an instant that is given as text', async () => {
      const id = '0190b1a2-0000-7000-8000-000000000001'
      const created_at = '2026-01-02T03:04:05.678901Z'
      await store.db.insertInto('persons').values({ project_id: 9, id, created_at }).execute()
      const { rows } = await sql<{
        text: string
      }>`SELECT to_char(created_at AT TIME ZONE 'UTC', 'SS.US') AS text FROM persons WHERE id = ${id}`.execute(store.db)
      expect(rows[0]?.text).toBe('05.678901')
    })

    it('orders identifiers bytewise', async () => {
      const ids = ['b', 'B', 'é', 'a', 'A', '_', 'ab']
      await store.pool.query(
        `INSERT INTO person_distinct_ids (project_id, distinct_id, person_id) SELECT 77, id, gen_random_uuid() FROM unnest($1::text[]) AS id`,
        [ids],
      )
      const rows = await store.db
        .selectFrom('person_distinct_ids')
        .select('distinct_id')
        .where('project_id', '=', 77)
        .orderBy('distinct_id')
        .execute()
      expect(rows.map((row) => row.distinct_id)).toEqual(['A', 'B', '_', 'a', 'ab', 'b', 'é'])
    })

    it('keeps statements of many connections apart, however large', async () => {
      const large = 'x'.repeat(300_000)
      const wrong: unknown[] = []
      await Promise.all(
        Array.from({ length: 8 }, async (_, worker) => {
          for (let count = 0; count < 25; count++) {
            const number = worker * 1_000 + count
            if (worker % 2 === 0) {
              const { rows } = await store.pool.query('SELECT $1::int + 1 AS answer', [number])
              if (rows[0].answer !== number + 1) wrong.push(rows[0])
            } else {
              const { rows } = await store.pool.query('SELECT length($1::text) AS size, $2::text AS answer', [large, String(number)])
              if (rows[0].size !== large.length || rows[0].answer !== String(number)) wrong.push(rows[0])
            }
          }
        }),
      )
      expect(wrong).toEqual([])
    })

    it('goes on after statements that fail, alone and among others', async () => {
      const answers = await Promise.allSettled(
        Array.from({ length: 40 }, (_, count) =>
          count % 2 === 0 ? store.pool.query('SELECT 1 / $1::int AS answer', [0]) : store.pool.query('SELECT $1::int AS answer', [count]),
        ),
      )
      expect(answers.map((answer) => (answer.status === 'fulfilled' ? answer.value.rows[0].answer : answer.reason.code))).toEqual(
        Array.from({ length: 40 }, (_, count) => (count % 2 === 0 ? '22012' : count)),
      )
    })

    it('keeps transactions apart', async () => {
      await store.pool.query('CREATE TABLE counters (id int PRIMARY KEY, count int NOT NULL)')
      await store.pool.query('INSERT INTO counters VALUES (1, 0)')
      await Promise.all(
        Array.from({ length: 12 }, () =>
          store.db.transaction().execute(async (transaction) => {
            const { rows } = await sql<{ count: number }>`SELECT count FROM counters WHERE id = 1 FOR UPDATE`.execute(transaction)
            await new Promise((resolve) => setTimeout(resolve, 2))
            await sql`UPDATE counters SET count = ${(rows[0]?.count ?? 0) + 1} WHERE id = 1`.execute(transaction)
          }),
        ),
      )
      expect((await store.pool.query('SELECT count FROM counters')).rows).toEqual([{ count: 12 }])
      await expect(
        store.db.transaction().execute(async (transaction) => {
          await sql`UPDATE counters SET count = 100`.execute(transaction)
          throw new Error('no')
        }),
      ).rejects.toThrow('no')
      expect((await store.pool.query('SELECT count FROM counters')).rows).toEqual([{ count: 12 }])
    })

    it('rolls back what a lost connection left open, and lets the others go on', async () => {
      await store.pool.query('CREATE TABLE leftovers (id int)')
      const client = await store.pool.connect()
      client.on('error', () => undefined)
      await client.query('BEGIN')
      await client.query('INSERT INTO leftovers VALUES (1)')
      ;(client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy()
      client.release(true)
      expect((await store.pool.query('SELECT count(*) AS count FROM leftovers')).rows).toEqual([{ count: 0 }])
    })

    it('upserts ten thousand rows at once', async () => {
      const ids = Array.from({ length: 10_000 }, (_, count) => `bulk-${count}`)
      for (const version of [1, 2]) {
        const { rowCount } = await store.pool.query(
          `INSERT INTO person_distinct_ids (project_id, distinct_id, person_id, version)
           SELECT 5, id, gen_random_uuid(), $2 FROM unnest($1::text[]) AS id
           ON CONFLICT (project_id, distinct_id) DO UPDATE SET version = excluded.version`,
          [ids, version],
        )
        expect(rowCount).toBe(10_000)
      }
      const { rows } = await store.pool.query(
        'SELECT count(*) AS count, min(version) AS version FROM person_distinct_ids WHERE project_id = 5',
      )
      expect(rows).toEqual([{ count: 10_000, version: 2 }])
    })
  })
}

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, getPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, describe, expect, it } from 'vitest'
import { eventStoreMigrations, migrateEventStore } from '../migrations/event-store/migrate.ts'
import { describeEventStore } from './contract.ts'
import { createChdbEventStore } from './create-event-store.ts'
import type { EventStore } from './event-store.ts'
import { personSnapshot } from './person-snapshot.ts'
import { encode, eventRow } from './test-rows.ts'

const directory = mkdtempSync(join(tmpdir(), 'hedgerow-chdb-'))
const path = join(directory, 'engine')

afterAll(() => rmSync(directory, { recursive: true, force: true }))

describeEventStore('chDB', {
  open: (limits) => createChdbEventStore({ path, limits }),
  close: (store) => store.close(),
})

describe('chDB with little memory', () => {
  it('fails the query that wants more than the server may have, and nothing else', async () => {
    const store = await createChdbEventStore({
      path: join(directory, 'small'),
      limits: { serverMemoryBytes: 400_000_000, queryMaxMemoryBytes: 50_000_000_000 },
    })
    const heavy = store.query('SELECT length(groupArray(number)) FROM numbers(1000000000)').catch((error: unknown) => error)
    expect((await store.query('SELECT count() FROM numbers(1000000)')).rows).toEqual([[1_000_000]])
    expect(await heavy).toMatchObject({ code: 'memory_limit' })
    await store.insert('events', encode([eventRow()]), { token: 'after' })
    expect((await store.query('SELECT count() FROM events')).rows).toEqual([[1]])
    await store.close()
  })
})

describe('the threads of a query', () => {
  it('are no more than there are cores, and as many as the streams of a narrowed union', async () => {
    const store = await createChdbEventStore({ path: join(directory, 'threads'), limits: { queryMaxThreads: 1_000 } })
    const sql = "SELECT getSetting('max_threads'), getSetting('max_streams_for_union_step')"
    const cores = availableParallelism()
    expect((await store.query(sql)).rows).toEqual([[cores, 0]])
    expect((await store.query(sql, { narrowUnion: true })).rows).toEqual([[cores, cores]])
    await store.close()
  })
})

describe('chDB, opened again', () => {
  const other = join(directory, 'other')
  const targetOf = (store: EventStore) => ({
    name: other,
    query: async (sql: string) => (await store.query(sql)).rows,
    command: store.command,
  })

  it('keeps what it had, and migrates once', async () => {
    const first = await createChdbEventStore({ path: other })
    await first.command("INSERT INTO person_distinct_ids VALUES (1, 'a', '01890000-0000-7000-8000-00000000000a', 0, 1)")
    await first.close()
    await expect(first.query('SELECT 1')).rejects.toMatchObject({ code: 'unreachable' })
    const second = await createChdbEventStore({ path: other })
    expect((await second.query('SELECT distinct_id FROM person_distinct_ids')).rows).toEqual([['a']])
    expect((await second.query('SELECT count() FROM hedgerow_migrations')).rows).toEqual([[eventStoreMigrations.length]])
    await second.close()
  })

  it.skipIf(!existsSync('/proc/self/task'))('lets its merges yield to all else', async () => {
    const store = await createChdbEventStore({ path: join(directory, 'merging') })
    const nameOf = (task: string) => {
      try {
        return readFileSync(`/proc/self/task/${task}/comm`, 'utf8').trim()
      } catch {
        // It has just ended.
        return undefined
      }
    }
    const niceness = readdirSync('/proc/self/task')
      .filter((task) => nameOf(task) === 'MergeMutate')
      .map((task) => getPriority(Number(task)))
    expect(niceness).not.toHaveLength(0)
    expect(new Set(niceness)).toEqual(new Set([15]))
    await store.close()
  })

  it('packs small parts quickly and large ones well, and keeps what a merge replaced for two minutes', async () => {
    const store = await createChdbEventStore({ path: join(directory, 'packed') })
    await store.insert('events', encode([eventRow()]), { token: 'small' })
    const codecs = "SELECT default_compression_codec FROM system.parts WHERE table = 'events' AND active ORDER BY bytes_on_disk"
    const { rows } = await store.query(codecs)
    expect(rows).toEqual([['LZ4']])
    // Text that nothing packs, so that what is merged is larger than 60 MB.
    for (const token of ['first half', 'second half']) {
      await store.command(
        `INSERT INTO events (project_id, properties, elements_chain) SELECT 1, '{}', randomPrintableASCII(10000) FROM numbers(3800) -- ${token}`,
      )
    }
    await store.command('OPTIMIZE TABLE events FINAL')
    const { rows: merged } = await store.query(codecs)
    expect(merged).toEqual([['LZ4'], ['ZSTD(1)']])
    expect((await store.query('SHOW CREATE TABLE sessions')).rows[0]?.[0]).toContain('old_parts_lifetime = 120')
    await store.close()
  })

  it('keeps granules small, so that merges take little memory', async () => {
    const store = await createChdbEventStore({ path: join(directory, 'granules') })
    const rows = Array.from({ length: 3_000 }, () => eventRow({ properties: { text: 'x'.repeat(4_000) } }))
    await store.insert('events', encode(rows), { token: 'large' })
    const { rows: parts } = await store.query("SELECT sum(rows), sum(marks - 1) FROM system.parts WHERE table = 'events' AND active")
    // why: 12 MB are two of the engine's own granules of 10 MB.
    expect(parts[0]?.[0]).toBe(3_000)
    expect(parts[0]?.[1]).toBeGreaterThan(2)
    await store.close()
  })

  it('carries over what older versions stored of persons', async () => {
    const store = await createChdbEventStore({ path: other })
    for (const table of ['sessions_view', 'sessions', 'events']) await store.command(`DROP TABLE ${table}`)
    await store.command('TRUNCATE TABLE hedgerow_migrations')
    await migrateEventStore([targetOf(store)], { kind: 'single' }, eventStoreMigrations.slice(0, 2))
    const persons = [
      {
        plan: 'pro',
        'with.dot': 1,
        seats: 5,
        price: 1.5,
        paid: true,
        tags: ['a', 1],
        of: { some: { kind: 'x%2Ey' } },
        quoted: 'say "hi"\n',
      },
      {},
      { empty: '', odd: '\u0001x', great: '9007199254740993' },
    ]
    const rows = persons.map(({ ...person_properties }, index) => {
      const { person_snapshot: _none, ...row } = eventRow({ event: `carried ${index}` })
      return { ...row, person_properties }
    })
    await store.insert('events', encode(rows), { token: 'older' })
    await migrateEventStore([targetOf(store)], { kind: 'single' })
    const { rows: carried } = await store.query('SELECT person_snapshot FROM events ORDER BY event')
    expect(carried).toEqual(persons.map((properties) => [JSON.parse(personSnapshot(properties))]))
    await store.close()
  })

  it('carries over what older versions stored of sessions, also when newer events came meanwhile', async () => {
    const store = await createChdbEventStore({ path: join(directory, 'sessions') })
    for (const table of ['sessions_view', 'sessions', 'events']) await store.command(`DROP TABLE ${table}`)
    await store.command('TRUNCATE TABLE hedgerow_migrations')
    await migrateEventStore([targetOf(store)], { kind: 'single' }, eventStoreMigrations.slice(0, 6))
    const event = (second: number, properties: Record<string, unknown>, distinct_id = 'anonymous') =>
      eventRow({ timestamp: `2026-03-04 05:06:${second}.000000`, $session_id: 's1', distinct_id, properties })
    const at = (second: number, text: string) => `${Date.UTC(2026, 2, 4, 5, 6, second) * 1_000}${text}`
    const older = [
      {
        ...{ project_id: 1, session_id: 's1' },
        entry: {
          current_url: at(11, '/one'),
          gclid: at(11, 'g1'),
          vitals_lcp: at(11, '12.5'),
          utm_source: at(20, 'news'),
          fbclid: at(20, 'f'),
        },
        last: {
          current_url: at(20, '/two'),
          external_click_url: at(20, '/away'),
          distinct_id: at(20, 'anonymous'),
          person_id: at(20, 'p'),
        },
      },
    ]
    const newer = [event(10, { $current_url: '/before', gclid: 'g0' }), event(30, { utm_source: 'late', msclkid: 'm' }, 'user')]
    await store.insert('sessions', encode(older), { token: 'older' })
    const [lightSessions] = eventStoreMigrations.slice(6, 7)
    const target = targetOf(store)
    for (const statement of lightSessions?.statements({ kind: 'single' }) ?? []) await target.command(statement)
    await store.insert('events', encode(newer), { token: 'newer' })
    // As if the first run had ended before it was recorded: rows of both kinds may have been merged meanwhile.
    await store.command('OPTIMIZE TABLE sessions FINAL')
    await migrateEventStore([target], { kind: 'single' })
    const first = (text: string) => `substring(${text}, 9)`
    const { rows } = await store.query(
      `SELECT ${[
        'entry_current_url',
        'entry_utm_source',
        'entry_referrer',
        'last_current_url',
        'last_external_click_url',
        'last_distinct_id',
      ]
        .map((name) => first(`max(${name})`))
        .join(', ')}, mapApply((k, v) -> (k, ${first('v')}), maxMap(entry_properties)) FROM sessions GROUP BY project_id, session_id`,
    )
    const kept = { gclid: 'g0', fbclid: 'f', msclkid: 'm', $web_vitals_LCP_value: '12.5' }
    expect(rows).toEqual([['/before', 'news', '', '/two', '/away', 'user', kept]])
    await store.close()
  })

  it('migrates also when it forgot that it had, and by two at once', async () => {
    const store = await createChdbEventStore({ path: other })
    await store.command('TRUNCATE TABLE hedgerow_migrations')
    await Promise.all([1, 2, 3].map(() => migrateEventStore([targetOf(store)], { kind: 'single' })))
    expect((await store.query('SELECT count() FROM hedgerow_migrations FINAL')).rows).toEqual([[eventStoreMigrations.length]])
    expect((await store.query('SELECT distinct_id FROM person_distinct_ids')).rows).toEqual([['a']])
    await store.close()
  })

  it('waits for a change of rows that another process began, and goes on', async () => {
    const store = await createChdbEventStore({ path: other })
    await store.command('TRUNCATE TABLE hedgerow_migrations')
    const target = targetOf(store)
    const refused: string[] = []
    const command = async (sql: string) => {
      if (sql.includes('DROP COLUMN') && refused.length === 0)
        await store.command(
          'ALTER TABLE events UPDATE person_snapshot = person_snapshot WHERE empty(JSONAllPaths(person_properties)) AND sleepEachRow(0.5) = 0 SETTINGS mutations_sync = 0',
        )
      await target.command(sql).catch((error: Error) => {
        refused.push(error.message)
        throw error
      })
    }
    await migrateEventStore([{ ...target, command }], { kind: 'single' })
    expect(refused).toEqual([expect.stringContaining('which is not finished yet')])
    expect((await store.query('SELECT count() FROM hedgerow_migrations FINAL')).rows).toEqual([[eventStoreMigrations.length]])
    await store.close()
  })

  it('applies only what is new, in order', async () => {
    const store = await createChdbEventStore({ path: other })
    const more = ['one', 'two'].map((name) => ({
      name,
      statements: () => [
        `CREATE TABLE IF NOT EXISTS migrated_${name} (a Int8) ENGINE = MergeTree ORDER BY a`,
        `INSERT INTO migrated_${name} VALUES (1)`,
      ],
    }))
    await migrateEventStore([targetOf(store)], { kind: 'single' }, [...eventStoreMigrations, ...more.slice(0, 1)])
    await migrateEventStore([targetOf(store)], { kind: 'single' }, [...eventStoreMigrations, ...more])
    await migrateEventStore([targetOf(store)], { kind: 'single' }, [...eventStoreMigrations, ...more])
    expect((await store.query('SELECT (SELECT count() FROM migrated_one), (SELECT count() FROM migrated_two)')).rows).toEqual([[1, 1]])
    await store.close()
  })

  it('refuses a database of a later version', async () => {
    const known = eventStoreMigrations.length
    await expect(createChdbEventStore({ path: other })).rejects.toMatchObject({
      code: 'database_newer_than_program',
      message: expect.stringMatching(`has migration ${known + 2}, this program knows ${known}.*later`),
    })
  })
})

describe('chDB in a process that is killed', () => {
  it('keeps every acknowledged block, once, over five kills', async () => {
    const killed = join(directory, 'killed')
    const acknowledged = new Set<string>()
    for (let round = 0; round < 5; round++) {
      const child = startWriter(killed, round)
      let seen = 0
      const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })
      for await (const line of lines) {
        acknowledged.add(line)
        seen++
        // The kill falls somewhere into the next inserts.
        if (seen === 3 + round) setTimeout(() => child.kill('SIGKILL'), round * 7)
      }
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      expect(child.signalCode).toBe('SIGKILL')
    }
    const store = await createChdbEventStore({ path: killed })
    // As ingestion does after a crash: what was not acknowledged comes again, with the token it had.
    const { rows } = await store.query('SELECT event, count(), uniqExact(uuid) FROM events GROUP BY event')
    const stored = new Map(rows.map(([event, count, unique]) => [String(event), [count, unique]]))
    for (const token of acknowledged) expect(stored.get(token), token).toEqual([500, 500])
    for (const counts of stored.values()) expect(counts).toEqual([500, 500])
    expect(acknowledged.size).toBeGreaterThanOrEqual(20)
    await store.close()
  })
})

function startWriter(path: string, round: number): ChildProcess {
  const program = `
    import { createChdbEventStore } from ${JSON.stringify(new URL('./create-event-store.ts', import.meta.url).href)}
    import { encode, eventRow } from ${JSON.stringify(new URL('./test-rows.ts', import.meta.url).href)}
    const store = await createChdbEventStore({ path: ${JSON.stringify(path)} })
    for (let block = 0; ; block++) {
      const token = 'round ${round} block ' + block
      const rows = encode(Array.from({ length: 500 }, (_, index) => eventRow({ event: token, uuid: crypto.randomUUID(), properties: { index } })))
      await store.insert('events', rows, { token })
      process.stdout.write(token + '\\n')
    }`
  return spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program], { stdio: ['ignore', 'pipe', 'inherit'] })
}

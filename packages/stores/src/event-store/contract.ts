import { setTimeout as delay } from 'node:timers/promises'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeEventBlocks } from './event-block/contract.ts'
import type { EventStore, Lane } from './event-store.ts'
import { type EventStoreLimits, eventStoreLimits } from './limits.ts'
import { personSnapshot } from './person-snapshot.ts'
import { encode, eventRow } from './test-rows.ts'

/** What every adapter of {@link EventStore} does; run by each adapter's own test file. */
export interface AdapterUnderTest {
  /** Opens the store on a fresh, migrated database. */
  open(limits: Partial<EventStoreLimits>): Promise<EventStore>
  close(store: EventStore): Promise<void>
}

/** Runs for minutes if nobody stops it. */
const endless = 'SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) % 7 = 3'

const limits: EventStoreLimits = {
  ...eventStoreLimits,
  interactiveQueries: 3,
  backgroundQueries: 1,
  ingestionQueries: 2,
  waitingQueries: 3,
  queryMaxSeconds: 20,
  queryMaxMemoryBytes: 500_000_000,
  queryMaxResultRows: 50_000,
  queryMaxResultBytes: 5_000_000,
}

export function describeEventStore(name: string, adapter: AdapterUnderTest): void {
  describe(`event store contract: ${name}`, () => {
    let store: EventStore
    beforeAll(async () => {
      store = await adapter.open(limits)
    })
    afterAll(() => adapter.close(store))
    const open = () => store

    describeResults(open)
    describeLimits(open)
    describeCancelling(open)
    describeStreams(open)
    describeInserts(open)
    describeProperties(open)
    describeSessions(open)
    describeEventBlocks(open)
  })
}

async function value(store: EventStore, sql: string, params?: Record<string, unknown>): Promise<unknown> {
  return (await store.query(sql, params ? { params } : {})).rows[0]?.[0]
}

const snapshotOf = (properties: object) => JSON.parse(personSnapshot({ ...properties })) as Record<string, string>
/** As it comes back: no store holds half of a surrogate pair. */
const readable = (snapshot: Record<string, string>) =>
  Object.fromEntries(Object.entries(snapshot).map(([name, text]) => [name, text.replace(/\p{Surrogate}/gu, '\ufffd')]))

async function isQuiet(store: EventStore): Promise<boolean> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const running = await value(
      store,
      "SELECT count() FROM system.processes WHERE query LIKE '%sipHash64(number)%' AND query NOT LIKE '%system.processes%'",
    )
    if (running === 0) return true
    await delay(100)
  }
  return false
}

function describeResults(open: () => EventStore): void {
  it('answers columns, rows and statistics', async () => {
    const result = await open().query('SELECT number AS n, toString(number) AS t, [1, 2] AS l, NULL AS nothing FROM numbers(2)')
    expect(result.columns).toEqual([
      { name: 'n', type: 'UInt64' },
      { name: 't', type: 'String' },
      { name: 'l', type: 'Array(UInt8)' },
      { name: 'nothing', type: 'Nullable(Nothing)' },
    ])
    expect(result.rows).toEqual([
      [0, '0', [1, 2], null],
      [1, '1', [1, 2], null],
    ])
    expect(result.statistics.rowsRead).toBeGreaterThanOrEqual(2)
  })

  it('keeps the last digit of long whole numbers', async () => {
    const { rows } = await open().query('SELECT 9007199254740991, 9007199254740993, 18446744073709551615, [toInt64(-9223372036854775808)]')
    expect(rows).toEqual([[9007199254740991, '9007199254740993', '18446744073709551615', ['-9223372036854775808']]])
  })

  it.each([
    ['String', "it's \\ a\n\ttab \r {x:String} é \u{1f600} \0 end"],
    ['Array(String)', ["a'b", 'c\\d\n', '', '\t']],
    ['UInt64', '18446744073709551615'],
    ['Int32', -5],
    ['Float64', 0.1],
    ['Nullable(String)', null],
    ['Array(Nullable(String))', ['x', null]],
    ['Map(String, UInt8)', { "k'1": 1, 'k\\2': 2 }],
    ['UUID', '01890000-0000-7000-8000-00000000000a'],
  ])('binds a value of type %s', async (type, given) => {
    expect(await value(open(), `SELECT {x: ${type}}`, { x: given })).toEqual(given)
  })

  it('binds any text and any instant', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), fc.array(fc.string({ unit: 'binary-ascii' })), async (text, list) => {
        const { rows } = await open().query('SELECT {text: String}, {list: Array(String)}', { params: { text, list } })
        expect(rows).toEqual([[text, list]])
      }),
      { numRuns: 60 },
    )
    const at = new Date('2026-01-02T03:04:05.678Z')
    expect(await value(open(), 'SELECT {at: DateTime64(3)}', { at })).toBe('2026-01-02 03:04:05.678')
  })

  it('binds a list of 20 000 uuids', async () => {
    const list = Array.from({ length: 20_000 }, (_, index) => `01890000-0000-7000-8000-${index.toString(16).padStart(12, '0')}`)
    expect(await value(open(), 'SELECT length({list: Array(UUID)})', { list })).toBe(list.length)
  })

  it('keeps nothing of one query for the next', async () => {
    await open().query('SELECT {x: String}', { params: { x: 'secret' }, settings: { join_use_nulls: 1 } })
    await expect(open().query('SELECT {x: String}')).rejects.toMatchObject({ code: 'bad_query' })
    const settings = await open().query(
      "SELECT name, toString(value) FROM system.settings WHERE name IN ('join_use_nulls', 'session_timezone') ORDER BY name",
    )
    expect(settings.rows).toEqual([
      ['join_use_nulls', '0'],
      ['session_timezone', 'UTC'],
    ])
  })

  it('runs parameterised queries of different lanes at the same time', async () => {
    const abort = new AbortController()
    const slow = open().query(`${endless} AND number != {n: UInt64}`, { params: { n: 3 }, lane: 'background', signal: abort.signal })
    const outcome = slow.catch((error: unknown) => error)
    await delay(200)
    const from = performance.now()
    expect(await value(open(), 'SELECT {n: UInt8}', { n: 7 })).toBe(7)
    expect(performance.now() - from).toBeLessThan(15_000)
    abort.abort()
    expect(await outcome).toMatchObject({ code: 'cancelled' })
  })

  it.each([
    ['SELECT nonsense', 'nonsense'],
    ['SELECT 1 FRM x', 'position'],
    ['SELECT * FROM no_such_table', 'no_such_table'],
  ])('%s is a bad query, and the message says what', async (sql, word) => {
    const error = await open()
      .query(sql)
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'bad_query', engineCode: expect.any(Number), message: expect.stringContaining(word) })
    expect((error as Error).message).not.toMatch(/DB::Exception|\(version/)
  })

  it.each([
    'CREATE TABLE made (a Int8) ENGINE = Memory',
    'INSERT INTO events (project_id) VALUES (1)',
    'DROP TABLE events',
    'SELECT 1 SETTINGS readonly = 0',
  ])('a query cannot change anything: %s', async (sql) => {
    await expect(open().query(sql)).rejects.toMatchObject({ code: 'bad_query' })
  })

  it('pings', async () => {
    await open().ping()
  })
}

function describeLimits(open: () => EventStore): void {
  it.each([
    ['timeout', endless, { maxSeconds: 1 }],
    ['memory_limit', 'SELECT length(groupArray(number)) FROM numbers(100000000)', { maxMemoryBytes: 50_000_000 }],
    ['result_too_large', 'SELECT number FROM numbers(1000)', { maxResultRows: 10 }],
    ['result_too_large', 'SELECT number FROM numbers(100000)', { maxResultRows: 1_000_000 }],
    ['memory_limit', 'SELECT length(groupArray(number)) FROM numbers(100000000)', { maxMemoryBytes: 90_000_000_000 }],
    ['result_too_large', "SELECT repeat('x', 100000 + number % 2) FROM numbers(100)", {}],
  ] as const)('%s: %s with %j', async (code, sql, options) => {
    await expect(open().query(sql, options)).rejects.toMatchObject({ code })
    expect(await value(open(), 'SELECT 1')).toBe(1)
  })

  it('a lane that is full holds up only itself, and refuses beyond its queue', async () => {
    const abort = new AbortController()
    const lane: Lane = 'background'
    const occupants = Array.from({ length: limits.backgroundQueries + limits.waitingQueries }, () =>
      open()
        .query(endless, { lane, signal: abort.signal })
        .catch((error: unknown) => error),
    )
    await delay(200)
    await expect(open().query('SELECT 1', { lane })).rejects.toMatchObject({ code: 'overloaded' })
    expect(await value(open(), 'SELECT 1')).toBe(1)
    await open().query('SELECT 1', { lane: 'ingestion' })
    abort.abort()
    for (const outcome of await Promise.all(occupants)) expect(outcome).toMatchObject({ code: 'cancelled' })
    await expect(open().query('SELECT 1', { lane })).resolves.toBeDefined()
  })
}

function describeCancelling(open: () => EventStore): void {
  it('an aborted query stops in the engine, and its place is free at once', async () => {
    const abort = new AbortController()
    setTimeout(() => abort.abort(), 300)
    const from = performance.now()
    await expect(open().query(endless, { signal: abort.signal })).rejects.toMatchObject({ code: 'cancelled' })
    expect(performance.now() - from).toBeLessThan(15_000)
    expect(await isQuiet(open())).toBe(true)
    expect(open().running()).toEqual([])
  })

  it('many aborted queries leave nothing behind', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, async (_, index) => {
        const abort = AbortSignal.timeout(50 + index * 30)
        return open()
          .query(endless, { signal: abort, lane: index % 2 ? 'ingestion' : 'interactive' })
          .catch((error: unknown) => (error as { code: string }).code)
      }),
    )
    for (const outcome of outcomes) expect(['cancelled', 'overloaded']).toContain(outcome)
    expect(await isQuiet(open())).toBe(true)
    expect(await value(open(), 'SELECT 42')).toBe(42)
  })

  it('an aborted signal begins nothing', async () => {
    await expect(open().query('SELECT 1', { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' })
  })

  it('shows what runs, and stops it by its id', async () => {
    const slow = open()
      .query(endless, { queryId: 'my query', projectId: 7, lane: 'background' })
      .catch((error: unknown) => error)
    await delay(200)
    expect(open().running()).toEqual([
      { queryId: 'my query', projectId: 7, lane: 'background', startedAt: expect.any(String), sql: endless },
    ])
    expect(await open().cancel('other query')).toBe(false)
    expect(await open().cancel('my query')).toBe(true)
    expect(await slow).toMatchObject({ code: 'cancelled' })
    expect(await isQuiet(open())).toBe(true)
    expect(await open().cancel('my query')).toBe(false)
  })
}

function describeStreams(open: () => EventStore): void {
  it('streams more rows than a query may return', async () => {
    let rows = 0
    let sum = 0
    for await (const row of open().stream('SELECT number AS n, {text: String} AS text FROM numbers(200000)', {
      params: { text: 'a\tb' },
    })) {
      if (rows === 0) expect(row).toEqual({ n: 0, text: 'a\tb' })
      rows++
      sum += Number(row.n)
    }
    expect([rows, sum]).toEqual([200_000, 19_999_900_000])
    expect(open().running()).toEqual([])
  })

  it('streams nothing', async () => {
    for await (const row of open().stream('SELECT 1 WHERE 0')) expect.fail(`there is a row: ${JSON.stringify(row)}`)
  })

  it('stops in the engine when its reader leaves', async () => {
    for await (const row of open().stream('SELECT number, sipHash64(number) FROM numbers(100000000000)')) {
      expect(row.number).toBe(0)
      break
    }
    expect(await isQuiet(open())).toBe(true)
    for (let attempt = 0; attempt < 300 && open().running().length > 0; attempt++) await delay(100)
    expect(open().running()).toEqual([])
  })

  it('stops in the engine when it is aborted', async () => {
    const abort = new AbortController()
    const read = async () => {
      for await (const _ of open().stream(endless, { signal: abort.signal })) expect.fail('there is no row')
    }
    setTimeout(() => abort.abort(), 300)
    await expect(read()).rejects.toMatchObject({ code: 'cancelled' })
    expect(await isQuiet(open())).toBe(true)
  })

  it('throws what goes wrong in its middle', async () => {
    let rows = 0
    const read = async () => {
      for await (const _ of open().stream("SELECT number, throwIf(number = 150000, 'far along') FROM numbers(200000)")) rows++
    }
    await expect(read()).rejects.toMatchObject({ code: 'bad_query', message: expect.stringContaining('far along') })
    expect(rows).toBeLessThanOrEqual(150_000)
    await expect(async () => {
      for await (const _ of open().stream('SELECT nonsense')) rows++
    }).rejects.toMatchObject({ code: 'bad_query' })
  })
}

function describeInserts(open: () => EventStore): void {
  const count = (event: string) => value(open(), 'SELECT count() FROM events WHERE event = {event: String}', { event })

  it('stores a block once, however often it comes, and a new token as a new block', async () => {
    const rows = encode(Array.from({ length: 1_000 }, (_, index) => eventRow({ event: 'once', distinct_id: `d${index}` })))
    for (let attempt = 0; attempt < 4; attempt++) await open().insert('events', rows, { token: 'once-1' })
    expect(await count('once')).toBe(1_000)
    await Promise.all([1, 2, 3].map(() => open().insert('events', rows, { token: 'once-2' })))
    expect(await count('once')).toBe(2_000)
  })

  it('drops a repeated block in a table of every kind', async () => {
    const person = {
      project_id: 9,
      id: '01890000-0000-7000-8000-00000000000b',
      created_at: '2026-01-01 00:00:00.000000',
      properties: { a: 1 },
      is_identified: 1,
      is_deleted: 0,
      version: 3,
    }
    await open().insert('persons', encode([person]), { token: 'p' })
    await open().insert('persons', encode([person]), { token: 'p' })
    expect(await value(open(), 'SELECT count() FROM persons WHERE project_id = 9')).toBe(1)
  })

  it('a large block stays one block', async () => {
    const rows = encode(Array.from({ length: 40_000 }, () => eventRow({ event: 'large', properties: { text: 'x'.repeat(300) } })))
    await open().insert('events', rows, { token: 'large' })
    await open().insert('events', rows, { token: 'large' })
    expect(await count('large')).toBe(40_000)
  })

  it('a row that does not fit refuses the block, says which, and the token stays free', async () => {
    const good = eventRow({ event: 'refused' })
    const wrong = { ...eventRow({ event: 'refused' }), uuid: 'no uuid' }
    await expect(open().insert('events', encode([good, wrong]), { token: 'refused' })).rejects.toMatchObject({
      code: 'bad_row',
      message: expect.stringContaining('row 2'),
    })
    expect(await count('refused')).toBe(0)
    await open().insert('events', encode([good]), { token: 'refused' })
    expect(await count('refused')).toBe(1)
  })

  it.each([
    ['an unknown column', { ...eventRow(), no_such_column: 1 }],
    ['an instant that is none', { ...eventRow(), timestamp: 'yesterday' }],
    ['an enumerated value that is none', { ...eventRow(), person_mode: 'half' }],
    ['properties that are no object', { ...eventRow(), properties: 5 }],
  ])('%s is a bad row', async (_, row) => {
    await expect(open().insert('events', encode([row]), { token: 'bad' })).rejects.toMatchObject({ code: 'bad_row' })
  })

  it('an insert into no table is no bad row', async () => {
    await expect(open().insert('no_such_table', encode([{ a: 1 }]), { token: 'none' })).rejects.toMatchObject({ code: 'bad_query' })
  })

  it('leaves the given bytes to their owner', async () => {
    const rows = encode([eventRow({ event: 'kept bytes' })])
    const before = Buffer.from(rows).toString()
    await open().insert('events', rows, { token: 'kept' })
    expect(Buffer.from(rows).toString()).toBe(before)
    await open().insert('events', new Uint8Array(0), { token: 'nothing' })
  })

  it('inserts while it is read', async () => {
    let isDone = false
    const readers = [1, 2].map(async () => {
      while (!isDone) expect(Number(await count('mixed'))).toBeGreaterThanOrEqual(0)
    })
    for (let block = 0; block < 10; block++) {
      const rows = Array.from({ length: 2_000 }, () => eventRow({ event: 'mixed', properties: { n: block, $browser: 'Firefox' } }))
      await open().insert('events', encode(rows), { token: `mixed-${block}` })
    }
    isDone = true
    await Promise.all(readers)
    expect(await count('mixed')).toBe(20_000)
  })

  it('deletes by command', async () => {
    await open().insert('events', encode(['a', 'b'].map((id) => eventRow({ event: 'deleted', distinct_id: id }))), { token: 'deleted' })
    await open().command('ALTER TABLE events DELETE WHERE event = {event: String} AND distinct_id = {id: String}', {
      params: { event: 'deleted', id: 'a' },
    })
    expect(await count('deleted')).toBe(1)
  })
}

function describeProperties(open: () => EventStore): void {
  const nest = (depth: number): unknown => (depth === 0 ? 1 : { a: nest(depth - 1) })
  const list = (depth: number): unknown => (depth === 0 ? 1 : [list(depth - 1)])

  /** What was sent, and what is read back where that differs. */
  const cases: [string, Record<string, unknown>, Record<string, unknown>?][] = [
    [
      'all kinds of values',
      { text: 'x', empty: '', whole: 5, negative: -7, fraction: 1.5, yes: true, no: false, list: [1, 2, 3], nested: { a: { b: 'c' } } },
    ],
    ['nulls and empty objects, which are as good as absent', { a: null, b: {}, c: { d: null }, e: 1 }, { e: 1 }],
    ['names with dots, also where they look alike', { 'a.b': 1, a: { b: 2, 'c.d': 3 }, 'a.b.c': 4 }],
    ['a scalar and an object under one name', { 'x.y': 1, x: 5 }],
    ['an empty name', { '': 1, a: { '': 2 } }],
    [
      'names of all characters',
      { 'a`b': 1, "q'": 2, '"': 3, '\\': 4, '^a': 5, ':x': 6, '[]': 7, '\n\t': 8, 日本: 9, '\u{1f600}': 10, '%': 11, ' ': 12, '\0': 13 },
    ],
    ['names of the language', { __proto__: 1, constructor: { prototype: 1 }, toString: 'x', null: 2, NULL: 3, value: 4 }],
    [
      'lists of many kinds',
      { mixed: [1, 'a', { x: 1 }, [2, 'b']], objects: [{ a: 1 }, { a: 'x', b: 2 }], lists: [[1], [2, 3]], empty: [] },
    ],
    [
      'what looks like dates and numbers',
      { date: '2024-01-01', time: '2024-01-01T10:00:00Z', number: '123', exponent: '1e5', yes: 'true' },
    ],
    ['numbers beyond 64 bits', { a: 1e20, b: -1e19, c: 1e300, d: 5e-324, e: Number.MAX_SAFE_INTEGER }],
    ['deep objects', { a: nest(100) as object }],
    ['deep lists', { a: list(100) as object }],
    ['a long name and a long text', { ['n'.repeat(20_000)]: 1, long: 'x'.repeat(200_000) }],
    ['NUL in text', { a: 'x\0y' }],
    ['lone surrogates', { a: 'x\ud800y' }, { a: 'x\ufffdy' }],
    ['typed properties as text', { $browser: 'Chrome', $current_url: 'https://example.com/', utm_source: '' }],
    [
      'a typed property that is no text',
      { $browser: 5, $os: { a: [1, 'x'] }, $host: true, $current_url: [1] },
      { $browser: '5', $os: '{"a":[1,"x"]}', $host: 'true', $current_url: '[1]' },
    ],
    ['numbers of the SDKs, and text in their place', { $screen_width: 1920, $browser_version: 120 }],
    ['text where others send numbers', { $screen_width: 'abc', $browser_version: '120.5', $screen_height: { a: 1 } }],
  ]

  it.each(cases)('stores %s', async (event, properties, wanted = properties) => {
    await open().insert('events', encode([eventRow({ event, properties, person_snapshot: snapshotOf(properties) })]), { token: event })
    const { rows } = await open().query('SELECT properties, person_snapshot FROM events WHERE event = {event: String}', {
      params: { event },
    })
    expect(rows).toEqual([[wanted, readable(snapshotOf(properties))]])
    for await (const row of open().stream('SELECT properties FROM events WHERE event = {event: String}', { params: { event } })) {
      expect(row.properties).toEqual(wanted)
    }
  })

  it('stores them all in one block, and merges them', async () => {
    const rows = cases.map(([name, properties]) =>
      eventRow({ event: `together: ${name}`, properties, person_snapshot: snapshotOf(properties) }),
    )
    await open().insert('events', encode(rows), { token: 'together' })
    await open().command('OPTIMIZE TABLE events FINAL')
    for (const [name, properties, wanted = properties] of cases) {
      const found = await value(open(), 'SELECT properties FROM events WHERE event = {event: String}', { event: `together: ${name}` })
      expect(found, name).toEqual(wanted)
      for (const [key, text] of Object.entries(readable(snapshotOf(properties)))) {
        const sql = 'SELECT person_snapshot[{key: String}] FROM events WHERE event = {event: String}'
        expect(await value(open(), sql, { event: `together: ${name}`, key }), name).toBe(text)
      }
    }
  })

  it('takes a name that stands twice', async () => {
    const text = JSON.stringify(eventRow({ event: 'twice' })).replace(
      '"properties":{}',
      '"properties":{"a":1,"a":2,"$browser":"x","$browser":"y","b":{"c":1},"b":5}',
    )
    await open().insert('events', Buffer.from(text), { token: 'twice' })
    expect(await value(open(), "SELECT properties.a::Nullable(String) FROM events WHERE event = 'twice'")).toBe('1')
  })

  it('reads properties by name: typed, free, with dots, nested, absent', async () => {
    const properties = { $browser: 'Chrome', free: 'text', number: 12.5, 'with.dot': 'dotted', deep: { er: [1] } }
    await open().insert('events', encode([eventRow({ event: 'by name', properties })]), { token: 'by name' })
    const { rows } = await open().query(
      'SELECT properties.`$browser`, properties.free::Nullable(String), properties.number::Nullable(Float64), properties.`with%2Edot`::Nullable(String), ' +
        "toString(properties.deep.er), properties.absent::Nullable(String), properties.`$os` FROM events WHERE event = 'by name'",
    )
    expect(rows).toEqual([['Chrome', 'text', 12.5, 'dotted', '[1]', null, null]])
  })

  it('takes 100 000 different names at once, and merges them', async () => {
    const rows = Array.from({ length: 10_000 }, (_, row) =>
      eventRow({
        event: 'many names',
        properties: Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`name ${row} ${index}`, index])),
      }),
    )
    await open().insert('events', encode(rows.slice(0, 5_000)), { token: 'many names 1' })
    await open().insert('events', encode(rows.slice(5_000)), { token: 'many names 2' })
    await open().command('OPTIMIZE TABLE events FINAL')
    expect(await value(open(), "SELECT sum(properties.`name 7000 5`::Nullable(Int64)) FROM events WHERE event = 'many names'")).toBe(5)
  })
}

/** SQL: what stands behind the time of each text of a session, with the second of the minute; first ones have its bits turned round. */
const stampedText = (text: string, isFirst: boolean) =>
  `if(${text} = '', NULL, concat(toString(intDiv(toInt64(${isFirst ? 'bitNot' : ''}(reinterpretAsUInt64(reverse(substring(${text}, 1, 8))))), 1000000) % 60), ' ', substring(${text}, 9)))`

function describeSessions(open: () => EventStore): void {
  const textColumns = [
    ...['entry_current_url', 'entry_referrer', 'entry_referring_domain'],
    ...['entry_utm_source', 'entry_utm_medium', 'entry_utm_campaign', 'entry_utm_term', 'entry_utm_content'],
    ...['last_current_url', 'last_external_click_url', 'last_distinct_id'],
  ]
  const texts = textColumns.map((name) => `'${name}', ${stampedText(`max(${name})`, name.startsWith('entry_'))}`)
  const sessionOf = async (id: string) => {
    const { columns, rows } = await open().query(
      `SELECT min(min_timestamp) AS start, max(max_timestamp) AS end, mapFilter((k, v) -> isNotNull(v), map(${texts.join(', ')})) AS texts,
        mapApply((k, v) -> (k, ${stampedText('v', true)}), maxMap(entry_properties)) AS entry_properties,
        arraySort(groupUniqArrayArray(1000)(visited_urls)) AS urls, arraySort(arrayMap(i -> i % 4, groupUniqArrayArray(65536)(counted))) AS counted
      FROM sessions WHERE project_id = 3 AND session_id = {id: String} GROUP BY project_id, session_id`,
      { params: { id } },
    )
    const [row] = rows
    return row && Object.fromEntries(columns.map(({ name }, index) => [name, row[index]]))
  }

  it('are rolled up from events as these come, in any order, each block once', async () => {
    const at = (second: number) => `2026-03-04 05:06:${String(second).padStart(2, '0')}.000000`
    const event = (second: number, name: string, properties: Record<string, unknown>, distinctId = 'anonymous') =>
      eventRow({ project_id: 3, event: name, timestamp: at(second), distinct_id: distinctId, $session_id: 's1', properties })
    const later = encode([
      event(20, '$pageview', { $current_url: 'https://a.example/two', utm_source: 'late' }, 'user'),
      event(30, '$autocapture', { $current_url: 'https://a.example/two', $external_click_url: 'https://b.example/' }, 'user'),
      event(40, '$web_vitals', { $web_vitals_LCP_value: 1234.5 }, 'user'),
    ])
    const earlier = encode([
      event(10, '$pageview', { $current_url: 'https://a.example/one', $referring_domain: 'news.example', gclid: 'g1' }),
      event(11, '$screen', { $screen_name: 'Home' }),
    ])
    for (let attempt = 0; attempt < 2; attempt++) {
      await open().insert('events', later, { token: 'session later' })
      await open().insert('events', earlier, { token: 'session earlier' })
    }
    expect(await sessionOf('s1')).toEqual({
      start: at(10),
      end: at(40),
      texts: {
        entry_current_url: '10 https://a.example/one',
        entry_referring_domain: '10 news.example',
        entry_utm_source: '20 late',
        last_current_url: '30 https://a.example/two',
        last_external_click_url: '30 https://b.example/',
        last_distinct_id: '40 user',
      },
      entry_properties: { gclid: '10 g1', $web_vitals_LCP_value: '40 1234.5' },
      urls: ['https://a.example/one', 'https://a.example/two'],
      counted: [1, 1, 2, 3],
    })
  })

  it('a block that was stored before a crash, but not yet rolled up, is rolled up when it comes again', async () => {
    const event = eventRow({ project_id: 3, event: '$pageview', $session_id: 's2' })
    await open().command('DETACH TABLE sessions_view')
    await open().insert('events', encode([event]), { token: 'session crash' })
    await open().command('ATTACH TABLE sessions_view')
    expect(await sessionOf('s2')).toBeUndefined()
    for (let attempt = 0; attempt < 2; attempt++) await open().insert('events', encode([event]), { token: 'session crash' })
    expect(await sessionOf('s2')).toMatchObject({ counted: [1] })
    expect(await value(open(), 'SELECT count() FROM events WHERE uuid = {uuid: UUID}', { uuid: event.uuid })).toBe(1)
  })

  it('events without a session make none', async () => {
    await open().insert('events', encode([eventRow({ project_id: 3 })]), { token: 'no session' })
    expect(await sessionOf('')).toBeUndefined()
  })
}

import { beforeAll, describe, expect, test } from 'vitest'
import { compile } from './compile.ts'
import { HogqlError } from './errors.ts'
import { createParser, type Parser } from './parse/parser.ts'
import { testContext } from './test-context.ts'
import { hogqlText } from './tree/hogql-text.ts'

let parser: Parser
beforeAll(async () => {
  parser = await createParser()
})

const sqlOf = (text: string, context = testContext()) => compile(parser.parseQuery(text), context)

describe('what is printed', () => {
  test('a table is a scan of one project that reads what is used, and values are parameters', () => {
    expect(sqlOf("select event from events where distinct_id = 'ann'")).toMatchObject({
      sql: 'SELECT `events`.`event` AS `event` FROM (SELECT stored.`event` AS `event`, stored.`distinct_id` AS `distinct_id` FROM `events` AS stored PREWHERE equals(stored.project_id, {p1: UInt32})) AS `events` WHERE equals(`events`.`distinct_id`, {p2: String})',
      params: { p1: 7, p2: 'ann' },
    })
  })

  test('no text of the query reaches the SQL but names, and those quoted', () => {
    const { sql, params } = sqlOf("select 'it''s {p1: String}' as `a``b\\\\` from events where event in ('x', 'y') limit 5")
    expect(sql).toContain('AS `a\\`b\\\\`')
    expect(sql).not.toContain('it')
    expect(Object.values(params)).toEqual(expect.arrayContaining(["it's {p1: String}", 'x', 'y', 5]))
  })

  test('two things that want one name get two', () => {
    const { sql } = sqlOf('select event as events, stored.event as stored from events as stored')
    expect(sql).toMatch(/AS `events`, .* AS `stored_2` FROM .* AS `stored_3`$/)
  })

  test('the person is resolved through overrides only where the project has some', () => {
    expect(sqlOf('select person_id from events').sql).not.toContain('overrides')
    expect(sqlOf('select person_id from events', testContext({ hasPersonOverrides: true })).sql).toMatch(
      /LEFT ANY JOIN .*person_distinct_id_overrides/,
    )
    expect(sqlOf('select event from events', testContext({ hasPersonOverrides: true })).sql).not.toContain('overrides')
  })

  test('a joined table is joined once, however often it is used', () => {
    const { sql } = sqlOf("select person.properties.a, person.properties.b from events where person.properties.a = 'x'")
    expect(sql.match(/LEFT ANY JOIN/g)).toHaveLength(1)
  })

  test('persons as they were are read from the event', () => {
    const text = 'select person.properties.plan, person.created_at, person.id from events'
    expect(sqlOf(text).sql).toContain('FROM `persons`')
    const { sql } = sqlOf(text, testContext({ personOfEvent: 'as stored' }))
    expect(sql).not.toContain('`persons`')
    expect(sql).toContain('stored.`person_snapshot`')
    expect(sqlOf('select person.is_identified from events', testContext({ personOfEvent: 'as stored' })).sql).toContain('`persons`')
  })

  test('a name that ARRAY JOIN gives can be selected, and grouped and ordered by', () => {
    const { sql } = sqlOf('select part, count() from events array join [1, 2] as part group by part order by part')
    expect(sql).toMatch(/^SELECT `part_2` AS `part`.* ARRAY JOIN array\(.*\) AS `part_2` GROUP BY `part_2` ORDER BY `part_2` ASC$/)
  })

  test('instants are shown to functions as clocks in the project show them, and compared as instants', () => {
    const { sql, params } = sqlOf(
      "select toHour(timestamp) from events where timestamp >= '2024-03-15'",
      testContext({ timezone: 'Asia/Kathmandu' }),
    )
    expect(sql).toMatch(/toHour\(toTimeZone\(/)
    expect(sql).toMatch(/greaterOrEquals\(stored\.`timestamp`, \{p\d+: DateTime64\(6, 'UTC'\)\}\)/)
    expect(Object.values(params)).toContain('2024-03-14 18:15:00.000000')
  })

  test.each([
    ['properties.n = 5', 'float', 'toFloat64OrNull'],
    ['properties.b = true', 'boolean', 'multiIf'],
    ["properties.at > '2024-01-01'", 'datetime', 'parseDateTime64BestEffortOrNull'],
  ])('%s is read as its definition says', (where, type, conversion) => {
    const { sql } = sqlOf(
      `select 1 from events where ${where}`,
      testContext({ properties: { 'event.n': 'Numeric', 'event.b': 'Boolean', 'event.at': 'DateTime' } }),
    )
    expect(sql).toContain(`as ${type}`)
    expect(sql).toContain(conversion)
  })
})

describe('null semantics', () => {
  const where = (condition: string) => sqlOf(`select ${condition} as x from events`).sql.replace(/ FROM .*/s, '')
  test.each([
    ["event = 'a'", 'SELECT equals('],
    ["properties.$browser = 'a'", 'SELECT ifNull(equals('],
    ["properties.$browser != 'a'", 'SELECT ifNull(notEquals('],
    ['properties.$browser = properties.$os', /and\(isNull\(.*\), isNull\(.*\)\)\)/],
    ['properties.$browser = null', 'SELECT isNull('],
    ['event = null', /SELECT \{p\d+: UInt8\} AS/],
    ['properties.$browser > properties.$os', /ifNull\(greater\(.*, \{p\d+: UInt8\}\)/],
  ])('%s', (condition, expected) => {
    expect(where(condition)).toMatch(expected)
  })

  test('conditions of WHERE need no wrapper where null counts as false anyway', () => {
    expect(sqlOf("select 1 from events where properties.$browser = 'a'").sql).toMatch(/WHERE equals\(/)
  })
})

describe('refusals name the place and what was nearly meant', () => {
  test.each([
    ['select evnt from events', 'Unknown column "evnt". Did you mean "event"?', 'evnt'],
    ['select event from event', 'Unknown table "event". Did you mean "events"?', 'event', 1],
    ['select cuont() from events', 'Unknown function "cuont". Did you mean "count"?', 'cuont()'],
    ['select e.persn.id from events e', 'Unknown column "persn" in "events". Did you mean "person"?', 'e.persn.id'],
    [
      'select person from events',
      '"person" is a joined table, not a column; select one of its columns, e.g. person.id, person.created_at, person.team_id',
      'person',
    ],
    ['select event from events a join events b on 1', '"event" is a column of "a" and "b"; write a.event', 'event'],
    ['select 1 from events join events on 1', 'Two tables are named "events"; give one an alias with AS', 'events', 1],
    ['select toStartOfDay() from events', 'toStartOfDay takes 1 to 2 arguments, not 0', 'toStartOfDay()'],
    ['select properties.a[0] from events', 'Arrays start at index 1; index 0 does not exist', 'properties.a[0]'],
    [
      "select event from events where timestamp > 'soon'",
      '"soon" is not a date; write it like 2024-01-31 or 2024-01-31 13:30:00',
      "timestamp > 'soon'",
    ],
    ['select event::strng from events', 'Unknown type "strng". Did you mean "string"?', 'event::strng'],
    ['select event from events order by 3', 'There is no column number 3; the query selects 1', '3'],
    ['select lower(event) over () from events', 'lower is not an aggregate function', 'lower(event) over ()'],
    ['select {missing} from events', 'A placeholder has no value', '{missing}'],
    ['select event from events settings max_threads = 1', 'SETTINGS cannot be given in a query', undefined],
    ["select '😀', evnt from events", 'Unknown column "evnt". Did you mean "event"?', 'evnt'],
  ])('%s', (text, message, place, occurrence = 0) => {
    let error: unknown
    try {
      sqlOf(text)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(HogqlError)
    const { span, message: said } = error as HogqlError
    expect(said).toBe(message)
    if (place === undefined || !span) return
    expect(text.slice(span.start, span.end)).toBe(place)
    expect(span.start).toBe(occurrence ? text.lastIndexOf(place) : text.indexOf(place))
  })

  test('a query that grows without end is refused', () => {
    const ctes = Array.from({ length: 20 }, (_, i) => `t${i + 1} as (select a.x as x from t${i} a cross join t${i} b)`)
    expect(() => sqlOf(`with t0 as (select 1 as x), ${ctes.join(', ')} select x from t20`)).toThrow(/more than 50000 parts/)
  })

  test('nesting beyond reason is refused, not a crash', () => {
    expect(() => sqlOf(`select ${'('.repeat(3000)}1${')'.repeat(3000)}`)).toThrow(HogqlError)
    expect(sqlOf('select 1').sql).toBeTruthy()
  })

  test('what makes the parser trap is refused, and the parser goes on', async () => {
    const trap = (name: string) => () => sqlOf(`select event from events order by event with fill interpolate (event as ${name})`)
    // Trees are kept by their text: one that was asked before would be no proof.
    expect(trap('once')).toThrow(/not supported/)
    expect(sqlOf('select 1 + 1').columns).toHaveLength(1)
    // Twice, before there is a fresh one: whatever is asked then is told to come again, and soon is answered.
    expect(trap('again')).toThrow(/not supported|ask once more/)
    expect(trap('and again')).toThrow(/not supported|ask once more/)
    await expect.poll(() => sqlOf('select 1 + 2').columns).toHaveLength(1)
  })
})

test.each([
  'SELECT event AS e, count() FROM events WHERE NOT (a = 1) AND (b OR c) GROUP BY event HAVING count() > 1 ORDER BY count() DESC NULLS LAST LIMIT 2 OFFSET 3',
  "SELECT if(event IN ('a', 'b'), (1 + 2) * 3, NULL), [1, 2][1], (1, 'x').2 FROM events AS e LEFT JOIN persons AS p ON e.person_id = p.id",
  'SELECT sum(x) OVER (PARTITION BY a ORDER BY b ASC ROWS BETWEEN 1 PRECEDING AND CURRENT ROW), quantile(0.5)(x) FROM (SELECT 1 AS x) AS t',
  "SELECT arrayMap(x -> x * 2, [1]), properties.`a b`['it\\'s'] FROM events UNION ALL SELECT 1, 'x' LIMIT 1 BY event",
])('HogQL text reads back as it was: %s', (text) => {
  const once = hogqlText(parser.parseQuery(text))
  expect(hogqlText(parser.parseQuery(once))).toBe(once)
})

test('an instant keeps its microseconds', () => {
  const { params } = sqlOf(
    "select 1 from events where timestamp > '2024-03-15 10:00:00.123456' or timestamp < toDateTime64('2024-03-15 10:00:00.654321', 6, 'Asia/Kathmandu')",
  )
  expect(Object.values(params)).toEqual(expect.arrayContaining(['2024-03-15 10:00:00.123456', '2024-03-15 04:15:00.654321']))
})

test('a person mode is compared as the engine has it, if there is such a mode', () => {
  expect(sqlOf("select 1 from events where person_mode = 'full'").sql).toContain('stored.`person_mode` AS `person_mode raw`')
  expect(sqlOf("select 1 from events where person_mode = 'none'").sql).toContain('toString(stored.`person_mode`) AS `person_mode`')
})

test('a session is looked up as it is stored', () => {
  expect(sqlOf("select 1 from events where $session_id = 's'").sql).toContain('stored.`$session_id` AS `$session_id raw`')
  expect(sqlOf("select 1 from events where $session_id = ''").sql).toContain('nullIf(')
})

describe('what a scan of events applies before it reads anything else', () => {
  const prewhere = (where: string, from = 'events') => {
    const { sql, params } = sqlOf(`select count() from ${from} where ${where}`)
    const [, found = ''] = /PREWHERE equals\(stored\.project_id, \{p\d+: UInt32\}\)(.*?)\)? AS /.exec(sql) ?? []
    return found.replaceAll(/\{(p\d+): [^}]*\}/g, (_, name: string) => String(params[name])).replaceAll('stored.', '')
  }

  test.each([
    ["event = 'a'", ' AND equals(`event`, a)'],
    ["event in ('a', 'b') and properties.x = 'y'", ' AND in(`event`, tuple(a, b))'],
    ["event = 'a' or (event = 'b' and properties.x = 'y')", ' AND in(`event`, tuple(a, b))'],
    ["event = 'a' or properties.x = 'y'", ''],
    ["event != 'a'", ''],
    ["not (event = 'a')", ''],
    ["event = 'a' and event = 'b'", ' AND 0'],
    ["timestamp >= '2024-01-01'", ' AND greaterOrEquals(`timestamp`, 2024-01-01 00:00:00.000000)'],
    ["timestamp >= '2024-01-01' or event = 'a'", ''],
    ['timestamp > toDateTime(properties.x)', ''],
  ])('%s', (where, wanted) => {
    expect(prewhere(where)).toBe(wanted)
  })

  test.each([
    ["event = 'a' and timestamp >= '2024-01-01'", undefined],
    ["event = 'a' or event in ('b', 'c')", undefined],
    ["event = 'a' and distinct_id = 'b'", 'equals(`events`.`distinct_id`, b)'],
    [
      "event = 'a' and (event = 'a' or distinct_id = 'b') and $group_0 = 'c'",
      /^and\(or\(.*distinct_id.*\), equals\(`events`.`\$group_0`, /,
    ],
    ["timestamp > '2024-01-01' and timestamp != '2024-01-02'", /^notEquals\(`events`.`timestamp`, /],
  ])('%s: it is not asked again', (where, wanted) => {
    const { sql, params } = sqlOf(`select count() from events where ${where}`)
    const [, left] = / AS `events` WHERE (.*)$/.exec(sql) ?? []
    const shown = left?.replaceAll(/\{(p\d+): [^}]*\}/g, (_, name: string) => String(params[name]))
    if (wanted instanceof RegExp) expect(shown).toMatch(wanted)
    else expect(shown).toBe(wanted)
  })

  test('a join that keeps what is unmatched sees all events', () => {
    expect(prewhere("e.event = 'a'", 'events e left join persons p on p.id = e.person_id')).toContain('equals')
    expect(prewhere("e.event = 'a'", 'events e right join persons p on p.id = e.person_id')).toBe('')
  })
})

describe('a condition on a joined table', () => {
  const person = (where: string, select = 'count()') => sqlOf(`select ${select} from events where ${where}`).sql

  test.each([
    "person.properties.plan = 'pro'",
    "person.properties.plan in ('pro', 'team') and event = 'a'",
    "person.properties.plan ilike '%pro%' or person.properties.email = 'a@b.c'",
    'person.properties.plan is not null',
    'person.properties.seats > 3',
  ])('%s: the key is looked up in a set', (where) => {
    expect(person(where)).toMatch(/in\(`events`\.`person_id raw`, \(SELECT `events__person`\.`id raw` AS `id` FROM /)
    expect(person(where)).not.toContain('JOIN')
  })

  test.each<[where: string, select?: string]>([
    ["person.properties.plan != 'pro'"],
    ['person.properties.plan is null'],
    ["not (person.properties.plan = 'pro')"],
    ["person.properties.plan = 'pro' or event = 'a'"],
    ["person.properties.plan = 'pro'", 'person.properties.email'],
    ["person.properties.plan = 'pro' and person.properties.plan != properties.plan"],
  ])('%s, %s: the table is joined', (where, select) => {
    expect(person(where, select)).toContain('LEFT ANY JOIN')
  })
})

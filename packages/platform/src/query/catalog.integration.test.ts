import { findFunction, functionNames, tables, typedEventProperties } from '@hedgerow/hogql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createQueryEngine, type QueryEngine } from './query-engine.ts'
import { eventRow, openQueryStores, type QueryStores } from './query-test-stores.ts'

let stores: QueryStores
let engine: QueryEngine
beforeAll(async () => {
  stores = await openQueryStores()
  await stores.addProject(1)
  engine = createQueryEngine({ events: stores.events, application: stores.application, now: () => new Date('2024-01-01T00:00:00Z') })
})
afterAll(() => stores?.close())

test('every function of the catalogue is one that the engine has', async () => {
  const { rows } = await stores.events.query('SELECT name, case_insensitive FROM system.functions')
  const exact = new Set(rows.map(([name]) => name))
  const anyCase = new Set(rows.filter(([, insensitive]) => insensitive).map(([name]) => String(name).toLowerCase()))
  // Settled while compiling: they never reach the engine under this name.
  const own = new Set([
    'toInt',
    'toFloat',
    'toBool',
    'toDecimal',
    'sortableSemver',
    'date_bin',
    'split_part',
    'toDateTime',
    'timezone',
    'dateAdd',
    'dateSub',
    'datePart',
  ])
  const missing = functionNames().filter((name) => {
    const engineName = findFunction(name)?.engineName ?? ''
    return (
      !findFunction(name)?.isOwn &&
      !own.has(engineName) &&
      !own.has(name) &&
      !exact.has(engineName) &&
      !anyCase.has(engineName.toLowerCase())
    )
  })
  expect(missing).toEqual([])
})

test.each(Object.entries(tables).flatMap(([table, { columns }]) => Object.keys(columns).map((column) => [table, column] as const)))(
  '%s.%s can be read',
  async (table, column) => {
    const chain = column
      .split('.')
      .map((link) => `\`${link}\``)
      .join('.')
    await expect(
      engine.rows({ projectId: 1, query: { kind: 'HogQLQuery', query: `select ${chain} from ${table}` } }),
    ).resolves.toMatchObject({ results: [] })
  },
)

test.each(
  Object.entries(tables).flatMap(([table, { joins }]) =>
    Object.entries(joins).map(([join, { table: target }]) => [table, join, target] as const),
  ),
)('%s.%s leads to %s', async (table, join, target) => {
  const [column = ''] = Object.keys(tables[target].columns)
  await expect(
    engine.rows({ projectId: 1, query: { kind: 'HogQLQuery', query: `select ${join}.${column} from ${table}` } }),
  ).resolves.toMatchObject({ results: [] })
})

test('the properties that the compiler takes for typed are those of the events table', async () => {
  const { rows } = await stores.events.query("SELECT type FROM system.columns WHERE table LIKE 'events%' AND name = 'properties' LIMIT 1")
  const typed = [
    ...String(rows[0]?.[0]).matchAll(/`([^`]+)` (?:LowCardinality\()?Nullable|(?<=[(,] ?)(\w+) (?:LowCardinality\()?Nullable/g),
  ].map(([, quoted, bare]) => quoted ?? bare)
  expect([...typedEventProperties].sort()).toEqual(typed.sort())
})

test('the sessions table answers whatever its columns say of the beginning of a session', async () => {
  const taken = ['current_url', 'pathname', 'hostname']
  const names = Object.keys(tables.sessions.columns).flatMap((column) => /^\$entry_(?!has_)(.*)$/.exec(column)?.[1] ?? [])
  const kept = names.filter((name) => !taken.includes(name))
  const propertyOf = (name: string) => (name.startsWith('referr') ? `$${name}` : name)
  const session = '01890000-0000-7000-8000-00000000000a'
  await stores.addProject(2)
  await stores.insert('events', [
    eventRow(2, '$pageview', '2023-12-31T00:00:00Z', {
      $session_id: session,
      properties: Object.fromEntries(kept.map((name) => [propertyOf(name), `of ${name}`])),
    }),
  ])
  const query = `select ${kept.map((name) => `\`$entry_${name}\``).join(', ')} from sessions`
  const { results } = await engine.rows({ projectId: 2, query: { kind: 'HogQLQuery', query } })
  expect(kept.length).toBeGreaterThan(20)
  expect(results).toEqual([kept.map((name) => `of ${name}`)])
})

test('HogQLMetadata underlines mistakes', async () => {
  const check = (query: string, language = 'hogQL') => engine.rows({ projectId: 1, query: { kind: 'HogQLMetadata', language, query } })
  expect(await check('select event from events where {filters}')).toMatchObject({ isValid: true, errors: [], table_names: ['events'] })
  expect(await check('select evnt from events')).toMatchObject({
    isValid: false,
    errors: [{ message: 'Unknown column "evnt". Did you mean "event"?', start: 7, end: 11 }],
  })
  expect(await check('properties.x = 1', 'hogQLExpr')).toMatchObject({ isValid: true })
})

test('HogQLAutocomplete knows tables, columns and the properties that are defined', async () => {
  await stores.defineProperty(1, 'event', 'plan name', 'String')
  await stores.defineProperty(1, 'event', 'price', 'Numeric')
  await stores.defineProperty(1, 'person', 'plan', 'String')
  const complete = async (text: string) => {
    const query = text.replace('|', '')
    const answer = await engine.rows({
      projectId: 1,
      query: { kind: 'HogQLAutocomplete', language: 'hogQL', query, endPosition: text.indexOf('|') },
    })
    return answer.suggestions?.map(({ label, insertText, detail }) => [label, insertText, detail])
  }
  expect(await complete('select properties.p| from events')).toEqual([
    ['price', 'price', 'Numeric'],
    ['plan name', '`plan name`', 'String'],
  ])
  expect(await complete('select person.properties.| from events')).toEqual([['plan', 'plan', 'String']])
  expect(await complete('select event from ev|')).toEqual([['events', 'events', 'table']])
  expect(await complete('select properties.nothing| from events')).toEqual([])
})

test('DatabaseSchemaQuery lists tables and what they lead to', async () => {
  const { tables: schema } = await engine.rows({ projectId: 1, query: { kind: 'DatabaseSchemaQuery' } })
  expect(schema).toMatchObject({ events: { fields: { event: { type: 'string' }, person: { type: 'lazy_table', table: 'persons' } } } })
})

const agent = "'Mozilla/5.0 (compatible; GPTBot/1.1; +https://openai.com/gptbot)'"
test.each([
  ["lookupDomainType('www.google.co.uk')", 'Search'],
  ["lookupDomainType('example.com')", null],
  ["lookupPaidSourceType('Facebook')", 'Paid Social'],
  ["lookupOrganicMediumType('newsletter')", 'Email'],
  [`getBotName(${agent})`, 'GPTBot'],
  [`getBotOperator(${agent})`, 'OpenAI'],
  [`getTrafficType(${agent})`, 'AI Agent'],
  [`isLikelyBot(${agent})`, 1],
  ["isLikelyBot('Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Gecko/20100101 Firefox/140.0')", 0],
  ["isLikelyBot('Mozilla/5.0 (Linux; Android 14; CUBOT X30) Chrome/130')", 0],
  ["to_char(toDateTime('2024-03-05 17:08:09'), 'YYYY-MM-DD HH24:MI:SS')", '2024-03-05 17:08:09'],
  ["toDateTime('2024-03-05 00:00:00') + make_interval(0, 1, 0, 2)", '2024-04-07T00:00:00Z'],
  ['sparkline([1, 2])', ['__hx_tag', 'Sparkline', 'data', [1, 2]]],
  ["json_agg(arrayJoin(['a', 'b']))", '["a","b"]'],
  ['every(arrayJoin([true, false]))', 0],
])('%s is %j', async (expression, expected) => {
  const { results } = await engine.rows({ projectId: 1, query: { kind: 'HogQLQuery', query: `select ${expression}` } })
  const [cell] = results[0] ?? []
  expect(typeof cell === 'boolean' ? Number(cell) : cell).toEqual(expected)
})

test.each([
  ["select getSurveyResponse(0, 'q1'), getSurveyResponse(1), getSurveyResponse(2, 'q3', true) from events", undefined],
  ["select count() from events where uniqueSurveySubmissionsFilter('s')", undefined],
  ["select convertCurrency('EUR', 'USD', 1)", /exchange rates/],
  ['select * from session_replay_events', /not recorded/],
  ['select * from raw_persons', /"persons" has the same rows/],
  ['select goe_0.properties.x from events', /group_0\.properties/],
  ['with recursive a as (select 1 union all select 2) select * from a', /RECURSIVE/],
  ['select matchesAction(1)', /no action 1/],
  ['select person_id in cohort properties.x from events', /an id or a name/],
])('%s', async (query, refusal) => {
  const asked = engine.rows({ projectId: 1, query: { kind: 'HogQLQuery', query } })
  if (refusal) return expect(asked).rejects.toThrow(refusal)
  await expect(asked).resolves.toMatchObject({ error: null })
})

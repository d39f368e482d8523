import { findFunction, functionNames, tables, typedEventProperties } from '@hedgerow/hogql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createQueryEngine, type QueryEngine } from './query-engine.ts'
import { openQueryStores, type QueryStores } from './query-test-stores.ts'

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
    return !own.has(engineName) && !own.has(name) && !exact.has(engineName) && !anyCase.has(engineName.toLowerCase())
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

test('HogQLMetadata underlines mistakes', async () => {
  const check = (query: string, language = 'hogQL') => engine.rows({ projectId: 1, query: { kind: 'HogQLMetadata', language, query } })
  expect(await check('select event from events where {filters}')).toMatchObject({ isValid: true, errors: [], table_names: ['events'] })
  expect(await check('select evnt from events')).toMatchObject({
    isValid: false,
    errors: [{ message: 'Unknown column "evnt". Did you mean "event"?', start: 7, end: 11 }],
  })
  expect(await check('properties.x = 1', 'hogQLExpr')).toMatchObject({ isValid: true })
})

test('DatabaseSchemaQuery lists tables and what they lead to', async () => {
  const { tables: schema } = await engine.rows({ projectId: 1, query: { kind: 'DatabaseSchemaQuery' } })
  expect(schema).toMatchObject({ events: { fields: { event: { type: 'string' }, person: { type: 'lazy_table', table: 'persons' } } } })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EventStore } from '../event-store.ts'
import { personSnapshot, writtenSnapshot } from '../person-snapshot.ts'
import { sessionProperties } from '../session-properties.ts'
import { encode, eventRow } from '../test-rows.ts'
import { manyValuedProperties } from '../typed-properties.ts'
import { EventBlock, type EventCells } from './event-block.ts'
import { propertiesType } from './property-columns.ts'

/** What a block and the same rows as text must agree on: everything. */
const everything = `SELECT uuid, event, timestamp, distinct_id, person_id, person_mode, toString(properties), toString(mapSort(JSONAllPathsWithTypes(properties))),
  toString(mapSort(person_snapshot)), toString(mapSort(session_properties)), person_created_at, \`$group_0\`, \`$group_4\`, \`$session_id\`, \`$window_id\`, elements_chain, created_at, inserted_at
  FROM events WHERE project_id = {projectId: UInt32} ORDER BY uuid`

const text = fc.string({ unit: 'grapheme', maxLength: 150 })
const scalar = fc.oneof(
  text,
  fc.boolean(),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constant(null),
)
const list = fc.oneof(
  fc.array(fc.option(text)),
  fc.array(fc.option(fc.maxSafeInteger())),
  fc.array(fc.option(fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })))),
  fc.array(fc.option(fc.boolean())),
  fc.array(scalar),
  fc.array(fc.dictionary(text, scalar), { maxLength: 2 }),
)
const name = fc.oneof(
  fc.constantFrom('plan', 'a.b', 'a', 'é', '中', '$set', 'b%2Ec', '$browser_version', ...sessionProperties.slice(-4)),
  text,
)
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, scalar, scalar, list, fc.dictionary(name, tie('value'), { maxKeys: 5 })),
}))
const typedName = fc.constantFrom('$browser', '$os', '$host', '$pathname', ...manyValuedProperties)
const properties = fc
  .tuple(fc.dictionary(typedName, fc.oneof(text, text, text, scalar)), fc.dictionary(name, value, { maxKeys: 8 }))
  .map(([typed, free]): Record<string, unknown> => ({ ...typed, ...free }))
const instant = fc.oneof(
  fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2026, 1, 1) }),
  fc.constantFrom(Date.UTC(1960, 0, 1) + 0.25, -0.5, 0, Date.UTC(2200, 0, 1) + 0.9996),
)
const cells = fc.record({
  event: fc.oneof(fc.constantFrom('opened', '$pageview', ''), text),
  timestampMs: instant,
  distinctId: text,
  personMode: fc.constantFrom('full', 'propertyless', 'force_upgrade'),
  properties,
  person: properties,
  personCreatedAtMs: instant,
  groups: fc.option(fc.tuple(text, text, text, text, text), { nil: undefined }),
  sessionId: text,
  elementsChain: text,
})

const microsText = (ms: number) => {
  const micros = Math.round(ms * 1_000)
  const whole = Math.floor(micros / 1_000)
  return `${new Date(whole).toISOString().slice(0, 23).replace('T', ' ')}${String(micros - whole * 1_000).padStart(3, '0')}`
}

const insertedAtMicros = Date.UTC(2026, 2, 4) * 1_000 + 7
let lastProject = 1_000

export function cellsOf(given: Partial<EventCells> = {}): EventCells {
  return {
    projectId: 1,
    uuid: eventRow().uuid,
    event: 'test event',
    timestampMs: Date.UTC(2026, 2, 4, 5, 6, 7),
    distinctId: 'someone',
    personId: eventRow().person_id,
    personMode: 'full',
    properties: {},
    personSnapshot: writtenSnapshot({}),
    personCreatedAtMs: Date.UTC(2026, 2, 1),
    groups: undefined,
    sessionId: '',
    windowId: '',
    elementsChain: '',
    createdAtMs: Date.UTC(2026, 2, 4, 5, 6, 8),
    insertedAtMicros,
    ...given,
  }
}

function rowOf(event: EventCells, snapshot: string) {
  const [$group_0 = '', $group_1 = '', $group_2 = '', $group_3 = '', $group_4 = ''] = event.groups ?? []
  return eventRow({
    project_id: event.projectId,
    uuid: event.uuid,
    event: event.event,
    timestamp: microsText(event.timestampMs),
    distinct_id: event.distinctId,
    person_id: event.personId,
    person_mode: event.personMode,
    properties: event.properties,
    person_snapshot: JSON.parse(snapshot),
    person_created_at: microsText(event.personCreatedAtMs),
    ...{ $group_0, $group_1, $group_2, $group_3, $group_4 },
    $session_id: event.sessionId,
    $window_id: event.windowId,
    elements_chain: event.elementsChain,
    created_at: microsText(event.createdAtMs),
    inserted_at: microsText(event.insertedAtMicros / 1_000),
  })
}

export function describeEventBlocks(open: () => EventStore): void {
  const insert = (block: EventBlock, token: string) => open().insert('events', Buffer.concat(block.pieces()), { token, format: 'Native' })
  const stored = async (projectId: number) => (await open().query(everything, { params: { projectId } })).rows

  const cell = async (column: string, projectId: number) =>
    (await open().query(`SELECT ${column} FROM events WHERE project_id = {projectId: UInt32}`, { params: { projectId } })).rows[0]?.[0]

  describe('blocks of events', () => {
    it('hold what the same rows as text hold, before a merge and after', async () => {
      const block = new EventBlock()
      await fc.assert(
        fc.asyncProperty(fc.array(cells, { minLength: 50, maxLength: 300, size: 'max' }), async (events) => {
          block.clear()
          const [asBlock, asText] = [++lastProject, ++lastProject]
          const rows: object[] = []
          for (const { person, ...event } of events) {
            const full = cellsOf({ ...event, projectId: asBlock, personSnapshot: writtenSnapshot(person) })
            if (block.add(full)) rows.push(rowOf({ ...full, projectId: asText }, personSnapshot(person)))
          }
          expect(block.rowCount).toBe(rows.length)
          expect(rows.length).toBeGreaterThan(events.length / 20)
          await insert(block, `block ${asBlock}`)
          await open().insert('events', encode(rows), { token: `block ${asText}` })
          expect(await stored(asBlock)).toEqual(await stored(asText))
        }),
        { numRuns: 4 },
      )
      const fresh = await stored(lastProject - 1)
      await open().command('OPTIMIZE TABLE events FINAL')
      expect(await stored(lastProject - 1)).toEqual(fresh)
      expect(await stored(lastProject)).toEqual(fresh)
    })

    it('have the typed properties that the table has', async () => {
      const { rows } = await open().query("SELECT DISTINCT type FROM system.columns WHERE table LIKE 'events%' AND name = 'properties'")
      const names = (type: unknown) => String(type).replaceAll(/[` ]/g, '')
      expect(rows.map(([type]) => names(type))).toEqual([names(propertiesType)])
    })

    it('keep for sessions what the table keeps of the same row as text', async () => {
      const [asBlock, asText] = [++lastProject, ++lastProject]
      const event = cellsOf({ projectId: asBlock, properties: Object.fromEntries(sessionProperties.map((name) => [name, `of ${name}`])) })
      const block = new EventBlock()
      block.add(event)
      await insert(block, 'all of a session')
      await open().insert('events', encode([rowOf({ ...event, projectId: asText }, '{}')]), { token: 'all of a session as text' })
      const kept = await cell('session_properties', asBlock)
      expect(kept).toEqual(event.properties)
      expect(await cell('session_properties', asText)).toEqual(kept)
    })

    it('hold ten thousand different values of a property that has a dictionary', async () => {
      const block = new EventBlock()
      const projectId = ++lastProject
      for (let row = 0; row < 70_000; row++) block.add(cellsOf({ projectId, properties: { $pathname: `/items/${row % 10_000}`, n: row } }))
      await insert(block, 'many paths')
      const sql = `SELECT count(), uniqExact(properties.\`$pathname\`), sum(properties.n::Nullable(Int64)), countIf(properties.\`$pathname\` = concat('/items/', toString(properties.n::Nullable(Int64) % 10000)))
        FROM events WHERE project_id = {projectId: UInt32}`
      expect((await open().query(sql, { params: { projectId } })).rows).toEqual([[70_000, 10_000, 2_449_965_000, 70_000]])
    })

    it('are stored once, and rolled up into sessions once, however often they come', async () => {
      const block = new EventBlock()
      const projectId = ++lastProject
      block.add(cellsOf({ projectId, event: '$pageview', sessionId: 'crashed' }))
      await open().command('DETACH TABLE sessions_view')
      await insert(block, 'crashed block')
      await open().command('ATTACH TABLE sessions_view')
      for (let attempt = 0; attempt < 2; attempt++) await insert(block, 'crashed block')
      expect(await stored(projectId)).toHaveLength(1)
      const sql = 'SELECT length(groupUniqArrayArray(counted)) FROM sessions WHERE project_id = {projectId: UInt32} GROUP BY session_id'
      expect((await open().query(sql, { params: { projectId } })).rows).toEqual([[1]])
    })

    it('refuse a block that is cut short, and keep nothing of it', async () => {
      const block = new EventBlock()
      const projectId = ++lastProject
      for (let row = 0; row < 100; row++) block.add(cellsOf({ projectId }))
      const bytes = Buffer.concat(block.pieces())
      await expect(open().insert('events', bytes.subarray(0, bytes.length - 1), { token: 'cut', format: 'Native' })).rejects.toThrow()
      expect(await stored(projectId)).toEqual([])
    })
  })
}

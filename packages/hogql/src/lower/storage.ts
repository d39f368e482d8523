import { entryAttributes, entryFlags } from '../catalog/tables.ts'
import { typedEventProperties } from '../catalog/typed-properties.ts'
import * as t from '../catalog/value-type.ts'
import type { CompileContext } from '../context.ts'
import { invariant } from '../errors.ts'
import type { TableInstance } from '../resolve/table-instance.ts'
import type { Expr, Scan } from '../tree/resolved.ts'
import { channelType, domainType } from './channel-type.ts'
import { snapshotDocument, snapshotProperty } from './person-snapshot.ts'
import type { ProjectGuard } from './project-guard.ts'
import { type StoredProperty, storedProperty } from './properties.ts'

/** How HogQL's tables lie in the event store. */
export interface Storage {
  scan(guard: ProjectGuard): Scan
  column(name: string, raw: boolean): Expr
  property(column: string, path: (string | number)[]): StoredProperty
  needsOverrides(column: string): boolean
  joinOverrides(scan: Scan): void
}

const stored = (column: string, type: t.ValueType = t.unknown): Expr => ({ kind: 'stored', column, type })
const value = (text: string): Expr => ({ kind: 'value', value: text, bound: 'String', type: t.string })
const number = (n: number): Expr => ({ kind: 'value', value: n, bound: 'Int64', type: t.integer })
const call = (name: string, ...args: Expr[]): Expr => ({ kind: 'call', name, args, type: t.unknown })
const nothing: Expr = { kind: 'null', type: t.nothing }
const noText = (expr: Expr): Expr => call('nullIf', expr, value(''))

const emptyScan = { final: false, where: [], groupBy: [], joins: [] }
const notDeleted = call('equals', stored('is_deleted'), number(0))

export function storageOf(table: TableInstance, context: CompileContext): Storage {
  const columns = columnsOf[table.definition.name]
  return {
    scan: (guard) => ({ kind: 'scan', guard, prewhere: [], ...scanOf(table, guard, context), reads: [] }),
    column(name, raw) {
      const found = Object.hasOwn(columns, name) ? columns[name]?.(context) : undefined
      invariant(found, `${table.definition.name}.${name} is in the catalogue but not stored`)
      if (raw && found.kind === 'call' && (found.name === 'nullIf' || found.name === 'toString') && found.args[0]) return found.args[0]
      return found
    },
    property(column, path) {
      if (table.definition.name === 'events' && column === 'poe.properties') return snapshotProperty(path)
      const at = propertyColumns[`${table.definition.name}.${column}`]
      invariant(at, `${table.definition.name}.${column} holds no properties`)
      const typed = at === 'properties' && table.definition.name === 'events' && typedEventProperties.has(String(path[0]))
      const definition = table.definition.columns[column]?.properties
      const known = path.length === 1 && definition && context.propertyType(definition, String(path[0]), table.groupTypeIndex)
      return storedProperty(at, path, typed, !known)
    },
    needsOverrides: (name) =>
      context.hasPersonOverrides && table.definition.name === 'events' && (name === 'person_id' || name === 'poe.id'),
    joinOverrides(scan) {
      if (scan.joins.length === 0) scan.joins.push(overrides(scan.guard))
    },
  }
}

const propertyColumns: Record<string, string> = {
  'events.properties': 'properties',
  'persons.properties': 'properties',
  'groups.properties': 'properties',
}

function scanOf(table: TableInstance, guard: ProjectGuard, context: CompileContext): Omit<Scan, 'kind' | 'guard' | 'reads' | 'prewhere'> {
  switch (table.definition.name) {
    case 'events':
      return { ...emptyScan, table: 'events', joins: [], ...(table.sample === undefined ? {} : { sample: table.sample }) }
    case 'persons':
      return { ...emptyScan, table: 'persons', final: true, where: [notDeleted], joins: [] }
    case 'person_distinct_ids':
      return { ...emptyScan, table: 'person_distinct_ids', final: true, where: [notDeleted], joins: [] }
    case 'groups': {
      const index = table.groupTypeIndex
      const ofType = index === undefined ? [] : [call('equals', stored('group_type_index'), number(index))]
      return { ...emptyScan, table: 'groups', final: true, where: [notDeleted, ...ofType], joins: [] }
    }
    case 'cohort_people':
      return { ...emptyScan, table: 'cohort_people', where: calculated(context), joins: [] }
    case 'static_cohort_people': {
      const groupBy = [stored('cohort_id'), ownerOfEntry, stored('project_id')]
      return {
        table: 'static_cohort_people',
        final: true,
        where: [notDeleted, call('isNotNull', ownerOfEntry)],
        groupBy,
        joins: [owners(guard)],
      }
    }
    case 'sessions':
      return { ...emptyScan, table: 'sessions', groupBy: [stored('project_id'), stored('session_id')], joins: [] }
  }
}

/** Rows of the calculations that count: one for each cohort. */
function calculated(context: CompileContext): Expr[] {
  const pairs = Object.entries(context.cohortVersions).map(([id, version]) =>
    call('tuple', integer(Number(id), 'UInt32'), integer(version, 'UInt64')),
  )
  if (pairs.length === 0) return [{ kind: 'value', value: false, bound: 'Bool', type: t.boolean }]
  return [call('in', call('tuple', stored('cohort_id'), stored('version')), call('tuple', ...pairs))]
}
const integer = (value: number, bound: 'UInt32' | 'UInt64'): Expr => ({ kind: 'value', value, bound, type: t.integer })

/** Entries of static cohorts are distinct ids: whoever each belongs to now. */
const ownerOfEntry: Expr = { kind: 'joined', join: 'owners', name: 'person_id', type: t.nullable(t.uuid) }
function owners(guard: ProjectGuard): Scan['joins'][number] {
  const reads = ['distinct_id', 'person_id'].map((name) => ({ as: name, expr: stored(name) }))
  const scan: Scan = {
    kind: 'scan',
    table: 'person_distinct_ids',
    guard,
    prewhere: [],
    ...emptyScan,
    final: true,
    where: [notDeleted],
    joins: [],
    reads,
  }
  return { join: 'owners', scan, on: [{ stored: 'distinct_id', joined: 'distinct_id' }] }
}

function overrides(guard: ProjectGuard): Scan['joins'][number] {
  const scan: Scan = {
    kind: 'scan',
    table: 'person_distinct_id_overrides',
    guard,
    prewhere: [],
    ...emptyScan,
    final: true,
    where: [notDeleted],
    joins: [],
    reads: [
      { as: 'distinct_id', expr: stored('distinct_id') },
      { as: 'person_id', expr: stored('person_id') },
    ],
  }
  return { join: 'overrides', scan, on: [{ stored: 'distinct_id', joined: 'distinct_id' }] }
}

const document = (column: string): Expr => call('toJSONString', stored(column))

const plainEventColumns = [
  'uuid',
  'event',
  'timestamp',
  'distinct_id',
  'elements_chain',
  'created_at',
  'inserted_at',
  '$group_0',
  '$group_1',
  '$group_2',
  '$group_3',
  '$group_4',
]

const valuesOf = (attribute: string): Expr => value(`(?::|")${attribute}="((?:\\\\"|[^"])*)"`)
/** The chain has a backslash before each quote inside of a value. */
const unescaped = (text: Expr): Expr => call('replaceAll', text, value('\\"'), value('"'))
function eachUnescaped(texts: Expr): Expr {
  const text = { wanted: 'text' }
  const body = unescaped({ kind: 'parameter', name: text, type: t.string })
  return call('arrayMap', { kind: 'lambda', params: [text], body, type: t.string }, texts)
}

/** A column as it is made of what is stored. why: made when it is read; of most tables' columns a query reads two or three. */
type Columns = Record<string, (context: CompileContext) => Expr>

const plain = (names: readonly string[]): Columns => Object.fromEntries(names.map((name) => [name, () => stored(name)]))

const personOfEvent = ({ hasPersonOverrides }: CompileContext): Expr =>
  hasPersonOverrides
    ? call('ifNull', { kind: 'joined', join: 'overrides', name: 'person_id', type: t.nullable(t.uuid) }, stored('person_id'))
    : stored('person_id')
const chain = stored('elements_chain')

const eventColumns: Columns = {
  ...plain(plainEventColumns),
  team_id: () => stored('project_id'),
  properties: () => document('properties'),
  person_id: personOfEvent,
  person_mode: () => call('toString', stored('person_mode')),
  $session_id: () => noText(stored('$session_id')),
  $session_id_uuid: () => call('toUUIDOrNull', stored('$session_id')),
  $window_id: () => noText(stored('$window_id')),
  'poe.id': personOfEvent,
  'poe.created_at': () => stored('person_created_at'),
  'poe.properties': () => snapshotDocument,
  elements_chain_href: () => unescaped(call('extract', chain, valuesOf('href'))),
  elements_chain_texts: () => call('arrayDistinct', eachUnescaped(call('extractAll', chain, valuesOf('text')))),
  elements_chain_ids: () => call('arrayDistinct', eachUnescaped(call('extractAll', chain, valuesOf('attr_id')))),
  elements_chain_elements: () =>
    call('arrayDistinct', call('extractAll', chain, value('(?:^|;)(a|button|form|input|select|textarea|label)(?:\\.|$|:)'))),
}

/** What the first events of a person left in its properties. */
const initial = (name: string) => storedProperty('properties', [`$initial_${name}`], false, false).text

const personColumns: Columns = {
  ...plain(['id', 'created_at']),
  team_id: () => stored('project_id'),
  properties: () => document('properties'),
  is_identified: () => ({ kind: 'cast', expr: stored('is_identified'), to: 'Bool', type: t.boolean }),
  $virt_initial_channel_type: ({ channelRules }) => channelType(initial, channelRules),
  $virt_initial_referring_domain_type: () => domainType(initial('referring_domain')),
}

const groupColumns: Columns = {
  ...plain(['created_at', 'updated_at']),
  index: () => stored('group_type_index'),
  team_id: () => stored('project_id'),
  key: () => stored('group_key'),
  properties: () => document('properties'),
}

/** Bytes of the time that stands before each text of a session: the greatest is the first one in `entry_…`, the last one in `last_…`. */
const stampLength = 8

/** What stands in the two lowest bits of each event that a session counts. */
const countedKinds = { pageviews: 1, autocaptures: 2, screens: 3 }

/** What a session keeps in a column of its own; the rest stands in a map. */
const entryColumns = new Set([
  'current_url',
  'referrer',
  'referring_domain',
  'utm_source',
  'utm_medium',
  'utm_campaign',
  'utm_term',
  'utm_content',
])

const unstamped = (text: Expr) => noText(call('substring', text, number(stampLength + 1)))
const earliest = (name: string) =>
  unstamped(
    entryColumns.has(name)
      ? call('max', stored(`entry_${name}`))
      : call('arrayElement', call('maxMap', stored('entry_properties')), value(name)),
  )
const latest = (name: string) => unstamped(call('max', stored(`last_${name}`)))
const sessionStart = () => call('min', stored('min_timestamp'))
const sessionEnd = () => call('max', stored('max_timestamp'))
const duration = () => call('dateDiff', value('second'), sessionStart(), sessionEnd())
const partOf = (name: string, of: Expr) => noText(call(name, call('ifNull', of, value(''))))

const union = (column: string, most: number, type: t.ValueType): Expr => ({
  kind: 'call',
  name: 'groupUniqArrayArray',
  params: [{ kind: 'value', value: most, bound: 'UInt64', type: t.integer }],
  args: [stored(column)],
  type: t.arrayOf(type),
})
const urls = () => union('visited_urls', 1_000, t.string)

function countOf(kind: keyof typeof countedKinds): Expr {
  const event = { wanted: 'event' }
  const kindOfEvent = call('bitAnd', { kind: 'parameter', name: event, type: t.integer }, number(3))
  const body = call('equals', kindOfEvent, number(countedKinds[kind]))
  return call('arrayCount', { kind: 'lambda', params: [event], body, type: t.boolean }, union('counted', 65_536, t.integer))
}

function isBounce({ bounceRateDurationSeconds }: CompileContext): Expr {
  const engaged = call(
    'or',
    call('greater', countOf('pageviews'), number(1)),
    call('greater', countOf('autocaptures'), number(0)),
    call('greaterOrEquals', duration(), number(bounceRateDurationSeconds)),
  )
  return call('if', call('equals', countOf('pageviews'), number(0)), nothing, call('not', engaged))
}

const columnsNamed = (names: readonly string[], nameOf: (name: string) => string, make: (name: string) => Expr): Columns =>
  Object.fromEntries(names.map((name) => [nameOf(name), () => make(name)]))

/** Sessions are rolled up while events are inserted: each column merges what its rows hold. */
const sessionColumns: Columns = {
  session_id: () => stored('session_id'),
  team_id: () => stored('project_id'),
  distinct_id: () => call('ifNull', latest('distinct_id'), value('')),
  $start_timestamp: sessionStart,
  $end_timestamp: sessionEnd,
  max_inserted_at: () => call('max', stored('max_inserted_at')),
  $urls: urls,
  $num_uniq_urls: () => call('length', urls()),
  $entry_current_url: () => earliest('current_url'),
  $entry_pathname: () => partOf('path', earliest('current_url')),
  $entry_hostname: () => partOf('domain', earliest('current_url')),
  $end_current_url: () => latest('current_url'),
  $end_pathname: () => partOf('path', latest('current_url')),
  $end_hostname: () => partOf('domain', latest('current_url')),
  ...columnsNamed(entryAttributes, (name) => `$entry_${name}`, earliest),
  ...columnsNamed(
    entryFlags,
    (name) => `$entry_has_${name}`,
    (name) => call('isNotNull', earliest(name)),
  ),
  $pageview_count: () => countOf('pageviews'),
  $autocapture_count: () => countOf('autocaptures'),
  $screen_count: () => countOf('screens'),
  $session_duration: duration,
  $is_bounce: isBounce,
  $channel_type: ({ channelRules }) => channelType(earliest, channelRules),
  $last_external_click_url: () => latest('external_click_url'),
  $vitals_lcp: () => call('toFloat64OrNull', earliest('$web_vitals_LCP_value')),
}

const columnsOf: Record<TableInstance['definition']['name'], Columns> = {
  events: eventColumns,
  persons: personColumns,
  person_distinct_ids: { ...plain(['distinct_id', 'person_id']), team_id: () => stored('project_id') },
  groups: groupColumns,
  cohort_people: { ...plain(['cohort_id', 'person_id']), team_id: () => stored('project_id') },
  static_cohort_people: {
    ...plain(['cohort_id']),
    team_id: () => stored('project_id'),
    person_id: () => call('assumeNotNull', ownerOfEntry),
  },
  sessions: sessionColumns,
}

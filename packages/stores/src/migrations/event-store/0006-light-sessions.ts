import { type Layout, localName } from './layout.ts'

/**
 * What a session keeps of its events stands in columns of simple types instead of maps and states of aggregates, and what few events have is looked for once, by whoever
 * writes the event. Why, and what was measured: docs/decisions/0011-light-sessions.md. The old columns go in a step of their own.
 */
export function lightSessions(layout: Layout): string[] {
  const [events, sessions] = [localName('events', layout), localName('sessions', layout)]
  const addToEvents = `ADD COLUMN IF NOT EXISTS session_properties ${map} DEFAULT ${keptOf('properties')} AFTER properties`
  const addToSessions = sessionColumns.map(([name, type]) => `ADD COLUMN IF NOT EXISTS ${name} ${type}`).join(', ')
  const addOld = Object.entries(oldColumns)
    .map(([name, type]) => `ADD COLUMN IF NOT EXISTS ${name} ${type}`)
    .join(', ')
  return [
    `ALTER TABLE ${events} ${addToEvents}`,
    // Only where it is done again after the next step, as a first run has no way to know.
    `ALTER TABLE ${sessions} ${addToSessions}, ${addOld}`,
    ...(layout.kind === 'cluster'
      ? [`ALTER TABLE ${layout.database}.events ${addToEvents}`, `ALTER TABLE ${layout.database}.sessions ${addToSessions}`]
      : []),
    `ALTER TABLE ${localName('sessions_view', layout)} MODIFY QUERY ${sessionsOf(events)}`,
    `ALTER TABLE ${sessions} UPDATE ${carriedOver().join(', ')} WHERE notEmpty(entry) OR notEmpty(last)`,
  ]
}

export function dropOldSessionColumns(layout: Layout): string[] {
  const drops = Object.keys(oldColumns)
    .map((name) => `DROP COLUMN IF EXISTS ${name}`)
    .join(', ')
  const drop = (table: string) => `ALTER TABLE ${table} ${drops}`
  const local = drop(localName('sessions', layout))
  return layout.kind === 'cluster' ? [drop(`${layout.database}.sessions`), local] : [local]
}

const adIds = [
  ...['gclid', 'gad_source', 'gclsrc', 'dclid', 'gbraid', 'wbraid', 'fbclid', 'msclkid', 'twclid', 'li_fat_id', 'mc_cid', 'igshid'],
  ...['ttclid', '_kx', 'irclid', 'epik', 'qclid', 'sccid'],
]
const externalClickUrl = '$external_click_url'
const sessionProperties = [...adIds, '$web_vitals_LCP_value', externalClickUrl]
const entryColumns = {
  entry_current_url: '$current_url',
  entry_referrer: '$referrer',
  entry_referring_domain: '$referring_domain',
  entry_utm_source: 'utm_source',
  entry_utm_medium: 'utm_medium',
  entry_utm_campaign: 'utm_campaign',
  entry_utm_term: 'utm_term',
  entry_utm_content: 'utm_content',
}

const map = 'Map(String, String)'
const oldColumns = {
  entry: `SimpleAggregateFunction(minMap, ${map})`,
  last: `SimpleAggregateFunction(maxMap, ${map})`,
  urls: 'AggregateFunction(groupUniqArray(1000), String)',
  pageviews: 'AggregateFunction(uniq, UUID)',
  autocaptures: 'AggregateFunction(uniq, UUID)',
  screens: 'AggregateFunction(uniq, UUID)',
}
const lastColumns = {
  last_current_url: optionalText('properties', '$current_url'),
  last_external_click_url: `session_properties['${externalClickUrl}']`,
  last_distinct_id: 'distinct_id',
}

const sessionColumns: [name: string, type: string][] = [
  ...[...Object.keys(entryColumns), ...Object.keys(lastColumns)].map((name): [string, string] => [
    name,
    'SimpleAggregateFunction(max, String)',
  ]),
  ['entry_properties', `SimpleAggregateFunction(maxMap, ${map})`],
  ['visited_urls', 'SimpleAggregateFunction(groupUniqArrayArray(1000), Array(String))'],
  ['counted', 'SimpleAggregateFunction(groupUniqArrayArray(65536), Array(UInt32))'],
]

/** Events of which a session counts how many it has: the kind stands in the two lowest bits, beside what is left of the uuid's hash. */
const countedKinds = { pageviews: 1, autocaptures: 2, screens: 3 }
const counted = (hash: string, kind: string | number) => `toUInt32(bitOr(bitShiftLeft(${hash}, 2), ${kind}))`

/**
 * Eight bytes and a text behind them: the greatest is the latest, or the earliest where the bits of the time are turned round. Nothing where the
 * text is empty, which is less than all.
 */
const stamped = (text: string, micros: string) => `concat(reverse(reinterpretAsFixedString(${micros})), ${text})`
const stampedIfAny = (text: string, micros: string) => `if(${text} = '', '', ${stamped(text, micros)})`
const microsOfEvent = 'toUInt64(greatest(0, toUnixTimestamp64Micro(timestamp)))'
const earliest = (micros: string) => `bitNot(${micros})`

function sessionsOf(eventsTable: string): string {
  const entries = Object.entries(entryColumns).map(
    ([column, property]) => `max(${stampedIfAny(optionalText('properties', property), earliest(microsOfEvent))}) AS ${column}`,
  )
  const lasts = Object.entries(lastColumns).map(([column, text]) => `max(${stampedIfAny(text, microsOfEvent)}) AS ${column}`)
  const url = optionalText('properties', '$current_url')
  const kind = `multiIf(event = '$pageview', ${countedKinds.pageviews}, event = '$autocapture', ${countedKinds.autocaptures}, event = '$screen', ${countedKinds.screens}, 0)`
  return `
SELECT
  project_id,
  \`$session_id\` AS session_id,
  min(timestamp) AS min_timestamp,
  max(timestamp) AS max_timestamp,
  max(inserted_at) AS max_inserted_at,
  ${[...entries, ...lasts].join(',\n  ')},
  maxMap(mapApply((k, v) -> (k, ${stamped('v', earliest(microsOfEvent))}), mapFilter((k, v) -> k != '${externalClickUrl}', session_properties))) AS entry_properties,
  groupUniqArrayIf(1000)(${url}, ${url} != '') AS visited_urls,
  groupUniqArrayIf(65536)(${counted('cityHash64(uuid)', kind)}, ${kind} != 0) AS counted
FROM ${eventsTable}
WHERE \`$session_id\` != ''
GROUP BY project_id, session_id`
}

/**
 * The maps held sixteen digits of the microseconds before each text. They are emptied, so that a row that is there already, and may have been merged
 * with newer ones, is left alone when this is run again.
 */
function carriedOver(): string[] {
  const digits = 16
  const textOf = (value: string) => `substring(${value}, ${digits + 1})`
  const micros = (value: string) => `toUInt64OrZero(substring(${value}, 1, ${digits}))`
  const fromEntry = (value: string) => stamped(textOf(value), earliest(micros(value)))
  const fromLast = (value: string) => stamped(textOf(value), micros(value))
  const column = (name: string, old: string, carried: string) => `${name} = greatest(${name}, if(${old} = '', '', ${carried}))`
  const entry = (key: string) => `entry['${key}']`
  const last = (key: string) => `last['${key}']`
  const renamed = `if(k = 'vitals_lcp', '$web_vitals_LCP_value', k)`
  const kept = [...adIds, 'vitals_lcp'].map((name) => `'${name}'`).join(', ')
  return [
    ...Object.keys(entryColumns).map((name) => {
      const old = entry(name.slice('entry_'.length))
      return column(name, old, fromEntry(old))
    }),
    ...Object.keys(lastColumns).map((name) => {
      const old = last(name.slice('last_'.length))
      return column(name, old, fromLast(old))
    }),
    `entry_properties = arrayReduce('maxMap', [entry_properties, mapApply((k, v) -> (${renamed}, ${fromEntry('v')}), mapFilter((k, v) -> k IN (${kept}), entry))])`,
    `visited_urls = arrayDistinct(arrayConcat(visited_urls, finalizeAggregation(urls)))`,
    // Their uuids are not known any more: as many as there were, of rows that had different events.
    `counted = arrayDistinct(arrayConcat(counted, ${Object.entries(countedKinds)
      .map(([name, kind]) => {
        const each = counted('cityHash64(session_id, min_timestamp, max_inserted_at, i)', kind)
        return `arrayMap(i -> ${each}, range(finalizeAggregation(${name})))`
      })
      .join(', ')}))`,
    'entry = map()',
    'last = map()',
  ]
}

function optionalText(json: string, property: string): string {
  return `ifNull(${json}.\`${property}\`::Nullable(String), '')`
}

function keptOf(json: string): string {
  const pairs = sessionProperties.map((name) => `'${name}', ${optionalText(json, name)}`)
  return `mapFilter((k, v) -> v != '', map(${pairs.join(', ')}))`
}

import type { Stores } from '@hedgerow/stores'

/**
 * Events in the shape of the demo, made by the engine itself from numbers alone, so that every run on every machine has the same ones:
 * 92 days, 30 properties, 200 000 persons of whom every tenth has two distinct ids that were merged.
 */
export const firstDay = '2026-03-01'
export const lastDay = '2026-05-31'
const dayCount = 92
export const asOf = '2026-05-31T23:59:59Z'
const personCount = 200_000
const eventsASession = 10
/** limit: rows of one insert. */
const rowsAnInsert = 500_000
/** Events with properties of their own; later ones have the same again, since making and reading the JSON takes longest. */
const documentCount = 1_000_000

export const funnelSteps = ['signed up', 'created project', 'invited member', 'upgraded plan'] as const

/** Which of `items` a hash stands for. */
const pick = (salt: number, of: string, items: readonly string[]) =>
  `[${items.map((item) => `'${item}'`).join(', ')}][1 + toUInt32(sipHash64(${of}, ${salt}) % ${items.length})]`
const text = (name: string, value: string) => `'"${name}":"', ${value}, '"'`
const number = (name: string, value: string) => `'"${name}":', toString(${value})`

const browsers = ['Chrome', 'Chrome', 'Chrome', 'Safari', 'Safari', 'Firefox', 'Microsoft Edge', 'Mobile Safari', 'Chrome iOS']
const systems = ['Windows', 'Mac OS X', 'iOS', 'Android', 'Linux']
const countries = ['US', 'DE', 'GB', 'FR', 'IN', 'BR', 'JP', 'NP', 'PL', 'NL']
const plans = ['free', 'free', 'free', 'pro', 'team', 'enterprise']
const plan = (person: string) => pick(15, person, plans)
const sources = ['google', 'newsletter', 'twitter', 'direct', 'partner']

/** 30 names, of which half are what a browser's SDK sends. */
const properties = `concat('{', ${[
  text('$browser', pick(11, 'person', browsers)),
  number('$browser_version', '100 + person % 30'),
  text('$os', pick(12, 'person', systems)),
  text('$os_version', "'10.15.7'"),
  text('$device_type', "if(person % 3 = 0, 'Mobile', 'Desktop')"),
  text('$current_url', "concat('https://app.example.com', page, '?tab=', toString(n % 7))"),
  text('$host', "'app.example.com'"),
  text('$pathname', 'page'),
  number('$screen_width', '320 + 80 * (person % 20)'),
  number('$screen_height', '200 + 60 * (person % 20)'),
  number('$viewport_width', '305 + 80 * (person % 20)'),
  text('$lib', "'web'"),
  text('$lib_version', "'1.300.2'"),
  text('$device_id', "concat('device-', toString(person))"),
  text('$session_id', 'session_text'),
  text('$geoip_country_code', pick(13, 'person', countries)),
  text('$referring_domain', "'$direct'"),
  text('utm_source', pick(14, 'session', sources)),
  text('plan', plan('person')),
  number('amount', 'toUInt32(pow(sipHash64(n, 16) / 18446744073709551616., 2) * 500)'),
  text('is_trial', "if(sipHash64(person, 17) % 10 < 3, 'true', 'false')"),
  number('items', 'sipHash64(n, 18) % 12'),
  number('team_size', '1 + person % 40'),
  text('section', "concat('section-', toString(n % 12))"),
  text('variant', "if(person % 2 = 0, 'control', 'test')"),
  text('feature', "concat('feature-', toString(sipHash64(n, 19) % 40))"),
  number('duration_ms', 'sipHash64(n, 20) % 20000'),
  number('position', 'n % 25'),
  text('locale', pick(21, 'person', ['en', 'de', 'fr', 'ne'])),
  text('build', "concat('2026.', toString(n % 9))"),
].join(", ',', ")}, '}')`

const eventName = `multiIf(draw < 35, '$pageview', draw < 50, '$autocapture', draw < 60,
  [${funnelSteps.map((step) => `'${step}'`).join(', ')}][1 + toUInt32(pow(sipHash64(n, 3) / 18446744073709551616., 2) * 4)],
  concat('event ', toString(sipHash64(n, 4) % 20)))`

const personUuid = (person: string) => `reinterpretAsUUID(reinterpretAsFixedString(sipHash128(${person}, 'person')))`

/** Who has a session, and where it was: what properties and columns are made from. `n` is the event's number. */
const drawn = `
  intDiv(n, ${eventsASession}) AS session,
  toUInt32(pow(sipHash64(session, 1) / 18446744073709551616., 1.5) * ${personCount}) AS person`

const insertDocuments = `
INSERT INTO documents
WITH number AS n, ${drawn},
  toString(reinterpretAsUUID(reinterpretAsFixedString(sipHash128(session, 'session')))) AS session_text,
  concat('/app/section-', toString(sipHash64(n, 6) % 12), '/page-', toString(toUInt32(pow(sipHash64(n, 7) / 18446744073709551616., 2) * 300))) AS page
SELECT n, ${properties} FROM numbers({from: UInt64}, {count: UInt64})`

/**
 * Events number `from` to `from + count`, in the order of their days, with the documents of those of the first million.
 * limit: `$session_id` and `$device_id` in a document are those of the event that it was made for; the columns are the event's own.
 */
const insertEvents = (isUnfolded: boolean) => `
INSERT INTO events (project_id, uuid, event, timestamp, distinct_id, person_id, person_mode, properties, person_snapshot, person_created_at,
  \`$group_0\`, \`$group_1\`, \`$group_2\`, \`$group_3\`, \`$group_4\`, \`$session_id\`, \`$window_id\`, elements_chain, created_at, inserted_at)
WITH number + {lap: UInt64} AS n, ${drawn},
  sipHash64(n, 2) % 100 AS draw,
  person % 10 = 0 AND sipHash64(session, 5) % 2 = 0 AS isOther,
  toDateTime64('${firstDay}', 6, 'UTC') + toIntervalDay(intDiv(session * ${dayCount}, {sessions: UInt64})) + toIntervalMillisecond(
    (sipHash64(session, 8) % 85000) * 1000 + (n % ${eventsASession}) * 90000 + sipHash64(n, 9) % 80000) AS at
SELECT 1, reinterpretAsUUID(reinterpretAsFixedString(sipHash128(n, 'event'))), ${eventName}, at,
  if(isOther, concat('anonymous-', toString(person)), concat('user-', toString(person))),
  ${isUnfolded ? `if(isOther, ${personUuid("concat('anonymous-', toString(person))")}, ${personUuid('toString(person)')})` : personUuid('toString(person)')},
  'full', properties, map('email', concat('user-', toString(person), '@example.com'), 'plan', ${plan('person')}),
  toDateTime64('2026-01-01', 6, 'UTC') + toIntervalSecond(person * 20),
  concat('company-', toString(person % 900)), '', '', '', '',
  toString(reinterpretAsUUID(reinterpretAsFixedString(sipHash128(session, 'session')))), '', '', at, at
FROM documents WHERE number >= {from: UInt64} AND number < {from: UInt64} + {count: UInt64}`

const insertPersons = `
INSERT INTO persons (project_id, id, created_at, properties, is_identified, is_deleted, version)
SELECT 1, ${personUuid('toString(number)')}, toDateTime64('2026-01-01', 6, 'UTC') + toIntervalSecond(number * 20),
  concat('{"email":"user-', toString(number), '@example.com","plan":"', ${plan('toUInt32(number)')}, '"}'), 1, 0, 1
FROM numbers(${personCount})`

const distinctIds = (table: string, which: 'user' | 'anonymous') => `
INSERT INTO ${table} (project_id, distinct_id, person_id, is_deleted, version)
SELECT 1, concat('${which}-', toString(number)), ${personUuid('toString(number)')}, 0, 1
FROM numbers(${personCount}) ${which === 'anonymous' ? 'WHERE number % 10 = 0' : ''}`

/** Definitions that ingestion would have collected, and a ledger that says that the events are there. */
async function fillApplicationStore({ application: { pool } }: Stores, events: number): Promise<void> {
  const numeric = [
    'amount',
    'items',
    'team_size',
    'duration_ms',
    'position',
    '$screen_width',
    '$screen_height',
    '$viewport_width',
    '$browser_version',
  ]
  const names = [...properties.matchAll(/'"([^"]+)":/g)].map(([, name]) => name)
  await pool.query(
    `INSERT INTO property_definitions (project_id, type, name, property_type, created_at)
     SELECT 1, 'event', name, CASE WHEN name = ANY($2::text[]) THEN 'Numeric' ELSE 'String' END, now() FROM unnest($1::text[]) AS name
     ON CONFLICT DO NOTHING`,
    [names, numeric],
  )
  await pool.query(
    `INSERT INTO ingestion_ledger (project_id, accepted, stored, last_event_stored_at) VALUES (1, $1, $1, now())
     ON CONFLICT (project_id) DO UPDATE SET accepted = $1, stored = $1`,
    [events],
  )
}

/**
 * limit: parts are written as merges would have left them, wide and with buckets, and are not merged any more: merging a hundred million events
 * takes an hour. They hold a day or some days each, in order.
 */
const asMerged = {
  min_level_for_wide_part: 0,
  object_shared_data_serialization_version_for_zero_level_parts: "'map_with_buckets'",
  max_bytes_to_merge_at_max_space_in_pool: 1,
}

async function makeDocuments({ events: store }: Stores, count: number): Promise<void> {
  const { rows } = await store.query(
    "SELECT type FROM system.columns WHERE table = 'events' AND name = 'properties' AND database = currentDatabase()",
  )
  await store.command('DROP TABLE IF EXISTS documents')
  await store.command(`CREATE TABLE documents (number UInt64, properties ${rows[0]?.[0]}) ENGINE = MergeTree ORDER BY number`)
  for (let from = 0; from < count; from += rowsAnInsert)
    await store.command(insertDocuments, { params: { from, count: Math.min(rowsAnInsert, count - from) } })
}

async function makeEvents(
  { events: store }: Stores,
  events: number,
  isUnfolded: boolean,
  progress: (stored: number) => void,
): Promise<void> {
  const sql = insertEvents(isUnfolded)
  const sessions = Math.ceil(events / eventsASession)
  for (let at = 0; at < events; ) {
    const from = at % documentCount
    const count = Math.min(rowsAnInsert, documentCount - from, events - at)
    await store.command(sql, { params: { lap: at - from, from, count, sessions } })
    at += count
    progress(at)
  }
}

/** Fills project 1. `isUnfolded`: events of merged ids still carry the person that they were stored with, as before the background job. */
export async function generate(
  stores: Stores,
  options: { events: number; isUnfolded: boolean; progress: (stored: number) => void },
): Promise<void> {
  const { events, isUnfolded } = options
  await stores.events.command(insertPersons)
  await stores.events.command(distinctIds('person_distinct_ids', 'user'))
  await stores.events.command(distinctIds('person_distinct_ids', 'anonymous'))
  if (isUnfolded) await stores.events.command(distinctIds('person_distinct_id_overrides', 'anonymous'))
  const settings = Object.entries(asMerged).map(([name, value]) => `${name} = ${value}`)
  await stores.events.command(`ALTER TABLE events MODIFY SETTING ${settings.join(', ')}`)
  // limit: no question of this benchmark reads sessions, and making them takes longer than all the rest.
  await stores.events.command('DETACH TABLE sessions_view')
  await makeDocuments(stores, Math.min(events, documentCount))
  await makeEvents(stores, events, isUnfolded, options.progress)
  await stores.events.command('DROP TABLE documents SYNC')
  await stores.events.command('ATTACH TABLE sessions_view')
  await fillApplicationStore(stores, events)
}

/** What the stored events are like, in words. @throws if they are not what was asked for. */
export async function describeEvents({ events: store }: Stores, events: number): Promise<string> {
  const [[count, days, persons, sampled, distinct, parts] = []] = (
    await store.query(`SELECT count(), uniqExact(toDate(timestamp)), uniqExact(person_id), countIf(isSampled), uniqExactIf(uuid, isSampled),
  (SELECT count() FROM system.parts WHERE table = 'events' AND active AND database = currentDatabase())
FROM (SELECT timestamp, person_id, uuid, cityHash64(uuid) % 64 = 0 AS isSampled FROM events WHERE project_id = 1)`)
  ).rows.map((row) => row.map(Number))
  if (count !== events) throw new Error(`${events} events were asked for, and ${count} are stored`)
  if (days !== dayCount) throw new Error(`The events are of ${days} days instead of ${dayCount}`)
  if (sampled !== distinct) throw new Error(`Of ${sampled} events, ${Number(sampled) - Number(distinct)} have the uuid of another`)
  const [[half, most, busiest, merged] = []] = (
    await store.query(`SELECT quantileExact(0.5)(sessions), quantileExact(0.99)(sessions), max(sessions), countIf(ids > 1)
FROM (SELECT person_id, uniqExact(\`$session_id\`) AS sessions, uniqExact(distinct_id) AS ids FROM events WHERE project_id = 1 GROUP BY person_id)
SETTINGS max_bytes_before_external_group_by = 1000000000`)
  ).rows.map((row) => row.map(Number))
  const [[names] = []] = (
    await store.query(`SELECT max(length(arrayFilter(pair -> pair.2 != 'null', JSONExtractKeysAndValuesRaw(toJSONString(properties)))))
FROM (SELECT properties FROM events LIMIT 1000)`)
  ).rows
  return `${persons} persons with ${half} sessions in the middle, ${most} at the 99th percentile, ${busiest} at most; ${merged} of them with two distinct ids; ${names} properties an event; ${parts} parts.`
}

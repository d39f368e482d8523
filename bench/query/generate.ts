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
/** Events that are made one by one; more of them are the same sessions of the same persons on other days, which is many times quicker. */
const madeEvents = 1_000_000

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
  text('plan', pick(15, 'person', plans)),
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

/** One day's events, or a part of them. */
const insertEvents = (isUnfolded: boolean) => `
INSERT INTO events (project_id, uuid, event, timestamp, distinct_id, person_id, person_mode, properties, person_properties, person_created_at,
  \`$group_0\`, \`$group_1\`, \`$group_2\`, \`$group_3\`, \`$group_4\`, \`$session_id\`, \`$window_id\`, elements_chain, created_at, inserted_at)
WITH
  number AS n,
  intDiv(n, ${eventsASession}) AS session,
  toUInt32(pow(sipHash64(session, 1) / 18446744073709551616., 1.5) * ${personCount}) AS person,
  sipHash64(n, 2) % 100 AS draw,
  person % 10 = 0 AND sipHash64(session, 5) % 2 = 0 AS isOther,
  toString(reinterpretAsUUID(reinterpretAsFixedString(sipHash128(session, 'session')))) AS session_text,
  concat('/app/section-', toString(sipHash64(n, 6) % 12), '/page-', toString(toUInt32(pow(sipHash64(n, 7) / 18446744073709551616., 2) * 300))) AS page,
  toDateTime64({day: String}, 6, 'UTC') + toIntervalMillisecond(
    (sipHash64(session, 8) % 85000) * 1000 + (n % ${eventsASession}) * 90000 + sipHash64(n, 9) % 80000) AS at
SELECT 1, reinterpretAsUUID(reinterpretAsFixedString(sipHash128(n, 'event'))), ${eventName}, at,
  if(isOther, concat('anonymous-', toString(person)), concat('user-', toString(person))),
  ${isUnfolded ? `if(isOther, ${personUuid("concat('anonymous-', toString(person))")}, ${personUuid('toString(person)')})` : personUuid('toString(person)')},
  'full', ${properties}, concat('{"email":"user-', toString(person), '@example.com","plan":"', ${pick(15, 'person', plans)}, '"}'),
  toDateTime64('2026-01-01', 6, 'UTC') + toIntervalSecond(person * 20),
  concat('company-', toString(person % 900)), '', '', '', '', session_text, '', '', at, at
FROM numbers({from: UInt64}, {count: UInt64})`

/** Sessions that were made, once more: every person's on other days, each event with a uuid of its own. */
const copyEvents = `
INSERT INTO events
SELECT * REPLACE (
  reinterpretAsUUID(reinterpretAsFixedString(sipHash128(uuid, {copy: UInt32}))) AS uuid,
  toDateTime64('${firstDay}', 6, 'UTC') + toIntervalMicrosecond(
    (dateDiff('microsecond', toDateTime64('${firstDay}', 6, 'UTC'), created_at)
      + ({copy: UInt32} * 37 + cityHash64(person_id) % ${dayCount}) * 86400000000) % (${dayCount} * 86400000000)) AS timestamp,
  inserted_at + toIntervalYear({copy: UInt32}) AS inserted_at)
FROM events
WHERE inserted_at < toDateTime64('2026-06-02', 6, 'UTC') AND toYYYYMM(timestamp) = {month: UInt32} AND cityHash64(uuid) % {of: UInt32} < {share: UInt32}`

const insertPersons = `
INSERT INTO persons (project_id, id, created_at, properties, is_identified, is_deleted, version)
SELECT 1, ${personUuid('toString(number)')}, toDateTime64('2026-01-01', 6, 'UTC') + toIntervalSecond(number * 20),
  concat('{"email":"user-', toString(number), '@example.com","plan":"', ${pick(15, 'toUInt32(number)', plans)}, '"}'), 1, 0, 1
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

async function makeEvents(stores: Stores, events: number, isUnfolded: boolean, progress: (stored: number) => void): Promise<void> {
  const sql = insertEvents(isUnfolded)
  for (let day = 0; day < dayCount; day++) {
    const [from, to] = [day, day + 1].map((each) => Math.floor((events * each) / dayCount / eventsASession) * eventsASession) as [
      number,
      number,
    ]
    const end = day === dayCount - 1 ? events : to
    for (let at = from; at < end; at += rowsAnInsert) {
      const date = new Date(Date.parse(firstDay) + day * 86_400_000).toISOString().slice(0, 10)
      await stores.events.command(sql, { params: { day: date, from: at, count: Math.min(rowsAnInsert, end - at) } })
    }
    progress(end)
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
  // limit: no question of this benchmark reads sessions, and making them takes longer than all the rest.
  await stores.events.command('DETACH TABLE sessions_view')
  await makeEvents(stores, Math.min(events, madeEvents), isUnfolded, options.progress)
  for (let copy = 1; copy * madeEvents < events; copy++) {
    const share = Math.min(madeEvents, events - copy * madeEvents)
    for (const month of [202603, 202604, 202605]) {
      await stores.events.command(copyEvents, { params: { copy, month, share, of: madeEvents } })
    }
    options.progress(Math.min(events, (copy + 1) * madeEvents))
  }
  await stores.events.command('ATTACH TABLE sessions_view')
  await fillApplicationStore(stores, events)
}

import type { Stores } from '@hedgerow/stores'

export const flagKey = 'checkout'
export const startedAt = '2026-04-15T00:00:00Z'
export const asOf = '2026-05-31T00:00:00Z'

const firstDay = '2026-04-01'
const dayCount = 60
/** Exposures lie in the first 31 days of the experiment, so that most people's windows are over. */
const exposureDays = 31
const lookBackDays = 14
/** limit: rows of one insert. */
const rowsAnInsert = 500_000

const person = 'reinterpretAsUUID(reinterpretAsFixedString(sipHash128(who)))'
const columns = `project_id, uuid, event, timestamp, distinct_id, person_id, person_mode, properties, person_snapshot, person_created_at,
  \`$group_0\`, \`$group_1\`, \`$group_2\`, \`$group_3\`, \`$group_4\`, \`$session_id\`, \`$window_id\`, elements_chain, created_at, inserted_at`
const rest = (properties: string) => `concat('user-', toString(who)), ${person}, 'full', ${properties},
  map('plan', 'free'), toDateTime64('2026-01-01', 6, 'UTC'), '', '', '', '', '', '', '', '', at, at`

/** One flag call for each person, some a second one; everybody keeps to one variant. */
const insertExposures = `
INSERT INTO events (${columns})
WITH number AS who,
  toDateTime64('${firstDay}', 6, 'UTC') + toIntervalDay(${lookBackDays}) + toIntervalMillisecond(sipHash64(who, 1) % (${exposureDays} * 86400000)) AS at
SELECT 1, reinterpretAsUUID(reinterpretAsFixedString(sipHash128(who, 'exposure'))), '$feature_flag_called', at,
  ${rest(`concat('{"$feature_flag":"${flagKey}","$feature_flag_response":"', if(who % 2 = 0, 'control', 'test'), '","$lib":"web","$current_url":"https://app.example.com/', toString(who % 300), '"}')`)}
FROM numbers({from: UInt64}, {count: UInt64})`

/** What the people do, before and after: some of them more than others, and those of "test" buy a little more. */
const insertEvents = `
INSERT INTO events (${columns})
WITH number AS n, sipHash64(n, 2) % {people: UInt64} AS who, sipHash64(n, 3) % 100 AS draw,
  toDateTime64('${firstDay}', 6, 'UTC') + toIntervalMillisecond(sipHash64(n, 4) % (${dayCount} * 86400000)) AS at
SELECT 1, reinterpretAsUUID(reinterpretAsFixedString(sipHash128(n, 'event'))),
  multiIf(draw < 45, '$pageview', draw < 60 + who % 2, 'added to cart', draw < 75 + who % 2, 'purchase', concat('event ', toString(draw % 20))), at,
  ${rest(`concat('{"amount":', toString(toUInt32(pow(sipHash64(n, 5) / 18446744073709551616., 2) * 500)), ',"items":', toString(n % 7), ',"$browser":"Chrome","$os":"Linux","$lib":"web","$current_url":"https://app.example.com/', toString(n % 300), '"}')`)}
FROM numbers({from: UInt64}, {count: UInt64})`

/** Fills project 1: `people` who were exposed, and events that make up the rest. */
export async function generate(stores: Stores, { people, events }: { people: number; events: number }): Promise<void> {
  // limit: no question of this benchmark reads sessions, and making them takes longer than all the rest.
  await stores.events.command('DETACH TABLE sessions_view')
  const insert = async (sql: string, rows: number, params: Record<string, number>) => {
    for (let from = 0; from < rows; from += rowsAnInsert)
      await stores.events.command(sql, { params: { ...params, from, count: Math.min(rowsAnInsert, rows - from) } })
  }
  await insert(insertExposures, people, {})
  await insert(insertEvents, events - people, { people })
  await stores.events.command('ATTACH TABLE sessions_view')
  // Definitions that ingestion would have collected, and a ledger that says that the events are there.
  await stores.application.pool.query(
    `INSERT INTO property_definitions (project_id, type, name, property_type, created_at)
     SELECT 1, 'event', name, CASE WHEN name IN ('amount', 'items') THEN 'Numeric' ELSE 'String' END, now()
     FROM unnest(ARRAY['amount', 'items', '$feature_flag', '$feature_flag_response', '$browser', '$os', '$lib', '$current_url']) AS name ON CONFLICT DO NOTHING`,
  )
  await stores.application.pool.query(
    `INSERT INTO ingestion_ledger (project_id, accepted, stored, last_event_stored_at) VALUES (1, $1, $1, now())
     ON CONFLICT (project_id) DO UPDATE SET accepted = $1, stored = $1`,
    [events],
  )
}

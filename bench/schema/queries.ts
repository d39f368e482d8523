import type { Alternative } from './alternatives.ts'

export interface ReferenceQuery {
  name: string
  sql: string
  params?: Record<string, unknown>
}

/** The seven questions of the design, and the look-ups that pages and ingestion need. */
export function referenceQueries(table: string, alternative: Alternative, sample: { personId: string; uuids: string[] }): ReferenceQuery[] {
  const text = (name: string) =>
    alternative.properties === 'String' ? `JSONExtractString(properties, '${name}')` : `properties.\`${name}\`::Nullable(String)`
  const number = (name: string) =>
    alternative.properties === 'String' ? `JSONExtractFloat(properties, '${name}')` : `toFloat64OrNull(${text(name)})`
  const ofProject = 'project_id = 1'
  return [
    {
      name: 'trend',
      sql: `SELECT toDate(timestamp) AS day, count() FROM ${table} WHERE ${ofProject} AND event = '$pageview' GROUP BY day`,
    },
    {
      name: 'uniques',
      sql: `SELECT toDate(timestamp) AS day, uniqExact(person_id) FROM ${table} WHERE ${ofProject} AND event = '$pageview' GROUP BY day`,
    },
    {
      name: 'breakdown',
      sql: `SELECT toDate(timestamp) AS day, ${text('$browser')} AS browser, count() FROM ${table} WHERE ${ofProject} AND event = '$pageview' GROUP BY day, browser`,
    },
    {
      name: 'sum',
      sql: `SELECT toDate(timestamp) AS day, sum(${number('amount')}) FROM ${table} WHERE ${ofProject} AND event = '$pageview' AND ${text('plan')} = 'pro' GROUP BY day`,
    },
    {
      name: 'funnel',
      sql: `SELECT step, count() FROM (SELECT person_id, windowFunnel(1209600)(toDateTime(timestamp), event = 'signed up', event = 'created project', event = 'invited member', event = 'upgraded plan') AS step
FROM ${table} WHERE ${ofProject} AND event IN ('signed up', 'created project', 'invited member', 'upgraded plan') GROUP BY person_id) GROUP BY step`,
    },
    {
      name: 'retention',
      sql: `SELECT first, week - first AS after, count() FROM (SELECT person_id, groupUniqArray(toRelativeWeekNum(timestamp)) AS weeks, arrayMin(weeks) AS first
FROM ${table} WHERE ${ofProject} AND event = '$pageview' GROUP BY person_id) ARRAY JOIN weeks AS week GROUP BY first, after`,
    },
    {
      name: 'paths',
      sql: `SELECT edge, count() AS n FROM (SELECT arrayJoin(arrayZip(arrayPopBack(five), arrayPopFront(five))) AS edge FROM (
  SELECT arraySlice(arrayMap(pair -> pair.2, arraySort(groupArray((timestamp, ${text('$pathname')})))), 1, 5) AS five
  FROM ${table} WHERE ${ofProject} AND event = '$pageview' AND timestamp >= '2026-02-01' AND timestamp < '2026-03-01' GROUP BY person_id)) GROUP BY edge ORDER BY n DESC LIMIT 50`,
    },
    {
      name: 'history',
      sql: `SELECT * FROM ${table} WHERE ${ofProject} AND person_id = {person: UUID} ORDER BY timestamp DESC LIMIT 100`,
      params: { person: sample.personId },
    },
    {
      name: 'latest',
      sql: `SELECT * FROM ${table} WHERE ${ofProject} AND timestamp >= '2026-04-01' ORDER BY timestamp DESC LIMIT 100`,
    },
    {
      name: 'person filter',
      sql: `SELECT count() FROM ${table} WHERE ${ofProject} AND event = '$pageview' AND ${personText(alternative)} = 'owner'`,
    },
    ...[20, 10_000].map((count) => ({
      name: `${count} uuids`,
      sql: `SELECT uuid FROM ${table} WHERE ${ofProject} AND uuid IN {uuids: Array(UUID)} AND inserted_at >= (SELECT max(inserted_at) FROM ${table}) - INTERVAL 1 DAY`,
      params: { uuids: sample.uuids.slice(0, count) },
    })),
  ]
}

function personText({ personProperties }: Alternative): string {
  if (personProperties.startsWith('String')) return "JSONExtractString(person_properties, 'role')"
  if (personProperties.startsWith('Map')) return "person_properties['role']"
  return 'person_properties.role::Nullable(String)'
}

import { createParser, HogqlError } from '@hedgerow/hogql'
import { expect, test } from 'vitest'
import { metricOfSql } from './metric-of-sql.ts'

const parser = await createParser()
const metric = (text: string) =>
  metricOfSql(parser.parseQuery(text), 'Takings') as { source: { event: string | null; math_hogql: string; properties: { key: string }[] } }

test.each([
  ["SELECT sum(properties.amount) FROM events WHERE event = 'paid'", 'paid', 'sum(properties.amount)', []],
  [
    "SELECT person_id, sum(properties.amount * 2) AS takings FROM events WHERE 'paid' = event AND properties.plan = 'team' GROUP BY person_id ORDER BY takings",
    'paid',
    'sum(properties.amount * 2)',
    ["properties.plan = 'team'"],
  ],
  [
    "SELECT count(distinct e.properties.item) FROM events AS e WHERE e.event IN ('a', 'b') AND (e.properties.x > 1 OR e.person.properties.y = 'z')",
    null,
    'count(DISTINCT properties.item)',
    ["event IN ('a', 'b')", "properties.x > 1 OR person.properties.y = 'z'"],
  ],
  ["SELECT count() FROM events WHERE event = 'a' AND event = 'b'", 'a', 'count()', ["event = 'b'"]],
  ['SELECT avg(events.properties.n) FROM events', null, 'avg(properties.n)', []],
  ['SELECT count(properties.a) FROM events', null, 'count(properties.a)', []],
  ['SELECT sum(properties.a) FILTER (WHERE properties.b) FROM events', null, 'sum(properties.a) FILTER (WHERE properties.b)', []],
])('%s', (text, event, aggregate, conditions) => {
  const { source } = metric(text)
  expect([source.event, source.math_hogql, source.properties.map(({ key }) => key)]).toEqual([event, aggregate, conditions])
  // What is handed on is read again as it was meant.
  for (const { key } of source.properties) expect(() => parser.parseExpr(key)).not.toThrow()
})

test.each([
  ['SELECT sum(properties.a), count() FROM events', 'one aggregate'],
  ['SELECT event, count() FROM events GROUP BY event', 'one aggregate'],
  ['SELECT count() FROM events GROUP BY event', 'grouped by person_id alone'],
  ['SELECT quantile(0.5)(properties.a) FROM events', 'must be one of count, sum'],
  ['SELECT sumIf(properties.a, properties.b) FROM events', 'must be one of count, sum'],
  ['SELECT avg(properties.a) FILTER (WHERE properties.b) FROM events', 'must be one of count, sum'],
  ['SELECT properties.a FROM events', 'must be one of count, sum'],
  ['SELECT count() FROM persons', 'must read the table events'],
  ['SELECT count()', 'must read the table events'],
  ['SELECT count() FROM events JOIN persons ON persons.id = events.person_id', 'no WITH'],
  ['SELECT count() FROM events LIMIT 10', 'no WITH'],
  ['SELECT count() FROM events UNION ALL SELECT count() FROM events', 'a union'],
  ['SELECT count() FROM events WHERE event = {variables.event}', 'write the value itself'],
  ['SELECT count() FROM events WHERE person_id IN (SELECT id FROM persons)', 'no query within'],
])('%s is no metric', (text, message) => {
  expect(() => metric(text)).toThrow(HogqlError)
  expect(() => metric(text)).toThrow(message)
})

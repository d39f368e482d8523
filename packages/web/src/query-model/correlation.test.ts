import { expect, test } from 'vitest'
import { actorsSource, choiceText, readChoice } from './actors.ts'
import {
  type CorrelationOf,
  type CorrelationRow,
  correlationActors,
  correlationParts,
  correlationQuery,
  oddsDistance,
  oddsWords,
} from './correlation.ts'
import { funnels } from './funnels.ts'

const row = (event: string, ratio = 2): CorrelationRow => ({
  event: { event },
  success_count: 7,
  failure_count: 3,
  odds_ratio: ratio,
  correlation_type: ratio > 1 ? 'success' : 'failure',
})

test.each([
  [row('invited'), { kind: 'events' }, { name: 'invited' }],
  [row('a::b'), { kind: 'events' }, { name: 'a::b' }],
  [row('plan::team'), { kind: 'properties' }, { name: 'plan', value: 'team' }],
  [row('url::http://a::b'), { kind: 'properties' }, { name: 'url', value: 'http://a::b' }],
  [row('paid::plan::team'), { kind: 'event_with_properties', event: 'paid' }, { name: 'plan', value: 'team' }],
] satisfies [CorrelationRow, CorrelationOf, object][])('%j of %j', (given, of, parts) => {
  expect(correlationParts(given, of)).toEqual(parts)
})

test('odds in words', () => {
  expect([oddsWords(row('a', 2.44)), oddsWords(row('a', 12.4)), oddsWords(row('a', 0.25))]).toEqual([
    '2.4× higher',
    '12× higher',
    '4.0× lower',
  ])
})

test('bars are as long as odds are far from even, the farthest the longest', () => {
  const rows = [row('a', 100), row('b', 10), row('c', 0.1), row('d', 1)]
  expect(rows.map(oddsDistance(rows)).map((share) => share.toFixed(2))).toEqual(['1.00', '0.50', '0.50', '0.00'])
  expect([row('a', 1)].map(oddsDistance([row('a', 1)]))).toEqual([0])
})

test('the people of a row are asked for by its own question, also out of an address', () => {
  const of: CorrelationOf = { kind: 'event_with_properties', event: 'paid' }
  const choice = readChoice(JSON.parse(choiceText(correlationActors(row('paid::plan::team'), of, false))))
  expect(choice && actorsSource(funnels.initial(), choice)).toEqual({
    kind: 'FunnelCorrelationActorsQuery',
    funnelCorrelationPersonConverted: false,
    funnelCorrelationPersonEntity: {
      kind: 'EventsNode',
      event: 'paid',
      properties: [{ key: 'plan', type: 'event', operator: 'exact', value: ['team'] }],
    },
    source: correlationQuery(funnels.initial(), { kind: 'events' }),
  })
})

import * as fc from 'fast-check'

/** A question about retention that a loop over the events can answer too. */
export interface RetentionAsked {
  period: 'Hour' | 'Day' | 'Week' | 'Month'
  totalIntervals: number
  dateRange: { date_from?: string; date_to?: string }
  target: Entity
  returning: Entity
  type: 'retention_recurring' | 'retention_first_time' | 'retention_first_ever_occurrence'
  minimum: number
  rolling: 'no' | 'cumulative' | '24_hour_windows'
  brackets: number[]
  sum: boolean
  breakdown: 'none' | 'browser'
  limit: number
  byGroup: boolean
}

interface Entity {
  event: string | null
  browser?: string
}

const entity = fc
  .record({ event: fc.constantFrom('view', 'view', 'buy', null), browser: fc.constantFrom(undefined, undefined, undefined, 'Chrome') })
  .map(({ event, browser }): Entity => ({ event, ...(browser ? { browser } : {}) }))

const ranges = {
  Hour: [{}, { date_from: '-30h' }, { date_from: '-2d' }, { date_from: '-4d', date_to: '2024-11-03' }],
  Day: [{}, { date_from: '-12d' }, { date_to: '2024-11-01' }, { date_from: '2024-10-20', date_to: '2024-11-04' }],
  Week: [{}, { date_from: '-30d' }, { date_from: '2024-09-12', date_to: '2024-10-30' }],
  Month: [{}, { date_from: '-60d' }, { date_from: '2024-09-12' }],
}

export const randomRetention: fc.Arbitrary<RetentionAsked> = fc
  .record({
    period: fc.constantFrom('Hour', 'Day', 'Day', 'Week', 'Week', 'Month'),
    totalIntervals: fc.integer({ min: 1, max: 12 }),
    range: fc.nat({ max: 11 }),
    target: entity,
    returning: entity,
    same: fc.boolean(),
    type: fc.constantFrom('retention_recurring', 'retention_recurring', 'retention_first_time', 'retention_first_ever_occurrence'),
    minimum: fc.constantFrom(1, 1, 1, 2, 3),
    rolling: fc.constantFrom('no', 'no', 'no', 'cumulative', '24_hour_windows'),
    brackets: fc.constantFrom<number[]>([], [], [], [1, 2, 4], [3], [2, 1]),
    sum: fc.constantFrom(false, false, true),
    breakdown: fc.constantFrom('none', 'none', 'browser'),
    limit: fc.constantFrom(2, 25),
    byGroup: fc.constantFrom(false, false, false, true),
  })
  .map(({ range, same, target, returning, ...rest }) => {
    const given = ranges[rest.period as RetentionAsked['period']]
    // What a rolling sum is of intervals with too few events, nobody has said.
    const sum = rest.sum && !(rest.rolling === 'cumulative' && rest.minimum > 1)
    const asked = {
      ...rest,
      sum,
      target,
      returning: same ? target : returning,
      dateRange: given[range % given.length] ?? {},
    } as RetentionAsked
    // Which of several events of one instant was the first, nothing says: then their values must not decide.
    return asked.type === 'retention_first_ever_occurrence' ? { ...asked, breakdown: 'none' } : asked
  })

/** As the API takes it. */
export function retentionQuery(asked: RetentionAsked): Record<string, unknown> {
  return {
    kind: 'RetentionQuery',
    dateRange: asked.dateRange,
    retentionFilter: {
      period: asked.period,
      totalIntervals: asked.totalIntervals,
      targetEntity: entityNode(asked.target),
      returningEntity: entityNode(asked.returning),
      retentionType: asked.type,
      minimumOccurrences: asked.minimum,
      ...(asked.rolling === 'cumulative' ? { cumulative: true } : {}),
      ...(asked.rolling === '24_hour_windows' ? { timeWindowMode: '24_hour_windows' } : {}),
      ...(asked.brackets.length ? { retentionCustomBrackets: asked.brackets } : {}),
      ...(asked.sum ? { aggregationType: 'sum', aggregationProperty: 'price' } : {}),
    },
    ...(asked.breakdown === 'none'
      ? {}
      : { breakdownFilter: { breakdown: asked.breakdown, breakdown_type: 'event', breakdown_limit: asked.limit } }),
    ...(asked.byGroup ? { aggregation_group_type_index: 0 } : {}),
  }
}

const entityNode = ({ event, browser }: Entity) => ({
  id: event,
  type: 'events',
  ...(browser ? { properties: [{ key: 'browser', type: 'event', value: browser }] } : {}),
})

import * as fc from 'fast-check'

/** A question that the oracle can answer too. */
export interface TrendsAsked {
  series: { event: string | null; math: string; browser?: string }[]
  interval: 'hour' | 'day' | 'week' | 'month'
  dateRange: { date_from: string; date_to?: string }
  display: 'ActionsLineGraph' | 'ActionsLineGraphCumulative' | 'ActionsPie'
  smoothing: number
  breakdown: 'none' | 'browser' | 'plan' | 'both'
  limit: number
  compare: boolean
  plan?: string
}

export const zones = [
  'UTC',
  'America/New_York',
  'Asia/Kathmandu',
  'America/St_Johns',
  'America/Santiago',
  'Africa/Cairo',
  'Pacific/Apia',
  'Pacific/Chatham',
]

const maths = [
  'total',
  'total',
  'dau',
  'dau',
  'weekly_active',
  'monthly_active',
  'unique_group',
  'unique_session',
  'first_time_for_user',
  'first_matching_event_for_user',
  'sum',
  'avg',
  'min',
  'max',
  'median',
  'p90',
  'avg_count_per_actor',
  'p75_count_per_actor',
  'max over sessions',
  'sum over sessions',
]

const daily = fc.oneof(
  fc.constantFrom({ date_from: '-7d' }, { date_from: '-14d' }, { date_from: '-10d' }, { date_from: '-30d' }, { date_from: '-1mStart' }),
  fc
    .record({ first: fc.integer({ min: 1, max: 40 }), days: fc.integer({ min: 0, max: 20 }) })
    .map(({ first, days }) => ({ date_from: septemberDay(first), date_to: septemberDay(first + days) })),
)
const hourly = fc.constantFrom({ date_from: '-1d' }, { date_from: '-3d' }, { date_from: '-24h' }, { date_from: '-60h' })

/** `2024-09-03`; days beyond the month run on. */
const septemberDay = (day: number): string => new Date(Date.UTC(2024, 8, day)).toISOString().slice(0, 10)

export const randomTrends: fc.Arbitrary<TrendsAsked> = fc
  .record({
    series: fc.array(
      fc.record({
        event: fc.constantFrom('view', 'buy', null),
        math: fc.constantFrom(...maths),
        browser: fc.constantFrom(undefined, undefined, 'Chrome'),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    interval: fc.constantFrom('hour', 'day', 'day', 'week', 'month'),
    daily,
    hourly,
    display: fc.constantFrom('ActionsLineGraph', 'ActionsLineGraph', 'ActionsLineGraphCumulative', 'ActionsPie'),
    smoothing: fc.constantFrom(1, 1, 1, 3),
    breakdown: fc.constantFrom('none', 'none', 'browser', 'plan', 'both'),
    limit: fc.constantFrom(1, 2, 25),
    compare: fc.constantFrom(false, false, true),
    plan: fc.constantFrom(undefined, undefined, undefined, 'pro'),
  })
  .map(({ daily: days, hourly: hours, series, plan, ...rest }) => ({
    ...rest,
    interval: rest.interval as TrendsAsked['interval'],
    display: rest.display as TrendsAsked['display'],
    breakdown: rest.breakdown as TrendsAsked['breakdown'],
    series: series.map(({ browser, ...each }) => ({ ...each, ...(browser ? { browser } : {}) })),
    dateRange: rest.interval === 'hour' ? hours : days,
    ...(plan ? { plan } : {}),
  }))

/** As the API takes it. */
export function trendsQuery(asked: TrendsAsked): Record<string, unknown> {
  const dimensions = { none: [], browser: ['browser'], plan: ['plan'], both: ['browser', 'plan'] }[asked.breakdown]
  const typeOf = (name: string) => (name === 'plan' ? 'person' : 'event')
  return {
    kind: 'TrendsQuery',
    interval: asked.interval,
    dateRange: asked.dateRange,
    series: asked.series.map(({ event, math, browser }) => ({
      kind: 'EventsNode',
      event,
      ...mathFields(math),
      ...(browser ? { properties: [{ key: 'browser', type: 'event', value: browser }] } : {}),
    })),
    trendsFilter: { display: asked.display, smoothingIntervals: asked.smoothing },
    ...(dimensions.length
      ? {
          breakdownFilter: {
            breakdown_limit: asked.limit,
            ...(dimensions.length > 1
              ? { breakdowns: dimensions.map((property) => ({ property, type: typeOf(property) })) }
              : { breakdown: dimensions[0], breakdown_type: typeOf(dimensions[0] ?? '') }),
          },
        }
      : {}),
    ...(asked.compare ? { compareFilter: { compare: true } } : {}),
    ...(asked.plan ? { properties: [{ key: 'plan', type: 'person', value: asked.plan }] } : {}),
  }
}

function mathFields(math: string): Record<string, unknown> {
  const [statistic = '', over] = math.split(' over ')
  if (over) return { math: statistic, math_property: '$session_duration' }
  if (['sum', 'avg', 'min', 'max', 'median', 'p90'].includes(math)) return { math, math_property: 'price' }
  return math === 'unique_group' ? { math, math_group_type_index: 0 } : { math }
}

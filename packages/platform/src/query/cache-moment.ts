import { instantOfWallClock, localDate, wallClockAt } from '@hedgerow/hogql'

type Json = Record<string, unknown>

/** How long "now" can move on before the answer to a query may be another, though nothing was stored. */
export type NowStep = 'never' | 'day' | 'hour' | 'always'

const order: readonly NowStep[] = ['never', 'day', 'hour', 'always']
const finer = (one: NowStep, other: NowStep): NowStep => (order.indexOf(one) >= order.indexOf(other) ? one : other)

const relativeDate = /^-?\d*([a-zA-Z])(?:Start|End)?$/
/** HogQL that reads the clock, or that answers differently each time. */
const readsClock = /\b(now|now64|today|yesterday|utc_?timestamp|rand\w*|generate\w*|timezone\w*)\s*\(|\bcurrent_(date|timestamp|time)\b/i

/** Kinds whose dates are stretched to whole days or hours, so that only a new day or hour moves them. */
const roundedKinds = new Set(['TrendsQuery', 'FunnelsQuery', 'RetentionQuery', 'PathsQuery', 'LifecycleQuery', 'StickinessQuery'])
/** Kinds that depend on "now" by nothing but the dates and the HogQL in them. */
const plainKinds = new Set([
  'HogQLQuery',
  'HogQLASTQuery',
  'ActorsQuery',
  'GroupsQuery',
  'PersonsNode',
  'InsightActorsQuery',
  'InsightActorsQueryOptions',
  'FunnelsActorsQuery',
  'FunnelCorrelationQuery',
  'FunnelCorrelationActorsQuery',
  'StickinessActorsQuery',
])

/** What a query depends on. Whatever is not certain is `always`, which is never served from cache for another "now". */
export function nowStepOf(query: Json): NowStep {
  const kind = String(query.kind)
  if (roundedKinds.has(kind)) return ofRounded(query)
  if (!plainKinds.has(kind)) return 'always'
  const { source, ...own } = query
  const ofSource = typeof source === 'object' && source !== null ? nowStepOf(source as Json) : 'never'
  return finer(ofSource, inTexts(own))
}

function ofRounded(query: Json): NowStep {
  const range = (query.dateRange ?? {}) as Json
  const interval = String(query.interval ?? 'day').toLowerCase()
  if (range.explicitDate === true || interval === 'minute' || interval === 'second') return 'always'
  const period = String((query.retentionFilter as Json | undefined)?.period ?? '').toLowerCase()
  const step: NowStep = interval === 'hour' || period === 'hour' ? 'hour' : 'day'
  return finer(step, inTexts(query))
}

/** Fields whose hours are cut to whole ones. */
const rangeFields = ['dateRange', 'compareFilter']

function inTexts(value: unknown, depth = 0, isRange = false): NowStep {
  if (depth > 60) return 'always'
  if (typeof value === 'string') return ofText(value, isRange)
  if (typeof value !== 'object' || value === null) return 'never'
  return Object.entries(value).reduce<NowStep>(
    (step, [name, part]) => finer(step, inTexts(part, depth + 1, isRange || rangeFields.includes(name))),
    'never',
  )
}

function ofText(text: string, isRange: boolean): NowStep {
  const unit = text.length <= 12 ? relativeDate.exec(text)?.[1] : undefined
  if (unit === 's' || unit === 'M') return 'always'
  if (unit === 'h') return isRange ? 'hour' : 'always'
  if (unit !== undefined && 'dwmqy'.includes(unit)) return 'day'
  return readsClock.test(text) ? 'always' : 'never'
}

/** The stretch of time around `now` in which an answer holds: its name, and the instant at which it ends. */
export function momentOf(step: Exclude<NowStep, 'always'>, now: Date, timezone: string): { name: string; endsAt: Date | undefined } {
  switch (step) {
    case 'never':
      return { name: '', endsAt: undefined }
    case 'day': {
      const { year, month, day } = wallClockAt(now, timezone)
      const midnight = instantOfWallClock({ year, month, day: day + 1, hour: 0, minute: 0, second: 0, millisecond: 0 }, timezone)
      return { name: localDate(now, timezone), endsAt: midnight }
    }
    case 'hour': {
      const { minute, second } = wallClockAt(now, timezone)
      const startMs = Math.floor(now.getTime() / 1000) * 1000 - (minute * 60 + second) * 1000
      return { name: new Date(startMs).toISOString(), endsAt: new Date(startMs + 3_600_000) }
    }
  }
}

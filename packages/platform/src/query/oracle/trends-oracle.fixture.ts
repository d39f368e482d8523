import { addDays, daysBetween, hourOf, localDay, monthOf, weekOf } from './local-time.fixture.ts'
import { personCount, personOf, plans, type StreamEvent, streamNow } from './random-stream.fixture.ts'
import type { TrendsAsked } from './trends-question.fixture.ts'

/** A row as the oracle finds it: loops over events, nothing clever. */
export interface OracleRow {
  series: number
  period: number
  values: string[]
  data: number[]
  total: number
}

const nothing = '$$_posthog_breakdown_null_$$'
const other = '$$_posthog_breakdown_other_$$'

interface Zone {
  timezone: string
  weekStart: number
}

interface Period {
  /** Names of the buckets in their order. */
  buckets: string[]
  /** First and last day that count; or instants, by the hour. */
  isInside(event: StreamEvent): boolean
  isOver(event: StreamEvent): boolean
  first: string
  last: string
}

/** Answers by walking over all events for every number. */
export function askOracle(asked: TrendsAsked, stream: StreamEvent[], zone: Zone): OracleRow[] {
  return periodsOf(asked, zone).flatMap((period, p) =>
    asked.series.flatMap((series, s) => {
      const values = distinctValues(asked, series, stream, period, zone)
      const rows = values.map((value): OracleRow => {
        const pointOf = (bucket: string | undefined) => point(asked, series, { stream, period, zone, value }, bucket)
        if (asked.display === 'ActionsPie') return { series: s, period: p, values: value, data: [], total: pointOf(undefined) }
        const data =
          asked.display === 'ActionsLineGraphCumulative'
            ? cumulative(asked, series, { stream, period, zone, value })
            : period.buckets.map(pointOf)
        return { series: s, period: p, values: value, data: smooth(data, asked.smoothing), total: 0 }
      })
      return cut(rows, asked)
    }),
  )
}

// ── time ───────────────────────────────────────────────────────────────────────────────────────────────────────────────

function periodsOf(asked: TrendsAsked, zone: Zone): Period[] {
  if (asked.interval === 'hour') return hourlyPeriods(asked, zone)
  const today = localDay(streamNow, zone.timezone)
  const { date_from: from, date_to: to } = asked.dateRange
  const days = /^-(\d+)d$/.exec(from)?.[1]
  const first = days ? addDays(today, -Number(days)) : from === '-1mStart' ? monthOf(addDays(monthOf(today), -1)) : from
  const last = to ?? today
  const length = daysBetween(first, last) + 1
  const current = dailyPeriod(asked, first, last, zone)
  if (!asked.compare) return [current]
  const back = asked.interval === 'day' && !to && days && Number(days) % 7 === 0 ? Number(days) : length
  return [current, dailyPeriod(asked, addDays(first, -back), addDays(last, -back), zone)]
}

function dailyPeriod({ interval }: TrendsAsked, first: string, last: string, zone: Zone): Period {
  const nameOf = (day: string) => (interval === 'week' ? weekOf(day, zone.weekStart) : interval === 'month' ? monthOf(day) : day)
  const buckets: string[] = []
  for (let day = first; day <= last; day = addDays(day, 1)) if (!buckets.includes(nameOf(day))) buckets.push(nameOf(day))
  const lowest = interval === 'month' ? monthOf(first) : first
  const dayOf = (event: StreamEvent) => localDay(event.at, zone.timezone)
  return {
    buckets,
    first,
    last,
    isInside: (event) => dayOf(event) >= lowest && dayOf(event) <= last,
    isOver: (event) => dayOf(event) > last,
  }
}

function hourlyPeriods(asked: TrendsAsked, zone: Zone): Period[] {
  const [, count = '0', unit = 'd'] = /^-(\d+)([dh])$/.exec(asked.dateRange.date_from) ?? []
  const today = localDay(streamNow, zone.timezone)
  const from =
    unit === 'h'
      ? hourOf(new Date(streamNow.getTime() - Number(count) * 3_600_000), zone.timezone)
      : startOfDay(addDays(today, -Number(count)), zone)
  const end = hourOf(streamNow, zone.timezone).getTime() + 3_600_000
  const current = hourlyPeriod(from.getTime(), end)
  if (!asked.compare) return [current]
  const previous = hourOf(new Date(from.getTime() - (end - 1 - from.getTime())), zone.timezone).getTime()
  const previousEnd = hourOf(new Date(previous + (end - 1 - from.getTime())), zone.timezone).getTime() + 3_600_000
  return [current, hourlyPeriod(previous, previousEnd)]
}

/** The first instant of the day, found by trying. */
function startOfDay(day: string, zone: Zone): Date {
  for (let at = Date.parse(`${day}T00:00:00Z`) - 15 * 3_600_000; ; at += 900_000)
    if (localDay(new Date(at), zone.timezone) === day) return new Date(at)
}

function hourlyPeriod(from: number, end: number): Period {
  const buckets: string[] = []
  for (let at = from; at < end; at += 3_600_000) buckets.push(new Date(at).toISOString())
  return {
    buckets,
    first: '',
    last: new Date(end).toISOString(),
    isInside: ({ at }) => at.getTime() >= from && at.getTime() < end,
    isOver: ({ at }) => at.getTime() >= end,
  }
}

function bucketOf({ interval }: TrendsAsked, at: Date, zone: Zone): string {
  const day = localDay(at, zone.timezone)
  switch (interval) {
    case 'hour':
      return hourOf(at, zone.timezone).toISOString()
    case 'day':
      return day
    case 'week':
      return weekOf(day, zone.weekStart)
    case 'month':
      return monthOf(day)
  }
}

// ── which events ───────────────────────────────────────────────────────────────────────────────────────────────────────

type Series = TrendsAsked['series'][number]

interface Place {
  stream: StreamEvent[]
  period: Period
  zone: Zone
  value: string[]
}

const hasName = (event: StreamEvent, { event: name }: Series) => name === null || event.event === name
const planOf = (event: StreamEvent) => (event.who === personCount ? undefined : plans[event.who])
const passes = (event: StreamEvent, asked: TrendsAsked, { browser }: Series) =>
  (browser === undefined || event.browser === browser) && (asked.plan === undefined || planOf(event) === asked.plan)

function valuesOf(event: StreamEvent, { breakdown }: TrendsAsked): string[] {
  const browser = event.browser || nothing
  const plan = planOf(event) ?? nothing
  return { none: [], browser: [browser], plan: [plan], both: [browser, plan] }[breakdown]
}

const hasValues = (event: StreamEvent, asked: TrendsAsked, value: string[]) => valuesOf(event, asked).join() === value.join()

function distinctValues(asked: TrendsAsked, series: Series, stream: StreamEvent[], period: Period, zone: Zone): string[][] {
  if (asked.breakdown === 'none') return [[]]
  const seen = new Map<string, string[]>()
  for (const event of counted(asked, series, { stream, period, zone, value: [] })) {
    const values = valuesOf(event, asked)
    seen.set(values.join(), values)
  }
  return [...seen.values()]
}

/** Every event that counts anywhere in the period, whatever its breakdown value. */
function counted(asked: TrendsAsked, series: Series, place: Place): StreamEvent[] {
  const { stream, period, zone } = place
  if (series.math.startsWith('first_')) return firsts(asked, series, place).filter((event) => period.isInside(event))
  const matching = stream.filter((event) => hasName(event, series) && passes(event, asked, series) && hasPart(event, series))
  if (!isWindowed(asked, series)) return matching.filter((event) => period.isInside(event))
  if (asked.display === 'ActionsPie') return matching.filter((event) => isInWindow(event, asked, series, period, zone, undefined))
  return matching.filter((event) => period.buckets.some((bucket) => isInWindow(event, asked, series, period, zone, bucket)))
}

const hasPart = (event: StreamEvent, { math }: Series) =>
  math === 'unique_group' ? event.group !== '' : math === 'unique_session' || math.includes(' over ') ? event.session !== '' : true

const isWindowed = ({ interval, display }: TrendsAsked, { math }: Series) =>
  (math === 'weekly_active' && (display === 'ActionsPie' || interval === 'hour' || interval === 'day')) ||
  (math === 'monthly_active' && (display === 'ActionsPie' || interval !== 'month'))

function isInWindow(
  event: StreamEvent,
  asked: TrendsAsked,
  { math }: Series,
  period: Period,
  zone: Zone,
  bucket: string | undefined,
): boolean {
  const days = math === 'weekly_active' ? 7 : 30
  if (asked.interval === 'hour') {
    const hours = days * 24
    const end = bucket === undefined ? new Date(period.last).getTime() : Date.parse(bucket) + 3_600_000
    if (bucket === undefined) return hourlyTotalWindow(event, period, days, zone)
    return event.at.getTime() < end && event.at.getTime() >= end - hours * 3_600_000 && !period.isOver(event)
  }
  const day = localDay(event.at, zone.timezone)
  const last = bucket ?? period.last
  return day <= last && day > addDays(last, -days) && !period.isOver(event)
}

/** Calendar days back from the end, at the same time of day. */
function hourlyTotalWindow(event: StreamEvent, period: Period, days: number, zone: Zone): boolean {
  const end = new Date(period.last)
  const clock = `${addDays(localDay(end, zone.timezone), -days)} ${localClock(end, zone)}`
  return event.at < end && `${localDay(event.at, zone.timezone)} ${localClock(event.at, zone)}` >= clock
}
const localClock = (at: Date, { timezone }: Zone) =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(at)

/** The first event of each person. */
function firsts(asked: TrendsAsked, series: Series, { stream, period }: Place): StreamEvent[] {
  const ever = series.math === 'first_time_for_user'
  const byPerson = new Map<string, StreamEvent[]>()
  for (const event of stream) {
    if (!hasName(event, series) || period.isOver(event) || (!ever && !passes(event, asked, series))) continue
    byPerson.set(personOf(event), [...(byPerson.get(personOf(event)) ?? []), event])
  }
  return [...byPerson.values()].flatMap((events) => {
    const earliest = Math.min(...events.map(({ at }) => at.getTime()))
    const tied = events.filter((event) => event.at.getTime() === earliest && passes(event, asked, series))
    return tied.sort((a, b) => a.place - b.place).slice(0, 1)
  })
}

// ── numbers ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** One number: of a bucket, or of the whole range. */
function point(asked: TrendsAsked, series: Series, place: Place, bucket: string | undefined): number {
  const { period, zone, value } = place
  const own = counted(asked, series, place).filter((event) => hasValues(event, asked, value))
  const inBucket = own.filter((event) => {
    if (isWindowed(asked, series)) return isInWindow(event, asked, series, period, zone, bucket)
    return bucket === undefined || bucketOf(asked, event.at, zone) === bucket
  })
  return numberOf(series.math, inBucket, place.stream)
}

function numberOf(math: string, events: StreamEvent[], stream: StreamEvent[]): number {
  const distinct = (of: (event: StreamEvent) => string) => new Set(events.map(of)).size
  switch (math) {
    case 'total':
      return events.length
    case 'unique_group':
      return distinct(({ group }) => group)
    case 'unique_session':
      return distinct(({ session }) => session)
    case 'dau':
    case 'weekly_active':
    case 'monthly_active':
    case 'first_time_for_user':
    case 'first_matching_event_for_user':
      return distinct(personOf)
  }
  const [statistic = '', over] = math.split(' over ')
  if (over)
    return statisticOf(
      statistic,
      [...new Set(events.map(({ session }) => session))].map((session) => durationOf(session, stream)),
    )
  if (math.endsWith('_count_per_actor')) {
    const people = [...new Set(events.map(personOf))]
    return statisticOf(
      math.slice(0, -'_count_per_actor'.length),
      people.map((person) => events.filter((event) => personOf(event) === person).length),
    )
  }
  return statisticOf(
    math,
    events.map(({ price }) => price).filter((price) => typeof price === 'number'),
  )
}

function durationOf(session: string, stream: StreamEvent[]): number {
  const times = stream.filter((event) => event.session === session).map(({ at }) => at.getTime())
  return (Math.max(...times) - Math.min(...times)) / 1000
}

function statisticOf(statistic: string, numbers: number[]): number {
  if (numbers.length === 0) return 0
  const sorted = [...numbers].sort((a, b) => a - b)
  const sum = numbers.reduce((all, number) => all + number, 0)
  switch (statistic) {
    case 'sum':
      return sum
    case 'avg':
      return sum / numbers.length
    case 'min':
      return sorted[0] ?? 0
    case 'max':
      return sorted.at(-1) ?? 0
  }
  const share = statistic === 'median' ? 0.5 : Number(statistic.slice(1)) / 100
  const at = share * (sorted.length - 1)
  const [low = 0, high = 0] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]]
  return low + (high - low) * (at - Math.floor(at))
}

function cumulative(asked: TrendsAsked, series: Series, place: Place): number[] {
  const { period, zone, value } = place
  const isOnce = ['dau', 'unique_group'].includes(series.math) || (series.math.endsWith('_active') && !isWindowed(asked, series))
  const seen = new Set<string>()
  let sum = 0
  return period.buckets.map((bucket) => {
    if (!isOnce) {
      sum += point(asked, series, place, bucket)
      return sum
    }
    for (const event of counted(asked, series, place)) {
      if (hasValues(event, asked, value) && bucketOf(asked, event.at, zone) === bucket)
        seen.add(series.math === 'unique_group' ? event.group : personOf(event))
    }
    return seen.size
  })
}

function smooth(data: number[], points: number): number[] {
  if (points === 1) return data
  return data.map((_, i) => {
    const window = data.slice(Math.max(0, i - points + 1), i + 1)
    return Math.floor(window.reduce((all, number) => all + number, 0) / window.length)
  })
}

/** The greatest first, what is nothing behind, the rest in one. */
function cut(rows: OracleRow[], { breakdown, limit, display }: TrendsAsked): OracleRow[] {
  if (breakdown === 'none') return rows
  const sizeOf = ({ data, total }: OracleRow) => (display === 'ActionsPie' ? total : data.reduce((all, number) => all + number, 0))
  const isNothing = ({ values }: OracleRow) => Number(values.includes(nothing))
  const compareTexts = (a: string[], b: string[]) => {
    const i = a.findIndex((text, at) => text !== b[at])
    return i < 0 ? 0 : (a[i] ?? '') < (b[i] ?? '') ? -1 : 1
  }
  const ranked = [...rows].sort((a, b) => sizeOf(b) - sizeOf(a) || isNothing(a) - isNothing(b) || compareTexts(a.values, b.values))
  const shown = ranked.slice(0, limit).sort((a, b) => isNothing(a) - isNothing(b))
  const rest = ranked.slice(limit)
  const [first] = rest
  if (!first) return shown
  const data = first.data.map((_, i) => rest.reduce((all, row) => all + (row.data[i] ?? 0), 0))
  return [...shown, { ...first, values: first.values.map(() => other), data, total: rest.reduce((all, { total }) => all + total, 0) }]
}

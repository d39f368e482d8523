import { nameOf, namesOf, startOfDay, type Zone } from './bucket-names.fixture.ts'
import { personOf, type StreamEvent } from './random-stream.fixture.ts'
import type { RetentionAsked } from './retention-question.fixture.ts'

export interface OracleRetention {
  value: string
  counts: number[]
  sums: number[]
}

const other = '$$_posthog_breakdown_other_$$'
const hourMs = 3_600_000
const lengthsMs = { Hour: hourMs, Day: 24 * hourMs, Week: 168 * hourMs, Month: 720 * hourMs }

/** Rows of each value in turn, found by asking of every actor, row and column whether it counts. */
export function askRetention(asked: RetentionAsked, stream: StreamEvent[], zone: Zone): OracleRetention[] {
  const rows = rowsOf(asked, zone)
  const shownOf = ({ browser }: StreamEvent) => (asked.breakdown === 'none' ? '' : (browser ?? ''))
  const actorOf = (event: StreamEvent) => (asked.byGroup ? event.group : personOf(event))
  const relevant = stream.filter((event) => actorOf(event) !== '')
  const values = [...new Set(relevant.map(shownOf))]
  const parts = values.map((value) => {
    const ofValue = relevant.filter((event) => shownOf(event) === value)
    const actors = [...new Set(ofValue.map(actorOf))].map((actor) => ofValue.filter((event) => actorOf(event) === actor))
    return { value, rows: countRows(asked, rows, actors, zone) }
  })
  if (asked.breakdown === 'none') return parts[0]?.rows.map((row) => ({ value: '', ...row })) ?? emptyRows(asked, rows)
  return ranked(parts, asked.limit).flatMap((part) => part.rows.map((row) => ({ value: part.value, ...row })))
}

const emptyRows = (asked: RetentionAsked, rows: string[]): OracleRetention[] =>
  rows.map(() => ({ value: '', counts: zeros(asked), sums: zeros(asked) }))
const zeros = ({ brackets, totalIntervals }: RetentionAsked): number[] =>
  Array.from({ length: brackets.length ? brackets.length + 1 : totalIntervals }, () => 0)

interface Row {
  counts: number[]
  sums: number[]
}

function countRows(asked: RetentionAsked, rows: string[], actors: StreamEvent[][], zone: Zone): Row[] {
  return rows.map((_, row) => {
    const found = actors.map((events) => cellsOf(asked, rows, row, events, zone)).filter((cells) => cells !== undefined)
    const columns = zeros(asked).map((_zero, column) => found.map((cells) => cells[column]).filter((cell) => cell !== undefined))
    return { counts: columns.map((cells) => cells.length), sums: columns.map((cells) => cells.reduce((all, sum) => all + sum, 0)) }
  })
}

/** What one actor has in each column of a row; undefined where it does not count; nothing where it is not in the row. */
function cellsOf(
  asked: RetentionAsked,
  rows: string[],
  row: number,
  events: StreamEvent[],
  zone: Zone,
): (number | undefined)[] | undefined {
  const numberOf = numbering(asked, rows, events, zone)
  if (!numberOf || !startsOf(asked, rows, events, zone, numberOf).includes(row)) return undefined
  const targets = events.filter((event) => isTarget(asked, event) && numberOf(event) === row)
  const returns = events.filter((event) => matches(asked.returning, event))
  const cells: (number | undefined)[] = zeros(asked).map(() => undefined)
  cells[0] = sum(targets)
  let last = 0
  for (const [k, column] of intervalsOf(asked)) {
    const there = returns.filter((event) => numberOf(event) === row + k)
    if (there.length < asked.minimum) continue
    cells[column] = (cells[column] ?? 0) + sum(there)
    last = Math.max(last, column)
  }
  if (asked.rolling === 'cumulative') return cells.map((cell, column) => (column <= last ? (cell ?? 0) : undefined))
  return cells
}

const sum = (events: StreamEvent[]) => events.reduce((all, { price }) => all + (typeof price === 'number' ? price : 0), 0)
const matches = (entity: RetentionAsked['target'], { event, browser }: StreamEvent) =>
  (entity.event === null || entity.event === event) && (entity.browser === undefined || entity.browser === browser)
const isTarget = (asked: RetentionAsked, event: StreamEvent) => matches(asked.target, event)

/** Each interval after the first with its column. */
function intervalsOf({ brackets, totalIntervals }: RetentionAsked): [number, number][] {
  const widths = brackets.length ? brackets : Array.from({ length: totalIntervals - 1 }, () => 1)
  return widths.flatMap((width, i) => Array.from({ length: width }, () => i + 1)).map((column, i) => [i + 1, column])
}

/** Number of the interval that an event is in; undefined for events outside of the range, nothing where the actor has no first event. */
function numbering(asked: RetentionAsked, rows: string[], events: StreamEvent[], zone: Zone) {
  const calendar = (event: StreamEvent) => {
    const place = rows.indexOf(nameAt(asked, event.at, zone))
    return place < 0 ? undefined : place
  }
  if (asked.rolling !== '24_hour_windows') return calendar
  const first = firstOf(asked, events, rows, zone)
  if (!first) return undefined
  const length = lengthsMs[asked.period]
  const start = startOfRows(rows[0] ?? '', asked, zone)
  const row = Math.floor((first.at.getTime() - start) / length)
  return (event: StreamEvent) => {
    const passed = event.at.getTime() - first.at.getTime()
    if (calendar(event) === undefined || passed < 0) return undefined
    return row + Math.floor(passed / length)
  }
}

/** The rows that an actor is in. */
function startsOf(
  asked: RetentionAsked,
  rows: string[],
  events: StreamEvent[],
  zone: Zone,
  numberOf: (event: StreamEvent) => number | undefined,
): (number | undefined)[] {
  if (asked.type === 'retention_recurring' && asked.rolling !== '24_hour_windows') {
    return events.filter((event) => isTarget(asked, event)).map(numberOf)
  }
  const first = firstOf(asked, events, rows, zone)
  return first ? [numberOf(first)] : []
}

/** The event that places an actor. */
function firstOf(asked: RetentionAsked, events: StreamEvent[], rows: string[], zone: Zone): StreamEvent | undefined {
  const inRange = (event: StreamEvent) => rows.includes(nameAt(asked, event.at, zone))
  const isOver = (event: StreamEvent) => nameAt(asked, event.at, zone) > (rows.at(-1) ?? '')
  const inOrder = [...events].filter((event) => !isOver(event)).sort((a, b) => a.at.getTime() - b.at.getTime())
  switch (asked.type) {
    case 'retention_recurring':
      return inOrder.filter(inRange).find((event) => isTarget(asked, event))
    case 'retention_first_time':
      return inOrder.find((event) => isTarget(asked, event))
    case 'retention_first_ever_occurrence': {
      const first = inOrder.find(({ event }) => asked.target.event === null || asked.target.event === event)
      return inOrder.find((event) => isTarget(asked, event) && event.at.getTime() === first?.at.getTime())
    }
  }
}

// ── intervals ────────────────────────────────────────────────────────────────────────────────────────────────────────

const intervals = { Hour: 'hour', Day: 'day', Week: 'week', Month: 'month' } as const
const nameAt = ({ period }: RetentionAsked, at: Date, zone: Zone): string => nameOf(intervals[period], at, zone)

/** Without a first date as many as there are columns, up to the last one. */
function rowsOf({ period, dateRange, totalIntervals }: RetentionAsked, zone: Zone): string[] {
  const { date_from, ...end } = dateRange
  const names = namesOf(intervals[period], { ...end, date_from: date_from ?? (period === 'Hour' ? '-10d' : '-500d') }, zone)
  return date_from === undefined ? names.slice(-totalIntervals) : names
}

const startOfRows = (name: string, { period }: RetentionAsked, zone: Zone): number =>
  period === 'Hour' ? Date.parse(name) : startOfDay(name, zone)

// ── breakdown ────────────────────────────────────────────────────────────────────────────────────────────────────────

interface Part {
  value: string
  rows: Row[]
}

/** Those with the most people in their first columns; the others added up. */
function ranked(parts: Part[], limit: number): Part[] {
  const size = ({ rows }: Part) => rows.reduce((all, { counts }) => all + (counts[0] ?? 0), 0)
  const shown = parts.filter((part) => size(part) > 0)
  const inOrder = [...shown].sort((a, b) => size(b) - size(a) || (a.value < b.value ? -1 : 1))
  const beyond = inOrder.slice(limit)
  if (beyond.length === 0) return inOrder
  const add = (key: keyof Row, row: number) =>
    (beyond[0]?.rows[row]?.[key] ?? []).map((_, column) => beyond.reduce((all, { rows }) => all + (rows[row]?.[key][column] ?? 0), 0))
  const rows = (beyond[0]?.rows ?? []).map((_, row) => ({ counts: add('counts', row), sums: add('sums', row) }))
  return [...inOrder.slice(0, limit), { value: other, rows }]
}

import { offsetMs, wallClockAt } from '@hedgerow/hogql'

/** Turns a cell of the engine into what the API answers. */
export type CellReader = (cell: unknown) => unknown

/**
 * Reader for a column of this ClickHouse type. Instants become ISO 8601 in the project's time zone, with as many digits of
 * a second as they have; all else stays as the engine gave it.
 */
export function cellReader(type: string, timezone: string): CellReader {
  const { name, args } = parseType(type)
  switch (name) {
    case 'Nullable':
    case 'LowCardinality':
    case 'SimpleAggregateFunction':
      return orNull(cellReader(args.at(-1) ?? '', timezone))
    case 'DateTime':
    case 'DateTime64':
      return (cell) => (typeof cell === 'string' ? localIso(cell, timezone) : cell)
    case 'Array': {
      const item = cellReader(args[0] ?? '', timezone)
      return item === same ? same : (cell) => (Array.isArray(cell) ? cell.map(item) : cell)
    }
    case 'Tuple': {
      const items = args.map((arg) => cellReader(withoutName(arg), timezone))
      if (items.every((item) => item === same)) return same
      return (cell) => (Array.isArray(cell) ? cell.map((part, i) => (items[i] ?? same)(part)) : cell)
    }
    case 'Map': {
      const value = cellReader(args[1] ?? '', timezone)
      if (value === same) return same
      return (cell) =>
        cell && typeof cell === 'object' ? Object.fromEntries(Object.entries(cell).map(([key, item]) => [key, value(item)])) : cell
    }
    default:
      return same
  }
}

const same: CellReader = (cell) => cell
const orNull = (reader: CellReader): CellReader => (reader === same ? same : (cell) => (cell === null ? null : reader(cell)))

/** Splits `Name(arg, arg)` at its own commas. */
function parseType(type: string): { name: string; args: string[] } {
  const open = type.indexOf('(')
  if (open < 0) return { name: type, args: [] }
  const args: string[] = []
  let depth = 0
  let quoted = false
  let start = open + 1
  for (let i = open; i < type.length; i++) {
    const character = type[i]
    if (character === "'" && type[i - 1] !== '\\') quoted = !quoted
    if (quoted) continue
    if (character === '(') depth++
    if (character === ')') depth--
    if ((character === ',' && depth === 1) || (character === ')' && depth === 0)) {
      args.push(type.slice(start, i).trim())
      start = i + 1
    }
  }
  return { name: type.slice(0, open), args }
}

/** An element of a named tuple is `name Type`. */
function withoutName(arg: string): string {
  return /^(?:`[^`]*`|\w+) (.*)$/s.exec(arg)?.[1] ?? arg
}

/** `2024-01-31T12:00:00.000000Z` as clocks in the zone show it. */
function localIso(utc: string, timezone: string): string {
  const instant = new Date(utc)
  if (Number.isNaN(instant.getTime())) return utc
  const digits = /\.(\d+)Z$/.exec(utc)?.[1]?.replace(/0+$/, '') ?? ''
  const fraction = digits ? `.${digits.padEnd(3, '0')}` : ''
  if (timezone === 'UTC') return `${utc.slice(0, 19)}${fraction}Z`
  const clock = wallClockAt(instant, timezone)
  const two = (n: number) => String(n).padStart(2, '0')
  const offset = Math.round(offsetMs(instant, timezone) / 60_000)
  const sign = offset < 0 ? '-' : '+'
  const shift = `${sign}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`
  return `${String(clock.year).padStart(4, '0')}-${two(clock.month)}-${two(clock.day)}T${two(clock.hour)}:${two(clock.minute)}:${two(clock.second)}${fraction}${shift}`
}

/** JSON columns print `null` for every path of their own that a row lacks; no property is ever stored as null. */
export function withoutAbsent(document: unknown): Record<string, unknown> {
  const parsed = typeof document === 'string' ? (JSON.parse(document || '{}') as unknown) : document
  if (typeof parsed !== 'object' || parsed === null) return {}
  return Object.fromEntries(Object.entries(parsed).filter(([, value]) => value !== null))
}

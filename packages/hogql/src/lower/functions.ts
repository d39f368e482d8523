import * as t from '../catalog/value-type.ts'
import type { CompileContext } from '../context.ts'
import { localDate, parseEngineInstant, toClickhouseInstant } from '../dates/zoned-time.ts'
import { HogqlError } from '../errors.ts'
import type { Decision, Expr, OpenNodes, Query } from '../tree/resolved.ts'
import { wholeDocument } from './document.ts'
import { hasArgumentsOnly, rewriteCallParts, rewriteList, rewriteQuery } from './rewrite.ts'

type Before = Exclude<Decision, 'comparison'>
type After = Exclude<Before, 'function'>
type Node = Expr<After>
type FunctionNode = OpenNodes<Before>['function']

/** Functions as ClickHouse has them: what depends on "now", the time zone and the first day of the week is settled here. */
export function lowerFunctions(query: Query<Before>, context: CompileContext): Query<After> {
  return rewriteQuery<Before, After>(query, {
    kinds: ['function'],
    expr: (open, inner) => {
      const node = open as FunctionNode
      const parts = hasArgumentsOnly(node) ? undefined : rewriteCallParts<Before, After>(node, inner)
      const given = parts ? parts.args : rewriteList<Before, After>(node.args, inner)
      // Under its engine's name a function sees what the engine has.
      const args = node.name.startsWith('_') ? given : given.map(wholeDocument)
      const own = Object.hasOwn(variants, node.entry.name) ? variants[node.entry.name] : undefined
      if (own) return own(args, context, node)
      const shown = node.entry.instants || context.timezone === 'UTC' ? args : args.map((arg) => inZone(arg, context))
      const called: Extract<Node, { kind: 'call' }> = { kind: 'call', name: node.entry.engineName, args: shown, type: node.type }
      if (node.span) called.span = node.span
      if (!parts) return called
      const isDistinct = node.distinct && node.entry.engineName === 'uniqExact'
      return { ...called, ...parts, args: shown, ...(isDistinct ? { distinct: false } : {}) }
    },
  })
}

const value = (text: string): Node => ({ kind: 'value', value: text, bound: 'String', type: t.string })
const integer = (number: number): Node => ({ kind: 'value', value: number, bound: 'UInt8', type: t.integer })
const call = (name: string, type: t.ValueType, ...args: Node[]): Node => ({ kind: 'call', name, args, type })

/** An instant as clocks in the project show it. */
function inZone(expr: Node, context: CompileContext): Node {
  if (expr.type.name !== 'datetime' || context.timezone === 'UTC') return expr
  return call('toTimeZone', expr.type, expr, value(context.timezone))
}

type Variant = (args: Node[], context: CompileContext, node: FunctionNode) => Node

const now: Variant = (_args, context) => ({
  kind: 'value',
  value: toClickhouseInstant(context.now),
  bound: "DateTime64(6, 'UTC')",
  type: t.datetime,
})
const dayFromNow =
  (days: number): Variant =>
  (_args, context) => {
    const today = new Date(`${localDate(context.now, context.timezone)}T00:00:00Z`)
    today.setUTCDate(today.getUTCDate() + days)
    return { kind: 'value', value: today.toISOString().slice(0, 10), bound: 'Date', type: t.date }
  }

const castOrNull =
  (engineType: string): Variant =>
  (args, _context, node) =>
    call('accurateCastOrNull', node.type, arg(args, 0), value(engineType))

function arg(args: Node[], index: number): Node {
  const found = args[index]
  if (!found) throw new Error(`hogql: argument ${index} is missing`)
  return found
}

const toDateTime: Variant = (args, context, node) => {
  const of = arg(args, 0)
  const zone = args[1]?.type.name === 'string' ? args[1] : value(context.timezone)
  // A constant is settled here: the engine uses its index for a plain value, not for one that may be null.
  if (of.kind === 'value' && typeof of.value === 'string' && zone.kind === 'value') {
    const isKnown = zone.value === context.timezone || isTimezone(String(zone.value))
    const instant = isKnown ? parseEngineInstant(of.value, String(zone.value)) : undefined
    if (instant !== undefined) return { kind: 'value', value: instant, bound: "DateTime64(6, 'UTC')", type: t.datetime }
  }
  switch (of.type.name) {
    case 'datetime':
      return of
    case 'date':
    case 'integer':
    case 'float':
      return call('toDateTime64', of.type.nullable ? node.type : t.datetime, of, integer(6), zone)
    default:
      return call(
        'parseDateTime64BestEffortOrNull',
        t.nullable(t.datetime),
        of.type.name === 'string' ? of : call('toString', t.nullable(t.string), of),
        integer(6),
        zone,
      )
  }
}

function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }) !== undefined
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

const toDate: Variant = (args, context, node) => {
  const of = inZone(arg(args, 0), context)
  if (of.type.name === 'string') return call('toDateOrNull', node.type, of)
  if (of.type.name === 'unknown') return call('toDateOrNull', node.type, call('toString', t.nullable(t.string), of))
  return call('toDate', of.type.nullable ? node.type : t.date, of)
}

const parts: Record<string, string> = {
  year: 'toYear',
  quarter: 'toQuarter',
  month: 'toMonth',
  week: 'toISOWeek',
  day: 'toDayOfMonth',
  dow: 'toDayOfWeek',
  isodow: 'toDayOfWeek',
  doy: 'toDayOfYear',
  hour: 'toHour',
  minute: 'toMinute',
  second: 'toSecond',
  epoch: 'toUnixTimestamp',
}

/** `date_part('hour', x)`. compat: dow counts Sunday as 0, as in Postgres. */
const datePart: Variant = (args, context, node) => {
  const unit = arg(args, 0)
  const wanted = unit.kind === 'value' ? String(unit.value).toLowerCase() : ''
  const name = Object.hasOwn(parts, wanted) ? parts[wanted] : undefined
  if (!name) throw new HogqlError('wrong_arguments', `${node.name} needs a part: ${Object.keys(parts).join(', ')}`, node.span)
  const part = call(name, node.type, inZone(arg(args, 1), context))
  return wanted === 'dow' ? call('modulo', node.type, part, integer(7)) : part
}

const formatParts: Record<string, string> = {
  YYYY: '%Y',
  YY: '%y',
  MONTH: '%M',
  MON: '%b',
  MM: '%m',
  DDD: '%j',
  DD: '%d',
  DAY: '%W',
  DY: '%a',
  HH24: '%H',
  HH12: '%I',
  HH: '%I',
  MI: '%i',
  SS: '%S',
  MS: '%f',
  US: '%f',
  AM: '%p',
  PM: '%p',
  IYYY: '%G',
  IW: '%V',
  Q: '%Q',
}

/** Postgres's patterns, `YYYY-MM-DD HH24:MI`, as the engine's; a format that has a per cent sign is the engine's already. */
function clickhouseFormat(format: Node): Node {
  if (format.kind !== 'value' || typeof format.value !== 'string' || format.value.includes('%')) return format
  const pattern = new RegExp(
    Object.keys(formatParts)
      .sort((a, b) => b.length - a.length)
      .join('|'),
    'gi',
  )
  return { ...format, value: format.value.replace(pattern, (found) => formatParts[found.toUpperCase()] ?? found) }
}

const startOfWeek: Variant = (args, context, node) =>
  call('toStartOfWeek', node.type, inZone(arg(args, 0), context), args[1] ?? integer(context.weekStartDay))

const units = ['second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year']

/** `date_add(x, interval)` or `date_add('day', 3, x)`. */
const shifted =
  (name: 'plus' | 'minus'): Variant =>
  (args, context, node) => {
    if (args.length === 2) return call(name, arg(args, 0).type, inZone(arg(args, 0), context), arg(args, 1))
    const [unit, by, of] = [arg(args, 0), arg(args, 1), arg(args, 2)]
    const wanted = unit.kind === 'value' ? String(unit.value).toLowerCase() : ''
    if (!units.includes(wanted)) throw new HogqlError('wrong_arguments', `${node.name} needs a unit: ${units.join(', ')}`, node.span)
    const interval = `toInterval${wanted.charAt(0).toUpperCase()}${wanted.slice(1)}`
    return call(name, of.type, inZone(of, context), call(interval, t.interval, by))
  }

/** Days and longer are counted as calendars in the project do; hours and shorter are the same everywhere. */
const stepped =
  (name: 'plus' | 'minus'): Variant =>
  (args, context, node) => {
    const [of, by] = [arg(args, 0), arg(args, 1)]
    const isShort = by.kind === 'call' && /^toInterval(?:Hour|Minute|Second|Millisecond|Microsecond)$/.test(by.name)
    const isStep = of.type.name === 'datetime' && by.type.name === 'interval' && !isShort
    return call(name, node.type, isStep ? inZone(of, context) : of, by)
  }

/** tumble and hop take whole seconds only. */
const windowed: Variant = (args, context, node) => {
  const intervals = args.slice(1).map((each) => wholeInterval(each))
  return call(
    node.entry.engineName,
    node.type,
    call('toDateTime', t.datetime, inZone(arg(args, 0), context), value(context.timezone)),
    ...intervals,
  )
}

// The engine wants a number, PostHog's examples give text: toIntervalDay('1').
function wholeInterval(expr: Node): Node {
  const [of] = expr.kind === 'call' ? expr.args : []
  if (expr.kind !== 'call' || of?.kind !== 'value' || typeof of.value !== 'string' || !/^\d+$/.test(of.value)) return expr
  return { ...expr, args: [{ kind: 'value', value: Number(of.value), bound: 'Int64', type: t.integer }] }
}

const madeInstant: Variant = (args, context, node) =>
  call('makeDateTime', node.type, ...args, ...(args.length === 6 ? [value(context.timezone)] : []))

/** No document is an empty one, where the answer is a list: the engine has no list that is null. */
const ofDocument: Variant = (args, context, node) => {
  const [first, ...rest] = args.map((each) => inZone(each, context))
  const asked = rest.at(-1)
  const isScalar =
    node.entry.engineName === 'JSONExtract' && !(asked?.kind === 'value' && /^(?:Array|Map|Tuple)\(/.test(String(asked.value)))
  const of = first?.type.nullable && !isScalar ? call('ifNull', t.notNull(first.type), first, value('')) : first
  return call(node.entry.engineName, node.type, ...(of ? [of] : []), ...rest)
}

const variants: Record<string, Variant> = {
  JSONExtract: ofDocument,
  JSONExtractKeys: ofDocument,
  JSONExtractArrayRaw: ofDocument,
  JSONExtractKeysAndValues: ofDocument,
  JSONExtractKeysAndValuesRaw: ofDocument,
  now,
  NOW: now,
  current_timestamp: now,
  today: dayFromNow(0),
  current_date: dayFromNow(0),
  yesterday: dayFromNow(-1),
  toInt: castOrNull('Int64'),
  toInteger: castOrNull('Int64'),
  toFloat: castOrNull('Float64'),
  toBool: castOrNull('Bool'),
  toUUID: castOrNull('UUID'),
  toDecimal(args, _context, node) {
    const scale = arg(args, 1)
    const digits = scale.kind === 'value' ? Number(scale.value) : Number.NaN
    if (!Number.isInteger(digits) || digits < 0 || digits > 38)
      throw new HogqlError('wrong_arguments', 'toDecimal needs a number of digits, 0 to 38', node.span)
    return call('accurateCastOrNull', { name: 'decimal', nullable: true }, arg(args, 0), value(`Decimal(38, ${digits})`))
  },
  toDateTime,
  to_timestamp: (args, context, node) => {
    const [of, format] = args
    if (of?.type.name !== 'string' || format?.kind !== 'value' || isTimezone(String(format.value))) return toDateTime(args, context, node)
    return call('parseDateTimeOrNull', t.nullable(t.datetime), of, clickhouseFormat(format), value(context.timezone))
  },
  make_timestamp: madeInstant,
  make_timestamptz: madeInstant,
  parseDateTimeBestEffort: toDateTime,
  parseDateTime64BestEffort: toDateTime,
  toDateTime64: (args, context, node) => toDateTime(args.length === 3 ? [arg(args, 0), arg(args, 2)] : [arg(args, 0)], context, node),
  parseDateTime: (args, context, node) =>
    call('parseDateTimeOrNull', node.type, ...args, ...(args.length === 2 ? [value(context.timezone)] : [])),
  toDate,
  to_date: toDate,
  datePart,
  date_part: datePart,
  toStartOfWeek: startOfWeek,
  toWeek: (args, context, node) => call('toWeek', node.type, inZone(arg(args, 0), context), args[1] ?? integer(context.weekStartDay)),
  plus: stepped('plus'),
  minus: stepped('minus'),
  date_add: shifted('plus'),
  dateAdd: shifted('plus'),
  date_subtract: shifted('minus'),
  date_sub: shifted('minus'),
  dateSub: shifted('minus'),
  // compat: Postgres's order, the width before the instant; then where the bins begin.
  date_bin: (args, context, node) =>
    call(
      'toStartOfInterval',
      node.type,
      inZone(arg(args, 1), context),
      arg(args, 0),
      ...args.slice(2).map((origin) => inZone(origin, context)),
    ),
  toStartOfInterval: (args, context, node) => call('toStartOfInterval', node.type, inZone(arg(args, 0), context), ...args.slice(1)),
  // compat: null is no text, not the end of all text.
  concat: (args, context) =>
    call(
      'concat',
      t.string,
      ...args.map((part) =>
        part.type.nullable
          ? call('ifNull', t.string, call('toString', t.nullable(t.string), inZone(part, context)), value(''))
          : inZone(part, context),
      ),
    ),
  to_char: (args, context, node) =>
    call('formatDateTime', node.type, inZone(arg(args, 0), context), clickhouseFormat(arg(args, 1)), ...args.slice(2)),
  timezone: (args, _context, node) => call('toTimeZone', node.type, arg(args, 1), arg(args, 0)),
  split_part: (args, _context, node) =>
    call('arrayElement', node.type, call('splitByString', t.arrayOf(t.string), arg(args, 1), arg(args, 0)), arg(args, 2)),
  tumble: windowed,
  tumbleStart: windowed,
  tumbleEnd: windowed,
  hop: windowed,
  hopStart: windowed,
  hopEnd: windowed,
  sortableSemver(args, _context, node) {
    const version = call('extract', t.string, call('toString', t.string, arg(args, 0)), value('(\\d+(?:\\.\\d+)*)'))
    const part = { wanted: 'part' }
    const body = call('toInt64OrZero', t.integer, { kind: 'parameter', name: part, type: t.string })
    return call(
      'arrayMap',
      node.type,
      { kind: 'lambda', params: [part], body, type: t.integer },
      call('splitByChar', t.arrayOf(t.string), value('.'), version),
    )
  },
  string_agg: (args, _context, node) => ({
    kind: 'call',
    name: 'groupConcat',
    params: [args[1] ?? value(',')],
    args: [arg(args, 0)],
    type: node.type,
  }),
}

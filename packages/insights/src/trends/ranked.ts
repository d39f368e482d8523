import { build, type syntax } from '@hedgerow/hogql'
import { nullValue, otherValue } from './breakdown.ts'
import type { Line } from './lines.ts'
import type { TrendsQuestion } from './resolve.ts'

const { alias, arithmetic, call, constant, field } = build

const from = (query: syntax.Query): syntax.From => ({ table: { kind: 'subquery', query }, joins: [] })
const grouped = (names: string[]): Pick<syntax.Select, 'groupBy'> => ({ groupBy: build.groupBy(...names.map((name) => field(name))) })

/** Names of the columns that hold a row's breakdown values. */
export function breakdownColumns({ breakdown }: TrendsQuestion): string[] {
  const count = breakdown?.cohorts ? 1 : (breakdown?.dimensions.length ?? 0)
  return Array.from({ length: count }, (_, i) => `breakdown_${i}`)
}

/** Each breakdown value of a line in one row, and what it is ranked by. */
interface Values {
  query: syntax.Query
  total: syntax.Expr
  /** Columns beside `line` and the values. */
  data: string[]
  /** What becomes of the data where several values are one: the values beyond the limit. */
  merged: syntax.Expr
}

/**
 * Of all breakdown values the greatest, each in a row of its own by its place, and all beyond the limit in one more:
 * `line`, where there are several, the values, `place`, and `points` (buckets and their numbers), `data` (smoothed) or `count` (of the whole range).
 */
export function ranked(
  arms: { line: Line[]; query: syntax.Select }[],
  lines: Line[],
  question: TrendsQuestion,
  union: Union,
): syntax.Select {
  const saysLine = lines.length > 1
  const columns = breakdownColumns(question)
  const keys = [...(saysLine ? ['line'] : []), ...columns]
  const limit = question.breakdown?.cohorts ? question.breakdown.cohorts.length : (question.breakdown?.limit ?? 1)
  const byBucket = lines.some(({ buckets }) => buckets)
  const queries = arms.map(({ query }) => query)
  if (!byBucket) return cut(wholeRange(union(queries)), keys, columns, limit)
  if (question.smoothing === 1) return cut(byBuckets(union(queries), lines, keys), keys, columns, limit)
  const smoothed = arms.flatMap(({ line, query }) => line.map((each) => smoothedValues(query, each, columns, question.smoothing, saysLine)))
  return cut(laidOut(union(smoothed)), keys, columns, limit)
}

type Union = (queries: syntax.Select[]) => syntax.Query

function cut({ query, total, data, merged }: Values, keys: string[], columns: string[], limit: number): syntax.Select {
  const lines = keys.filter((key) => key === 'line')
  const isNothing = build.or(columns.map((name) => build.compare('=', field(name), constant(nullValue))))
  const order = [build.orderBy(total, true), build.orderBy(isNothing), ...columns.map((name) => build.orderBy(field(name)))]
  const place: syntax.Call = { ...call('row_number'), over: { partitionBy: lines.map((name) => field(name)), orderBy: order } }
  const places = build.select([...[...keys, ...data].map((name) => field(name)), alias('place', place)], { from: from(query) })
  const isShown = build.compare('<=', field('place'), constant(limit))
  const shown = columns.map((name) => alias(`shown_${name}`, call('if', isShown, field(name), constant(otherValue))))
  return build.select([...lines.map((name) => field(name)), ...shown, alias('first_place', call('min', field('place'))), merged], {
    from: from(places),
    ...grouped([...lines, ...columns.map((name) => `shown_${name}`)]),
    orderBy: [...lines.map((name) => build.orderBy(field(name))), build.orderBy(field('first_place'))],
  })
}

const wholeRange = (query: syntax.Query): Values => ({
  query,
  total: field('count'),
  data: ['count'],
  merged: alias('total', call('sum', field('count'))),
})

/** The total is what the numbers of the chart add up to. */
function byBuckets(arms: syntax.Query, lines: Line[], keys: string[]): Values {
  const weights = lines.map(weightOf)
  const isSame = weights.every((weight) => JSON.stringify(weight) === JSON.stringify(weights[0]))
  const branches = lines.flatMap(({ number }, i) => [build.compare('=', field('line'), constant(number)), weights[i] ?? constant(1)])
  const weight = isSame ? (weights[0] ?? constant(1)) : call('multiIf', ...branches, constant(1))
  const counted = weight.kind === 'constant' ? field('count') : arithmetic('*', field('count'), weight)
  const query = build.select(
    [
      ...keys.map((key) => field(key)),
      alias('buckets', call('groupArray', field('bucket'))),
      alias('counts', call('groupArray', field('count'))),
      alias('total', call('sum', counted)),
    ],
    { from: from(arms), ...grouped(keys) },
  )
  const merged = alias('points', call('sumMap', field('buckets'), field('counts')))
  return { query, total: field('total'), data: ['buckets', 'counts', 'total'], merged }
}

/** How often a bucket's number counts in the total of the chart: once, or in every bucket from it on. */
function weightOf({ integrations, buckets }: Line): syntax.Expr {
  const left = call('greatest', constant(0), arithmetic('-', constant(buckets?.count ?? 0), field('bucket')))
  if (integrations === 0) return constant(1)
  return integrations === 1 ? left : call('intDiv', arithmetic('*', left, arithmetic('+', left, constant(1))), constant(2))
}

const laidOut = (query: syntax.Query): Values => ({
  query,
  total: call('arraySum', field('data')),
  data: ['data'],
  merged: alias('smoothed', call('sumForEach', field('data'))),
})

/** Each value's smoothed numbers, one a bucket: rounding comes before ranking, so here nothing can be left out. */
function smoothedValues(arm: syntax.Select, line: Line, columns: string[], smoothing: number, saysLine: boolean): syntax.Select {
  const size = line.buckets?.count ?? 0
  const inserted = call('groupArrayInsertAt', call('toFloat64', field('count')), call('_toUInt32', field('bucket')))
  const within = [build.compare('>=', field('bucket'), constant(0)), build.compare('<', field('bucket'), constant(size))]
  const keys = columns.map((name) => field(name))
  const whole = build.select([...keys, alias('data', { ...inserted, params: [constant(0), constant(size)] })], {
    from: from(arm),
    where: build.and([...within, ...(saysLine ? [build.compare('=', field('line'), constant(line.number))] : [])]),
    ...grouped(columns),
  })
  const sums = Array.from({ length: line.integrations }).reduce<syntax.Expr>((data) => call('arrayCumSum', data), field('data'))
  const summed = build.select([...keys, alias('summed', sums)], { from: from(whole) })
  const first = call('greatest', constant(1), arithmetic('-', field('i'), constant(smoothing - 1)))
  const window = call('arraySlice', field('summed'), first, call('least', field('i'), constant(smoothing)))
  const mean = build.lambda(['i'], call('floor', call('arrayAvg', window)))
  const data = alias('data', call('arrayMap', mean, call('arrayEnumerate', field('summed'))))
  return build.select([...(saysLine ? [alias('line', constant(line.number))] : []), ...keys, data], { from: from(summed) })
}

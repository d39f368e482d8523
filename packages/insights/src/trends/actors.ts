import { build, resolveDate, type syntax } from '@hedgerow/hogql'
import { type ActorsSelection, type InsightActors, type InsightContext, invalidQuestion, type QueryNode, type RunTree } from '../context.ts'
import { instant } from '../dates/date-range.ts'
import { step } from '../dates/interval.ts'
import { type Actor, readActor } from '../question/conditions.ts'
import { readChoice, readWhole } from '../question/fields.ts'
import { windowOf } from './arms.ts'
import { withBins } from './bins.ts'
import { nullValue, otherValue } from './breakdown.ts'
import { compileTrends } from './compile.ts'
import { firstEvents } from './first-time.ts'
import { breakdownValues, cohortText, inCohort, type Line, linesOf } from './lines.ts'
import { actorConditions, conditionsOf, resolveTrends, type TrendsQuestion } from './resolve.ts'
import { readNumbers } from './shape.ts'

const { alias, and, call, compare, constant, field, select } = build

/** limit: of one actor that are shown. */
const maxDistinctIds = 100

/** A point of the chart: a line, a stretch of time, and the breakdown value as conditions on the values that events count under. */
interface Point {
  question: TrendsQuestion
  line: Line
  actor: Actor
  time: { from: Date; to: Date; inclusive: boolean }
  value: syntax.Expr[]
}

/** The people behind a point, with how many events each has there. */
export async function trendsActors(
  node: QueryNode,
  selection: ActorsSelection,
  context: InsightContext,
  run: RunTree,
): Promise<InsightActors> {
  const point = await readPoint(node, selection, context, run)
  const { groupTypeIndex } = point.actor
  const query = point.line.series.math.kind === 'first' ? firstActors(point, context) : actorsOfEvents(point)
  return { query, ...(groupTypeIndex === undefined ? {} : { groupTypeIndex }) }
}

/** The events behind a point, as a condition on `events`. */
export async function trendsEvents(
  node: QueryNode,
  selection: ActorsSelection,
  context: InsightContext,
  run: RunTree,
): Promise<syntax.Expr> {
  const point = await readPoint(node, selection, context, run)
  if (point.line.series.math.kind !== 'first') return and(eventsAt(point))
  const actors = select([field('actor_id')], { from: build.from(firstActors(point, context), 'firsts') })
  return and([...eventsAt({ ...point, value: [] }), compare('in', point.actor.id, { kind: 'subquery', query: actors })])
}

function actorsOfEvents(point: Point): syntax.Select {
  const distinctIds: syntax.Call = { ...call('groupUniqArray', field('distinct_id')), params: [constant(maxDistinctIds)] }
  return select([alias('actor_id', point.actor.id), alias('event_count', call('count')), alias('event_distinct_ids', distinctIds)], {
    from: { table: build.table('events'), joins: [] },
    where: and(eventsAt(point)),
    groupBy: build.groupBy(field('actor_id')),
  })
}

function eventsAt({ question, line, actor, time, value }: Point): syntax.Expr[] {
  const { math } = line.series
  return [
    ...between(field('timestamp'), time),
    ...conditionsOf(question, line.series),
    ...('actor' in math ? [] : actor.condition ? [actor.condition] : []),
    ...actorConditions(line.series),
    // Events without a number are none of a sum's or an average's.
    ...(math.kind === 'property' ? [build.isNotNull(math.value)] : []),
    ...value,
  ]
}

function between(timestamp: syntax.Expr, { from, to, inclusive }: Point['time']): syntax.Expr[] {
  return [compare('>=', timestamp, instant(from)), compare(inclusive ? '<=' : '<', timestamp, instant(to))]
}

function firstActors({ question, line, time, value }: Point, context: InsightContext): syntax.Select {
  if (line.series.math.kind !== 'first') throw new Error('a math of first times')
  const firsts = firstEvents(question, line, line.series.math, context)
  const isShown = value.map((condition) => withColumns(condition, question, line, context))
  return select([alias('actor_id', field('actor')), alias('event_count', constant(1))], {
    from: build.from(firsts, 'firsts'),
    where: and([...between(field('first_at'), time), ...isShown]),
    ...(question.breakdown?.cohorts ? { groupBy: build.groupBy(field('actor')) } : {}),
  })
}

/** A condition on the values that first events have been given. */
function withColumns(condition: syntax.Expr, question: TrendsQuestion, line: Line, context: InsightContext): syntax.Expr {
  const { values } = breakdownValues(question.breakdown, line, context)
  const texts = values.map((value) => JSON.stringify(value))
  const replace = (expr: syntax.Expr): syntax.Expr => {
    const i = texts.indexOf(JSON.stringify(expr))
    if (i >= 0) return field(`breakdown_${i}`)
    if (expr.kind === 'compare') return { ...expr, left: replace(expr.left) }
    if (expr.kind === 'tuple') return { ...expr, items: expr.items.map(replace) }
    return expr
  }
  return replace(condition)
}

async function readPoint(node: QueryNode, selection: ActorsSelection, context: InsightContext, run: RunTree): Promise<Point> {
  const question = resolveTrends(node, context)
  const index = readWhole(selection.series, [0, 25], 'series') ?? question.series[0]?.index ?? 0
  const label = readChoice(selection.compare, ['current', 'previous'], 'compare')
  const series = question.series.filter((each) => each.index === index)
  const periods = question.periods.filter((period) => (period.label ?? 'current') === label)
  const single: TrendsQuestion = { ...question, series, periods }
  const [line] = await withBins(single, linesOf(single, context), context, run)
  if (!line) {
    const missing = series.length ? 'compared period' : `series ${index}`
    throw invalidQuestion(`The source has no ${missing}; it has ${question.series.length} series and ${question.periods.length} period(s)`)
  }
  const { math } = line.series
  return {
    question: single,
    line,
    actor: 'actor' in math ? math.actor : readActor(node),
    time: timeOf(single, line, selection.day, context),
    value: await valueConditions(single, line, selection.breakdown, context, run),
  }
}

/** From when to when the events lie that the point counts. */
function timeOf(question: TrendsQuestion, { series, period }: Line, day: unknown, context: InsightContext): Point['time'] {
  const { range, starts } = period
  const { until } = range
  const { math } = series
  const whole = { from: range.lower, to: until.at, inclusive: until.inclusive }
  if (question.display.isTotal || question.display.shape === 'calendar') {
    return math.kind === 'active' ? { ...whole, from: step('day', until.at, -math.days, context) } : whole
  }
  const windowed = (start: Date) => {
    if (math.kind !== 'active') return start
    const { unit, length } = windowOf(question.interval, math.days)
    return step(unit, start, 1 - length, context)
  }
  if (day === undefined || day === null || day === '')
    return { ...whole, from: math.kind === 'active' ? windowed(starts[0] ?? whole.from) : whole.from }
  const at = typeof day === 'string' ? resolveDate(day, { now: context.now, timezone: context.timezone, exact: true })?.at : undefined
  if (!at) throw invalidQuestion(`day must be a date or an instant in one of the intervals, not ${JSON.stringify(day)}`)
  const place = starts.findLastIndex((start) => start <= at)
  const start = starts[place]
  if (!start || at > until.at) throw invalidQuestion(`day must be in the date range of the source; ${JSON.stringify(day)} is outside of it`)
  // why: the window of a week's bucket ends with its first day.
  const unit = math.kind === 'active' ? windowOf(question.interval, math.days).unit : question.interval
  const next = step(unit, start, 1, context)
  const begin = question.display.isCumulative ? (starts[0] ?? start) : start
  const from = math.kind === 'active' ? windowed(begin) : new Date(Math.max(begin.getTime(), range.lower.getTime()))
  return next < until.at ? { from, to: next, inclusive: false } : { ...whole, from }
}

async function valueConditions(
  question: TrendsQuestion,
  line: Line,
  given: unknown,
  context: InsightContext,
  run: RunTree,
): Promise<syntax.Expr[]> {
  const { breakdown } = question
  if (!breakdown || given === undefined || given === null) return []
  const texts = (Array.isArray(given) ? given : [given]).map((value: unknown) =>
    value === null || value === '' ? nullValue : String(value),
  )
  if (breakdown.cohorts) {
    const id = breakdown.cohorts.find((each) => cohortText(each) === texts[0])
    if (id === undefined) throw invalidQuestion(`breakdown must be one of the source's cohorts, not ${JSON.stringify(given)}`)
    // First events are told apart by cohort already, and have no person any more.
    const [value] = line.series.math.kind === 'first' ? breakdownValues(breakdown, line, context).values : []
    if (value) return [compare('=', value, constant(cohortText(id)))]
    return id === null ? [] : [inCohort(id, context)]
  }
  const { values } = breakdownValues(breakdown, line, context)
  if (values.length !== texts.length)
    throw invalidQuestion(
      `breakdown must have ${values.length} value(s), as the source's breakdown; ${JSON.stringify(given)} has ${texts.length}`,
    )
  if (!texts.includes(otherValue)) return values.map((value, i) => compare('=', value, constant(texts[i] ?? '')))
  const numbers = readNumbers(question, [line], await run(compileTrends(question, [line], context)))
  const shown = numbers.map((each) => each.values).filter((each) => !each.includes(otherValue))
  const [only] = values
  const one = only && values.length === 1
  const listed = shown.map((each) => (one ? constant(each[0] ?? '') : build.tuple(each.map(constant))))
  return listed.length ? [compare('not in', one ? only : build.tuple(values), build.tuple(listed))] : []
}

import { hogqlText, mapExpr, type syntax, visitExprs } from '@hedgerow/hogql'
import { invalidQuestion } from '../context.ts'
import { unitAggregate, unitAggregateNames } from './resolve.ts'

type Expr = syntax.Expr

/**
 * The metric that a query in HogQL asks for, where it says for each person one number of events:
 * `SELECT sum(properties.amount) FROM events WHERE event = 'paid' AND …`, also with `person_id` selected and grouped by.
 * @throws HogqlError for any other query, with what would be one
 */
export function metricOfSql(query: syntax.Query, name: string): Record<string, unknown> {
  const { aggregate, conditions } = partsOf(query)
  const event = conditions.map(eventNamed).find((named) => named !== undefined)
  const rest = conditions.filter((condition) => eventNamed(condition) !== event || event === undefined)
  return {
    kind: 'ExperimentMetric',
    metric_type: 'mean',
    goal: 'increase',
    name,
    source: {
      kind: 'EventsNode',
      event: event ?? null,
      math: 'hogql',
      math_hogql: hogqlText(aggregate),
      properties: rest.map((condition) => ({ type: 'hogql', key: hogqlText(condition) })),
    },
  }
}

function partsOf(query: syntax.Query): { aggregate: Expr; conditions: Expr[] } {
  if (query.kind !== 'select') throw noMetric('a union has no single number for a person')
  const { ctes, distinct, items, from, arrayJoin, prewhere, where, groupBy, having, qualify, limitBy, limit, offset, windows } = query
  if (from?.table.kind !== 'table' || from.table.name.join('.') !== 'events') throw noMetric('it must read the table events')
  const extra =
    ctes.length > 0 || distinct || arrayJoin || prewhere || having || qualify || limitBy || limit || offset || windows.length > 0
  if (extra || from.joins.length > 0 || from.final || from.sample !== undefined)
    throw noMetric('it must have no WITH, DISTINCT, JOIN, SAMPLE, HAVING or LIMIT')
  const plain = (expr: Expr): Expr => withoutTable(expr, from.alias)
  const [aggregate, ...others] = items.map((item) => plain(item.kind === 'alias' ? item.expr : item)).filter((item) => !isPerson(item))
  if (!aggregate || others.length > 0) throw noMetric('it must select one aggregate, and beside it at most person_id')
  if (!unitAggregate(aggregate))
    throw noMetric(`"${hogqlText(aggregate)}" must be one of ${unitAggregateNames.join(', ')} of an expression`)
  if (groupBy && !(groupBy.mode === 'plain' && groupBy.exprs.map(plain).every(isPerson)))
    throw noMetric('it may be grouped by person_id alone')
  const conditions = where ? andsOf(plain(where)) : []
  for (const expr of [aggregate, ...conditions]) refuseVariables(expr)
  return { aggregate, conditions }
}

const noMetric = (why: string) =>
  invalidQuestion(
    `A metric is one number of events for each person, like SELECT sum(properties.amount) FROM events WHERE event = 'paid': ${why}.`,
  )

/** Columns are named without their table, since a metric names none. */
const withoutTable = (expr: Expr, alias: string | undefined): Expr =>
  mapExpr(
    expr,
    (each) =>
      each.kind === 'field' && each.chain.length > 1 && each.chain[0] === (alias ?? 'events')
        ? { ...each, chain: each.chain.slice(1) }
        : undefined,
    undefined,
  )

const isPerson = (expr: Expr): boolean => expr.kind === 'field' && ['person_id', 'person.id'].includes(expr.chain.join('.'))

const andsOf = (expr: Expr): Expr[] => (expr.kind === 'and' ? expr.exprs.flatMap(andsOf) : [expr])

/** `event = 'paid'`, either way round. */
function eventNamed(expr: Expr): string | undefined {
  if (expr.kind !== 'compare' || expr.op !== '=') return undefined
  const [field, value] = expr.left.kind === 'field' ? [expr.left, expr.right] : [expr.right, expr.left]
  if (field.kind !== 'field' || field.chain.join('.') !== 'event') return undefined
  return value.kind === 'constant' && typeof value.value === 'string' ? value.value : undefined
}

function refuseVariables(expr: Expr): void {
  visitExprs(expr, (each) => {
    if (each.kind === 'placeholder') throw noMetric(`"${hogqlText(each)}" would have no value there; write the value itself`)
    if (each.kind === 'subquery') throw noMetric('it must have no query within')
  })
}

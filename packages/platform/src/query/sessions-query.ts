import { build, isAggregate, type Parser, propertyFilters, type syntax, tables } from '@hedgerow/hogql'
import { boundary } from './events-query.ts'
import { filterContext, withoutPlaceholders } from './filter-context.ts'
import { invalidQuery } from './query-error.ts'
import type { QueryResponse } from './query-response.ts'
import {
  assemble,
  type Column,
  defaultOrder,
  having,
  orderItem,
  selection,
  texts,
  unaliased,
  withoutGroups,
  withoutLabel,
} from './row-columns.ts'
import { pageClauses, pageOf, pageResponse, shownRows } from './row-page.ts'
import { type QueryRun, runQuery } from './run-query.ts'

type Json = Record<string, unknown>

/** Columns of `*`, of what may be selected by it. */
const starColumns = Object.entries(tables.sessions.columns).flatMap(([name, { hidden }]) => (hidden ? [] : [name]))

/** `SessionsQuery`: rows of sessions, asked for as `EventsQuery` asks for events. */
export async function answerSessionsQuery(run: QueryRun, node: Json, parser: Parser): Promise<QueryResponse> {
  const selected = selection(node, ['*'])
  const columns = selected.map((text) => columnOf(text, parser))
  const exprs = columns.flatMap((column) => column.items)
  const aggregated = exprs.some(isAggregate)
  const conditions = (texts(node.where, 'where') ?? []).map((text) => withoutPlaceholders(parser.parseExpr(text)))
  const page = pageOf(node)
  const plain = exprs.filter((expr) => !isAggregate(expr))
  const tree = build.select(exprs, {
    from: { table: build.table('sessions'), joins: [] },
    where: build.and([...sessionConditions(run, node, parser), ...conditions.filter((condition) => !isAggregate(condition))]),
    ...having(conditions.filter(isAggregate)),
    ...(aggregated ? { groupBy: build.groupBy(...plain.map(unaliased)) } : {}),
    orderBy: orderOf(node, selected, exprs, parser),
    ...pageClauses(page),
  })
  const ran = await runQuery(run, aggregated && plain.length === 0 ? withoutGroups(tree) : tree)
  const results = shownRows(ran, page).map((row) => assemble(columns, row, new Map()))
  return pageResponse(ran, page, columns, results)
}

function columnOf(text: string, parser: Parser): Column {
  if (withoutLabel(text) === '*') {
    const items = starColumns.map((name) => build.field(name))
    const make = (cells: unknown[]) => Object.fromEntries(starColumns.map((name, i) => [name, cells[i]]))
    return { name: text, items, make, type: `Tuple(${starColumns.join(', ')})` }
  }
  const expr = withoutPlaceholders(parser.parseExpr(text))
  return { name: expr.kind === 'alias' ? expr.name : text, items: [expr], make: ([cell]) => cell }
}

function sessionConditions(run: QueryRun, node: Json, parser: Parser): syntax.Expr[] {
  const start = build.field('$start_timestamp')
  const after = boundary(run, node.after ?? '-24h', 'after')
  const before = boundary(run, node.before ?? new Date(run.now.getTime() + 5000).toISOString(), 'before')
  const context = filterContext(run, parser, 'sessions')
  const withEvents = eventsOfSessions(run, node, parser)
  return [
    ...(after ? [build.compare('>', start, after)] : []),
    ...(before ? [build.compare('<', start, before)] : []),
    ...[node.properties, node.fixedProperties].filter(Boolean).map((filters) => propertyFilters(filters, context)),
    ...(withEvents ? [build.compare('in', build.field('session_id'), { kind: 'subquery', query: withEvents })] : []),
  ]
}

/** Sessions that have such an event, or are of that person. */
function eventsOfSessions(run: QueryRun, node: Json, parser: Parser): syntax.Select | undefined {
  const context = filterContext(run, parser, 'events')
  const { event, personId, eventProperties, filterTestAccounts } = node
  if (event !== undefined && event !== null && typeof event !== 'string') throw invalidQuery('event must be the name of an event')
  const conditions = [
    ...(event ? [build.compare('=', build.field('event'), build.constant(event))] : []),
    ...(typeof personId === 'string' ? [build.compare('=', build.field('person_id'), build.call('toUUID', build.constant(personId)))] : []),
    ...(eventProperties ? [propertyFilters(eventProperties, context)] : []),
    ...(filterTestAccounts === true ? [propertyFilters(run.facts.settings.test_account_filters, context)] : []),
  ]
  if (conditions.length === 0) return undefined
  return build.select([build.field('$session_id')], {
    distinct: true,
    from: { table: build.table('events'), joins: [] },
    where: build.and([...conditions, build.isNotNull(build.field('$session_id'))]),
  })
}

function orderOf(node: Json, selected: string[], exprs: syntax.Expr[], parser: Parser): syntax.OrderBy[] {
  const given = texts(node.orderBy, 'orderBy')
  if (given?.length) return given.map((text) => orderItem(text, parser, () => undefined))
  const shows = selected.map(withoutLabel)
  return defaultOrder(
    exprs,
    shows.some((name) => name === '*' || name === '$start_timestamp') ? build.field('$start_timestamp') : undefined,
  )
}

import {
  actionCondition,
  build,
  type FilterContext,
  isAggregate,
  type Parser,
  propertyFilters,
  resolveBound,
  type syntax,
} from '@hedgerow/hogql'
import { elementsOfChain } from '../events/elements-of-chain.ts'
import { filterContext, instantExpr, withoutPlaceholders } from './filter-context.ts'
import { eventsOfSource } from './insight-source.ts'
import { displayName, displayNameOf, loadPersons, type Person } from './persons-of-rows.ts'
import { invalidQuery } from './query-error.ts'
import type { QueryResponse } from './query-response.ts'
import { withoutAbsent } from './result-values.ts'
import {
  assemble,
  type Column,
  defaultOrder,
  having,
  orderItem,
  personIds,
  selection,
  texts,
  unaliased,
  withoutGroups,
  withoutLabel,
} from './row-columns.ts'
import { pageClauses, pageOf, pageResponse, shownRows } from './row-page.ts'
import { type QueryRun, runQuery } from './run-query.ts'

type Json = Record<string, unknown>

const starColumns = ['uuid', 'event', 'properties', 'timestamp', 'team_id', 'distinct_id', 'elements_chain', 'created_at', 'person_mode']

/** `EventsQuery`: rows of events, built as a tree and never as text. */
export async function answerEventsQuery(run: QueryRun, node: Json, parser: Parser): Promise<QueryResponse> {
  const selected = selection(node, ['*'])
  const columns = selected.map((text) => columnOf(text, parser))
  const exprs = columns.flatMap((column) => column.items)
  const aggregated = exprs.some(isAggregate)
  const conditions = (texts(node.where, 'where') ?? []).map((text) => withoutPlaceholders(parser.parseExpr(text)))
  const order = orderOf(run, node, selected, exprs, parser)
  const given = await eventConditions(run, node, parser)
  const page = pageOf(node)
  const byTime = order[0]?.expr.kind === 'field' && order[0].expr.chain.join('.') === 'timestamp' && !aggregated
  const tree = build.select([...exprs, ...(byTime ? [build.field('timestamp')] : [])], {
    from: { table: build.table('events'), joins: [] },
    where: build.and([...given, ...conditions.filter((condition) => !isAggregate(condition))]),
    ...having(conditions.filter(isAggregate)),
    ...(aggregated ? { groupBy: { mode: 'plain', exprs: exprs.filter((expr) => !isAggregate(expr)).map(unaliased) } } : {}),
    orderBy: order,
    ...pageClauses(page),
  })
  const ran = await runQuery(run, aggregated && !exprs.some((expr) => !isAggregate(expr)) ? withoutGroups(tree) : tree)
  const shown = shownRows(ran, page)
  const persons = await loadPersons(run, personIds(columns, shown))
  const last = shown.at(-1)
  const results = shown.map((row) => assemble(columns, row, persons))
  const response = pageResponse(ran, page, columns, results)
  return response.hasMore && byTime && last ? { ...response, nextCursor: last.at(-1) } : response
}

function columnOf(text: string, parser: Parser): Column {
  const plain = withoutLabel(text)
  if (plain === '*') {
    return { name: text, items: starColumns.map((name) => build.field(name)), make: starEvent, type: `Tuple(${starColumns.join(', ')})` }
  }
  const person = [build.field('distinct_id'), build.field('person_id')]
  if (plain === 'person') return { name: text, items: person, make: personCell, type: 'Tuple(person)', personAt: 1 }
  if (plain === 'person_display_name')
    return { name: text, items: person, make: displayNameCell, type: 'Tuple(display_name, id, distinct_id)', personAt: 1 }
  const expr = withoutPlaceholders(parser.parseExpr(text))
  return { name: expr.kind === 'alias' ? expr.name : text, items: [expr], make: ([cell]) => cell }
}

function starEvent(cells: unknown[]): unknown {
  const event = Object.fromEntries(starColumns.map((name, i) => [name, cells[i]]))
  const chain = event.elements_chain
  return {
    ...event,
    properties: withoutAbsent(event.properties),
    ...(typeof chain === 'string' && chain !== '' ? { elements: elementsOfChain(chain) } : {}),
  }
}

function personCell([distinctId, personId]: unknown[], persons: Map<string, Person>): unknown {
  const person = persons.get(String(personId))
  if (!person) return { distinct_id: distinctId }
  return { uuid: person.id, created_at: person.createdAt, properties: person.properties, distinct_id: distinctId }
}

function displayNameCell([distinctId, personId]: unknown[], persons: Map<string, Person>): unknown {
  const person = persons.get(String(personId))
  return { display_name: (person && displayNameOf(person)) ?? distinctId, id: personId, distinct_id: distinctId }
}

async function eventConditions(run: QueryRun, node: Json, parser: Parser): Promise<syntax.Expr[]> {
  const source = node.source === undefined || node.source === null ? undefined : await eventsOfSource(run, node.source as Json, parser)
  const context = filterContext(run, parser, 'events')
  const names = [node.event, ...(Array.isArray(node.events) ? node.events : [])].filter(
    (name) => typeof name === 'string' && name !== '',
  ) as string[]
  // The number that the source stands for has a range of its own.
  const after = boundary(run, node.after ?? (source ? 'all' : '-24h'), 'after')
  const before = boundary(run, node.before ?? new Date(run.now.getTime() + 5000).toISOString(), 'before')
  const timestamp = build.field('timestamp')
  return [
    ...(names.length ? [build.compare('in', build.field('event'), build.tuple(names.map(build.constant)))] : []),
    ...(source ? [source] : []),
    ...actionConditions(node, context),
    ...(typeof node.personId === 'string' ? [ofPerson(node.personId)] : []),
    ...[node.properties, node.fixedProperties].filter(Boolean).map((filters) => propertyFilters(filters, context)),
    ...(node.filterTestAccounts === true ? [propertyFilters(run.facts.settings.test_account_filters, context)] : []),
    ...(after ? [build.compare('>', timestamp, after)] : []),
    ...(before ? [build.compare('<', timestamp, before)] : []),
  ]
}

/** The action that is named, else the steps that are given. */
function actionConditions(node: Json, context: FilterContext): syntax.Expr[] {
  const { actionId, actionSteps } = node
  if (actionId !== undefined && actionId !== null) {
    if (!Number.isInteger(actionId)) throw invalidQuery(`actionId must be the id of an action; it is ${JSON.stringify(actionId)}`)
    return [build.call('matchesAction', build.constant(actionId as number))]
  }
  if (actionSteps === undefined || actionSteps === null) return []
  if (!Array.isArray(actionSteps)) throw invalidQuery('actionSteps must be a list of steps')
  return actionSteps.length > 0 ? [actionCondition(actionSteps, context)] : []
}

/**
 * Through the person's distinct ids, by whose hash the rows of a day and event are sorted.
 * limit: the bloom filter over distinct ids serves no IN while `transform_null_in` is set, only `=` and `has`.
 */
function ofPerson(personId: string): syntax.Expr {
  const ids = build.select([build.field('distinct_id')], {
    from: { table: build.table('person_distinct_ids'), joins: [] },
    where: build.compare('=', build.field('person_id'), build.constant(personId)),
  })
  return build.compare('in', build.field('distinct_id'), { kind: 'subquery', query: ids })
}

export function boundary(run: QueryRun, value: unknown, name: string): syntax.Expr | undefined {
  if (value === 'all' && name === 'after') return undefined
  const resolved = typeof value === 'string' ? resolveBound(value, { now: run.now, timezone: run.facts.timezone }) : undefined
  if (!resolved)
    throw invalidQuery(`${name} must be a date like 2024-01-31 or -7d${name === 'after' ? ', or all' : ''}; it is ${JSON.stringify(value)}`)
  return instantExpr(resolved.at)
}

function orderOf(run: QueryRun, node: Json, selected: string[], exprs: syntax.Expr[], parser: Parser): syntax.OrderBy[] {
  const given = texts(node.orderBy, 'orderBy')
  const special = (name: string) =>
    name === 'person_display_name'
      ? displayName(run.facts.settings.person_display_name_properties, ['person'], build.field('distinct_id'))
      : undefined
  if (given?.length) return given.map((text) => orderItem(text, parser, special))
  const shows = selected.map(withoutLabel)
  return defaultOrder(exprs, shows.includes('timestamp') || shows.includes('*') ? build.field('timestamp') : undefined)
}

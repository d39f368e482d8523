import { build, isAggregate, type Parser, propertyFilters, type syntax } from '@hedgerow/hogql'
import {
  type ActorColumn,
  type Actors,
  type ActorsScope,
  actorColumn,
  displayOrder,
  isActorName,
  loadActors,
  readsActor,
  withIds,
} from './actor-columns.ts'
import { filterContext } from './filter-context.ts'
import { actorsOfSource, actorsSourceKinds, isActorsSource } from './insight-source.ts'
import { asQueryError, invalidQuery } from './query-error.ts'
import type { QueryResponse } from './query-response.ts'
import { defaultOrder, having, orderItem, selection, texts, unaliased, withoutGroups, withoutLabel } from './row-columns.ts'
import { pageClauses, pageOf, pageResponse, shownRows } from './row-page.ts'
import { type QueryRun, runQuery } from './run-query.ts'

type Json = Record<string, unknown>

/** A `source`, as a query of `actor_id` and what it tells beside. */
interface Source {
  query: syntax.Query
  columns: string[]
  groupTypeIndex?: number
}

/** `ActorsQuery`: all persons, the people behind a number of an insight, or those that a HogQLQuery selects. */
export async function answerActorsQuery(run: QueryRun, node: Json, parser: Parser): Promise<QueryResponse> {
  try {
    const source = node.source === undefined || node.source === null ? undefined : await readSource(run, node.source as Json, parser)
    return await answer(run, node, source, parser)
  } catch (error) {
    throw asQueryError(error)
  }
}

/** `InsightActorsQuery` and its like by themselves: ids, and what is counted of each. */
export async function answerInsightActors(run: QueryRun, node: Json, parser: Parser): Promise<QueryResponse> {
  const select = ['actor_id', 'event_count', 'event_distinct_ids']
  return answerActorsQuery(run, { kind: 'ActorsQuery', source: node, select, limit: node.limit, offset: node.offset }, parser)
}

async function answer(run: QueryRun, node: Json, source: Source | undefined, parser: Parser): Promise<QueryResponse> {
  const scope = scopeOf(source)
  const isGroups = scope.groupTypeIndex !== undefined
  const selected = selection(node, isGroups ? ['group'] : ['person', 'id', 'person.$delete'])
  const columns = selected.map((text) => actorColumn(text, scope, parser))
  const exprs = columns.flatMap((column) => column.items)
  const page = pageOf(node)
  const conditions = conditionsOf(run, node, scope, parser)
  const aggregated = [...exprs, ...conditions].some(isAggregate)
  const plain = exprs.filter((expr) => !isAggregate(expr))
  const order = orderOf(run, node, selected, exprs, scope, parser)
  const needsActors = [...exprs, ...conditions, ...order.map(({ expr }) => expr)].some((expr) => readsActor(expr, scope))
  const tree = build.select(exprs, {
    from: fromOf(source, needsActors, scope),
    where: build.and(conditions.filter((condition) => !isAggregate(condition))),
    ...having(conditions.filter(isAggregate)),
    ...(aggregated ? { groupBy: build.groupBy(...plain.map(unaliased)) } : {}),
    orderBy: order,
    ...pageClauses(page),
  })
  const ran = await runQuery(run, aggregated && plain.length === 0 ? withoutGroups(tree) : tree)
  const shown = shownRows(ran, page)
  const ids = actorIds(columns, shown)
  const actors = await loadActors(run, scope, ids)
  const results = shown.map((row) => assembled(columns, row, actors))
  return {
    ...pageResponse(ran, page, columns, results),
    missing_actors_count: ids.filter((id) => !actors.persons.has(id) && !actors.groups.has(id)).length,
  }
}

// ── where actors come from ─────────────────────────────────────────────────────────────────────────────────────────────

const idColumns = ['person_id', 'actor_id', 'id']

async function readSource(run: QueryRun, given: Json, parser: Parser): Promise<Source> {
  if (isActorsSource(given)) {
    const { query, groupTypeIndex } = await actorsOfSource(run, given, parser)
    return { query, columns: columnNames(query), ...(groupTypeIndex === undefined ? {} : { groupTypeIndex }) }
  }
  const { kind, query } = given
  if (kind !== 'HogQLQuery' || typeof query !== 'string')
    throw invalidQuery(
      `ActorsQuery.source cannot be a ${String(kind)}; it can be a ${actorsSourceKinds.join(', ')}, or a HogQLQuery that selects person_id`,
    )
  const inner = parser.parseQuery(query)
  const name = idColumns.find((candidate) => columnNames(inner).includes(candidate))
  if (name === undefined) throw invalidQuery('The HogQLQuery of ActorsQuery.source must select person_id, actor_id or id')
  const id = build.call('toUUID', build.call('toString', build.field(name)))
  const ids = build.select([build.alias('actor_id', id)], {
    distinct: true,
    from: build.from(inner, 'selected'),
    where: build.isNotNull(id),
  })
  return { query: ids, columns: ['actor_id'] }
}

function columnNames(query: syntax.Query): string[] {
  const select = query.kind === 'select' ? query : query.first
  if (select.kind !== 'select') return columnNames(select)
  return select.items.flatMap((item) => (item.kind === 'alias' ? [item.name] : item.kind === 'field' ? [item.chain.at(-1) ?? ''] : []))
}

function scopeOf(source: Source | undefined): ActorsScope {
  if (!source) return { id: build.field('id'), sourceColumns: [] }
  const { groupTypeIndex } = source
  const id = build.field('source', 'actor_id')
  return { id, sourceColumns: source.columns, ...(groupTypeIndex === undefined ? {} : { groupTypeIndex }) }
}

/** Persons or groups are joined only where something of them is read: those of the page are looked up after it. */
function fromOf(source: Source | undefined, needsActors: boolean, scope: ActorsScope): syntax.From {
  if (!source) return { table: build.table('persons'), joins: [] }
  const from = build.from(source.query, 'source')
  if (!needsActors) return from
  const { groupTypeIndex } = scope
  const isGroups = groupTypeIndex !== undefined
  const equal = build.compare('=', scope.id, build.field('actor', isGroups ? 'key' : 'id'))
  const ofType = isGroups ? [build.compare('=', build.field('actor', 'index'), build.constant(groupTypeIndex))] : []
  const table = build.table(isGroups ? 'groups' : 'persons')
  return { ...from, joins: [{ join: 'LEFT JOIN', table, alias: 'actor', on: build.and([equal, ...ofType]) }] }
}

// ── conditions and order ───────────────────────────────────────────────────────────────────────────────────────────────

function conditionsOf(run: QueryRun, node: Json, scope: ActorsScope, parser: Parser): syntax.Expr[] {
  const isGroups = scope.groupTypeIndex !== undefined
  const isSourced = scope.sourceColumns.length > 0
  const context = filterContext(run, parser, isGroups ? 'groups' : 'persons', isSourced ? 'actor' : undefined)
  const text = typeof node.search === 'string' ? node.search.trim() : ''
  return [
    // One by one: those of aggregates are told apart.
    ...[node.properties, node.fixedProperties]
      .filter(Boolean)
      .flat()
      .map((filters) => propertyFilters(filters, context)),
    ...(text === '' ? [] : [isGroups ? groupSearch(text, scope) : personSearch(text, scope)]),
  ]
}

const holds = (of: syntax.Expr, text: string) =>
  build.compare(
    '>',
    build.call('positionCaseInsensitiveUTF8', build.call('ifNull', build.call('toString', of), build.constant('')), build.constant(text)),
    build.constant(0),
  )

const uuidForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** E-mail, name or any distinct id holds the text, in whatever case; or it is the id. Parts of an id do not count: "ada" is in many. */
function personSearch(text: string, { id }: ActorsScope): syntax.Expr {
  const ids = build.select([build.field('person_id')], {
    from: { table: build.table('person_distinct_ids'), joins: [] },
    where: holds(build.field('distinct_id'), text),
  })
  return build.or([
    holds(build.field('properties', 'email'), text),
    holds(build.field('properties', 'name'), text),
    ...(uuidForm.test(text) ? [build.compare('=', id, build.call('toUUID', build.constant(text)))] : []),
    build.compare('in', id, { kind: 'subquery', query: ids }),
  ])
}

const groupSearch = (text: string, { id }: ActorsScope): syntax.Expr =>
  build.or([holds(build.field('properties', 'name'), text), holds(id, text)])

function orderOf(
  run: QueryRun,
  node: Json,
  selected: string[],
  exprs: syntax.Expr[],
  scope: ActorsScope,
  parser: Parser,
): syntax.OrderBy[] {
  const given = texts(node.orderBy, 'orderBy')
  const special = (name: string) => (isActorName(name) ? displayOrder(run, scope) : undefined)
  if (given?.length) {
    const items = given.map((text) => orderItem(text, parser, special))
    return items.map((item) => ({ ...item, expr: withIds(item.expr, scope) }))
  }
  return defaultOrder(exprs, selected.map(withoutLabel).includes('created_at') ? build.field('created_at') : undefined)
}

// ── rows ───────────────────────────────────────────────────────────────────────────────────────────────────────────────

function actorIds(columns: ActorColumn[], rows: unknown[][]): string[] {
  let start = 0
  const places = columns.flatMap(({ items, showsActor }) => {
    start += items.length
    return showsActor ? [start - items.length] : []
  })
  return [...new Set(rows.flatMap((row) => places.map((place) => String(row[place]))))]
}

function assembled(columns: ActorColumn[], row: unknown[], actors: Actors): unknown[] {
  let start = 0
  return columns.map(({ items, make }) => {
    start += items.length
    return make(row.slice(start - items.length, start), actors)
  })
}

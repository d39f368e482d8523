import { build, defaultCompileLimits, isAggregate, type Parser, propertyFilters, type syntax } from '@hedgerow/hogql'
import { filterContext, withoutPlaceholders } from './hogql-query.ts'
import { displayName, displayNameOf, loadPersons, type Person } from './persons-of-rows.ts'
import { invalidQuery } from './query-error.ts'
import type { QueryResponse } from './query-response.ts'
import {
  assemble,
  type Column,
  count,
  defaultOrder,
  orderItem,
  personIds,
  texts,
  typesOf,
  unaliased,
  withoutGroups,
  withoutLabel,
} from './row-columns.ts'
import { type QueryRun, runQuery } from './run-query.ts'

type Json = Record<string, unknown>

/** `ActorsQuery` over persons: all of them, or those whose ids a HogQLQuery selects. */
export async function answerActorsQuery(run: QueryRun, node: Json, parser: Parser): Promise<QueryResponse> {
  const selected = texts(node.select, 'select') ?? ['person', 'id', 'person.$delete']
  const columns = selected.map((text) => columnOf(text, parser))
  const exprs = columns.flatMap((column) => column.items)
  const aggregated = exprs.some(isAggregate)
  const limit = Math.min(count(node.limit, 'limit') ?? 100, defaultCompileLimits.maxRows)
  const offset = count(node.offset, 'offset') ?? 0
  const context = filterContext(run, parser, 'persons')
  const conditions = [
    ...[node.properties, node.fixedProperties].filter(Boolean).map((filters) => propertyFilters(filters, context)),
    ...(typeof node.search === 'string' && node.search.trim() ? [search(node.search.trim())] : []),
    ...(node.source === undefined || node.source === null ? [] : [ofSource(node.source, parser)]),
  ]
  const plain = exprs.filter((expr) => !isAggregate(expr))
  const tree = build.select(exprs, {
    from: { table: build.table('persons'), joins: [] },
    where: build.and(conditions),
    ...(aggregated ? { groupBy: { mode: 'plain', exprs: plain.map(unaliased) } } : {}),
    orderBy: orderOf(run, node, selected, exprs, parser),
    limit: build.constant(limit + 1),
    ...(offset ? { offset: build.constant(offset) } : {}),
  })
  const { rows, columns: sqlColumns, response } = await runQuery(run, aggregated && plain.length === 0 ? withoutGroups(tree) : tree)
  const hasMore = rows.length > limit
  const shown = hasMore ? rows.slice(0, limit) : rows
  const persons = await loadPersons(run, personIds(columns, shown))
  await addDistinctIds(run, persons)
  return {
    ...response,
    results: shown.map((row) => assemble(columns, row, persons)),
    columns: columns.map(({ name }) => name),
    types: typesOf(columns, sqlColumns),
    hasMore,
    limit,
    offset,
    missing_actors_count: 0,
  }
}

function columnOf(text: string, parser: Parser): Column {
  const plain = withoutLabel(text)
  const id = build.field('id')
  if (plain === 'person' || plain === 'actor') return { name: text, items: [id], make: personCell, type: 'Tuple(person)', personAt: 0 }
  if (plain === 'person_display_name')
    return { name: text, items: [id], make: displayNameCell, type: 'Tuple(display_name, id)', personAt: 0 }
  // Where the web app puts the button that deletes.
  if (plain === 'person.$delete') return { name: text, items: [id], make: () => null }
  const expr = withoutPlaceholders(parser.parseExpr(text))
  return { name: expr.kind === 'alias' ? expr.name : text, items: [expr], make: ([cell]) => cell }
}

function personCell([id]: unknown[], persons: Map<string, Person>): unknown {
  const person = persons.get(String(id))
  if (!person) return { id }
  const { createdAt, isIdentified, properties, distinctIds = [] } = person
  return { id, distinct_ids: distinctIds, properties, created_at: createdAt, is_identified: isIdentified }
}

function displayNameCell([id]: unknown[], persons: Map<string, Person>): unknown {
  const person = persons.get(String(id))
  return { display_name: (person && displayNameOf(person)) ?? person?.distinctIds?.[0] ?? id, id }
}

/** E-mail, name, id or any distinct id holds the text, in whatever case. */
function search(text: string): syntax.Expr {
  const has = (of: syntax.Expr) =>
    build.compare(
      '>',
      build.call('positionCaseInsensitiveUTF8', build.call('ifNull', build.call('toString', of), build.constant('')), build.constant(text)),
      build.constant(0),
    )
  const ids = build.select([build.field('person_id')], {
    from: { table: build.table('person_distinct_ids'), joins: [] },
    where: has(build.field('distinct_id')),
  })
  return build.or([
    has(build.field('properties', 'email')),
    has(build.field('properties', 'name')),
    has(build.field('id')),
    build.compare('in', build.field('id'), { kind: 'subquery', query: ids }),
  ])
}

const idColumns = ['person_id', 'actor_id', 'id']

function ofSource(source: unknown, parser: Parser): syntax.Expr {
  const { kind, query } = (source ?? {}) as Json
  if (kind !== 'HogQLQuery' || typeof query !== 'string')
    throw invalidQuery(`ActorsQuery.source cannot be a ${String(kind)} yet; it can be a HogQLQuery that selects person_id`)
  const inner = parser.parseQuery(query)
  const first = inner.kind === 'select' ? inner : undefined
  const names =
    first?.items.map((item) => (item.kind === 'alias' ? item.name : item.kind === 'field' ? item.chain.at(-1) : undefined)) ?? []
  const name = idColumns.find((candidate) => names.includes(candidate))
  if (name === undefined) throw invalidQuery('The HogQLQuery of ActorsQuery.source must select person_id, actor_id or id')
  const ids = build.select([build.call('toUUID', build.call('toString', build.field(name)))], {
    from: { table: { kind: 'subquery', query: inner }, alias: 'source', joins: [] },
  })
  return build.compare('in', build.field('id'), { kind: 'subquery', query: ids })
}

function orderOf(run: QueryRun, node: Json, selected: string[], exprs: syntax.Expr[], parser: Parser): syntax.OrderBy[] {
  const given = texts(node.orderBy, 'orderBy')
  const names = run.facts.settings.person_display_name_properties
  const shown = displayName(names, [], build.call('toString', build.field('id')))
  const special = (name: string) => (['person_display_name', 'person', 'actor'].includes(name) ? shown : undefined)
  if (given?.length) return given.map((text) => orderItem(text, parser, special))
  return defaultOrder(exprs, selected.map(withoutLabel).includes('created_at') ? build.field('created_at') : undefined)
}

async function addDistinctIds(run: QueryRun, persons: Map<string, Person>): Promise<void> {
  if (persons.size === 0) return
  const tree = build.select([build.field('person_id'), build.call('arraySort', build.call('groupArray', build.field('distinct_id')))], {
    from: { table: build.table('person_distinct_ids'), joins: [] },
    where: build.compare('in', build.field('person_id'), build.tuple([...persons.keys()].map(build.constant))),
    groupBy: { mode: 'plain', exprs: [build.field('person_id')] },
    limit: build.constant(persons.size),
  })
  const { rows } = await runQuery({ ...run, timings: [] }, tree)
  for (const [id, ids] of rows) {
    const person = persons.get(String(id))
    if (person) person.distinctIds = ids as string[]
  }
}

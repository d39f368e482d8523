import { build, type Parser, propertyFilters, type syntax } from '@hedgerow/hogql'
import { filterContext, withoutPlaceholders } from './filter-context.ts'
import { invalidQuery } from './query-error.ts'
import type { QueryResponse } from './query-response.ts'
import { assemble, type Column, orderItem, selection, texts, withoutLabel } from './row-columns.ts'
import { pageClauses, pageOf, pageResponse, shownRows } from './row-page.ts'
import { type QueryRun, runQuery } from './run-query.ts'

type Json = Record<string, unknown>

/** A group is shown by its property `name`, else by its key. */
const groupName = build.call(
  'coalesce',
  build.call('nullIf', build.call('toString', build.field('properties', 'name')), build.constant('')),
  build.field('key'),
)

/** `GroupsQuery`: the groups of one type. */
export async function answerGroupsQuery(run: QueryRun, node: Json, parser: Parser): Promise<QueryResponse> {
  const index = node.group_type_index
  if (typeof index !== 'number' || !Number.isInteger(index) || index < 0 || index > 4)
    throw invalidQuery(`group_type_index must be a whole number from 0 to 4; it is ${JSON.stringify(index) ?? 'missing'}`)
  const selected = selection(node, ['group_name', 'key'])
  const columns = selected.map((text) => columnOf(text, parser))
  const page = pageOf(node)
  const tree = build.select(
    columns.flatMap(({ items }) => items),
    {
      from: { table: build.table('groups'), joins: [] },
      where: build.and([build.compare('=', build.field('index'), build.constant(index)), ...conditionsOf(run, node, index, parser)]),
      orderBy: orderOf(node, parser),
      ...pageClauses(page),
    },
  )
  const ran = await runQuery(run, tree)
  const results = shownRows(ran, page).map((row) => assemble(columns, row, new Map()))
  return pageResponse(ran, page, columns, results)
}

function columnOf(text: string, parser: Parser): Column {
  const plain = withoutLabel(text)
  if (plain === 'group_name') return { name: text, items: [build.alias('group_name', groupName)], make: ([cell]) => cell }
  if (plain === 'group_key') return { name: text, items: [build.alias('group_key', build.field('key'))], make: ([cell]) => cell }
  const expr = withoutPlaceholders(parser.parseExpr(text))
  return { name: expr.kind === 'alias' ? expr.name : text, items: [expr], make: ([cell]) => cell }
}

function conditionsOf(run: QueryRun, node: Json, index: number, parser: Parser): syntax.Expr[] {
  const context = filterContext(run, parser, 'groups')
  const search = typeof node.search === 'string' ? node.search.trim() : ''
  const has = (of: syntax.Expr) =>
    build.compare('>', build.call('positionCaseInsensitiveUTF8', build.call('toString', of), build.constant(search)), build.constant(0))
  // Of a group of this type, whether or not the filter says so.
  const ofThisType = (filters: unknown): unknown =>
    Array.isArray(filters) ? filters.map((filter) => ({ group_type_index: index, ...(filter as object), type: 'group' })) : filters
  return [
    ...(search ? [build.or([has(groupName), has(build.field('key'))])] : []),
    ...[node.properties, node.fixedProperties].filter(Boolean).map((filters) => propertyFilters(ofThisType(filters), context)),
  ]
}

function orderOf(node: Json, parser: Parser): syntax.OrderBy[] {
  const special = (name: string) => (name === 'group_name' ? groupName : name === 'group_key' ? build.field('key') : undefined)
  const given = texts(node.orderBy, 'orderBy')
  if (given?.length) return given.map((text) => orderItem(text, parser, special))
  return [build.orderBy(build.field('created_at'), true), build.orderBy(build.field('key'))]
}

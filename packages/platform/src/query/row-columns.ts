import { build, isAggregate, type Parser, type syntax } from '@hedgerow/hogql'
import { withoutPlaceholders } from './filter-context.ts'
import type { Person } from './persons-of-rows.ts'
import { invalidQuery } from './query-error.ts'
import { plainType } from './run-query.ts'

/** A column as asked for: which cells of the SQL's row it is made of, and how. */
export interface Column {
  name: string
  items: syntax.Expr[]
  make(cells: unknown[], persons: Map<string, Person>): unknown
  type?: string
  /** Where among `items` the person's id stands, if the column shows the person. */
  personAt?: number
}

export function texts(value: unknown, name: string): string[] | undefined {
  if (value === undefined || value === null) return undefined
  if (!Array.isArray(value) || value.some((item) => typeof item !== 'string')) throw invalidQuery(`${name} must be a list of HogQL texts`)
  return value as string[]
}

/** What `select` asks for; of an empty one, as of none, what is shown by default. */
export function selection(node: { select?: unknown }, otherwise: string[]): string[] {
  const given = texts(node.select, 'select')
  return given?.length ? given : otherwise
}

export function count(value: unknown, name: string): number | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) throw invalidQuery(`${name} must be a whole number, 0 or more`)
  return value
}

/** The text without its label: `expr -- Label`. */
export const withoutLabel = (text: string): string => text.replace(/\s+--[^'"`]*$/s, '').trim()

export function unaliased(expr: syntax.Expr): syntax.Expr {
  return expr.kind === 'alias' ? build.field(expr.name) : expr
}

export function withoutGroups({ groupBy: _groupBy, ...select }: syntax.Select): syntax.Select {
  return select
}

export function having(conditions: syntax.Expr[]): { having?: syntax.Expr } {
  return conditions.length ? { having: build.and(conditions) } : {}
}

/** The default order: by the count, else by the first aggregate, else by time where that is shown, else by the first column. */
export function defaultOrder(exprs: syntax.Expr[], newestFirst: syntax.Expr | undefined): syntax.OrderBy[] {
  const aggregates = exprs.filter(isAggregate).map(unaliased)
  const counted = aggregates.find((expr) => expr.kind === 'call' && expr.name === 'count' && expr.args.length === 0)
  const [first] = exprs
  if (counted) return [build.orderBy(counted, true)]
  if (aggregates[0]) return [build.orderBy(aggregates[0], true)]
  if (newestFirst) return [build.orderBy(newestFirst, true)]
  return first ? [build.orderBy(unaliased(first))] : []
}

/** `expr -- Label DESC`: the direction stands behind the label, where the parser would not see it. `special`: names that stand for more. */
export function orderItem(text: string, parser: Parser, special: (name: string) => syntax.Expr | undefined): syntax.OrderBy {
  const labelled = /^(.*?)\s+--[^'"`]*?(?:\s+(asc|desc))?\s*$/is.exec(text)
  const order = parser.parseOrderBy(labelled ? `${labelled[1]} ${labelled[2] ?? ''}` : text)
  withoutPlaceholders(order.expr)
  const stands = order.expr.kind === 'field' ? special(order.expr.chain.join('.')) : undefined
  return stands ? { ...order, expr: stands } : order
}

export function personIds(columns: Column[], rows: unknown[][]): string[] {
  const places: number[] = []
  let start = 0
  for (const { items, personAt } of columns) {
    if (personAt !== undefined) places.push(start + personAt)
    start += items.length
  }
  return [...new Set(rows.flatMap((row) => places.map((place) => String(row[place]))))]
}

export function assemble(columns: Column[], row: unknown[], persons: Map<string, Person>): unknown[] {
  let start = 0
  return columns.map(({ items, make }) => {
    const cells = row.slice(start, start + items.length)
    start += items.length
    return make(cells, persons)
  })
}

export function typesOf(columns: Pick<Column, 'items' | 'type'>[], sql: { engineType: string }[]): string[] {
  let start = 0
  return columns.map(({ items, type }) => {
    const own = plainType(sql[start]?.engineType ?? '')
    start += items.length
    return type ?? own
  })
}

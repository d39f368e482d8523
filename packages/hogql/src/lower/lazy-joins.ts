import * as t from '../catalog/value-type.ts'
import { HogqlError } from '../errors.ts'
import type { TableInstance } from '../resolve/table-instance.ts'
import { childrenOf } from '../tree/children.ts'
import type { Expr, From, OpenNodes, Query, Source } from '../tree/resolved.ts'
import { type Inner, type Pass, rewriteQuery, rewriteSource } from './rewrite.ts'
import { withSets } from './semi-joins.ts'

type Open = 'tableColumn' | 'property' | 'table'

/** Adds the joins that `person.…`, `session.…` and the like ask for, right behind the table that they start from, where a set will not do. */
export function addLazyJoins(query: Query<Open>): Query<Open> {
  const inSets = new Set<TableInstance>()
  const pass: Pass<Open, Open> = {
    kinds: [],
    expr: (node: never) => node,
    select: (given) => {
      const { select, targets } = withSets(given)
      for (const target of targets) inSets.add(target)
      return select
    },
    from: (from, inner) => withLazyJoins(from, inner, pass, inSets),
  }
  return rewriteQuery(query, pass)
}

function withLazyJoins(from: From<Open>, inner: Inner<Open, Open>, pass: Pass<Open, Open>, inSets: Set<TableInstance>): From<Open> {
  const joins: From<Open>['joins'] = lazyJoinsOf(from.first).filter(({ source }) => source.kind !== 'table' || !inSets.has(source.table))
  for (const { join, source, on } of from.joins) {
    if (on && source.kind === 'table') refuseEarlyUse(on, source.table)
    joins.push({ join, source: rewriteSource(source, inner, pass), ...(on ? { on: inner(on, 'pairing') } : {}) })
    joins.push(...lazyJoinsOf(source))
  }
  return { first: rewriteSource(from.first, inner, pass), joins }
}

/** The tables that a joined table leads to are joined after it: its own ON cannot look at them. */
function refuseEarlyUse(on: Expr<Open>, table: TableInstance): void {
  const later = new Map([...table.lazy].map(([name, { target }]) => [target, name]))
  const visit = (expr: Expr<Open>): void => {
    const used = expr.kind === 'tableColumn' ? expr.table : expr.kind === 'property' && 'table' in expr.of ? expr.of.table : undefined
    const name = used && later.get(used)
    if (name !== undefined) {
      const alias = table.name.wanted
      const message = `${alias}.${name} cannot be used in the ON of the JOIN that brings in "${alias}"; join a subquery that selects it`
      throw new HogqlError('unsupported', message, expr.span)
    }
    childrenOf(expr).forEach(visit)
  }
  visit(on)
}

function lazyJoinsOf(source: Source<Open>): From<Open>['joins'] {
  return source.kind === 'table' ? joinsOf(source.table) : []
}

function joinsOf(table: TableInstance): From<Open>['joins'] {
  return [...table.lazy.values()].flatMap(({ join, target }) => [
    {
      join: join.many ? ('LEFT JOIN' as const) : ('LEFT ANY JOIN' as const),
      source: { kind: 'table' as const, name: target.name, table: target },
      on: pairing(join.on.map(({ from, to }) => equals(column(table, from), column(target, to)))),
    },
    ...joinsOf(target),
  ])
}

/** As stored: an empty session id pairs with nothing, and needs no null for it. */
function column(table: TableInstance, name: string): OpenNodes<Open>['tableColumn'] {
  return { kind: 'tableColumn', table, column: name, raw: true, type: table.definition.columns[name]?.type ?? t.unknown }
}

function equals(left: Expr<Open>, right: Expr<Open>): Expr<Open> {
  return { kind: 'call', name: 'equals', args: [left, right], type: t.boolean }
}

function pairing(conditions: Expr<Open>[]): Expr<Open> {
  const [only] = conditions
  return only && conditions.length === 1 ? only : { kind: 'call', name: 'and', args: conditions, type: t.boolean }
}

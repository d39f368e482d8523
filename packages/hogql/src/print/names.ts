import { childrenOf } from '../tree/children.ts'
import type { AliasName, Expr, Query, SourceName } from '../tree/resolved.ts'

/**
 * Gives every alias, lambda parameter and source a name that no other in the whole query has, so that the engine's
 * rules of which name shadows which never come into play. The first that wants a name gets it as it is.
 */
export function nameAll(query: Query): Map<SourceName | AliasName, string> {
  const names = new Map<SourceName | AliasName, string>()
  const taken = new Set<string>(reserved)

  function give(name: SourceName | AliasName): void {
    if (names.has(name)) return
    const wanted = name.wanted === '' ? 'column' : name.wanted
    let given = wanted
    for (let i = 2; taken.has(given.toLowerCase()); i++) given = `${wanted}_${i}`
    taken.add(given.toLowerCase())
    names.set(name, given)
  }

  function visitQuery(current: Query): void {
    if (current.kind === 'set') {
      visitQuery(current.first)
      for (const { query: part } of current.rest) visitQuery(part)
      return
    }
    for (const { alias, expr } of current.items) {
      give(alias)
      visit(expr)
    }
    for (const source of current.from ? [current.from.first, ...current.from.joins.map((join) => join.source)] : []) {
      give(source.name)
      if (source.kind === 'derived') visitQuery(source.query)
      if (source.kind === 'numbers') source.args.forEach(visit)
      if (source.kind === 'scanned') for (const read of source.scan.reads) visit(read.expr)
    }
    for (const expr of clauseExprs(current)) visit(expr)
  }

  function visit(expr: Expr): void {
    if (expr.kind === 'aliased') give(expr.alias)
    if (expr.kind === 'lambda') expr.params.forEach(give)
    if (expr.kind === 'subquery') visitQuery(expr.query)
    for (const child of childrenOf(expr)) visit(child)
  }

  visitQuery(query)
  return names
}

/** Names inside a scan, and words that the engine reads as more than a name. */
const reserved = ['stored', 'overrides', 'null', 'true', 'false', 'inf', 'nan', '*']

function clauseExprs(select: Exclude<Query, { kind: 'set' }>): Expr[] {
  const { from, arrayJoin, where, groupBy, having, qualify, limitBy, windows, orderBy } = select
  const orders = [...orderBy, ...windows.flatMap(({ window }) => window.orderBy)]
  return [
    ...(from?.joins.flatMap(({ on }) => (on ? [on] : [])) ?? []),
    ...(arrayJoin?.items ?? []),
    ...(groupBy ? (groupBy.mode === 'sets' ? groupBy.sets.flat() : groupBy.exprs) : []),
    ...[where, having, qualify].filter((expr) => expr !== undefined),
    ...(limitBy?.by ?? []),
    ...windows.flatMap(({ window }) => window.partitionBy),
    ...orders.flatMap(({ expr, fill }) => [expr, fill?.from, fill?.to, fill?.step].filter((each) => each !== undefined)),
  ]
}

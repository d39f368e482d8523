import * as t from '../catalog/value-type.ts'
import { TableInstance } from '../resolve/table-instance.ts'
import type { Expr, Select } from '../tree/resolved.ts'

type Open = 'tableColumn' | 'property' | 'table'

/**
 * Conditions of WHERE on `person.…` and the like, where nothing else of the SELECT needs the joined table, look the key up in a set:
 * `person_id IN (SELECT id FROM persons WHERE …)`. A set holds the keys that pass; a join would hold every row of the table, with its texts.
 * `targets` are the tables that need not be joined any more.
 */
export function withSets(select: Select<Open>): { select: Select<Open>; targets: TableInstance[] } {
  const { from, where } = select
  if (!where || from?.first.kind !== 'table' || from.first.table.optional) return { select, targets: [] }
  const { table } = from.first
  const targets: TableInstance[] = []
  let conditions = conjuncts(where)
  for (const { join, target } of table.lazy.values()) {
    const [pair] = join.on
    const own = conditions.filter((condition) => isOnlyOf(condition, target) && refusesMissing(condition, target))
    if (join.many || !pair || join.on.length > 1 || target.lazy.size > 0 || own.length === 0) continue
    const others = conditions.filter((condition) => !own.includes(condition))
    if (uses({ ...select, where: undefined }, target) || others.some((condition) => uses(condition, target))) continue
    conditions = [...others, { kind: 'call', name: 'in', args: [key(table, pair.from), keysOf(target, pair.to, own)], type: t.boolean }]
    targets.push(target)
  }
  return targets.length === 0 ? { select, targets } : { select: { ...select, where: all(conditions) }, targets }
}

function conjuncts(expr: Expr<Open>): Expr<Open>[] {
  return expr.kind === 'call' && expr.name === 'and' ? expr.args.flatMap(conjuncts) : [expr]
}

function all(conditions: Expr<Open>[]): Expr<Open> {
  const [only] = conditions
  return only && conditions.length === 1 ? only : { kind: 'call', name: 'and', args: conditions, type: t.boolean }
}

const key = (table: TableInstance, column: string): Expr<Open> => ({
  kind: 'tableColumn',
  table,
  column,
  raw: true,
  type: table.definition.columns[column]?.type ?? t.unknown,
})

function keysOf(target: TableInstance, column: string, conditions: Expr<Open>[]): Expr<Open> {
  const query: Select<Open> = {
    kind: 'select',
    distinct: false,
    items: [{ alias: { wanted: column }, expr: key(target, column) }],
    from: { first: { kind: 'table', name: target.name, table: target }, joins: [] },
    where: all(conditions),
    windows: [],
    orderBy: [],
    withTies: false,
  }
  return { kind: 'subquery', query, type: t.unknown }
}

/** Functions that give null for null, and the same for the same. */
const strict = new Set([
  'equals',
  'notEquals',
  'less',
  'lessOrEquals',
  'greater',
  'greaterOrEquals',
  'like',
  'ilike',
  'notLike',
  'notILike',
  'match',
  'not',
  'lower',
  'toString',
  'toFloat64OrNull',
])
const known = new Set([...strict, 'and', 'or', 'in', 'tuple', 'isNotNull', 'ifNull'])

/** Whether the condition depends on nothing but columns of the table. */
function isOnlyOf(expr: Expr<Open>, target: TableInstance): boolean {
  if (expr.kind === 'value' || expr.kind === 'null' || isRead(expr, target)) return true
  return expr.kind === 'call' && known.has(expr.name) && expr.args.every((arg) => isOnlyOf(arg, target))
}

const isRead = (expr: Expr<Open>, target: TableInstance): boolean =>
  expr.kind === 'tableColumn' ? expr.table === target : expr.kind === 'property' && 'table' in expr.of && expr.of.table === target

/** Whether it is null, or false, for a row that has no match: all that it reads is null then. */
function refusesMissing(expr: Expr<Open>, target: TableInstance): boolean {
  if (isNullForMissing(expr, target)) return true
  if (expr.kind !== 'call') return false
  const [first, second] = expr.args
  if (expr.name === 'and') return expr.args.some((arg) => refusesMissing(arg, target))
  if (expr.name === 'or') return expr.args.every((arg) => refusesMissing(arg, target))
  if (!first) return false
  if (expr.name === 'isNotNull') return isNullForMissing(first, target)
  if (expr.name === 'in') return isNullForMissing(first, target) && isListOfValues(second)
  return expr.name === 'ifNull' && refusesMissing(first, target) && second?.kind === 'value' && !second.value
}

const isListOfValues = (expr: Expr<Open> | undefined): boolean =>
  expr?.kind === 'call' && expr.name === 'tuple' && expr.args.every(({ kind }) => kind === 'value')

function isNullForMissing(expr: Expr<Open>, target: TableInstance): boolean {
  if (isRead(expr, target)) return true
  return expr.kind === 'call' && strict.has(expr.name) && expr.args.some((arg) => isNullForMissing(arg, target))
}

/** Whether anything in the part of a tree reads the table. A tree is plain data but for its tables. */
function uses(part: unknown, target: TableInstance): boolean {
  if (part === target) return true
  if (typeof part !== 'object' || part === null || part instanceof TableInstance) return false
  return Object.values(part).some((value) => uses(value, target))
}

import { typedEventProperties } from '../catalog/typed-properties.ts'
import * as t from '../catalog/value-type.ts'
import type { Decision, Expr } from '../tree/resolved.ts'

/** `"$browser":null` and what divides it from the next, of every path that has a column of its own. */
const absent = `"(?:${[...typedEventProperties].map((name) => name.replaceAll('$', '\\$')).join('|')})":null,?`

/**
 * A document as functions and comparisons see it. The engine prints `null` for each path with a column of its own that an event lacks; no
 * property is ever stored as null, so that all of those go. What is inside of texts stays: quotes are escaped there.
 */
export function wholeDocument<D extends Decision>(expr: Expr<D>): Expr<D> {
  if (expr.type.name !== 'json' || !mayLackPaths(expr)) return expr
  const value = (text: string): Expr<D> => ({ kind: 'value', value: text, bound: 'String', type: t.string })
  const without: Expr<D> = { kind: 'call', name: 'replaceRegexpAll', args: [expr, value(absent), value('')], type: expr.type }
  return { kind: 'call', name: 'replaceRegexpOne', args: [without, value(',}$'), value('}')], type: expr.type }
}

/** Only events have such columns; of a column of a subquery nobody knows where it is from. */
function mayLackPaths<D extends Decision>(expr: Expr<D>): boolean {
  if (expr.kind !== 'tableColumn') return true
  const { table, column } = expr as Extract<Expr<'tableColumn'>, { kind: 'tableColumn' }>
  return table.definition.name === 'events' && column === 'properties'
}

import { HogqlError, type Span } from '../errors.ts'
import { mapQuery } from '../tree/map.ts'
import type * as S from '../tree/syntax.ts'
import { visitExprs } from '../tree/visit.ts'

/** A cohort or an action by its id or its name, as a query names it. */
export interface NamedReference {
  kind: 'cohort' | 'action'
  ref: number | string
  span?: Span
}

/** Every `IN COHORT` and `matchesAction` of a query. @throws HogqlError for one whose name is no constant. */
export function namedIn(query: S.Query): NamedReference[] {
  const found: NamedReference[] = []
  visitExprs(query, (expr) => {
    const reference = referenceOf(expr)
    if (reference) found.push(reference)
  })
  return found
}

/** What the names stand for. Every name of {@link namedIn} must be known. */
export interface NamedThings {
  /** The ids of its people, as a query of one column. */
  cohort(ref: number | string): S.Query
  /** Its condition on `events`, under the alias that the table has in the query. */
  action(ref: number | string, alias: string | undefined): S.Expr
}

/** Puts what cohorts and actions are in the place of their names. Names inside of what is put in stay, for the next time. */
export function expandNamed(query: S.Query, things: NamedThings): S.Query {
  const later = new WeakSet<S.Expr>()
  const putIn = (expr: S.Expr): S.Expr => {
    visitExprs(expr, (part) => later.add(part))
    return expr
  }
  return mapQuery(query, (expr, select) => {
    if (later.has(expr)) return undefined
    const reference = referenceOf(expr)
    if (!reference) return undefined
    if (expr.kind === 'compare') {
      const members = putIn({ kind: 'subquery', query: things.cohort(reference.ref) })
      return { ...expr, op: expr.op === 'in cohort' ? 'in' : 'not in', right: members }
    }
    return putIn(things.action(reference.ref, eventsAlias(select, reference.span)))
  })
}

function referenceOf(expr: S.Expr): NamedReference | undefined {
  if (expr.kind === 'compare' && (expr.op === 'in cohort' || expr.op === 'not in cohort')) {
    return { kind: 'cohort', ref: constantName(expr.right, 'COHORT'), ...at(expr.right.span ?? expr.span) }
  }
  if (expr.kind !== 'call' || expr.name !== 'matchesAction') return undefined
  const [name] = expr.args
  if (!name || expr.args.length !== 1)
    throw new HogqlError('wrong_arguments', `matchesAction takes 1 argument, the action's id or name, not ${expr.args.length}`, expr.span)
  return { kind: 'action', ref: constantName(name, 'matchesAction'), ...at(name.span ?? expr.span) }
}

const at = (span: Span | undefined) => (span ? { span } : {})

function constantName(expr: S.Expr, of: string): number | string {
  const value = expr.kind === 'constant' ? expr.value : undefined
  if (typeof value === 'string') return value
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value
  if (typeof value === 'bigint' && value > 0n && value < 2n ** 31n) return Number(value)
  throw new HogqlError('invalid_value', `${of} takes an id or a name, written as a number or as text`, expr.span)
}

/** How the SELECT calls its events; undefined where columns need no qualifier. */
function eventsAlias(select: S.Select | undefined, span?: Span): string | undefined {
  const sources = select?.from ? [select.from, ...select.from.joins] : []
  const events = sources.find(({ table }) => table.kind === 'table' && table.name.join('.') === 'events')
  if (!events) throw new HogqlError('unsupported', 'matchesAction can be used in a SELECT from events', span)
  return events.alias ?? (sources.length > 1 ? 'events' : undefined)
}

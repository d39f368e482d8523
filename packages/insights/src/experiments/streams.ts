import { build, type syntax } from '@hedgerow/hogql'

const { alias, call, constant, field } = build
type Expr = syntax.Expr
export type Named = [name: string, expr: Expr]

/** Microseconds since 1970: integers compare faster than date-times, and never with a null. */
export const micros = (instant: Expr): Expr => call('toUnixTimestamp64Micro', instant)
/** The instant of an event of an arm, in microseconds. */
export const eventAt = field('at')

/** The events of one condition that a unit has, as arrays side by side: their instants, and what else is asked of them. */
export interface Stream {
  /** An array of microseconds. */
  times: Expr
  /** An array of what the expression comes to for each event, in the order of `times`: a number, never null. */
  values(expr: Expr): Expr
}

interface Collected {
  stream: Stream
  condition: Expr
  /** Name of the column that says whether an event belongs to it. */
  name: string
  values: Map<string, Named>
}

/**
 * What is collected of the events, each thing once however many metrics ask for it. The events are read in two arms, those that are only looked at by their name and those that
 * also a property is read of, so that the costly columns are read for the events that have a use for them.
 *
 * why: arrays of plain numbers, side by side, are collected in half the time that arrays of tuples take; and a property is read for every row of a scan.
 */
export function createStreams() {
  const byCondition = new Map<string, Collected>()

  function of(condition: Expr): Stream {
    const key = JSON.stringify(condition)
    const known = byCondition.get(key)
    if (known) return known.stream
    const name = `is_${byCondition.size}`
    const values = new Map<string, Named>()
    const stream: Stream = {
      times: field(`times_${name}`),
      values(expr) {
        const text = JSON.stringify(expr)
        const found = values.get(text) ?? ([`value_${values.size}_${name}`, expr] satisfies Named)
        values.set(text, found)
        return field(`list_${found[0]}`)
      },
    }
    byCondition.set(key, { stream, condition, name, values })
    return stream
  }

  const all = () => [...byCondition.values()]
  const isLight = ({ condition, values }: Collected): boolean =>
    [condition, ...[...values.values()].map(([, expr]) => expr)].every(readsOnlyNames)

  return {
    of,
    /** To be selected for each unit, over the rows of all arms. */
    collected: (): syntax.Expr[] =>
      all().flatMap(({ name, values }) => [
        alias(`times_${name}`, call('groupArrayIf', eventAt, field(name))),
        ...[...values.values()].map(([value]) => alias(`list_${value}`, call('groupArrayIf', field(value), field(name)))),
      ]),
    /** For each arm, which events it reads; and its columns, which every arm has, in the same order. */
    arms: (): { condition: Expr; columns: syntax.Expr[] }[] =>
      [all().filter(isLight), all().filter((one) => !isLight(one))]
        .filter((own) => own.length > 0)
        .map((own) => ({ condition: build.or(own.map(({ condition }) => condition)), columns: columnsOf(own) })),
    /** The same columns, for an arm that collects none of it. */
    noColumns: (): syntax.Expr[] => columnsOf([]),
  }

  function columnsOf(own: Collected[]): syntax.Expr[] {
    return all().flatMap((one) => {
      const has = own.includes(one)
      return [
        alias(one.name, has ? call('if', one.condition, constant(1), constant(0)) : constant(0)),
        ...[...one.values.values()].map(([value, expr]) => alias(value, has ? expr : constant(0))),
      ]
    })
  }
}

export type Streams = ReturnType<typeof createStreams>

const ofEveryRow = ['event', 'timestamp', 'uuid']
/** Whether an expression reads nothing but what every event has at little cost. */
function readsOnlyNames(expr: Expr): boolean {
  let found = true
  JSON.stringify(expr, (_, node: unknown) => {
    if (typeof node !== 'object' || node === null) return node
    const { kind, chain } = node as { kind?: string; chain?: string[] }
    if (kind === 'field' && !(chain?.length === 1 && ofEveryRow.includes(chain[0] ?? ''))) found = false
    if (kind === 'subquery' || kind === 'select') found = false
    return node
  })
  return found
}

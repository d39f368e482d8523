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
  /** What its columns are named by. */
  name: string
  /** Which packed list its events are in, and by which bit they are known there. */
  list: number
  bit: number
  values: Map<string, Named>
}

/** limit: conditions of one packed list; an instant takes 53 bits of the 63 until the year 2255. */
const conditionsAList = 10
const packedName = (list: number) => `packed_${list}`
const maskName = (list: number) => `mask_${list}`

/**
 * What is collected of the events, each thing once however many metrics ask for it. The events are read in two arms, those that are only looked at by their name and those that
 * also a property is read of, so that the costly columns are read for the events that have a use for them.
 *
 * why: a list is made for every unit, and costs more than what is in it. So all events of a unit go into one list of plain numbers, the instant and one bit for each condition, and
 * each condition's own instants are taken out of it once it is whole: half the cost of a list for each. A property is read for every row of a scan, and has a list of its own.
 */
export function createStreams() {
  const byCondition = new Map<string, Collected>()

  function of(condition: Expr): Stream {
    const key = JSON.stringify(condition)
    const known = byCondition.get(key)
    if (known) return known.stream
    const place = byCondition.size
    const name = `is_${place}`
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
    const [list, bit] = [Math.floor(place / conditionsAList), place % conditionsAList]
    byCondition.set(key, { stream, condition, name, list, bit, values })
    return stream
  }

  const all = () => [...byCondition.values()]
  const lists = () => [...new Set(all().map(({ list }) => list))]
  const bitsOf = (list: number) => all().filter((one) => one.list === list).length
  const isLight = ({ condition, values }: Collected): boolean =>
    [condition, ...[...values.values()].map(([, expr]) => expr)].every(readsOnlyNames)
  const packed = (list: number): Expr => call('plus', call('multiply', eventAt, constant(2 ** bitsOf(list))), field(maskName(list)))
  const has = (bits: Expr, { bit }: Collected): Expr => call('notEquals', call('bitAnd', bits, constant(2 ** bit)), constant(0))

  return {
    of,
    /** To be selected for each unit, over the rows of all arms. */
    collected: (): syntax.Expr[] => [
      ...lists().map((list) =>
        alias(packedName(list), call('groupArrayIf', packed(list), call('notEquals', field(maskName(list)), constant(0)))),
      ),
      ...all().flatMap((one) =>
        [...one.values.values()].map(([value]) =>
          alias(`list_${value}`, call('groupArrayIf', field(value), has(field(maskName(one.list)), one))),
        ),
      ),
    ],
    /** To be selected from that: the instants of each condition. */
    unpacked: (): syntax.Expr[] =>
      all().map((one) => {
        const list = field(packedName(one.list))
        const own = bitsOf(one.list) === 1 ? list : call('arrayFilter', lambda(has(field('x'), one)), list)
        return alias(`times_${one.name}`, call('arrayMap', lambda(call('intDiv', field('x'), constant(2 ** bitsOf(one.list)))), own))
      }),
    /** For each arm, which events it reads; and its columns, which every arm has, in the same order. */
    arms: (): { condition: Expr; columns: syntax.Expr[] }[] =>
      [all().filter(isLight), all().filter((one) => !isLight(one))]
        .filter((own) => own.length > 0)
        .map((own) => ({ condition: build.or(own.map(({ condition }) => condition)), columns: columnsOf(own) })),
    /** The same columns, for an arm that collects none of it. */
    noColumns: (): syntax.Expr[] => columnsOf([]),
  }

  function columnsOf(own: Collected[]): syntax.Expr[] {
    const bits = (list: number): Expr =>
      own
        .filter((one) => one.list === list)
        .map(({ condition, bit }): Expr => call('if', condition, constant(2 ** bit), constant(0)))
        .reduce((sum: Expr | undefined, one) => (sum ? call('plus', sum, one) : one), undefined) ?? constant(0)
    return [
      ...lists().map((list) => alias(maskName(list), bits(list))),
      ...all().flatMap((one) => [...one.values.values()].map(([value, expr]) => alias(value, own.includes(one) ? expr : constant(0)))),
    ]
  }
}

const lambda = (body: Expr): Expr => ({ kind: 'lambda', params: ['x'], body })

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

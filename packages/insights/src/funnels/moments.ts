import { build, type syntax } from '@hedgerow/hogql'
import { both, fn, int, int64, minus, named, numbersTo, plus, sumOf } from './expressions.ts'
import type { FunnelQuestion } from './resolve.ts'

type Expr = syntax.Expr

/**
 * What a walk knows of an event, in one integer, a *moment*: when it was, then a bit for each exclusion and each step that it is, then bits
 * that forbid it to fulfil one step. Integers sort and copy many times faster than tuples, and in the order that ties need: at one
 * instant, events of few and early steps come first, exclusions last.
 */
export interface Moments {
  steps: number
  hasExclusions: boolean
  /** Lowest bits: where one is set, the event may not fulfil that step. Unordered: may not be the first. */
  guards: { step: number }[]
  /** Bits below the time. */
  bits: number
  /** Times count microseconds from here, so that all of them are more than 0. */
  originMicros: number
}

/** limit: 51 bits of time are 71 years of microseconds, 63 bits fit into the plain integer. */
const plainBits = 12

export function momentsOf(question: FunnelQuestion, guards: Moments['guards']): Moments {
  const steps = question.steps.length
  const hasExclusions = question.exclusions.length > 0
  const bits = guards.length + steps + (hasExclusions ? steps - 1 : 0)
  return { steps, hasExclusions, guards, bits, originMicros: question.range.lower.getTime() * 1000 - 1 }
}

const isWide = ({ bits }: Moments): boolean => bits > plainBits
const bit = (place: number): Expr => fn('_toInt64', build.constant(2n ** BigInt(place)))

/** Of a row of `events`. The marks alone are what {@link marksOf} gives. */
export function momentOf(moments: Moments, marks: Expr): Expr {
  const passed = minus(fn('toUnixTimestamp64Micro', named('timestamp')), int(moments.originMicros))
  const [time, low] = isWide(moments) ? [fn('_toUInt128', passed), fn('_toUInt128', marks)] : [passed, marks]
  return plus(fn('bitShiftLeft', time, int(moments.bits)), low)
}

/** The bits of the steps and exclusions that a row of `events` is; 0 for an event that is none of them. */
export function marksOf(question: FunnelQuestion, moments: Moments): Expr {
  const { steps, exclusions } = question
  const stepBits = steps.map((step, i): [Expr, Expr] => [step.condition, bit(moments.guards.length + i)])
  if (exclusions.length === 0 && areDistinct(question)) return fn('_toInt64', fn('multiIf', ...stepBits.flat(), int(0)))
  const exclusionBits = numbersTo(moments.steps)
    .slice(1)
    .flatMap((step): [Expr, Expr][] => {
      const between = exclusions.filter(({ from, to }) => from < step && step <= to)
      return between.length === 0 ? [] : [[build.or(between.map(({ condition }) => condition)), bit(exclusionPlace(moments, step))]]
    })
  return sumOf([...stepBits, ...exclusionBits].map(([condition, mark]) => fn('if', condition, mark, int64(0))))
}

const exclusionPlace = ({ guards, steps }: Moments, step: number): number => guards.length + steps + step - 2

/** Whether no event can be two of the steps: then each has names of its own. */
export function areDistinct({ steps }: FunnelQuestion): boolean {
  const names = steps.map((step) => step.names)
  if (names.some((list) => list === undefined)) return false
  const all = names.flatMap((list) => list ?? [])
  return new Set(all).size === all.length
}

/** The parts of a moment. */
export function timeOf(moments: Moments, moment: Expr): Expr {
  const shifted = fn('bitShiftRight', moment, int(moments.bits))
  return isWide(moments) ? fn('_toInt64', shifted) : shifted
}

export function lowBits(moments: Moments, moment: Expr): Expr {
  const low = fn('bitAnd', moment, build.constant(2n ** BigInt(moments.bits) - 1n))
  return isWide(moments) ? fn('_toInt64', low) : low
}

const testable = (moments: Moments, moment: Expr): Expr => (isWide(moments) ? lowBits(moments, moment) : moment)
export const isStep = (moments: Moments, moment: Expr, step: number): Expr =>
  fn('bitTest', testable(moments, moment), int(moments.guards.length + step - 1))
/** The same of a step whose number the engine computes. */
export const stepBit = (moments: Moments, moment: Expr, step: Expr): Expr =>
  fn('bitTest', testable(moments, moment), plus(step, int(moments.guards.length - 1)))
/** Whether it breaks the way to `step` from the one before. */
export const breaksWayTo = (moments: Moments, moment: Expr, step: number): Expr =>
  fn('bitTest', testable(moments, moment), int(exclusionPlace(moments, step)))
export const isGuarded = (moments: Moments, moment: Expr, guard: number): Expr => fn('bitTest', testable(moments, moment), int(guard))

/** Steps and exclusions, without time and guards. */
export function bitsOf(moments: Moments, moment: Expr): Expr {
  const low = lowBits(moments, moment)
  return moments.guards.length === 0 ? low : fn('bitShiftRight', low, int(moments.guards.length))
}

/** The moment with what it excludes forgotten. */
export function withoutExclusions(moments: Moments, moment: Expr): Expr {
  const places = numbersTo(moments.steps).slice(1)
  const mask = places.reduce((bits, step) => bits + 2n ** BigInt(exclusionPlace(moments, step)), 0n)
  return minus(moment, fn('bitAnd', moment, build.constant(mask)))
}

/** How many steps the moment is. */
export const stepsIn = (moments: Moments, moment: Expr): Expr =>
  fn('bitCount', fn('bitAnd', bitsOf(moments, moment), build.constant(2n ** BigInt(moments.steps) - 1n)))

/** May the moment fulfil the step? */
export function fulfils(moments: Moments, moment: Expr, step: number): Expr {
  const own = moments.guards.flatMap((guard, i) => (guard.step === step ? [fn('not', isGuarded(moments, moment, i))] : []))
  return both(isStep(moments, moment, step), ...own)
}

/** The moment with a guard set where the condition holds. */
export const guardedWhere = (moment: Expr, guard: number, condition: Expr): Expr => plus(moment, fn('multiply', condition, int(2 ** guard)))

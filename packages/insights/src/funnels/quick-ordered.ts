import { build, type syntax } from '@hedgerow/hogql'
import { hasMixedInstant, isManyfold, isWithin } from './entries.ts'
import {
  at,
  both,
  choose,
  differs,
  either,
  equals,
  firstOf,
  fn,
  int,
  int64,
  isSome,
  lambda,
  named,
  no,
  numbersTo,
  selectFrom,
  sumOf,
} from './expressions.ts'
import { bestOf, foldOf } from './fold-ordered.ts'
import type { Histories } from './histories.ts'
import { bitsOf, breaksWayTo, fulfils, isStep, type Moments, timeOf, withoutExclusions } from './moments.ts'
import type { FunnelQuestion } from './resolve.ts'

type Expr = syntax.Expr

/**
 * The walk of an ordered or strict funnel list by list instead of event by event, some ten to fifty times as fast as the fold.
 *
 * Of all chains that end at a step only the one that started last matters. So for each step there is a list beside the moments, `chain_n`: where the
 * moment extends a chain to the step, the start of that chain, else 0. The chain that a moment finds at a step is then the last one of that list
 * before the moment: starts never go back, so `arrayFill` carries it on, as `here_n`. The time of a step in the chain with a given start is that
 * of the first moment with that start.
 *
 * `isDistinct`: no event can be two steps. Otherwise actors with an instant at which an event that is several steps happened beside others are
 * folded: the order in which an instant's steps are tried matters there.
 */
export function quickOrdered(question: FunnelQuestion, histories: Histories, items: Expr[], isDistinct: boolean): syntax.Select {
  const has = new Set(features(question))
  const all = numbersTo(question.steps.length)
  const prepared = prepare(histories, items, has, isDistinct)
  const kept = [...items, named('seen'), ...(isDistinct ? [] : [named('is_mixed'), named('raw')])]
  const beside = has.has('strict') ? [named('mixed')] : []
  const chains = oneByOne(prepared, [...kept, ...beside], all, (step) =>
    layerOf(question, chainOf(question, histories.moments, step, has), step, has),
  )
  const found = foundOf(question, histories.moments, chains, kept, has)
  const walked = timesOf(question, histories.moments, found, kept, has)
  if (isDistinct) return selectFrom(walked, [...items, ...resultOf(question)], { where: isSome(named('start')) })
  return withFolded(question, histories, walked, items)
}

/**
 * A query around a query for each step, with the columns that the step adds.
 * why: the engine puts what a name stands for in the place of the name; within one query, where each step names the one before twice, that doubles
 * its work with every step.
 */
function oneByOne(query: syntax.Select, items: Expr[], steps: number[], layerOf: (step: number) => Layer): syntax.Select {
  let [around, kept] = [query, items]
  for (const step of steps) {
    const { columns, forNext } = layerOf(step)
    around = selectFrom(around, [...kept, ...columns, ...forNext])
    kept = [...kept, ...columns.map((column) => (column.kind === 'alias' ? named(column.name) : column))]
  }
  return around
}

/** What a step adds: columns that stay, and those that only the next step reads. */
interface Layer {
  columns: Expr[]
  forNext: Expr[]
}

type Feature = 'exclusions' | 'strict' | 'optional'

function features({ exclusions, order, steps }: FunnelQuestion): Feature[] {
  return [
    ...(exclusions.length > 0 ? (['exclusions'] as const) : []),
    ...(order === 'strict' ? (['strict'] as const) : []),
    ...(steps.some((step) => step.optional) ? (['optional'] as const) : []),
  ]
}

/** Optional steps beside exclusions, or in a strict funnel, are left to the fold. */
export function canBeQuick(question: FunnelQuestion): boolean {
  const has = features(question)
  return !has.includes('optional') || has.length === 1
}

const nonZero = lambda(['start'], isSome(named('start')))
const mapped = (params: string[], body: Expr, ...lists: Expr[]): Expr => fn('arrayMap', lambda(params, body), ...lists)
/** What stands beside the moment before. */
const before = (list: Expr): Expr => fn('arrayPushFront', fn('arrayPopBack', list), int64(0))
const moment = named('moment')
const chain = (step: number): Expr => named(`chain_${step}`)
/** Beside each moment the start of the chain at the step before it. */
const here = (step: number): Expr => named(`here_${step}`)

/**
 * The moments, with what ties need: of events of different kinds at one instant, exclusions do not count and none clears a strict chain.
 * `raw` are the moments as they were, for the fold.
 */
function prepare({ query, moments }: Histories, items: Expr[], has: Set<Feature>, isDistinct: boolean): syntax.Select {
  if (isDistinct && has.size === 0) return query
  const folds = build.alias('is_mixed', hasMixedInstant(moments, named('seen'), isManyfold(moments)))
  const short = has.has('strict') ? selectFrom(query, [...items, build.alias('seen', withoutIdleRuns(moments, named('seen')))]) : query
  if (has.size === 0 || has.has('optional')) return selectFrom(short, [...items, named('seen'), build.alias('raw', named('seen')), folds])
  const mixed = selectFrom(short, [
    ...items,
    build.alias('raw', named('seen')),
    folds,
    build.alias('mixed', mixedOf(moments, named('seen'))),
  ])
  const isOff = choose(named('mixed'), withoutExclusions(moments, moment), moment)
  const seen = has.has('exclusions') ? mapped(['moment', 'mixed'], isOff, named('raw'), named('mixed')) : named('raw')
  return selectFrom(mixed, [...items, named('is_mixed'), named('mixed'), named('raw'), build.alias('seen', seen)])
}

/** Of several events in a row that are no step, one clears as much as all. The first event stays: a list without any cannot be shifted by a place. */
function withoutIdleRuns(moments: Moments, seen: Expr): Expr {
  const isStart = equals(named('earlier'), int(0))
  const counts = either(isSome(bitsOf(moments, moment)), isSome(bitsOf(moments, named('earlier'))), isStart)
  return fn('arrayFilter', lambda(['moment', 'earlier'], counts), seen, before(seen))
}

/** Beside each moment whether events of other kinds happened at its instant. The moments of an instant are sorted by kind. */
function mixedOf(moments: Moments, seen: Expr): Expr {
  const kinds = mapped(['moment'], bitsOf(moments, moment), seen)
  const next = fn('arrayPushBack', fn('arrayPopFront', seen), int64(0))
  const isOther = differs(timeOf(moments, moment), timeOf(moments, named('other')))
  const starts = mapped(['moment', 'other'], isOther, seen, before(seen))
  const ends = mapped(['moment', 'other'], isOther, seen, next)
  const edge = lambda(['kind', 'edge'], named('edge'))
  const firsts = fn('arrayFill', edge, kinds, starts)
  const lasts = fn('arrayReverseFill', edge, kinds, ends)
  return mapped(['first', 'last'], differs(named('first'), named('last')), firsts, lasts)
}

/** `here_n` last of the columns: only what is more than plain looks back at it later. */
function layerOf({ steps }: FunnelQuestion, columns: Expr[], step: number, has: Set<Feature>): Layer {
  if (has.size > 0) return { columns, forNext: [] }
  return { columns: columns.slice(0, -1), forNext: step < steps.length ? columns.slice(-1) : [] }
}

/** Beside the moments, for what follows: the chains of all steps. */
const listsOf = (steps: number[], has: Set<Feature>): Expr[] =>
  steps.flatMap((step) => (has.size > 0 ? [chain(step), here(step)] : [chain(step)]))

/** The columns of a step: `chain_n`, `here_n` and, where an exclusion breaks the way to it, `broken_n` and whether it was `tried_n` all the same. */
function chainOf(question: FunnelQuestion, moments: Moments, step: number, has: Set<Feature>): Expr[] {
  const time = timeOf(moments, moment)
  const start = named('start')
  const carried = carriedOf(moments, step, has)
  const own = [build.alias(`here_${step}`, before(carried))]
  if (step === 1) {
    return [build.alias('chain_1', mapped(['moment'], choose(fulfils(moments, moment, 1), time, int64(0)), named('seen'))), ...own]
  }
  const extends_ = both(fulfils(moments, moment, step), isSome(start), isWithin(start, time, question.windowSeconds))
  const previous = previousOf(question, moments, step)
  const counted = isBroken(question, step)
  if (!counted)
    return [
      ...previous.columns,
      build.alias(`chain_${step}`, mapped(['moment', 'start'], choose(extends_, start, int64(0)), named('seen'), previous.start)),
      ...own,
    ]
  // How many exclusions there were: until now, and when the chain was set that is extended now. It is spoilt if there were more since.
  const broken = named(`broken_${step}`)
  const isSet = both(isSome(named('chain')), differs(named('chain'), start))
  const atSet = before(fn('arrayFill', lambda(['broken', 'chain', 'start'], isSet), broken, chain(step - 1), here(step - 1)))
  const isSound = equals(named('broken'), named('at_set'))
  return [
    build.alias(`broken_${step}`, fn('arrayCumSum', mapped(['moment'], fn('_toInt64', breaksWayTo(moments, moment, step)), named('seen')))),
    build.alias(`tried_${step}`, fn('arrayExists', lambda(['moment', 'start'], extends_), named('seen'), previous.start)),
    build.alias(
      `chain_${step}`,
      mapped(
        ['moment', 'start', 'broken', 'at_set'],
        choose(both(extends_, isSound), start, int64(0)),
        named('seen'),
        previous.start,
        broken,
        atSet,
      ),
    ),
    ...own,
  ]
}

const isBroken = ({ exclusions }: FunnelQuestion, step: number): boolean => exclusions.some(({ from, to }) => from < step && step <= to)

/** Beside each moment the start of the chain at the step after it. In a strict funnel a moment that is not the step clears it. */
function carriedOf(moments: Moments, step: number, has: Set<Feature>): Expr {
  if (!has.has('strict')) return fn('arrayFill', nonZero, chain(step))
  const clears = both(no(named('mixed')), no(isStep(moments, moment, step)))
  return fn(
    'arrayFill',
    lambda(['start', 'moment', 'mixed'], either(isSome(named('start')), clears)),
    chain(step),
    named('seen'),
    named('mixed'),
  )
}

/** The chain that a step extends: of the step before it or, past optional steps without an open one, of an earlier step. */
function previousOf({ steps, windowSeconds }: FunnelQuestion, moments: Moments, step: number): { columns: Expr[]; start: Expr } {
  if (!steps[step - 2]?.optional) return { columns: [], start: here(step - 1) }
  const own = named('own')
  const isOpen = both(isSome(own), isWithin(own, timeOf(moments, moment), windowSeconds))
  const earlier = steps[step - 3]?.optional ? named(`past_${step - 1}`) : here(step - 2)
  const past = mapped(['moment', 'own', 'earlier'], choose(isOpen, own, named('earlier')), named('seen'), here(step - 1), earlier)
  return { columns: [build.alias(`past_${step}`, past)], start: named(`past_${step}`) }
}

/** `depth`, the deepest step that was tried, and `start`, that of the chain which first reached it and was not excluded afterwards; 0 for none. */
function foundOf(question: FunnelQuestion, moments: Moments, chains: syntax.Select, items: Expr[], has: Set<Feature>): syntax.Select {
  const all = numbersTo(question.steps.length)
  const lists = listsOf(all, has)
  const firsts = all.flatMap((step) => {
    const last = lastingOf(question, moments, step)
    return [
      build.alias(`first_${step}`, fn('arrayFirst', nonZero, last)),
      ...(has.has('strict') ? [build.alias(`place_${step}`, fn('arrayFirstIndex', nonZero, last))] : []),
      ...(has.has('exclusions')
        ? [build.alias(`is_deep_${step}`, isBroken(question, step) ? named(`tried_${step}`) : fn('arrayExists', nonZero, chain(step)))]
        : []),
    ]
  })
  const measured = selectFrom(chains, [...items, ...lists, ...firsts])
  const first = (step: number): Expr => named(`first_${step}`)
  const isDeep = (step: number): Expr => (has.has('exclusions') ? named(`is_deep_${step}`) : isSome(first(step)))
  const places = has.has('strict') ? all.map((step) => named(`place_${step}`)) : []
  return selectFrom(measured, [
    ...items,
    ...lists,
    ...places,
    build.alias(
      'depth',
      firstOf(
        all.toReversed().map((step): [Expr, Expr] => [isDeep(step), int64(step)]),
        int64(0),
      ),
    ),
    build.alias(
      'start',
      firstOf(
        all.toReversed().map((step): [Expr, Expr] => [isDeep(step), first(step)]),
        int64(0),
      ),
    ),
  ])
}

/** The chains that end at the step for good: without those that an exclusion breaks on the way to the next step. */
function lastingOf(question: FunnelQuestion, moments: Moments, step: number): Expr {
  if (step === question.steps.length || !isBroken(question, step + 1)) return chain(step)
  const time = timeOf(moments, moment)
  const breaks = both(breaksWayTo(moments, moment, step + 1), isSome(named('start')))
  const broken = mapped(['moment', 'start'], choose(breaks, time, int64(0)), named('seen'), here(step))
  const next = fn('arrayPushBack', fn('arrayPopFront', fn('arrayReverseFill', nonZero, broken)), int64(0))
  const [own, start, end] = [named('own'), named('start'), named('next')]
  const lasts = both(isSome(own), differs(own, start), either(equals(end, int(0)), no(isWithin(own, end, question.windowSeconds))))
  return mapped(['own', 'start', 'next'], choose(lasts, own, int64(0)), chain(step), here(step), next)
}

/** The time of each step in the chain that was found; 0 for a step that is not in it. */
function timesOf(question: FunnelQuestion, moments: Moments, found: syntax.Select, items: Expr[], has: Set<Feature>): syntax.Select {
  const all = numbersTo(question.steps.length)
  const isStepwise = has.has('optional') || has.has('strict')
  const lists = listsOf(all, has)
  const places = has.has('strict') ? all.map((step) => named(`place_${step}`)) : []
  const known = [...items, named('depth'), named('start'), ...lists, ...places]
  const spotted = isStepwise
    ? oneByOne(found, known, all.toReversed(), (step) => ({
        columns: [build.alias(`spot_${step}`, spotOf(question, step, has))],
        forNext: [],
      }))
    : found
  const spot = (step: number): Expr => (isStepwise ? named(`spot_${step}`) : fn('indexOf', chain(step), named('start')))
  const times = all.map((step) =>
    build.alias(`time_${step}`, choose(beyond(step), int64(0), timeOf(moments, at(named('seen'), spot(step))))),
  )
  return selectFrom(spotted, [...items, named('start'), ...times])
}

const beyond = (step: number): Expr => fn('less', named('depth'), int(step))

/** Where in the list the chain that was found did the step, seen from its end: 0 for a step that is not in it. */
function spotOf({ steps }: FunnelQuestion, step: number, has: Set<Feature>): Expr {
  const later = numbersTo(steps.length).filter((each) => each > step)
  if (has.has('strict')) {
    if (later.length === 0) return choose(beyond(step), int(0), named(`place_${step}`))
    // A strict chain can be cleared and set again: the last time before the next step counts.
    const isSet = both(
      equals(named('chain'), named('start')),
      differs(named('here'), named('start')),
      fn('less', named('place'), named(`spot_${step + 1}`)),
    )
    const set = fn('arrayLastIndex', lambda(['chain', 'here', 'place'], isSet), chain(step), here(step), fn('arrayEnumerate', chain(step)))
    return choose(beyond(step), int(0), choose(equals(named('depth'), int(step)), named(`place_${step}`), set))
  }
  const set = fn('indexOf', chain(step), named('start'))
  if (!steps[step - 1]?.optional || later.length === 0) return choose(beyond(step), int(0), set)
  // It may have been done only after the next step.
  const isInTime = either(equals(named('depth'), int(step)), fn('less', set, next()))
  return choose(either(beyond(step), no(isInTime)), int(0), set)

  function next(): Expr {
    const last = later.at(-1) ?? step
    return firstOf(
      later.slice(0, -1).map((each): [Expr, Expr] => [isSome(named(`spot_${each}`)), named(`spot_${each}`)]),
      named(`spot_${last}`),
    )
  }
}

function resultOf({ steps }: FunnelQuestion): Expr[] {
  const times = numbersTo(steps.length).map((step) => named(`time_${step}`))
  const bits = times.map((time, i) => fn('bitShiftLeft', fn('_toInt64', isSome(time)), int(i)))
  const done = fn('arrayFilter', lambda(['time'], isSome(named('time'))), fn('array', ...times))
  return [build.alias('reached', sumOf(bits)), build.alias('times', done)]
}

/** Actors with a mixed instant by the fold, all others as they are. */
function withFolded(question: FunnelQuestion, histories: Histories, walked: syntax.Select, items: Expr[]): syntax.Select {
  const { moments } = histories
  const isMixed = named('is_mixed')
  const raw = choose(isMixed, named('raw'), fn('arraySlice', named('raw'), int(1), int(0)))
  const quick = resultOf(question).map((expr) => (expr.kind === 'alias' ? build.alias(`quick_${expr.name}`, expr.expr) : expr))
  const folded = selectFrom(walked, [
    ...items,
    isMixed,
    named('start'),
    ...quick,
    build.alias('state', foldOf(question, moments, raw, isMixed)),
  ])
  const best = bestOf(named('state'))
  return selectFrom(
    folded,
    [
      ...items,
      build.alias('reached', choose(isMixed, best.reached, named('quick_reached'))),
      build.alias('times', choose(isMixed, best.times, named('quick_times'))),
    ],
    { where: choose(isMixed, both(isSome(best.reached), no(best.isExcluded)), isSome(named('start'))) },
  )
}

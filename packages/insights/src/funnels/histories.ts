import { build, type syntax } from '@hedgerow/hogql'
import type { InsightContext } from '../context.ts'
import { bucketNumber } from '../dates/buckets.ts'
import { within } from '../dates/date-range.ts'
import { startOf } from '../dates/interval.ts'
import { differs, fn, int, item, lambda, named, selectFrom } from './expressions.ts'
import { guardedWhere, isStep, type Moments, marksOf, momentOf, momentsOf } from './moments.ts'
import type { FunnelQuestion } from './resolve.ts'

type Expr = syntax.Expr

/** What a walk goes through: a row of `actor_id`, `value` (of the breakdown), `period`, and `seen`, the sorted moments. */
export interface Histories {
  query: syntax.Select
  moments: Moments
  hasValue: boolean
  hasPeriod: boolean
}

/**
 * One row an actor; with a breakdown, one for each value that the actor is counted under; for rates over time, one for each
 * period in which the actor entered.
 */
export function historiesOf(question: FunnelQuestion, context: InsightContext): Histories {
  const { breakdown, order } = question
  const hasPeriod = question.view === 'trends'
  const attribution = breakdown?.attribution
  const guards = [
    ...(hasPeriod ? [{ step: 1 }] : []),
    ...(attribution?.type === 'step' ? [{ step: order === 'unordered' ? 1 : attribution.step }] : []),
  ]
  const moments = momentsOf(question, guards)
  const events = eventsOf(question, moments, context)
  const shape = { moments, hasValue: breakdown !== undefined, hasPeriod }
  return { ...shape, query: guards.length === 0 ? plainHistories(question, events) : guardedHistories(question, events, moments) }
}

/** The events of the steps, each with its moment. A strict funnel reads all events. */
function eventsOf(question: FunnelQuestion, moments: Moments, context: InsightContext): syntax.Select {
  const { steps, exclusions, order, breakdown, range, interval, conditions } = question
  const marks = build.alias('marks', marksOf(question, moments))
  const items = [build.alias('actor_id', question.actor.id), marks, build.alias('moment', momentOf(moments, named('marks')))]
  if (breakdown) items.push(build.alias('own_value', breakdown.value), named('timestamp'))
  if (question.view === 'trends') {
    const first = startOf(interval, range.from, context)
    items.push(build.alias('own_period', fn('_toInt64', bucketNumber(interval, first, named('timestamp'), context.timezone))))
  }
  const sought = [...steps, ...exclusions]
  const names = sought.map((each) => each.names)
  const byName = names.every((list) => list !== undefined)
    ? [build.compare('in', named('event'), build.tuple([...new Set(names.flatMap((list) => list ?? []))].map(build.constant)))]
    : []
  const isSought = order === 'strict' ? [] : [...byName, differs(named('marks'), int(0))]
  return build.select(items, {
    from: { table: build.table('events'), joins: [] },
    where: build.and([within(range), ...conditions, ...isSought]),
  })
}

const groupBy = (names: string[]): Pick<syntax.Select, 'groupBy'> => ({ groupBy: { mode: 'plain', exprs: names.map(named) } })
const sortedMoments = (list: Expr): Expr => build.alias('seen', fn('arraySort', list))

/** What the rows are grouped by and which value each gets, unless an actor has several of its own choosing. */
function grouping({ breakdown, order }: FunnelQuestion): { keys: string[]; value: Expr[] } {
  switch (breakdown?.attribution.type) {
    case 'first_touch':
    case 'last_touch':
      return {
        keys: ['actor_id'],
        value: [build.alias('value', touchedValue(breakdown.attribution.type, breakdown.size, order === 'strict'))],
      }
    case 'all_events':
      return { keys: ['actor_id', 'own_value'], value: [build.alias('value', named('own_value'))] }
    case 'step':
    case undefined:
      return { keys: ['actor_id'], value: [] }
  }
}

function plainHistories(question: FunnelQuestion, events: syntax.Select): syntax.Select {
  const { keys, value } = grouping(question)
  return selectFrom(events, [named('actor_id'), ...value, sortedMoments(fn('groupArray', named('moment')))], groupBy(keys))
}

/** Each actor once for each period that it entered in, and for each value of the step that the breakdown asks. */
function guardedHistories(question: FunnelQuestion, events: syntax.Select, moments: Moments): syntax.Select {
  const { keys, value } = grouping(question)
  const guarded = [
    ...(question.view === 'trends' ? [{ own: 'own_period', name: 'period' }] : []),
    ...(question.breakdown?.attribution.type === 'step' ? [{ own: 'own_value', name: 'value' }] : []),
  ]
  const begins = (guard: number): Expr =>
    question.order === 'unordered' ? differs(named('marks'), int(0)) : isStep(moments, named('marks'), moments.guards[guard]?.step ?? 1)
  const collected = selectFrom(
    events,
    [
      named('actor_id'),
      ...value,
      build.alias('all', fn('groupArray', build.tuple([named('moment'), ...guarded.map(({ own }) => named(own))]))),
      ...guarded.map(({ own, name }, guard) => build.alias(`each_${name}`, fn('groupUniqArrayIf', named(own), begins(guard)))),
    ],
    groupBy(keys),
  )
  const kept = [named('actor_id'), ...(value.length > 0 ? [named('value')] : [])]
  const spread = selectFrom(collected, [
    ...kept,
    named('all'),
    ...guarded.map(({ name }) => build.alias(name, fn('arrayJoin', named(`each_${name}`)))),
  ])
  const event = named('event')
  const moment = guarded.reduce(
    (of, { name }, guard) => guardedWhere(of, guard, differs(item(event, guard + 2), named(name))),
    item(event, 1),
  )
  return selectFrom(spread, [
    ...kept,
    ...guarded.map(({ name }) => named(name)),
    sortedMoments(fn('arrayMap', lambda(['event'], moment), named('all'))),
  ])
}

/** The value of the first or last event of the funnel that has one; empty texts where none has. */
function touchedValue(type: 'first_touch' | 'last_touch', size: number, readsAll: boolean): Expr {
  const isGiven = fn('arrayExists', lambda(['text'], fn('notEmpty', named('text'))), named('own_value'))
  const counts = readsAll ? fn('and', isGiven, differs(named('marks'), int(0))) : isGiven
  const by = fn('tuple', named('timestamp'), named('own_value'))
  const found = fn(type === 'first_touch' ? 'argMinIf' : 'argMaxIf', named('own_value'), by, counts)
  const none = build.array(Array.from({ length: size }, () => build.constant('')))
  return fn('if', fn('empty', found), none, found)
}

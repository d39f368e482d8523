import { build, type syntax } from '@hedgerow/hogql'
import type { InsightContext } from '../context.ts'
import { bucketSet } from '../dates/bucket-set.ts'
import { bucketNumber } from '../dates/buckets.ts'
import { instant } from '../dates/date-range.ts'
import { type LifecycleQuestion, type Status, statuses } from './resolve.ts'

const { alias, and, arithmetic, array, call, compare, constant, field, from, groupBy, lambda, select, table } = build

/** A status in a period as one number, so that lists of them stay small. */
export const stateOf = (period: number, status: Status): number => period * statuses.length + statuses.indexOf(status)

/** Rows `[state, actors]` for each state that somebody is in, periods 0 and one after the last included. */
export function compileLifecycle(question: LifecycleQuestion, context: InsightContext): syntax.Select {
  return select([field('state'), alias('actors', call('count'))], {
    from: from(actorStates(question, context), 'lifecycle'),
    arrayJoin: { left: false, items: [alias('state', field('states'))] },
    groupBy: groupBy(field('state')),
    limit: constant((question.periods.length + 2) * statuses.length),
  })
}

/** Each actor with its states, `actor_id` and `states`. */
function actorStates(question: LifecycleQuestion, context: InsightContext): syntax.Select {
  const created = call(
    'ifNull',
    bucketNumber(question.interval, question.before, field('actors', 'created_at'), context.timezone),
    constant(never),
  )
  const before = call('arrayPushFront', call('arrayPopBack', field('periods')), constant(never))
  const after = call('arrayPushBack', call('arrayPopFront', field('periods')), constant(never))
  const [period, other] = [field('period'), field('other')]
  const next = arithmetic('+', period, constant(1))
  const status = call(
    'multiIf',
    call('equals', period, field('created')),
    index('new'),
    call('equals', period, arithmetic('+', other, constant(1))),
    index('returning'),
    index('resurrecting'),
  )
  const active = call('arrayMap', lambda(['period', 'other'], encoded(period, status)), field('periods'), before)
  const paused = call('arrayFilter', lambda(['period', 'other'], call('notEquals', other, next)), field('periods'), after)
  const dormant = call('arrayMap', lambda(['period'], encoded(next, index('dormant'))), paused)
  return select(
    [alias('actor_id', field('activity', 'actor_id')), alias('created', created), alias('states', call('arrayConcat', active, dormant))],
    { from: { ...from(activity(question, context), 'activity'), joins: [createdAt(question)] } },
  )
}

/** Stands for no period; not negative, so that the engine can keep it among unsigned numbers. */
const never = 1_000_000_000
const index = (status: Status) => constant(statuses.indexOf(status))
const encoded = (period: syntax.Expr, status: syntax.Expr) => arithmetic('+', arithmetic('*', period, constant(statuses.length)), status)

/** Each actor with the periods in which it was active, in order. */
function activity({ interval, periods, before, end, actor, condition }: LifecycleQuestion, { timezone }: InsightContext): syntax.Select {
  const timestamp = field('timestamp')
  const period = bucketNumber(interval, before, timestamp, timezone)
  return select([alias('actor_id', actor.id), alias('periods', bucketSet(period, periods.length + 1))], {
    from: { table: table('events'), joins: [] },
    where: and([condition, compare('>=', timestamp, instant(before)), compare('<', timestamp, instant(end))]),
    groupBy: groupBy(field('actor_id')),
  })
}

/** When the actors came to be; joined to the actors, of whom there are fewer than events. */
function createdAt({ actor: { groupTypeIndex } }: LifecycleQuestion): syntax.Join {
  const isGroup = groupTypeIndex !== undefined
  const actors = select([alias('id', field(isGroup ? 'key' : 'id')), field('created_at')], {
    from: { table: table(isGroup ? 'groups' : 'persons'), joins: [] },
    ...(isGroup ? { where: compare('=', field('index'), constant(groupTypeIndex)) } : {}),
  })
  return {
    join: 'LEFT ANY JOIN',
    table: { kind: 'subquery', query: actors },
    alias: 'actors',
    on: compare('=', field('activity', 'actor_id'), field('actors', 'id')),
  }
}

/** The actors that are in any of the states. */
export function compileActors(question: LifecycleQuestion, states: number[], context: InsightContext): syntax.Select {
  return select([field('actor_id')], {
    from: from(actorStates(question, context), 'lifecycle'),
    where: call('hasAny', field('states'), array(states.map(constant))),
  })
}

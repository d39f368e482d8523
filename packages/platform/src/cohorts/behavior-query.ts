import {
  actionCondition,
  build,
  type FilterContext,
  HogqlError,
  propertyFilters,
  resolveDate,
  type syntax,
  toClickhouseInstant,
} from '@hedgerow/hogql'
import type { BehavioralCriterion, CohortInterval } from '@hedgerow/protocol'
import { lengthMs, recentWindowTooLong } from './check-criteria.ts'

export interface BehaviorContext {
  /** On `events`. */
  filters: FilterContext
  /** Steps of an action. @throws HogqlError where there is none. */
  action(id: number): unknown[]
}

const { and, alias, array, call, compare, constant, field, select } = build
const personId = field('person_id')
const timestamp = field('timestamp')
const units: Record<CohortInterval, string> = { minute: 'M', hour: 'h', day: 'd', week: 'w', month: 'm', year: 'y' }

/** Who did it: a query of one column, `person_id`. The negation of the criterion is left to the caller. */
export function behaviorQuery(criterion: BehavioralCriterion, context: BehaviorContext): syntax.Select {
  const window = windowOf(criterion, context)
  const did = eventCondition(criterion.key, criterion.event_type, criterion.event_filters, context)
  const inWindow = [atLeast(window.from), atMost(window.to)]
  switch (criterion.value) {
    case 'performed_event':
      return people([did, ...inWindow])
    case 'performed_event_multiple':
      return people([did, ...inWindow], counted(call('count'), criterion))
    case 'performed_event_first_time':
      return people([did, atMost(window.to)], compare('>=', call('min', timestamp), instant(window.from)))
    case 'performed_event_sequence':
      return sequence(criterion, context, did, window)
    case 'stopped_performing_event': {
      const recent = recentFrom(criterion, context, window)
      return people([did, ...inWindow], compare('<', call('max', timestamp), instant(recent)))
    }
    case 'restarted_performing_event': {
      const recent = recentFrom(criterion, context, window)
      const pause = and([atLeast(window.from), compare('<', timestamp, instant(recent))])
      return people(
        [did, atMost(window.to)],
        and([
          compare('>=', call('max', timestamp), instant(recent)),
          compare('<', call('min', timestamp), instant(window.from)),
          compare('=', call('countIf', pause), constant(0)),
        ]),
      )
    }
    case 'performed_event_regularly':
      return regularly(criterion, context, did)
  }
}

interface Window {
  from: Date
  to: Date
}

function windowOf(criterion: BehavioralCriterion, context: BehaviorContext): Window {
  const { now } = context.filters
  const to = criterion.explicit_datetime_to ? dateOf(criterion.explicit_datetime_to, context) : now
  if (criterion.explicit_datetime) return { from: dateOf(criterion.explicit_datetime, context), to }
  return { from: before(criterion.time_value, criterion.time_interval, context), to }
}

function dateOf(text: string, { filters: { now, timezone } }: BehaviorContext): Date {
  const resolved = resolveDate(text, { now, timezone, exact: true })
  if (!resolved) throw new HogqlError('invalid_value', `"${text}" is not a date; write it like 2024-01-31 or -30d`)
  return resolved.at
}

/** Calendar steps in the project's time zone, at this time of day. */
function before(count: number | null | undefined, interval: CohortInterval | null | undefined, context: BehaviorContext): Date {
  return dateOf(`-${count ?? 1}${units[interval ?? 'day']}`, context)
}

function recentFrom(criterion: BehavioralCriterion, context: BehaviorContext, window: Window): Date {
  const recent = before(criterion.seq_time_value, criterion.seq_time_interval, context)
  if (recent > window.from) return recent
  const length = `${criterion.seq_time_value} ${criterion.seq_time_interval}`
  throw recentWindowTooLong(length, `since ${window.from.toISOString()}`, 'seq_time_value')
}

/** An instant bound as one: whatever the project's time zone. */
const instant = (at: Date): syntax.Expr => call('toDateTime', constant(toClickhouseInstant(at)), constant('UTC'))
const atLeast = (at: Date): syntax.Expr => compare('>=', timestamp, instant(at))
const atMost = (at: Date): syntax.Expr => compare('<=', timestamp, instant(at))

function people(where: syntax.Expr[], having?: syntax.Expr): syntax.Select {
  return select([personId], {
    from: { table: build.table('events'), joins: [] },
    where: and(where),
    ...(having ? { groupBy: { mode: 'plain', exprs: [personId] }, having } : { distinct: true }),
  })
}

function eventCondition(
  key: string | number,
  type: 'events' | 'actions' | null | undefined,
  filters: unknown,
  { filters: context, action }: BehaviorContext,
): syntax.Expr {
  const event = type === 'actions' ? actionCondition(action(Number(key)), context) : compare('=', field('event'), constant(String(key)))
  return filters ? and([event, propertyFilters(filters, context)]) : event
}

const operators = { gte: '>=', lte: '<=', gt: '>', lt: '<', eq: '=', exact: '=' } as const

/** People of whom there is no event do not come here at all: nobody is counted for what they did not do. */
function counted(count: syntax.Expr, { operator, operator_value }: BehavioralCriterion): syntax.Expr {
  return compare(operators[operator ?? 'gte'], count, constant(operator_value ?? 1))
}

/** For each later event, the last earlier one before it: if any is near enough, that one is. */
function sequence(criterion: BehavioralCriterion, context: BehaviorContext, first: syntax.Expr, window: Window): syntax.Select {
  const then = eventCondition(criterion.seq_event ?? '', criterion.seq_event_type, undefined, context)
  const withinMs = lengthMs(criterion.seq_time_value ?? 1, criterion.seq_time_interval ?? 'day')
  const moments = (name: string, where: syntax.Expr[]): syntax.TableExpr => ({
    kind: 'subquery',
    query: select([alias('person_id', personId), alias(name, timestamp)], {
      from: { table: build.table('events'), joins: [] },
      where: and(where),
    }),
  })
  const latest = moments('first_at', [first, atLeast(window.from), atMost(window.to)])
  const later = moments('then_at', [then, atLeast(window.from), atMost(context.filters.now)])
  return select([alias('person_id', field('later', 'person_id'))], {
    distinct: true,
    from: {
      table: later,
      alias: 'later',
      joins: [
        {
          join: 'INNER ASOF JOIN',
          table: latest,
          alias: 'earlier',
          on: and([
            compare('=', field('later', 'person_id'), field('earlier', 'person_id')),
            compare('>', field('later', 'then_at'), field('earlier', 'first_at')),
          ]),
        },
      ],
    },
    where: compare(
      '<=',
      call('dateDiff', constant('microsecond'), field('earlier', 'first_at'), field('later', 'then_at')),
      constant(withinMs * 1000),
    ),
  })
}

/** Windows one behind the other, the last of them ending now; those in which the count is right are counted. */
function regularly(criterion: BehavioralCriterion, context: BehaviorContext, did: syntax.Expr): syntax.Select {
  const total = criterion.total_periods ?? 1
  const edges = Array.from({ length: total + 1 }, (_, i) =>
    i === 0 ? context.filters.now : before(i * (criterion.time_value ?? 1), criterion.time_interval, context),
  )
  const [now = context.filters.now] = edges
  const oldest = edges.at(-1) ?? now
  // The number of edges that the event lies at or after, counted from now: the window that it is in.
  const window = call(
    'arrayCount',
    { kind: 'lambda', params: ['edge'], body: compare('<', timestamp, field('edge')) },
    array(edges.slice(1).map(instant)),
  )
  const windows = select([alias('person_id', personId), alias('period', window)], {
    from: { table: build.table('events'), joins: [] },
    where: and([did, atLeast(oldest), atMost(now)]),
    groupBy: { mode: 'plain', exprs: [field('person_id'), field('period')] },
    having: counted(call('count'), criterion),
  })
  return select([alias('person_id', field('windows', 'person_id'))], {
    from: { table: { kind: 'subquery', query: windows }, alias: 'windows', joins: [] },
    groupBy: { mode: 'plain', exprs: [field('windows', 'person_id')] },
    having: compare('>=', call('count'), constant(criterion.min_periods ?? 1)),
  })
}

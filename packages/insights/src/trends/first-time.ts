import { build, type syntax } from '@hedgerow/hogql'
import type { InsightContext } from '../context.ts'
import { instant } from '../dates/date-range.ts'
import { breakdownValues, type Line } from './lines.ts'
import type { SeriesMath } from './math.ts'
import { isTrue, type TrendsQuestion } from './resolve.ts'

const { alias, and, call, compare, field } = build

/**
 * Actors whose first event lies in the line's range: `actor`, `first_at`, and the breakdown's values on that event. All events up to the range's
 * end are read, since the first one may lie before it.
 */
export function firstEvents(
  question: TrendsQuestion,
  line: Line,
  math: Extract<SeriesMath, { kind: 'first' }>,
  context: InsightContext,
): syntax.Select {
  const { series, period } = line
  const { until, lower } = period.range
  const filters = and([series.properties, ...question.filters].filter((expr) => !isTrue(expr)))
  // Filters say which first events count, not which event is the first; unless they shall.
  const must = math.ever && !isTrue(filters) ? filters : undefined
  const { values, events } = breakdownValues(question.breakdown, line, context)
  const byPerson = question.breakdown?.cohorts !== undefined
  const order = build.tuple([field('timestamp'), field('uuid')])
  const ofFirst = (value: syntax.Expr) => (must ? call('argMinIf', value, order, must) : call('argMin', value, order))
  const shown = values.map((value, i) => alias(`breakdown_${i}`, byPerson ? value : ofFirst(value)))
  const firstAt = field('first_at')
  return build.select(
    [
      ...shown,
      alias('actor', math.actor.id),
      alias('first_at', call('min', field('timestamp'))),
      ...(must ? [alias('matching_at', call('minIf', field('timestamp'), must))] : []),
    ],
    {
      from: { table: build.table('events'), joins: [] },
      where: and([
        compare(until.inclusive ? '<=' : '<', field('timestamp'), instant(until.at)),
        ...[series.event, ...(math.ever ? [] : [filters])].filter((expr) => !isTrue(expr)),
        ...(math.actor.condition ? [math.actor.condition] : []),
        ...events,
      ]),
      groupBy: { mode: 'plain', exprs: [...(byPerson ? shown.map((_, i) => field(`breakdown_${i}`)) : []), field('actor')] },
      having: and([compare('>=', firstAt, instant(lower)), ...(must ? [compare('=', firstAt, field('matching_at'))] : [])]),
    },
  )
}

import { build, type syntax } from '@hedgerow/hogql'
import type { InsightContext } from '../context.ts'
import { bucketCount } from '../dates/bucket-set.ts'
import { bucketNumber } from '../dates/buckets.ts'
import { within } from '../dates/date-range.ts'
import type { StickinessLine, StickinessQuestion } from './resolve.ts'

const { alias, and, call, compare, constant, field, from, groupBy, lambda, select, table } = build

/** Rows `[line, intervals, actors]`: how many actors of the line were active in exactly so many intervals. Undefined without lines. */
export function compileStickiness(question: StickinessQuestion, context: InsightContext): syntax.Query | undefined {
  const [first, ...rest] = question.lines.map((line, index) =>
    select([alias('line', constant(index)), field('intervals'), alias('actors', call('count'))], {
      from: from(actorIntervals(line, question, context), 'actors'),
      groupBy: groupBy(field('intervals')),
    }),
  )
  if (!first || rest.length === 0) return first
  return { kind: 'set', first, rest: rest.map((query) => ({ operator: 'UNION ALL', query })), orderBy: [] }
}

/** Each actor of a line with the number of intervals in which it was active, `actor_id` and `intervals`; none is active in no interval. */
export function actorIntervals(line: StickinessLine, question: StickinessQuestion, context: InsightContext): syntax.Select {
  const { actor, condition, period } = line
  const inner = select([alias('actor_id', actor.id), alias('intervals', activeIntervals(line, question, context))], {
    from: { table: table('events'), joins: [] },
    where: and([condition, within(period.range)]),
    groupBy: groupBy(field('actor_id')),
  })
  if (!question.criteria) return inner
  return select([field('actor_id'), field('intervals')], {
    from: from(inner, 'all_actors'),
    where: compare('>', field('intervals'), constant(0)),
  })
}

function activeIntervals({ period }: StickinessLine, { interval, intervalCount, criteria }: StickinessQuestion, context: InsightContext) {
  const bucket = bucketNumber(interval, period.first, field('timestamp'), context.timezone)
  const number = intervalCount === 1 ? bucket : call('intDiv', bucket, constant(intervalCount))
  if (!criteria) return bucketCount(number, period.intervals)
  const events = call('mapValues', call('sumMap', call('map', call('_toUInt16', number), constant(1))))
  return call('arrayCount', lambda(['events'], call(comparisons[criteria.operator], field('events'), constant(criteria.value))), events)
}

const comparisons = { '>=': 'greaterOrEquals', '<=': 'lessOrEquals', '=': 'equals' } as const

import { build, type syntax } from '@hedgerow/hogql'
import { type InsightContext, invalidQuestion, type QueryNode } from '../context.ts'
import { type DateRange, resolveDateRange } from '../dates/date-range.ts'
import { bucketStarts, type Interval, readInterval, startOf, step } from '../dates/interval.ts'
import { type Actor, questionFilters, readActor } from '../question/conditions.ts'
import { sampledPersons, scaleOfSample } from '../question/sampling.ts'
import { readSeries, type Series } from '../question/series.ts'

/** In the order of the results; dormant ones are counted negative. */
export const statuses = ['new', 'returning', 'resurrecting', 'dormant'] as const
export type Status = (typeof statuses)[number]

export interface LifecycleQuestion {
  interval: Interval
  /** As the query gave it. */
  range: DateRange
  /** Starts of the periods that are shown. They are numbered from 1; 0 is the one before, whose activity decides about the first. */
  periods: Date[]
  /** Start of period 0. */
  before: Date
  /** End of the last period, which is counted whole. */
  end: Date
  series: Series
  actor: Actor
  /** All that an event has to meet but its time. */
  condition: syntax.Expr
  /** A count of actors, made up for sampling. */
  scale(count: number): number
}

const intervals: Interval[] = ['hour', 'day', 'week', 'month']

/** @throws HogqlError */
export function resolveLifecycle(node: QueryNode, context: InsightContext): LifecycleQuestion {
  const interval = readInterval(node.interval, intervals)
  const range = resolveDateRange(node.dateRange, interval, context)
  const periods = bucketStarts(interval, range.from, range.to, context)
  const first = periods[0] ?? startOf(interval, range.from, context)
  const actor = readActor(node)
  const series = onlySeries(node, context)
  const isFull = build.compare('=', build.field('person_mode'), build.constant('full'))
  return {
    interval,
    range,
    periods,
    before: step(interval, first, -1, context),
    end: step(interval, first, Math.max(1, periods.length), context),
    series,
    actor,
    condition: build.and(
      [series.condition, isFull, actor.condition, ...questionFilters(node, context), sampledPersons(node)].filter(
        (part) => part !== undefined,
      ),
    ),
    scale: scaleOfSample(node),
  }
}

function onlySeries({ series: given }: QueryNode, context: InsightContext): Series {
  if (!Array.isArray(given) || given.length !== 1)
    throw invalidQuestion(`A LifecycleQuery has exactly one series, an EventsNode or ActionsNode; this one has ${countOf(given)}`)
  const series = readSeries(given[0], 0, context)
  if (!series) throw invalidQuestion(`The action ${JSON.stringify((given[0] as QueryNode).id)} of series[0] does not exist`)
  return series
}

const countOf = (given: unknown): string => (Array.isArray(given) ? String(given.length) : 'none')

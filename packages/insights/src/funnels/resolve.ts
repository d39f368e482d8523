import { build, type syntax } from '@hedgerow/hogql'
import { type InsightContext, invalidQuestion, type QueryNode } from '../context.ts'
import { type DateRange, resolveDateRange } from '../dates/date-range.ts'
import { type Interval, readInterval } from '../dates/interval.ts'
import { type Actor, questionFilters, readActor, samplingFactor } from '../question/conditions.ts'
import { readChoice, readFlag, readObject, readText, readWhole } from '../question/fields.ts'
import { sampledPersons } from '../question/sampling.ts'
import { type Breakdown, readBreakdown } from './breakdown.ts'
import { type Exclusion, type FunnelStep, readExclusions, readSteps } from './steps.ts'
import { checkCombination } from './validate.ts'

export type FunnelOrder = 'ordered' | 'strict' | 'unordered'
export type FunnelView = 'steps' | 'time_to_convert' | 'trends'

/** A FunnelsQuery, checked, and its events as conditions. Steps are numbered from 1 here. */
export interface FunnelQuestion {
  steps: FunnelStep[]
  exclusions: Exclusion[]
  order: FunnelOrder
  view: FunnelView
  windowSeconds: number
  /** Steps between which time and rates are measured. */
  fromStep: number
  toStep: number
  actor: Actor
  breakdown?: Breakdown
  range: DateRange
  interval: Interval
  /** Filters that every event has to pass. */
  conditions: syntax.Expr[]
  /** The share of persons that is counted. */
  sampledShare: number
  binCount?: number
  /** Rates over time: without the periods whose last entrants may still convert. */
  hidesOpenPeriods: boolean
}

export const funnelLimits = { steps: 30, windowSeconds: 10 * 366 * 86_400, bins: 90 }

/** @throws HogqlError that names what is wrong */
export function resolveFunnel(node: QueryNode, context: InsightContext): FunnelQuestion {
  const filter = readObject(node.funnelsFilter, 'funnelsFilter')
  const steps = readSteps(node.series, funnelLimits.steps, context)
  const last = steps.length - 1
  const order = readChoice<FunnelOrder>(filter.funnelOrderType, ['ordered', 'strict', 'unordered'], 'funnelsFilter.funnelOrderType')
  const interval = readInterval(node.interval)
  const sampled = sampledPersons(node)
  const actor = readFunnelActor(node, filter, context)
  const breakdown = readBreakdown(node, filter, steps.length, context)
  const binCount = readWhole(filter.binCount, [1, funnelLimits.bins], 'funnelsFilter.binCount')
  const question: FunnelQuestion = {
    steps,
    exclusions: readExclusions(filter.exclusions, steps, context),
    order,
    view: readView(filter.funnelVizType),
    windowSeconds: readWindow(filter),
    fromStep: 1 + (readWhole(filter.funnelFromStep, [0, Math.max(0, last - 1)], 'funnelsFilter.funnelFromStep') ?? 0),
    toStep: 1 + (readWhole(filter.funnelToStep, [Math.min(1, last), last], 'funnelsFilter.funnelToStep') ?? last),
    actor,
    range: resolveDateRange(node.dateRange, interval, context),
    interval,
    conditions: [...questionFilters(node, context), ...(actor.condition ? [actor.condition] : []), ...(sampled ? [sampled] : [])],
    sampledShare: samplingFactor(node),
    hidesOpenPeriods: readFlag(filter.hideIncompleteConversionWindowPeriods, 'funnelsFilter.hideIncompleteConversionWindowPeriods'),
    ...(breakdown ? { breakdown } : {}),
    ...(binCount === undefined ? {} : { binCount }),
  }
  checkCombination(question)
  return question
}

/** `flow` is drawn from the same numbers as steps. */
const readView = (given: unknown): FunnelView =>
  given === 'flow' ? 'steps' : readChoice<FunnelView>(given, ['steps', 'time_to_convert', 'trends'], 'funnelsFilter.funnelVizType')

/** compat: a month is 31 days. */
const unitSeconds: Record<string, number> = { second: 1, minute: 60, hour: 3600, day: 86_400, week: 7 * 86_400, month: 31 * 86_400 }

function readWindow(filter: QueryNode): number {
  const unit = readChoice(
    filter.funnelWindowIntervalUnit,
    ['day', 'second', 'minute', 'hour', 'week', 'month'],
    'funnelsFilter.funnelWindowIntervalUnit',
  )
  const length = unitSeconds[unit] ?? 1
  const most = Math.floor(funnelLimits.windowSeconds / length)
  return length * (readWhole(filter.funnelWindowInterval, [1, most], 'funnelsFilter.funnelWindowInterval') ?? 14)
}

/** Persons, groups, or whatever `funnelAggregateByHogQL` makes of an event; events of which it makes nothing are left out. */
function readFunnelActor(node: QueryNode, filter: QueryNode, context: InsightContext): Actor {
  const text = readText(filter.funnelAggregateByHogQL, 'funnelsFilter.funnelAggregateByHogQL')
  if (text === undefined || text.trim() === 'person_id') return readActor(node)
  if (node.aggregation_group_type_index !== undefined && node.aggregation_group_type_index !== null)
    throw invalidQuestion('funnelsFilter.funnelAggregateByHogQL and aggregation_group_type_index cannot be used together')
  const id = build.call('ifNull', build.call('toString', context.parseExpr(text)), build.constant(''))
  return { id, condition: build.compare('!=', id, build.constant('')) }
}

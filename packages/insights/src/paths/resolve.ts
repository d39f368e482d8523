import { build, type syntax } from '@hedgerow/hogql'
import { type InsightContext, invalidQuestion, type QueryNode } from '../context.ts'
import { type DateRange, resolveDateRange } from '../dates/date-range.ts'
import { type Actor, questionFilters, readActor } from '../question/conditions.ts'
import { readObject, readText, readWhole } from '../question/fields.ts'
import { sampledPersons, scaleOfSample } from '../question/sampling.ts'
import { type FunnelBounds, readFunnelBounds } from './funnel-bounds.ts'
import { pathItem, readItems } from './items.ts'

export interface PathsQuestion {
  range: DateRange
  actor: Actor
  /** What an event is called on a path; a text on `events`, never null. */
  item: syntax.Expr
  /** What an event has to meet. */
  condition: syntax.Expr
  start?: string
  end?: string
  /** Items of a path. */
  stepLimit: number
  /** Edges of the answer. */
  edgeLimit: number
  minEdgeWeight?: number
  maxEdgeWeight?: number
  /** A pause of so long begins a new path. */
  pauseMs: number
  /** Only these actors, and of their events those around a step of a funnel. */
  funnel?: FunnelBounds
  /** A count, made up for sampling. */
  scale(count: number): number
}

/** limit: beyond these a question is refused. */
const limits = { steps: 100, edges: 10_000, weight: 1_000_000_000 }
const defaults = { steps: 5, edges: 50, pauseMs: 30 * 60_000 }

/** @throws HogqlError */
export function resolvePaths(node: QueryNode, context: InsightContext): PathsQuestion {
  const filter = readObject(node.pathsFilter, 'pathsFilter')
  const range = resolveDateRange(node.dateRange, 'day', context)
  const actor = readActor(node)
  const items = readItems(filter, context)
  const item = pathItem(items)
  const weight = (name: 'minEdgeWeight' | 'maxEdgeWeight') => readWhole(filter[name], [0, limits.weight], `pathsFilter.${name}`)
  const [least, most] = [weight('minEdgeWeight'), weight('maxEdgeWeight')]
  if (least !== undefined && most !== undefined && least > most)
    throw invalidQuestion(`pathsFilter.minEdgeWeight (${least}) must not be more than maxEdgeWeight (${most})`)
  const points = readPoints(filter)
  const funnel = readFunnelBounds(node.funnelPathsFilter, context)
  if (funnel && actor.groupTypeIndex !== funnel.groupTypeIndex)
    throw invalidQuestion('funnelPathsFilter.funnelSource and the paths must have the same aggregation_group_type_index')
  const conditions = [items.condition, actor.condition, ...questionFilters(node, context), sampledPersons(node)]
  return {
    range,
    actor,
    item,
    condition: build.and(conditions.filter((part) => part !== undefined)),
    ...points,
    stepLimit: readWhole(filter.stepLimit, [1, limits.steps], 'pathsFilter.stepLimit') ?? defaults.steps,
    edgeLimit: readWhole(filter.edgeLimit, [1, limits.edges], 'pathsFilter.edgeLimit') ?? defaults.edges,
    // compat: a weight of 0 is none.
    ...(least ? { minEdgeWeight: least } : {}),
    ...(most ? { maxEdgeWeight: most } : {}),
    pauseMs: funnel?.windowMs ?? defaults.pauseMs,
    ...(funnel ? { funnel } : {}),
    scale: scaleOfSample(node),
  }
}

/** compat: a slash at the end counts only where both points are given. */
function readPoints(filter: QueryNode): Pick<PathsQuestion, 'start' | 'end'> {
  const start = readText(filter.startPoint, 'pathsFilter.startPoint')
  const end = readText(filter.endPoint, 'pathsFilter.endPoint')
  if (start !== undefined && end !== undefined) return { start, end }
  const trimmed = (point: string) => (point.length > 1 && point.endsWith('/') ? point.slice(0, -1) : point)
  if (start !== undefined) return { start: trimmed(start) }
  return end === undefined ? {} : { end: trimmed(end) }
}

import { build, type syntax } from '@hedgerow/hogql'
import { type InsightContext, invalidQuestion, type QueryNode } from '../context.ts'
import { ofStep, stepBefore } from '../funnels/actors.ts'
import { timeOfStep } from '../funnels/compile.ts'
import { type FunnelQuestion, resolveFunnel } from '../funnels/resolve.ts'
import { walkOf } from '../funnels/walk.ts'
import type { Actor } from '../question/conditions.ts'
import { readChoice, readObject } from '../question/fields.ts'

const { alias, and, arithmetic, call, compare, constant, field, from, select } = build

/** The actors of a step of a funnel, and which of their events are on a path. */
export interface FunnelBounds {
  /** `actor_id`, and in microseconds `funnel_from` and `funnel_until`, as far as there are such bounds. */
  query: syntax.Select
  /** On `events` with the query joined. */
  condition: syntax.Expr
  /** The funnel's conversion window: so long a pause begins a new path. */
  windowMs: number
  groupTypeIndex: number | undefined
}

const kinds = ['funnel_path_after_step', 'funnel_path_before_step', 'funnel_path_between_steps'] as const

/** `funnelPathsFilter`. @throws HogqlError */
export function readFunnelBounds(given: unknown, context: InsightContext): FunnelBounds | undefined {
  if (given === undefined || given === null) return undefined
  const { funnelPathType, funnelSource, funnelStep } = readObject(given, 'funnelPathsFilter')
  const source = readObject(funnelSource, 'funnelPathsFilter.funnelSource')
  if (source.kind !== 'FunnelsQuery')
    throw invalidQuestion(`funnelPathsFilter.funnelSource must be a FunnelsQuery, not ${JSON.stringify(source.kind)}`)
  const question = resolveFunnel(stepsOnly(source), context)
  const kind = readChoice(funnelPathType, kinds, 'funnelPathsFilter.funnelPathType')
  const isActor = ofStep(question, { funnelStep })
  const walk = walkOf(question, context)
  const time = (step: number) => arithmetic('+', timeOfStep(question, step), constant(walk.originMicros))
  const bounds = boundsOf(kind, Number(funnelStep), question, time)
  const names = Object.keys(bounds) as (keyof Bounds)[]
  const micros = call('toUnixTimestamp64Micro', field('timestamp'))
  return {
    query: select([field('actor_id'), ...names.map((name) => alias(`funnel_${name}`, bounds[name] as syntax.Expr))], {
      from: from(walk.query, 'walk'),
      where: isActor,
    }),
    condition: and(names.map((name) => compare(name === 'from' ? '>=' : '<=', micros, field('funnel', `funnel_${name}`)))),
    windowMs: question.windowSeconds * 1000,
    groupTypeIndex: question.actor.groupTypeIndex,
  }
}

/** One row an actor: steps, whatever the funnel is shown as. */
const stepsOnly = ({ breakdownFilter: _, ...source }: QueryNode): QueryNode => ({
  ...source,
  funnelsFilter: { ...readObject(source.funnelsFilter, 'funnelPathsFilter.funnelSource.funnelsFilter'), funnelVizType: 'steps' },
})

interface Bounds {
  from?: syntax.Expr
  until?: syntax.Expr
}

/** Of those that dropped off before a step, the step that they did last counts. */
function boundsOf(kind: (typeof kinds)[number], step: number, question: FunnelQuestion, time: (step: number) => syntax.Expr): Bounds {
  const hasDroppedOff = step < 0
  const done = time(hasDroppedOff ? stepBefore(question, -step) : step)
  switch (kind) {
    case 'funnel_path_after_step':
      return { from: done }
    case 'funnel_path_before_step':
      // compat: those that dropped off had the whole conversion window left.
      return { until: hasDroppedOff ? arithmetic('+', done, constant(question.windowSeconds * 1_000_000)) : done }
    case 'funnel_path_between_steps':
      if (step < 2) throw invalidQuestion(`funnelPathsFilter.funnelStep must be 2 or more for the way between two steps, not ${step}`)
      return { from: time(stepBefore(question, step)), until: done }
  }
}

/** Joins the bounds to the events of the funnel's actors. */
export const actorBounds = ({ query }: FunnelBounds, actor: Actor): syntax.Join => ({
  join: 'INNER JOIN',
  table: { kind: 'subquery', query },
  alias: 'funnel',
  on: compare('=', actor.id, field('funnel', 'actor_id')),
})

import { build, type syntax } from '@hedgerow/hogql'
import { type InsightContext, invalidQuestion } from '../context.ts'
import type { Actor } from '../question/conditions.ts'

/** The actors of a step of a funnel, and which of their events count. */
export interface FunnelBounds {
  /** `actor_id`, `funnel_from`, `funnel_until`. */
  query: syntax.Select
  /** On `events` with the query joined. */
  condition: syntax.Expr
  /** The funnel's conversion window. */
  windowMs: number
  groupTypeIndex: number | undefined
}

export function readFunnelBounds(given: unknown, _context: InsightContext): FunnelBounds | undefined {
  if (given === undefined || given === null) return undefined
  throw invalidQuestion('funnelPathsFilter is not supported yet')
}

export function actorBounds({ query }: FunnelBounds, actor: Actor): syntax.Join {
  return {
    join: 'INNER JOIN',
    table: { kind: 'subquery', query },
    alias: 'funnel',
    on: build.compare('=', actor.id, build.field('funnel', 'actor_id')),
  }
}

import { build, type syntax } from '@hedgerow/hogql'
import type { QueryNode } from '../context.ts'
import { type Actor, samplingFactor } from './conditions.ts'

const million = 1_000_000

/** A share of the actors, each with all of its events: the same ones in every question. */
export interface Sampling {
  conditions: syntax.Expr[]
  /** A count among the sample → the count that it stands for. */
  scale(count: number): number
}

/** The query's `samplingFactor`. @throws HogqlError */
export function readSampling(node: QueryNode, actor: Actor): Sampling {
  const share = samplingFactor(node)
  if (share === 1) return { conditions: [], scale: (count) => count }
  const draw = build.call('modulo', build.call('cityHash64', actor.id), build.constant(million))
  return {
    conditions: [build.compare('<', draw, build.constant(Math.round(share * million)))],
    scale: (count) => Math.round(count / share),
  }
}

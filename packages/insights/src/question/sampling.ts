import { build, type syntax } from '@hedgerow/hogql'
import type { QueryNode } from '../context.ts'
import { samplingFactor } from './conditions.ts'

const parts = 1_000_000

/** What leaves `samplingFactor` of the persons, the same ones in every question; undefined where all count. @throws HogqlError */
export function sampledPersons(node: QueryNode): syntax.Expr | undefined {
  const share = samplingFactor(node)
  if (share === 1) return undefined
  const place = build.call('modulo', build.call('cityHash64', build.field('person_id')), build.constant(parts))
  return build.compare('<', place, build.constant(Math.max(1, Math.round(share * parts))))
}

/** A count among the sampled persons → the count that it stands for. @throws HogqlError */
export function scaleOfSample(node: QueryNode): (count: number) => number {
  const share = samplingFactor(node)
  return share === 1 ? (count) => count : (count) => Math.round(count / share)
}

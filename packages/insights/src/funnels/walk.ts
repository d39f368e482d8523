import type { syntax } from '@hedgerow/hogql'
import { build } from '@hedgerow/hogql'
import type { InsightContext } from '../context.ts'
import { foldOrdered } from './fold-ordered.ts'
import { foldUnordered } from './fold-unordered.ts'
import { historiesOf } from './histories.ts'
import { areDistinct } from './moments.ts'
import { canBeQuick, quickOrdered } from './quick-ordered.ts'
import { quickUnordered } from './quick-unordered.ts'
import type { FunnelQuestion } from './resolve.ts'

/**
 * How far each actor came: a query of `actor_id`, `value` (with a breakdown), `period` (for rates over time), `reached`, a bit for each
 * step that was done, lowest first, and `times`, when each of those was done, in microseconds after `originMicros`.
 * One row an actor, value and period; actors that did no step, or that an exclusion removes, have none.
 */
export interface Walk {
  query: syntax.Select
  originMicros: number
}

/**
 * Chooses among formulations that give the same answer; why there are several, and what each costs, is in
 * docs/decisions/0004-funnels.md.
 */
export function walkOf(question: FunnelQuestion, context: InsightContext): Walk {
  const histories = historiesOf(question, context)
  const kept = [...(histories.hasValue ? ['value'] : []), ...(histories.hasPeriod ? ['period'] : [])]
  const items = [build.field('actor_id'), ...kept.map((name) => build.field(name))]
  const { originMicros } = histories.moments
  return { query: formulation()(question, histories, items), originMicros }

  function formulation(): Formulation {
    const isDistinct = areDistinct(question)
    if (question.order !== 'unordered') return canBeQuick(question) ? (...walk) => quickOrdered(...walk, isDistinct) : foldOrdered
    const isQuick = isDistinct && question.exclusions.length === 0 && histories.moments.guards.length === 0
    return isQuick ? quickUnordered : foldUnordered
  }
}

type Formulation = (question: FunnelQuestion, histories: ReturnType<typeof historiesOf>, items: syntax.Expr[]) => syntax.Select

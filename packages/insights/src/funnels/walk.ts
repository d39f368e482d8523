import type { syntax } from '@hedgerow/hogql'
import { build } from '@hedgerow/hogql'
import type { InsightContext } from '../context.ts'
import { foldOrdered } from './fold-ordered.ts'
import { foldUnordered } from './fold-unordered.ts'
import { type Histories, historiesOf } from './histories.ts'
import { areDistinct } from './moments.ts'
import { canBeQuick, quickOrdered } from './quick-ordered.ts'
import { quickRates } from './quick-rates.ts'
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
  const isDistinct = areDistinct(question)
  const isPlain = isDistinct && question.exclusions.length === 0 && question.steps.every((step) => !step.optional)
  if (question.view === 'trends' && question.order === 'ordered' && isPlain && question.breakdown?.attribution.type !== 'step') {
    const histories = historiesOf({ ...question, view: 'steps' }, context)
    return walked(histories, (items) => quickRates(question, histories, items, context))
  }
  const histories = historiesOf(question, context)
  return walked(histories, (items) => {
    if (question.order !== 'unordered')
      return canBeQuick(question) ? quickOrdered(question, histories, items, isDistinct) : foldOrdered(question, histories, items)
    const isQuick = isPlain && histories.moments.guards.length === 0
    return isQuick ? quickUnordered(question, histories, items) : foldUnordered(question, histories, items)
  })
}

/** `items` are what of a history every row of the walk keeps. */
function walked({ moments, hasValue, hasPeriod }: Histories, query: (items: syntax.Expr[]) => syntax.Select): Walk {
  const kept = ['actor_id', ...(hasValue ? ['value'] : []), ...(hasPeriod ? ['period'] : [])]
  return { query: query(kept.map((name) => build.field(name))), originMicros: moments.originMicros }
}

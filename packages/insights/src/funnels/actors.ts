import { build, parseInstant, type syntax } from '@hedgerow/hogql'
import { type ActorsSelection, type InsightActors, type InsightContext, invalidQuestion, type QueryNode } from '../context.ts'
import { bucketStarts, startOf } from '../dates/interval.ts'
import { readWhole } from '../question/fields.ts'
import { did, otherValue, rankedValues } from './compile.ts'
import { both, either, equals, fn, int, named, no, numbersTo, selectFrom } from './expressions.ts'
import { type FunnelQuestion, resolveFunnel } from './resolve.ts'
import { type Walk, walkOf } from './walk.ts'

type Expr = syntax.Expr

/** The people behind a step, a drop-off or a rate: `FunnelsActorsQuery`. */
export function funnelActors(node: QueryNode, selection: ActorsSelection, context: InsightContext): InsightActors {
  const question = resolveFunnel(node, context)
  const walk = walkOf(question, context)
  const where = question.view === 'trends' ? ofPeriod(question, selection, context) : ofStep(question, selection)
  const query = selectFrom(walk.query, [named('actor_id')], {
    where: both(where, ...ofBreakdown(question, walk, selection.funnelStepBreakdown)),
    groupBy: { mode: 'plain', exprs: [named('actor_id')] },
  })
  const { groupTypeIndex } = question.actor
  return { query, ...(groupTypeIndex === undefined ? {} : { groupTypeIndex }) }
}

/** Which rows of a walk the step asks for: the positive ones that did it, the negative ones that stopped just before. @throws HogqlError */
export function ofStep(question: FunnelQuestion, selection: ActorsSelection): Expr {
  const { funnelStep, funnelCustomSteps } = selection
  const count = question.steps.length
  if (Array.isArray(funnelCustomSteps) && funnelCustomSteps.length > 0) {
    const wanted = funnelCustomSteps.map((step, i) => readWhole(step, [1, count], `funnelCustomSteps[${i}]`) ?? 1)
    return either(...wanted.map((step) => endsAt(question, step)))
  }
  if (funnelStep === undefined || funnelStep === null) throw invalidQuestion('funnelStep or funnelCustomSteps must say which step')
  if (
    typeof funnelStep !== 'number' ||
    !Number.isInteger(funnelStep) ||
    funnelStep === 0 ||
    funnelStep === -1 ||
    Math.abs(funnelStep) > count
  )
    throw invalidQuestion(
      `funnelStep must be 1 to ${count}, or -2 to -${count} for those that dropped off before it, not ${JSON.stringify(funnelStep)}`,
    )
  return funnelStep > 0 ? did(funnelStep) : both(did(stepBefore(question, -funnelStep)), no(did(-funnelStep)))
}

/** The required step before. */
export const stepBefore = ({ steps }: FunnelQuestion, step: number): number =>
  numbersTo(step - 1).findLast((each) => !steps[each - 1]?.optional) ?? 1

/** The last step that was done is this one. */
const endsAt = ({ steps }: FunnelQuestion, step: number): Expr =>
  both(
    did(step),
    ...numbersTo(steps.length)
      .filter((later) => later > step)
      .map((later) => no(did(later))),
  )

function ofBreakdown(question: FunnelQuestion, walk: Walk, given: unknown): Expr[] {
  const { breakdown } = question
  if (!breakdown || given === undefined || given === null) return []
  const texts = (Array.isArray(given) ? given : [given]).map((text) => (breakdown.cohorts && text === 'all' ? '0' : String(text)))
  const value = build.array(texts.map(build.constant))
  const isValue = equals(named('value'), value)
  if (breakdown.limit === undefined || texts.length !== 1 || texts[0] !== otherValue) return [isValue]
  const kept = selectFrom(rankedValues(question, walk), [named('value')], {
    where: fn('lessOrEquals', named('place'), int(breakdown.limit)),
  })
  const isKept = build.compare('in', named('value'), { kind: 'subquery', query: kept })
  return [either(no(isKept), ...(breakdown.size === 1 ? [isValue] : []))]
}

/** Those of the rate of one period: converted, or not. @throws HogqlError */
function ofPeriod(question: FunnelQuestion, selection: ActorsSelection, context: InsightContext): Expr {
  const { funnelTrendsDropOff: dropOff, funnelTrendsEntrancePeriodStart: given } = selection
  if (typeof dropOff !== 'boolean') throw invalidQuestion('funnelTrendsDropOff must be true or false for a funnel over time')
  const at = typeof given === 'string' ? parseInstant(given, context.timezone) : undefined
  if (!at)
    throw invalidQuestion(
      `funnelTrendsEntrancePeriodStart must be the start of a period like 2024-01-31 00:00:00, not ${JSON.stringify(given)}`,
    )
  const start = startOf(question.interval, at, context).getTime()
  const period = bucketStarts(question.interval, question.range.from, question.range.to, context).findIndex(
    (each) => each.getTime() === start,
  )
  if (period < 0) throw invalidQuestion(`funnelTrendsEntrancePeriodStart ${given as string} is not in the date range`)
  const converted = did(question.toStep)
  return both(equals(named('period'), int(period)), did(question.fromStep), dropOff ? no(converted) : converted)
}

import { invalidQuestion } from '../context.ts'
import type { FunnelQuestion } from './resolve.ts'

/** What each field allows alone but not together. @throws HogqlError */
export function checkCombination(question: FunnelQuestion): void {
  const { steps, exclusions, order, fromStep, toStep, breakdown } = question
  const last = steps.length
  if (last > 1 && fromStep >= toStep)
    throw invalidQuestion(`funnelsFilter.funnelToStep must be more than funnelFromStep ${fromStep - 1}, not ${toStep - 1}`)
  if (order === 'unordered') {
    const partial = exclusions.find(({ from, to }) => from !== 1 || to !== last)
    if (partial)
      throw invalidQuestion(
        `Exclusions of an unordered funnel must span all steps, 0 to ${last - 1}; one goes from ${partial.from - 1} to ${partial.to - 1}`,
      )
    if (breakdown?.attribution.type === 'step' && breakdown.attribution.step !== 1)
      throw invalidQuestion(
        `funnelsFilter.breakdownAttributionValue must be 0 in an unordered funnel, not ${breakdown.attribution.step - 1}`,
      )
  }
  checkOptional(question)
}

function checkOptional({ steps, order, view }: FunnelQuestion): void {
  const optional = steps.findIndex((step) => step.optional)
  if (optional < 0) return
  if (order === 'unordered' || view !== 'steps')
    throw invalidQuestion(
      `series[${optional}].optionalInFunnel: optional steps need funnelOrderType ordered or strict and funnelVizType steps, not ${order} and ${view}`,
    )
  if (optional === 0) throw invalidQuestion('series[0].optionalInFunnel: the first step of a funnel cannot be optional')
  const shadowed = steps.findIndex((step, i) => step.optional && steps[i + 1]?.optional === false && sameEvents(steps, i))
  if (shadowed >= 0)
    throw invalidQuestion(`series[${shadowed}].optionalInFunnel: an optional step cannot be the same as the required step after it`)
}

function sameEvents(steps: FunnelQuestion['steps'], index: number): boolean {
  return JSON.stringify(steps[index]?.condition) === JSON.stringify(steps[index + 1]?.condition)
}

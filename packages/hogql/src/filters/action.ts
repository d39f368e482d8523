import { HogqlError } from '../errors.ts'
import { and, compare, constant, field, or } from '../tree/build.ts'
import type { Expr } from '../tree/syntax.ts'
import { type FilterContext, propertyFilters } from './property-filter.ts'

interface ActionStep {
  event?: string | null
  selector?: string | null
  tag_name?: string | null
  href?: string | null
  href_matching?: string | null
  text?: string | null
  text_matching?: string | null
  url?: string | null
  url_matching?: string | null
  properties?: unknown
}

/** The events of an action: its steps or-ed, all conditions of a step and-ed; none is any event. @throws HogqlError */
export function actionCondition(steps: unknown[], context: FilterContext): Expr {
  return steps.length === 0 ? constant(true) : or(steps.map((step) => stepCondition(step as ActionStep, context)))
}

function stepCondition(step: ActionStep, context: FilterContext): Expr {
  if (typeof step !== 'object' || step === null) throw new HogqlError('invalid_value', 'A step of an action must be an object')
  const at = (...chain: string[]) => field(...(context.alias === undefined ? [] : [context.alias]), ...chain)
  const filters: object[] = []
  if (step.event === '$autocapture') {
    for (const key of ['selector', 'tag_name'] as const) if (step[key]) filters.push(element(key, step[key]))
    for (const key of ['href', 'text'] as const)
      if (step[key]) filters.push(element(key, step[key], operatorOf(step[`${key}_matching`], 'exact')))
  }
  const byUrl = operatorOf(step.url_matching, 'contains')
  const holdsUrl = step.url && byUrl === 'icontains' ? step.url : undefined
  if (step.url && holdsUrl === undefined) filters.push({ type: 'event', key: '$current_url', operator: byUrl, value: step.url })
  return and([
    ...(step.event ? [compare('=', at('event'), constant(step.event))] : []),
    // compat: capitals count in addresses, though not in texts.
    ...(holdsUrl === undefined ? [] : [compare('like', at('properties', '$current_url'), constant(`%${holdsUrl}%`))]),
    ...filters.map((filter) => propertyFilters([filter], context)),
    ...(step.properties ? [propertyFilters(step.properties, context)] : []),
  ])
}

const element = (key: string, value: string, operator = 'exact') => ({ type: 'element', key, operator, value })
const operatorOf = (matching: string | null | undefined, otherwise: string): string =>
  ({ exact: 'exact', contains: 'icontains', regex: 'regex' })[matching ?? otherwise] ?? 'exact'

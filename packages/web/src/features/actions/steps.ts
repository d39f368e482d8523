import type { ActionStep } from '@hedgerow/protocol'
import { propertyLabel } from '../../query-model/operators.ts'
import { eventLabel } from '../../ui/event-name.ts'
import type { ElementChoice } from './elements.ts'

export const matchings = [
  { value: 'contains', label: 'contains' },
  { value: 'exact', label: 'is exactly' },
  { value: 'regex', label: 'matches' },
] as const

/** The parts of an element or a page that a step can ask for. */
export const parts = [
  { name: 'text', label: 'Text', matching: 'text_matching', placeholder: 'Sign up' },
  { name: 'selector', label: 'Selector', matching: undefined, placeholder: 'button.primary' },
  { name: 'href', label: 'Link', matching: 'href_matching', placeholder: '/pricing' },
  { name: 'tag_name', label: 'Element', matching: undefined, placeholder: 'button' },
  { name: 'url', label: 'Page URL', matching: 'url_matching', placeholder: '/checkout' },
] as const
export type StepPart = (typeof parts)[number]

/** Whether events of this kind can carry an element: those of no name in particular, and those that are captured by themselves. */
export const takesElement = ({ event }: ActionStep): boolean => !event || event === '$autocapture' || event === '$rageclick'

/** The parts that are worth asking of the step's event, and any that is asked already, so that it can be taken out. */
export const partsOf = (step: ActionStep): StepPart[] =>
  parts.filter(({ name }) => name === 'url' || takesElement(step) || Boolean(step[name]))

/** Of an element: asked of events that were captured by themselves. */
const asksForElement = (step: ActionStep): boolean => Boolean(step.text || step.selector || step.href || step.tag_name)

export const newStep = (): ActionStep => ({ event: '$autocapture', properties: [] })

/** Empty texts become absent, and with them how they would be compared. */
export function withPart(step: ActionStep, part: StepPart, text: string): ActionStep {
  const next: ActionStep = { ...step, [part.name]: text === '' ? null : text }
  if (part.matching === undefined) return next
  return { ...next, [part.matching]: text === '' ? null : (step[part.matching] ?? (part.name === 'url' ? 'contains' : 'exact')) }
}

/** Why a step would match what nobody means; empty when it is well. */
export function stepProblems(step: ActionStep): string[] {
  const hasAny = Boolean(step.event) || asksForElement(step) || Boolean(step.url) || (step.properties?.length ?? 0) > 0
  if (!hasAny) return ['A step needs an event, a page, an element or a property: without any it is every event.']
  if (asksForElement(step) && !takesElement(step))
    return ['Only events that are captured by themselves have an element: choose Autocapture, or leave the element out.']
  return []
}

/** `Autocapture, text contains “Share”, page URL is exactly “/x”` */
export function stepWords(step: ActionStep): string {
  const event = step.event ? eventLabel(step.event) : 'Any event'
  const asked = parts.flatMap((part) => {
    const text = step[part.name]
    if (!text) return []
    const how = part.matching ? (matchings.find(({ value }) => value === step[part.matching])?.label ?? 'is exactly') : 'is'
    return [`${part.label.toLowerCase()} ${how} “${text}”`]
  })
  const properties = (step.properties ?? []).map(({ key }) => propertyLabel(String(key)))
  return [event, ...asked, ...(properties.length > 0 ? [`with ${properties.join(', ')}`] : [])].join(', ')
}

const clicked = (step: ActionStep): ActionStep => ({
  ...step,
  event: step.event === '$rageclick' ? step.event : '$autocapture',
  text: null,
  text_matching: null,
  href: null,
  href_matching: null,
  selector: null,
  tag_name: null,
})

/** The step of an element that was chosen: by what was given for it where there is that, else by its text and link. */
export function stepOfElement(step: ActionStep, { tag, text, href, selector, isSteady }: ElementChoice): ActionStep {
  if (isSteady && selector) return { ...clicked(step), selector }
  const named = { ...clicked(step), ...(tag === '' ? {} : { tag_name: tag }) }
  if (text === undefined && href === undefined) return { ...named, selector: selector ?? null }
  return {
    ...named,
    ...(text === undefined ? {} : { text, text_matching: 'exact' as const }),
    ...(href === undefined ? {} : { href, href_matching: 'exact' as const }),
  }
}

/** What else is known of the element and not asked for yet. */
export function offeredParts(step: ActionStep, { tag, text, href, selector }: ElementChoice): { name: StepPart['name']; value: string }[] {
  const known = { text, selector, href, tag_name: tag === '' ? undefined : tag }
  return (['text', 'selector', 'href', 'tag_name'] as const).flatMap((name) => {
    const value = known[name]
    return value === undefined || step[name] ? [] : [{ name, value }]
  })
}

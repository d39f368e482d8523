import type { Breakdown, BreakdownFilter } from './nodes.ts'
import { propertyLabel } from './operators.ts'
import { listOf, numberOf, type Raw, rawOf, textOf } from './reading.ts'

// limit: the API takes up to three.
export const mostBreakdowns = 3

const nullBreakdown = '$$_posthog_breakdown_null_$$'
const otherBreakdown = '$$_posthog_breakdown_other_$$'

/** The breakdowns of a question, in whichever of the API's forms it holds them. */
export function breakdownsIn(filter: BreakdownFilter | undefined): Breakdown[] {
  if (!filter) return []
  if (filter.breakdowns && filter.breakdowns.length > 0) return filter.breakdowns
  const { breakdown, breakdown_type: type = 'event', breakdown_group_type_index: index } = filter
  if (breakdown === undefined) return []
  return (Array.isArray(breakdown) ? breakdown : [breakdown]).map((property) => ({
    property: String(property),
    type,
    ...(index === undefined ? {} : { group_type_index: index }),
  }))
}

/** `several`: always the list. `few`: the list only where there are more than one, since older clients read the other form. Cohorts have one of their own. */
export function withBreakdowns(
  filter: BreakdownFilter | undefined,
  breakdowns: Breakdown[],
  form: 'several' | 'few',
): BreakdownFilter | undefined {
  const {
    breakdowns: _breakdowns,
    breakdown: _breakdown,
    breakdown_type: _type,
    breakdown_group_type_index: _index,
    ...rest
  } = filter ?? {}
  const [first] = breakdowns
  if (!first) return undefined
  if (first.type === 'cohort') {
    const ids = breakdowns.filter(({ type }) => type === 'cohort').map(({ property }) => (property === 'all' ? 'all' : Number(property)))
    return { ...rest, breakdown: ids, breakdown_type: 'cohort' }
  }
  if (form === 'several' || breakdowns.length > 1 || first.normalize_url || first.histogram_bin_count)
    return { ...rest, breakdowns: breakdowns.filter(({ type }) => type !== 'cohort').slice(0, mostBreakdowns) }
  return {
    ...rest,
    breakdown: first.property,
    breakdown_type: first.type,
    ...(first.group_type_index === undefined ? {} : { breakdown_group_type_index: first.group_type_index }),
  }
}

export function readBreakdown(value: unknown): BreakdownFilter | undefined {
  const raw = rawOf(value)
  const several = listOf(raw.breakdowns).flatMap(readOne)
  const single = readSingle(raw.breakdown)
  if (several.length === 0 && single === undefined) return undefined
  return {
    ...raw,
    breakdowns: several.length > 0 ? several.slice(0, mostBreakdowns) : undefined,
    breakdown: several.length > 0 ? undefined : single,
    breakdown_type: textOf(raw.breakdown_type),
    breakdown_group_type_index: numberOf(raw.breakdown_group_type_index),
    breakdown_limit: numberOf(raw.breakdown_limit),
  }
}

function readOne(raw: Raw): Breakdown[] {
  const property = textOf(raw.property)
  if (property === undefined) return []
  return [{ ...raw, property, type: textOf(raw.type) ?? 'event', group_type_index: numberOf(raw.group_type_index) }]
}

function readSingle(value: unknown): BreakdownFilter['breakdown'] {
  if (Array.isArray(value)) {
    const kept = value.filter((each): each is string | number => typeof each === 'string' || typeof each === 'number')
    return kept.length > 0 ? kept : undefined
  }
  return typeof value === 'string' || typeof value === 'number' ? value : undefined
}

/** `Browser`, `Browser and Country`, `cohorts`. */
export function breakdownWords(filter: BreakdownFilter | undefined): string {
  const breakdowns = breakdownsIn(filter)
  if (breakdowns.some(({ type }) => type === 'cohort')) return 'cohort'
  return breakdowns.map(({ property, type }) => (type === 'hogql' ? 'an expression' : propertyLabel(property))).join(' and ')
}

/** A value of a breakdown as people read it. */
export function breakdownLabel(value: unknown): string {
  if (Array.isArray(value)) return value.map(breakdownLabel).join(' · ')
  if (value === nullBreakdown || value === '' || value === null || value === undefined) return '(none)'
  if (value === otherBreakdown || value === 'Other') return '(others)'
  return value === 'all' ? 'Everyone' : String(value)
}

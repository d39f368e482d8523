import type { FlagFilters } from '@hedgerow/protocol'

/**
 * Filters as they are stored: every condition says by what it aggregates, the flag itself says it where all agree, and payloads are
 * JSON as text. SDKs that evaluate by themselves understand this form alone.
 */
export function normalFilters(filters: FlagFilters): FlagFilters {
  const own = filters.aggregation_group_type_index ?? null
  const groups = (filters.groups ?? []).map((condition) => {
    const index = condition.aggregation_group_type_index
    return { ...condition, properties: condition.properties ?? [], aggregation_group_type_index: index === undefined ? own : index }
  })
  const [first] = groups
  const isCommon = groups.every((condition) => condition.aggregation_group_type_index === first?.aggregation_group_type_index)
  const normal: FlagFilters = {
    ...filters,
    groups,
    aggregation_group_type_index: first && isCommon ? first.aggregation_group_type_index : groups.length === 0 ? own : null,
  }
  if (filters.payloads) normal.payloads = textPayloads(filters.payloads)
  return normal
}

function textPayloads(payloads: Readonly<Record<string, unknown>>): Record<string, string> {
  const given = Object.entries(payloads).filter(([, payload]) => payload !== null && payload !== undefined && payload !== '')
  return Object.fromEntries(given.map(([key, payload]) => [key, typeof payload === 'string' ? payload : JSON.stringify(payload)]))
}

/** A change of filters: top-level keys that it names replace those before. */
export function mergeFilters(before: FlagFilters, change: FlagFilters): FlagFilters {
  return normalFilters({ ...before, ...change })
}

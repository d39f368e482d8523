import type { FlagFilter, FlagFilters } from '@hedgerow/protocol'

/** Names instead of ids: in a project's ids, or in another's, or in a file. */
export interface PortableNames {
  flag(reference: string): string | undefined
  cohort(reference: string): string | number | undefined
}

/** Filters in which flags and cohorts are named otherwise; what has no other name is told by `missing`. */
export function renamed(filters: FlagFilters, names: PortableNames, missing: (what: string) => void): FlagFilters {
  const rename = (filter: FlagFilter): FlagFilter => {
    if (filter.type === 'flag') {
      const key = names.flag(String(filter.key))
      if (key === undefined) missing(`feature flag ${filter.key}`)
      return { ...filter, key: key ?? filter.key }
    }
    if (filter.type === 'cohort') {
      const value = names.cohort(String(filter.value))
      if (value === undefined) missing(`cohort ${String(filter.value)}`)
      return { ...filter, value: value ?? filter.value }
    }
    return filter
  }
  const conditions = (list: FlagFilters['groups']) =>
    (list ?? []).map((condition) => ({ ...condition, properties: (condition.properties ?? []).map(rename) }))
  const result: FlagFilters = { ...filters, groups: conditions(filters.groups) }
  if (filters.super_groups) result.super_groups = conditions(filters.super_groups)
  return result
}

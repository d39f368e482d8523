import type { FlagFilter, FlagFilters } from '@hedgerow/protocol'

/** Names instead of ids: in a project's ids, or in another's, or in a file. */
export interface PortableNames {
  flag(reference: string): string | undefined
  cohort(reference: string): string | number | undefined
  /** Of an index of a group type; without it, indexes stay as they are. */
  groupType?(index: number): number | undefined
}

/** Filters in which flags, cohorts and group types are named otherwise; what has no other name is told by `missing`. */
export function renamed(filters: FlagFilters, names: PortableNames, missing: (what: string) => void): FlagFilters {
  const groupIndex = <Index extends number | null | undefined>(index: Index): Index | number => {
    if (typeof index !== 'number' || !names.groupType) return index
    const other = names.groupType(index)
    if (other === undefined) missing(`group type ${index}`)
    return other ?? index
  }
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
    return filter.type === 'group' ? { ...filter, group_type_index: groupIndex(filter.group_type_index) } : filter
  }
  const conditions = (list: FlagFilters['groups']) =>
    (list ?? []).map((condition) => ({
      ...condition,
      ...('aggregation_group_type_index' in condition
        ? { aggregation_group_type_index: groupIndex(condition.aggregation_group_type_index) }
        : {}),
      properties: (condition.properties ?? []).map(rename),
    }))
  const result: FlagFilters = { ...filters, groups: conditions(filters.groups) }
  if ('aggregation_group_type_index' in filters) result.aggregation_group_type_index = groupIndex(filters.aggregation_group_type_index)
  if (filters.super_groups) result.super_groups = conditions(filters.super_groups)
  return result
}

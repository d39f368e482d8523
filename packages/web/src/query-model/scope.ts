import type { PropertyFilter } from '@hedgerow/protocol'
import { readRange } from './date-range.ts'
import { isGroup, readFilters } from './filters.ts'
import type { FilterGroup, QuestionScope } from './nodes.ts'
import { isComplete } from './operators.ts'
import { numberOf, type Raw } from './reading.ts'

/** The fields that every kind of question has, as far as they are well formed. */
export function readScope(raw: Raw): QuestionScope {
  return {
    dateRange: readRange(raw.dateRange),
    properties: readFilters(raw.properties),
    filterTestAccounts: raw.filterTestAccounts === true ? true : undefined,
    samplingFactor: numberOf(raw.samplingFactor),
    aggregation_group_type_index: numberOf(raw.aggregation_group_type_index),
  }
}

/** The same question in another kind keeps what both have. */
export function keepScope(query: QuestionScope): QuestionScope {
  const { dateRange, properties, filterTestAccounts, samplingFactor, aggregation_group_type_index: groupType } = query
  return { dateRange, properties, filterTestAccounts, samplingFactor, aggregation_group_type_index: groupType }
}

/** Filters that are still being written are not asked for. */
export function askedFilters(value: PropertyFilter[] | FilterGroup | undefined): PropertyFilter[] | FilterGroup | undefined {
  if (value === undefined) return undefined
  if (Array.isArray(value)) return value.filter(isComplete)
  return {
    type: value.type,
    values: value.values.flatMap((each): (FilterGroup | PropertyFilter)[] => {
      if (!isGroup(each)) return isComplete(each) ? [each] : []
      const inner = askedFilters(each) as FilterGroup
      return inner.values.length > 0 ? [inner] : []
    }),
  }
}

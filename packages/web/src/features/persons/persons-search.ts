import type { PropertyFilter } from '@hedgerow/protocol'
import { filtersIn } from '../../query-model/filters.ts'
import { isComplete } from '../../query-model/operators.ts'

/** What the address of the list holds. */
export interface PersonsSearch {
  q?: string | undefined
  identified?: 'yes' | 'no' | undefined
  /** Filters, as JSON. */
  where?: string | undefined
  /** Names of properties that have a column, as JSON. */
  columns?: string | undefined
}

// limit: columns more than this cannot be told apart any more.
const mostColumns = 12

function parsed(text: string | undefined): unknown {
  if (text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

export const filtersOf = ({ where }: PersonsSearch): PropertyFilter[] => filtersIn(parsed(where))

/** Those that say what they compare to; the others are still being made. */
export const askedFilters = (search: PersonsSearch): PropertyFilter[] => filtersOf(search).filter(isComplete)

export function columnsOf({ columns }: PersonsSearch): string[] {
  const names = parsed(columns)
  return Array.isArray(names) ? [...new Set(names.filter((name): name is string => typeof name === 'string'))].slice(0, mostColumns) : []
}

export const listText = (list: readonly unknown[]): string | undefined => (list.length === 0 ? undefined : JSON.stringify(list))

/** The same people as a question that a cohort can be made of. */
export function peopleQuery(search: PersonsSearch): Record<string, unknown> {
  const { q, identified } = search
  const properties = [
    ...askedFilters(search),
    ...(identified === undefined ? [] : [{ type: 'hogql', key: identified === 'yes' ? 'is_identified' : 'not is_identified' }]),
  ]
  return { kind: 'ActorsQuery', select: ['id'], properties, ...(q === undefined ? {} : { search: q }) }
}

/**
 * The same as criteria of a cohort that keeps itself current; undefined where it cannot: whom a search finds, and who is identified, are
 * no criteria.
 */
export function criteriaFor(search: PersonsSearch): object | undefined {
  const filters = askedFilters(search)
  if (search.q !== undefined || search.identified !== undefined || filters.length === 0) return undefined
  if (filters.some(({ type }) => type !== 'person' && type !== 'cohort')) return undefined
  const values = filters.map((filter) =>
    filter.type === 'cohort'
      ? { type: 'cohort', key: 'id', value: filter.value, negation: filter.operator === 'not_in' || filter.negation === true }
      : { type: 'person', key: filter.key, operator: filter.operator ?? 'exact', value: filter.value, negation: false },
  )
  return { properties: { type: 'AND', values: [{ type: 'AND', values }] } }
}

import type { PropertyFilter } from '@hedgerow/protocol'
import { filtersIn } from '../../query-model/filters.ts'
import type { DateRange } from '../../query-model/nodes.ts'
import { isComplete } from '../../query-model/operators.ts'
import { parseJson } from '../../query-model/query-url.ts'
import { rawOf } from '../../query-model/reading.ts'

/** What an address says of how a dashboard is looked at. */
export interface DashboardSearch {
  from?: string | undefined
  to?: string | undefined
  /** Conditions for every tile. */
  where?: string | undefined
  /** Values of variables by their ids. */
  vars?: string | undefined
  edit?: 'yes' | undefined
}

export const rangeOf = ({ from, to }: DashboardSearch): DateRange | undefined =>
  from === undefined && to === undefined
    ? undefined
    : { ...(from === undefined ? {} : { date_from: from }), ...(to === undefined ? {} : { date_to: to }) }

export const filtersOf = ({ where }: DashboardSearch): PropertyFilter[] => (where === undefined ? [] : filtersIn(parseJson(where)))

export function variablesOf({ vars }: DashboardSearch): Record<string, { value: unknown }> {
  return Object.fromEntries(Object.entries(rawOf(vars === undefined ? {} : parseJson(vars))).map(([id, value]) => [id, { value }]))
}

/** What is asked of the server over what the dashboard itself says; conditions that are not whole yet are left out. */
export function overrideOf(search: DashboardSearch): { filters?: object; variables?: Record<string, { value: unknown }> } {
  const range = rangeOf(search)
  const properties = filtersOf(search).filter(isComplete)
  const variables = variablesOf(search)
  return {
    ...(range || properties.length > 0 ? { filters: { ...range, ...(properties.length > 0 ? { properties } : {}) } } : {}),
    ...(Object.keys(variables).length > 0 ? { variables } : {}),
  }
}

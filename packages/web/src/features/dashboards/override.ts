import type { PropertyFilter } from '@hedgerow/protocol'
import { readRange } from '../../query-model/date-range.ts'
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

/** What a dashboard itself lays over its tiles, for whoever looks at it. */
export interface OwnOverride {
  range: DateRange | undefined
  filters: PropertyFilter[]
  /** Values of variables by their ids. */
  variables: Record<string, unknown>
}

export function ownOf(dashboard: { filters: unknown; variables: unknown } | undefined): OwnOverride {
  const raw = rawOf(dashboard?.filters)
  return {
    range: readRange(raw),
    filters: filtersIn(raw.properties),
    variables: Object.fromEntries(Object.entries(rawOf(dashboard?.variables)).map(([id, each]) => [id, keptValue(each)])),
  }
}

const keptValue = (each: unknown) => (each !== null && typeof each === 'object' && 'value' in each ? each.value : each)

/** Nothing is laid over. */
export const noOverride: DashboardSearch = { from: undefined, to: undefined, where: undefined, vars: undefined }

export const isOverridden = ({ from, to, where, vars }: DashboardSearch): boolean =>
  [from, to, where, vars].some((each) => each !== undefined)

/** What is stored when what is laid over now is kept for everyone. */
export function keptOf(own: OwnOverride, search: DashboardSearch): OwnOverride {
  const values = Object.fromEntries(Object.entries(variablesOf(search)).map(([id, { value }]) => [id, value]))
  return {
    range: rangeOf(search) ?? own.range,
    filters: [...own.filters, ...filtersOf(search).filter(isComplete)],
    variables: { ...own.variables, ...values },
  }
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

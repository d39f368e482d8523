import { invalidQuery } from './query-error.ts'

type Json = Record<string, unknown>

/** What a dashboard lays over its tiles' queries. */
export interface FiltersOverride {
  date_from?: string | null | undefined
  date_to?: string | null | undefined
  explicitDate?: boolean | null | undefined
  properties?: unknown
  breakdown_filter?: unknown
}

const wrappers = ['DataTableNode', 'DataVisualizationNode', 'InsightVizNode']
const maxWrappers = 5

/** The query inside `DataTableNode`, `DataVisualizationNode` and `InsightVizNode`. */
export function unwrapQuery(query: unknown, depth = 0): Json {
  if (typeof query !== 'object' || query === null || Array.isArray(query)) throw invalidQuery('query must be an object with a kind')
  const node = query as Json
  if (!wrappers.includes(String(node.kind))) return node
  if (depth > maxWrappers) throw invalidQuery('query is wrapped too often')
  return unwrapQuery(node.source, depth + 1)
}

/** The query with other dates, where the override has any, and with more conditions. */
export function withFilters(query: Json, override: FiltersOverride | undefined): Json {
  if (!override || isEmpty(override)) return query
  const source = query.source
  if (typeof source === 'object' && source !== null) return { ...query, source: withFilters(source as Json, override) }
  switch (String(query.kind)) {
    case 'HogQLQuery':
    case 'HogQLASTQuery': {
      const filters = (query.filters ?? {}) as Json
      return { ...query, filters: { ...filters, ...datesAndProperties(filters, override) } }
    }
    case 'EventsQuery':
    case 'SessionsQuery':
      return {
        ...query,
        ...(hasDates(override) ? { after: override.date_from ?? '-7d', before: override.date_to ?? undefined } : {}),
        ...propertiesOf(query, override),
      }
    case 'ActorsQuery':
    case 'GroupsQuery':
      return query
    default:
      return { ...query, ...datesAndProperties(query, override), ...breakdownOf(query, override) }
  }
}

function datesAndProperties(fields: Json, override: FiltersOverride): Json {
  const dateRange = hasDates(override)
    ? {
        dateRange: {
          date_from: override.date_from ?? null,
          date_to: override.date_to ?? null,
          ...(override.explicitDate === null || override.explicitDate === undefined ? {} : { explicitDate: override.explicitDate }),
        },
      }
    : {}
  return { ...dateRange, ...propertiesOf(fields, override) }
}

function propertiesOf(fields: Json, { properties: added }: FiltersOverride): Json {
  if (isNothing(added)) return {}
  if (isNothing(fields.properties)) return { properties: added }
  return { properties: { type: 'AND', values: [asGroup(fields.properties), asGroup(added)] } }
}

function breakdownOf(query: Json, { breakdown_filter: breakdownFilter }: FiltersOverride): Json {
  const takesOne = query.kind === 'TrendsQuery' || query.kind === 'FunnelsQuery' || query.kind === 'RetentionQuery'
  return takesOne && breakdownFilter !== undefined && breakdownFilter !== null ? { breakdownFilter } : {}
}

const asGroup = (properties: unknown): unknown => (Array.isArray(properties) ? { type: 'AND', values: properties } : properties)
const isNothing = (value: unknown): boolean => value === undefined || value === null || (Array.isArray(value) && value.length === 0)
const hasDates = ({ date_from, date_to }: FiltersOverride): boolean => !isNothing(date_from) || !isNothing(date_to)
const isEmpty = (override: FiltersOverride): boolean =>
  !hasDates(override) && isNothing(override.properties) && isNothing(override.breakdown_filter)

/** The query with other values of its variables; one that it does not use is left out. */
export function withVariables(query: Json, override: Json | undefined): Json {
  if (!override) return query
  const { source, variables } = query
  if (typeof source === 'object' && source !== null) return { ...query, source: withVariables(source as Json, override) }
  if (typeof variables !== 'object' || variables === null) return query
  const merged = Object.entries(variables as Record<string, Json | null>).map(([id, variable]) => {
    const other = Object.hasOwn(override, id) ? override[id] : undefined
    if (other === undefined || other === null) return [id, variable]
    if (typeof other !== 'object') throw invalidQuery(`variables_override.${id} must be an object with a value`)
    return [id, { ...variable, ...(other as Json) }]
  })
  return { ...query, variables: Object.fromEntries(merged) }
}

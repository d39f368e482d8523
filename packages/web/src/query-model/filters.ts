import type { PropertyFilter } from '@hedgerow/protocol'
import type { FilterGroup } from './nodes.ts'
import { listOf, type Raw, rawOf } from './reading.ts'

const filterTypes: readonly PropertyFilter['type'][] = [
  'event',
  'person',
  'group',
  'session',
  'cohort',
  'element',
  'feature',
  'hogql',
  'event_metadata',
]

// limit: groups in groups deeper than this are not edited, and no address needs them.
const deepest = 5

/** The plain filters of a list; whatever is none is left out. */
export function filtersIn(value: unknown): PropertyFilter[] {
  return listOf(value).filter(isFilter).map(asFilter)
}

const isFilter = (raw: Raw) => (typeof raw.key === 'string' || typeof raw.key === 'number') && filterTypes.some((type) => type === raw.type)
const asFilter = (raw: Raw) => raw as unknown as PropertyFilter

export function isGroup(value: FilterGroup | PropertyFilter): value is FilterGroup {
  return 'values' in value
}

/** Filters in either form as one group of groups: what the editor shows. The outer one says how the inner ones are joined. */
export function asGroups(value: PropertyFilter[] | FilterGroup | undefined): FilterGroup {
  if (value === undefined) return { type: 'AND', values: [] }
  if (Array.isArray(value)) return { type: 'AND', values: value.length === 0 ? [] : [{ type: 'AND', values: value }] }
  const hasGroups = value.values.some(isGroup)
  if (!hasGroups) return { type: 'AND', values: value.values.length === 0 ? [] : [value] }
  return { type: value.type, values: value.values.map((each) => (isGroup(each) ? each : { type: 'AND', values: [each] })) }
}

/** The shortest form of the same: a list where everything is joined by "and", a group where something is joined by "or". */
export function fromGroups(group: FilterGroup): PropertyFilter[] | FilterGroup | undefined {
  const values = group.values.filter((each) => !isGroup(each) || each.values.length > 0)
  if (values.length === 0) return undefined
  const [only] = values
  if (values.length === 1 && only && isGroup(only)) {
    return only.type === 'AND' && only.values.every((each) => !isGroup(each)) ? (only.values as PropertyFilter[]) : only
  }
  return { type: group.type, values }
}

export function readFilters(value: unknown): PropertyFilter[] | FilterGroup | undefined {
  if (Array.isArray(value)) return filtersIn(value)
  const raw = rawOf(value)
  return Array.isArray(raw.values) ? readGroup(raw, 0) : undefined
}

function readGroup(raw: Raw, depth: number): FilterGroup {
  const values = listOf(raw.values).flatMap((each): (FilterGroup | PropertyFilter)[] => {
    if (Array.isArray(each.values)) return depth < deepest ? [readGroup(each, depth + 1)] : []
    return isFilter(each) ? [asFilter(each)] : []
  })
  return { type: raw.type === 'OR' ? 'OR' : 'AND', values }
}

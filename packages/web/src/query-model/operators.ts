import type { PropertyDefinitionBody, PropertyFilter } from '@hedgerow/protocol'
import { eventLabel } from '../ui/event-name.ts'
import { isGroup } from './filters.ts'
import type { FilterGroup } from './nodes.ts'

export type Operator = NonNullable<PropertyFilter['operator']>
export type PropertyKind = PropertyDefinitionBody['property_type']

const words: Partial<Record<Operator, string>> = {
  exact: 'is',
  is_not: 'is not',
  icontains: 'contains',
  not_icontains: 'does not contain',
  regex: 'matches',
  not_regex: 'does not match',
  gt: 'is more than',
  gte: 'is at least',
  lt: 'is less than',
  lte: 'is at most',
  is_set: 'is set',
  is_not_set: 'is not set',
  is_date_exact: 'is on',
  is_date_before: 'is before',
  is_date_after: 'is after',
  between: 'is between',
  not_between: 'is not between',
  is_cleaned_path_exact: 'is, after path cleaning,',
  in: 'is in',
  not_in: 'is not in',
}

export const operatorWords = (operator: Operator): string => words[operator] ?? operator.replaceAll('_', ' ')

const textOperators: Operator[] = ['exact', 'is_not', 'icontains', 'not_icontains', 'regex', 'not_regex', 'is_set', 'is_not_set']
const numberOperators: Operator[] = ['exact', 'is_not', 'gt', 'gte', 'lt', 'lte', 'between', 'not_between', 'is_set', 'is_not_set']
const dateOperators: Operator[] = ['is_date_exact', 'is_date_before', 'is_date_after', 'is_set', 'is_not_set']
const booleanOperators: Operator[] = ['exact', 'is_not', 'is_set', 'is_not_set']

/** The operators that make sense for a property, the usual one first. */
export function operatorsFor(type: PropertyFilter['type'], kind: PropertyKind): Operator[] {
  if (type === 'cohort') return ['in', 'not_in']
  switch (kind) {
    case 'Numeric':
    case 'Duration':
      return numberOperators
    case 'DateTime':
      return dateOperators
    case 'Boolean':
      return booleanOperators
    case 'String':
    case null:
      return textOperators
  }
}

export const needsValue = (operator: Operator): boolean => operator !== 'is_set' && operator !== 'is_not_set'
/** Whether several values make sense: equal to any of them. */
export const takesMany = (operator: Operator): boolean => operator === 'exact' || operator === 'is_not'
export const isBetween = (operator: Operator): boolean => operator === 'between' || operator === 'not_between'
export const isDate = (operator: Operator): boolean =>
  operator === 'is_date_exact' || operator === 'is_date_before' || operator === 'is_date_after'

/** A filter still without what it compares to; it is left out of the question until it has it. */
export function isComplete(filter: PropertyFilter): boolean {
  if (filter.type === 'hogql') return true
  const operator = filter.operator ?? 'exact'
  if (!needsValue(operator)) return true
  if (Array.isArray(filter.value)) return filter.value.length > 0 && (!isBetween(operator) || filter.value.length === 2)
  return filter.value !== undefined && filter.value !== null && filter.value !== ''
}

/** `Browser is Chrome or Safari`, for sentences and for those who cannot see the chips. */
export function filterWords(filter: PropertyFilter): string {
  if (filter.type === 'hogql') return String(filter.key)
  const operator = filter.operator ?? (filter.type === 'cohort' ? 'in' : 'exact')
  if (filter.type === 'cohort')
    return `${operator === 'not_in' || filter.negation ? 'not in' : 'in'} cohort ${filter.cohort_name ?? String(filter.value)}`
  const name = propertyLabel(String(filter.key))
  return needsValue(operator) ? `${name} ${operatorWords(operator)} ${valueWords(filter)}` : `${name} ${operatorWords(operator)}`
}

function valueWords({ value, operator }: PropertyFilter): string {
  if (!Array.isArray(value)) return value === undefined || value === null ? '…' : String(value)
  return value.map(String).join(operator && isBetween(operator) ? ' and ' : ' or ')
}

export function filtersWords(value: PropertyFilter[] | FilterGroup | undefined): string {
  if (value === undefined) return ''
  const type = Array.isArray(value) ? 'AND' : value.type
  const parts = (Array.isArray(value) ? value : value.values).map((each) => {
    if (!isGroup(each)) return filterWords(each)
    const inner = filtersWords(each)
    return each.values.length > 1 ? `(${inner})` : inner
  })
  return parts.filter((part) => part !== '').join(type === 'OR' ? ' or ' : ' and ')
}

/** Names of the properties that SDKs send, in words. */
const propertyWords: Record<string, string> = {
  $browser: 'Browser',
  $browser_version: 'Browser version',
  $os: 'OS',
  $os_version: 'OS version',
  $device_type: 'Device type',
  $current_url: 'Current URL',
  $pathname: 'Path',
  $host: 'Host',
  $referrer: 'Referrer',
  $referring_domain: 'Referring domain',
  $geoip_country_code: 'Country code',
  $geoip_country_name: 'Country',
  $geoip_city_name: 'City',
  $geoip_continent_name: 'Continent',
  $geoip_time_zone: 'Time zone',
  $lib: 'Library',
  $lib_version: 'Library version',
  $screen_name: 'Screen name',
  $screen_width: 'Screen width',
  $screen_height: 'Screen height',
  $session_id: 'Session',
  $session_duration: 'Session duration',
  $channel_type: 'Channel',
  $entry_current_url: 'Entry URL',
  $entry_pathname: 'Entry path',
  $exit_current_url: 'Exit URL',
  $is_bounce: 'Bounced',
  $pageview_count: 'Page views in session',
  $app_version: 'App version',
  $app_name: 'App name',
  $device_model: 'Device model',
  $device_manufacturer: 'Device maker',
  $locale: 'Locale',
  $feature_flag: 'Feature flag',
  $feature_flag_response: 'Feature flag response',
  $initial_referring_domain: 'First referring domain',
  $initial_utm_source: 'First UTM source',
  utm_source: 'UTM source',
  utm_medium: 'UTM medium',
  utm_campaign: 'UTM campaign',
  utm_content: 'UTM content',
  utm_term: 'UTM term',
}

/** `$browser` is `Browser`; an app's own names stay as they are. */
export function propertyLabel(name: string): string {
  return Object.hasOwn(propertyWords, name) ? (propertyWords[name] as string) : eventLabel(name)
}

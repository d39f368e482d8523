import type { FlagOperator } from '@hedgerow/protocol'
import { filterDate, propertyDate } from './date.ts'
import { numberOf } from './number.ts'
import { compilePattern } from './pattern.ts'
import { asciiLower, textOf } from './text.ts'
import { caretRange, compareVersions, parseVersion, tildeRange, type Version, type VersionRange, wildcardRange } from './version.ts'
import { dayIn } from './zone.ts'

export type Properties = Readonly<Record<string, unknown>>

/** A condition on one property, made ready: whether a person's or group's properties satisfy it. */
export type PropertyTest = (properties: Properties, nowMs: number) => boolean

/** What a value that is there must satisfy. */
type ValueTest = (actual: unknown, nowMs: number) => boolean

const never: ValueTest = () => false
const not =
  (test: ValueTest): ValueTest =>
  (actual, nowMs) =>
    !test(actual, nowMs)

/** Operators that a property which is not there satisfies. */
const satisfiedByAbsence: ReadonlySet<FlagOperator> = new Set([
  ...(['is_not', 'is_not_set', 'not_icontains', 'not_icontains_multi'] as const),
  ...(['not_starts_with', 'not_ends_with', 'not_regex', 'not_between'] as const),
])

/**
 * Makes a condition on one property ready. Text is compared as version 2 of PostHog's matching does it; the answer is definite, also
 * for what is missing, malformed or unknown. `timezone` is the one of dates that name none.
 */
export function compileProperty(
  filter: { key: string | number; operator?: FlagOperator | null | undefined; value?: unknown },
  timezone: string,
): PropertyTest {
  const key = String(filter.key)
  const operator = filter.operator ?? 'exact'
  if (operator === 'is_set') return (properties) => Object.hasOwn(properties, key)
  if (operator === 'is_not_set') return (properties) => !Object.hasOwn(properties, key)
  if (filter.value === undefined || filter.value === null) return never
  const test = valueTest(operator, filter.value, timezone)
  // why: an invalid pattern matches nothing, not even where it is negated.
  const ofAbsent = satisfiedByAbsence.has(operator) && test !== never
  return (properties, nowMs) => (Object.hasOwn(properties, key) ? test(properties[key], nowMs) : ofAbsent)
}

function valueTest(operator: Exclude<FlagOperator, 'is_set' | 'is_not_set'>, value: unknown, timezone: string): ValueTest {
  switch (operator) {
    case 'exact':
      return exactly(value)
    case 'is_not':
      return not(exactly(value))
    case 'icontains':
      return onText(value, (actual, part) => actual.includes(part))
    case 'not_icontains':
      return not(onText(value, (actual, part) => actual.includes(part)))
    case 'icontains_multi':
      return containsAny(value)
    case 'not_icontains_multi':
      return not(containsAny(value))
    case 'starts_with':
      return onText(value, (actual, part) => actual.startsWith(part))
    case 'not_starts_with':
      return not(onText(value, (actual, part) => actual.startsWith(part)))
    case 'ends_with':
      return onText(value, (actual, part) => actual.endsWith(part))
    case 'not_ends_with':
      return not(onText(value, (actual, part) => actual.endsWith(part)))
    case 'regex':
    case 'not_regex':
      return matching(value, operator === 'not_regex')
    case 'gt':
      return onNumber(value, (actual, bound) => actual > bound)
    case 'gte':
    case 'min':
      return onNumber(value, (actual, bound) => actual >= bound)
    case 'lt':
      return onNumber(value, (actual, bound) => actual < bound)
    case 'lte':
    case 'max':
      return onNumber(value, (actual, bound) => actual <= bound)
    case 'between':
      return between(value, (isInside) => isInside)
    case 'not_between':
      return between(value, (isInside) => !isInside)
    case 'is_date_exact':
      return onDate(value, timezone, (actual, wanted) => dayIn(actual, timezone) === dayIn(wanted, timezone))
    case 'is_date_before':
      return onDate(value, timezone, (actual, wanted) => actual < wanted)
    case 'is_date_after':
      return onDate(value, timezone, (actual, wanted) => actual > wanted)
    case 'semver_eq':
      return onVersion(value, (order) => order === 0)
    case 'semver_neq':
      return onVersion(value, (order) => order !== 0)
    case 'semver_gt':
      return onVersion(value, (order) => order > 0)
    case 'semver_gte':
      return onVersion(value, (order) => order >= 0)
    case 'semver_lt':
      return onVersion(value, (order) => order < 0)
    case 'semver_lte':
      return onVersion(value, (order) => order <= 0)
    case 'semver_tilde':
      return inRange(tildeRange(value))
    case 'semver_caret':
      return inRange(caretRange(value))
    case 'semver_wildcard':
      return inRange(wildcardRange(value))
    // These are of cohorts and of flags, not of properties.
    case 'in':
    case 'not_in':
    case 'flag_evaluates_to':
      return never
  }
}

function exactly(value: unknown): ValueTest {
  if (!Array.isArray(value)) {
    const wanted = textOf(value).toLowerCase()
    return (actual) => textOf(actual).toLowerCase() === wanted
  }
  // compat: an empty list means "true", as it always did.
  if (value.length === 0) return isTruthy
  const wanted = new Set(value.map((item) => textOf(item).toLowerCase()))
  return (actual) => wanted.has(textOf(actual).toLowerCase())
}

function isTruthy(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isTruthy)
  return value === true || (typeof value === 'string' && value.toLowerCase() === 'true')
}

function onText(value: unknown, test: (actual: string, wanted: string) => boolean): ValueTest {
  const wanted = asciiLower(textOf(value))
  return (actual) => test(asciiLower(textOf(actual)), wanted)
}

function containsAny(value: unknown): ValueTest {
  const parts = (Array.isArray(value) ? value : [value]).map((part) => asciiLower(textOf(part)))
  return (actual) => {
    const text = asciiLower(textOf(actual))
    return parts.some((part) => text.includes(part))
  }
}

function matching(value: unknown, isNegated: boolean): ValueTest {
  const pattern = compilePattern(textOf(value))
  if (!pattern) return never
  return (actual) => pattern(textOf(actual)) !== isNegated
}

function onNumber(value: unknown, test: (actual: number, bound: number) => boolean): ValueTest {
  const bound = numberOf(value)
  if (bound === undefined) return never
  return (actual) => {
    const number = numberOf(actual)
    return number !== undefined && test(number, bound)
  }
}

function between(value: unknown, judge: (isInside: boolean) => boolean): ValueTest {
  const [low, high] = Array.isArray(value) && value.length === 2 ? value.map(numberOf) : []
  if (low === undefined || high === undefined) return never
  return (actual) => {
    const number = numberOf(actual)
    return number !== undefined && judge(number >= low && number <= high)
  }
}

function onDate(value: unknown, timezone: string, test: (actual: number, wanted: number) => boolean): ValueTest {
  const wanted = filterDate(value, timezone)
  if (!wanted) return never
  return (actual, nowMs) => {
    const instant = propertyDate(actual, timezone)
    return instant !== undefined && test(instant, wanted(nowMs))
  }
}

function onVersion(value: unknown, test: (order: number) => boolean): ValueTest {
  const wanted = parseVersion(value)
  return wanted ? withVersion((actual) => test(compareVersions(actual, wanted))) : never
}

function inRange(range: VersionRange | undefined): ValueTest {
  if (!range) return never
  return withVersion((actual) => compareVersions(actual, range.from) >= 0 && compareVersions(actual, range.to) < 0)
}

const withVersion =
  (test: (actual: Version) => boolean): ValueTest =>
  (actual) => {
    const version = parseVersion(actual)
    return version !== undefined && test(version)
  }

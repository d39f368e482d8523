import type { PropertyScope } from '../catalog/tables.ts'
import type { PropertyType } from '../context.ts'
import { resolveBound } from '../dates/relative-date.ts'
import { toClickhouseInstant } from '../dates/zoned-time.ts'
import { HogqlError } from '../errors.ts'
import { nearMiss } from '../near-miss.ts'
import { and, array, call, compare, constant, field, isNotNull, isNull, not, or, select, table, tuple } from '../tree/build.ts'
import type { Expr, Query } from '../tree/syntax.ts'
import { selectorPatterns } from './selector.ts'

export interface FilterContext {
  now: Date
  timezone: string
  /** Which table the condition is for. */
  scope: 'events' | 'persons' | 'sessions' | 'groups'
  /** The table's alias in the query, if it has one. */
  alias?: string
  pathCleaning: { alias: string; regex: string }[]
  parseExpr(text: string): Expr
  /** What is known of a property; text when nothing is. */
  propertyType?(scope: PropertyScope, name: string, groupTypeIndex?: number): PropertyType | undefined
  /** The ids of a cohort's persons, as a query of one column. @throws HogqlError for one that does not exist. */
  cohort?(id: number): Query
}

interface PropertyFilter {
  type?: unknown
  key?: unknown
  operator?: unknown
  value?: unknown
  group_type_index?: unknown
  negation?: unknown
  values?: unknown
}

/**
 * Property filters as a condition: an array (all of them), or a group `{type: 'AND' | 'OR', values}` to any depth.
 * What is no complete filter is true. @throws HogqlError for what cannot be told true or false.
 */
export function propertyFilters(filters: unknown, context: FilterContext, depth = 0): Expr {
  if (depth > 50) throw new HogqlError('query_too_large', 'Property filters are nested too deeply')
  if (filters === null || filters === undefined) return constant(true)
  if (Array.isArray(filters)) return and(filters.map((filter) => propertyFilters(filter, context, depth + 1)))
  if (typeof filters !== 'object') throw new HogqlError('invalid_value', 'properties is a list of filters, or a group of them')
  const filter = filters as PropertyFilter
  if (Array.isArray(filter.values) && (filter.type === 'AND' || filter.type === 'OR')) {
    if (filter.values.length === 0) return constant(true)
    const parts = filter.values.map((part) => propertyFilters(part, context, depth + 1))
    return filter.type === 'AND' ? and(parts) : or(parts)
  }
  return propertyFilter(filter, context)
}

function propertyFilter(filter: PropertyFilter, context: FilterContext): Expr {
  const { type, key } = filter
  if (type === undefined || type === null || key === undefined || key === null || type === 'empty' || type === 'flag') return constant(true)
  if (type === 'hogql') return context.parseExpr(String(key))
  const operator = String(filter.operator ?? 'exact')
  // Still being written.
  if ((filter.value === undefined || filter.value === null) && operator !== 'is_set' && operator !== 'is_not_set') return constant(true)
  if (type === 'person' && key === 'distinct_id') return distinctIdCondition(operator, filter.value, context)
  if (type === 'cohort' || type === 'static-cohort' || type === 'precalculated-cohort') return cohortCondition(filter, context)
  if (type === 'element') return elementCondition(String(key), operator, filter.value, context)
  return condition(target(filter, context), operator, filter.value, context)
}

const scopesOf: Record<string, FilterContext['scope'][]> = {
  event: ['events'],
  feature: ['events'],
  event_metadata: ['events'],
  person: ['events', 'persons'],
  person_metadata: ['events', 'persons'],
  group: ['events', 'groups'],
  session: ['events', 'sessions'],
}

function target(filter: PropertyFilter, context: FilterContext): Expr {
  const type = String(filter.type)
  const key = String(filter.key)
  const scopes = scopesOf[type]
  if (!scopes)
    throw new HogqlError(
      'invalid_value',
      `Unknown type of property filter "${type}".${nearMiss(type, [...Object.keys(scopesOf), 'cohort', 'element', 'hogql'])}`,
    )
  if (!scopes.includes(context.scope)) throw new HogqlError('invalid_value', `Filters of type "${type}" cannot be used on ${context.scope}`)
  const at = (...chain: string[]): Expr => field(...(context.alias === undefined ? [] : [context.alias]), ...chain)
  switch (type) {
    case 'event':
    case 'feature':
      return key === '$elements_chain' ? at('elements_chain') : at('properties', key)
    case 'event_metadata':
      return at(key)
    case 'person':
      return context.scope === 'persons' ? at('properties', key) : at('person', 'properties', key)
    case 'group':
      return context.scope === 'groups' ? at('properties', key) : at(`group_${Number(filter.group_type_index ?? 0)}`, 'properties', key)
    case 'session':
      return context.scope === 'sessions' ? at(key) : at('session', key)
    case 'person_metadata':
      return context.scope === 'persons' ? at(key) : at('person', key)
    default:
      throw new HogqlError('invalid_value', `Filters of type "${type}" have no value to compare`)
  }
}

/** The person is a member, or with `not_in` (of old: `negation`) is none. What the cohort is, is put in later. */
function cohortCondition(filter: PropertyFilter, context: FilterContext): Expr {
  if (context.scope !== 'events' && context.scope !== 'persons')
    throw new HogqlError('invalid_value', `Filters of type "cohort" cannot be used on ${context.scope}`)
  const operator = String(filter.operator ?? 'in')
  const excludes = operator === 'not_in' || operator === 'is_not'
  if (!excludes && operator !== 'in' && operator !== 'exact')
    throw new HogqlError('invalid_value', `A filter by cohort has the operator "in" or "not_in", not "${operator}"`)
  const ids = listOf(filter.value)
  const negated = excludes !== (filter.negation === true)
  const person = field(...(context.alias === undefined ? [] : [context.alias]), context.scope === 'persons' ? 'id' : 'person_id')
  const among = ids.map((id) => compare(negated ? 'not in cohort' : 'in cohort', person, constant(cohortId(id))))
  if (among.length === 0) return constant(true)
  return negated ? and(among) : or(among)
}

function cohortId(value: unknown): number {
  const id = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value
  if (typeof id !== 'number' || !Number.isInteger(id) || id <= 0)
    throw new HogqlError('invalid_value', `A filter by cohort needs the id of a cohort, not ${JSON.stringify(value)}`)
  return id
}

type Operator = (of: Expr, value: unknown, context: FilterContext) => Expr

const textValue = (value: unknown): string => (typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value))
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value])
/** Each value of a list, joined by or; by and for negative operators. An empty list is true. */
const each =
  (join: typeof and, one: Operator): Operator =>
  (of, value, context) => {
    const values = listOf(value)
    return values.length === 0 ? constant(true) : join(values.map((item) => one(of, item, context)))
  }

const equal: Operator = (of, value) => {
  const values = listOf(value)
  if (values.length === 0) return constant(true)
  const texts = values.map((item) => constant(textValue(item)))
  return texts.length === 1 && texts[0] ? compare('=', of, texts[0]) : compare('in', of, tuple(texts))
}

const contains: Operator = (of, value) => {
  const values = listOf(value)
  if (values.length === 1) return compare('ilike', of, constant(`%${textValue(values[0])}%`))
  return containsAny(of, values)
}
const containsAny = (of: Expr, value: unknown): Expr => {
  if (listOf(value).length === 0) return constant(false)
  const texts = listOf(value).map((item) => constant(textValue(item)))
  return call('ifNull', call('multiSearchAnyCaseInsensitiveUTF8', call('toString', of), array(texts)), constant(0))
}

const ordered =
  (op: '<' | '<=' | '>' | '>='): Operator =>
  (of, value) =>
    compare(op, of, constant(typeof value === 'number' ? value : textValue(value)))

function bounds(value: unknown): [number, number] {
  const [low, high] = Array.isArray(value) ? value.map(Number) : []
  if (low === undefined || high === undefined || !Number.isFinite(low) || !Number.isFinite(high)) {
    throw new HogqlError('invalid_value', 'between takes a list of two numbers, [lowest, highest]')
  }
  if (low > high) throw new HogqlError('invalid_value', `between: ${low} is more than ${high}`)
  return [low, high]
}

const between =
  (negated: boolean): Operator =>
  (of, value) => {
    const [low, high] = bounds(value)
    return { kind: 'between', expr: of, low: constant(low), high: constant(high), negated }
  }

const dated =
  (op: '=' | '<' | '>'): Operator =>
  (of, value, context) => {
    const resolved = resolveBound(textValue(value), context)
    if (!resolved) throw new HogqlError('invalid_value', `"${textValue(value)}" is not a date; write it like 2024-01-31 or -7d`)
    return compare(op, call('toDateTime', of), call('toDateTime', constant(toClickhouseInstant(resolved.at)), constant('UTC')))
  }

const cleaned: Operator = (of, value, context) => {
  const clean = (expr: Expr) =>
    context.pathCleaning.reduce((path, { regex, alias }) => call('replaceRegexpAll', path, constant(regex), constant(alias)), expr)
  return each(or, (one, item) => compare('=', clean(one), clean(constant(textValue(item)))))(of, value, context)
}

// ── versions ────────────────────────────────────────────────────────────────────────────────────────────────────────
type Version = [number, number, number]

function versionOf(value: unknown, least = 3): number[] {
  const parts = /^\s*v?(\d+)(?:\.(\d+|\*))?(?:\.(\d+|\*))?/.exec(textValue(value))?.slice(1) ?? []
  const numbers = parts.filter((part) => part !== undefined && part !== '*').map(Number)
  if (numbers.length < least) throw new HogqlError('invalid_value', `"${textValue(value)}" is not a version like 1.2.3`)
  return numbers
}
const full = ([major = 0, minor = 0, patch = 0]: number[]): Version => [major, minor, patch]

const versionArray = (version: Version) => array(version.map(constant))
/** The property's version as numbers; an empty list where it is none. */
const versionIn = (of: Expr) =>
  call('sortableSemver', call('extract', call('ifNull', call('toString', of), constant('')), constant('^v?(\\d+\\.\\d+\\.\\d+)')))
const isVersion = (of: Expr) => call('match', call('ifNull', call('toString', of), constant('')), constant('^v?\\d+\\.\\d+\\.\\d+'))

const version =
  (op: '=' | '!=' | '<' | '<=' | '>' | '>='): Operator =>
  (of, value) =>
    and([isVersion(of), compare(op, versionIn(of), versionArray(full(versionOf(value))))])

const versionRange =
  (upper: (parts: number[]) => Version, least: number): Operator =>
  (of, value) => {
    const parts = versionOf(value, least)
    return and([
      isVersion(of),
      compare('>=', versionIn(of), versionArray(full(parts))),
      compare('<', versionIn(of), versionArray(upper(parts))),
    ])
  }

const nextOf = (parts: number[]): Version => (parts.length === 1 ? [(parts[0] ?? 0) + 1, 0, 0] : [parts[0] ?? 0, (parts[1] ?? 0) + 1, 0])
const caretUpper = (parts: number[]): Version => {
  const [major, minor, patch] = full(parts)
  if (major > 0 || parts.length === 1) return [major + 1, 0, 0]
  return minor > 0 || parts.length === 2 ? [0, minor + 1, 0] : [0, 0, patch + 1]
}
const wildcardUpper = (parts: number[]): Version => nextOf(parts.slice(0, 2))

const operators: Record<string, Operator> = {
  exact: equal,
  in: equal,
  is_not: (of, value, context) => (listOf(value).length === 0 ? constant(true) : not(equal(of, value, context))),
  not_in: (of, value, context) => (listOf(value).length === 0 ? constant(true) : not(equal(of, value, context))),
  icontains: contains,
  not_icontains: (of, value, context) => not(contains(of, value, context)),
  icontains_multi: (of, value) => containsAny(of, value),
  not_icontains_multi: (of, value) => not(containsAny(of, value)),
  regex: each(or, (of, value) => compare('=~', of, constant(textValue(value)))),
  not_regex: each(and, (of, value) => compare('!~', of, constant(textValue(value)))),
  gt: each(or, ordered('>')),
  gte: each(or, ordered('>=')),
  lt: each(or, ordered('<')),
  lte: each(or, ordered('<=')),
  min: each(or, ordered('>=')),
  max: each(or, ordered('<=')),
  between: between(false),
  not_between: (of, value, context) => and([isNotNull(of), between(true)(of, value, context)]),
  // Of flags, which only an SDK evaluates.
  flag_evaluates_to: () => constant(true),
  is_set: (of) => isNotNull(of),
  is_not_set: (of) => isNull(of),
  is_date_exact: each(or, dated('=')),
  is_date_before: each(or, dated('<')),
  is_date_after: each(or, dated('>')),
  is_cleaned_path_exact: cleaned,
  semver_eq: each(or, version('=')),
  semver_neq: each(and, version('!=')),
  semver_gt: each(or, version('>')),
  semver_gte: each(or, version('>=')),
  semver_lt: each(or, version('<')),
  semver_lte: each(or, version('<=')),
  semver_tilde: each(or, versionRange(nextOf, 1)),
  semver_caret: each(or, versionRange(caretUpper, 1)),
  semver_wildcard: each(or, versionRange(wildcardUpper, 1)),
}

function condition(of: Expr, operator: string, value: unknown, context: FilterContext): Expr {
  const apply = Object.hasOwn(operators, operator) ? operators[operator] : undefined
  if (!apply) throw new HogqlError('invalid_value', `Unknown operator "${operator}".${nearMiss(operator, Object.keys(operators))}`)
  return apply(of, value, context)
}

/** Any of the person's distinct ids. */
function distinctIdCondition(operator: string, value: unknown, context: FilterContext): Expr {
  const negative = ['is_not', 'not_in', 'not_icontains', 'not_icontains_multi', 'not_regex'].includes(operator)
  const positive: Record<string, string> = {
    is_not: 'exact',
    not_in: 'in',
    not_icontains: 'icontains',
    not_icontains_multi: 'icontains_multi',
    not_regex: 'regex',
  }
  const matching = condition(field('distinct_id'), positive[operator] ?? operator, value, context)
  const persons = select([field('person_id')], { from: { table: table('person_distinct_ids'), joins: [] }, where: matching })
  const person = field(...(context.alias === undefined ? [] : [context.alias]), context.scope === 'persons' ? 'id' : 'person_id')
  return compare(negative ? 'not in' : 'in', person, { kind: 'subquery', query: persons })
}

function elementCondition(key: string, operator: string, value: unknown, context: FilterContext): Expr {
  if (context.scope !== 'events') throw new HogqlError('invalid_value', `Filters of type "element" cannot be used on ${context.scope}`)
  const at = (name: string) => field(...(context.alias === undefined ? [] : [context.alias]), name)
  switch (key) {
    case 'tag_name':
    case 'selector': {
      const patterns = listOf(value).flatMap((item) =>
        key === 'selector' ? selectorPatterns(textValue(item)) : [tagPattern(textValue(item))],
      )
      if (!['exact', 'is_not', 'in', 'not_in'].includes(operator))
        throw new HogqlError('invalid_value', `A filter by element "${key}" has the operator "exact" or "is_not", not "${operator}"`)
      const any = or(patterns.map((pattern) => compare('=~', at('elements_chain'), constant(pattern))))
      return operator === 'is_not' || operator === 'not_in' ? not(any) : any
    }
    case 'href':
      return condition(at('elements_chain_href'), operator, value, context)
    case 'text':
      return call(
        'arrayExists',
        { kind: 'lambda', params: ['text'], body: condition(field('text'), operator, value, context) },
        at('elements_chain_texts'),
      )
    default:
      throw new HogqlError('invalid_value', `A filter by element has the key selector, tag_name, href or text, not "${key}"`)
  }
}

const tagPattern = (tag: string): string => `(^|;)${tag.replace(/[^A-Za-z0-9_-]/g, (found) => `\\${found}`)}(\\.|$|;|:)`

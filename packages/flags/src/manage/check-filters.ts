import type { FlagCondition, FlagFilter, FlagFilters } from '@hedgerow/protocol'
import { hasBehavior, readCohortTree } from '../cohorts/tree.ts'
import type { CohortDefinition, FlagDefinition } from '../definition.ts'
import { findCycle } from '../evaluate/stages.ts'
import { filterDate } from '../properties/date.ts'
import { numberOf } from '../properties/number.ts'
import { compilePattern, maxPatternLength } from '../properties/pattern.ts'
import { caretRange, parseVersion, tildeRange, wildcardRange } from '../properties/version.ts'

/** What is wrong in a flag, and where: `attr` is the path of the field. */
export interface FlagProblem {
  code: 'invalid_input' | 'invalid_regex' | 'required'
  attr: string
  /** Follows the path: "must …". */
  message: string
}

/** What conditions may name. */
export interface KnownParts {
  flags: readonly FlagDefinition[]
  cohorts: readonly CohortDefinition[]
  /** Cohorts with behavior whose members are followed, so that flags may ask for them. */
  isFollowed(cohortId: number): boolean
}

/** The first thing wrong in a flag's filters, with the rest of the flag and of the project seen; undefined where all is right. */
export function findProblem(flag: FlagDefinition, known: KnownParts): FlagProblem | undefined {
  const { filters } = flag
  const conditions = filters.groups ?? []
  if (conditions.length === 0) return invalid('filters.groups', 'must hold at least one release condition', 'required')
  // why: whoever writes rules of another language must not have them read as conditions of this one.
  const { version } = filters
  if (version !== undefined && version !== null && version !== 1) {
    return invalid(
      'filters.version',
      `must be 1 or absent: there is no other language of conditions here, so ${JSON.stringify(version)} means nothing`,
    )
  }
  return (
    variantProblem(filters) ??
    payloadProblem(filters) ??
    togetherProblem(flag) ??
    firstOf(conditions, (condition, index) => conditionProblem(condition, `filters.groups[${index}]`, flag, known)) ??
    firstOf(filters.super_groups ?? [], (condition, index) => conditionProblem(condition, `filters.super_groups[${index}]`, flag, known)) ??
    cycleProblem(flag, known)
  )
}

const invalid = (attr: string, message: string, code: FlagProblem['code'] = 'invalid_input'): FlagProblem => ({ code, attr, message })

function firstOf<Item>(items: readonly Item[], find: (item: Item, index: number) => FlagProblem | undefined): FlagProblem | undefined {
  for (const [index, item] of items.entries()) {
    const problem = find(item, index)
    if (problem) return problem
  }
  return undefined
}

function variantProblem({ multivariate }: FlagFilters): FlagProblem | undefined {
  const variants = multivariate?.variants ?? []
  if (variants.length === 0) return undefined
  const keys = variants.map((variant) => variant.key)
  const repeated = keys.findIndex((key, index) => keys.indexOf(key) < index)
  if (repeated >= 0) {
    return invalid(`filters.multivariate.variants[${repeated}].key`, `must be unique: ${JSON.stringify(keys[repeated])} is there already`)
  }
  const sum = variants.reduce((total, variant) => total + variant.rollout_percentage, 0)
  // why: percentages are sums of decimals in binary; a hundredth of a thousandth is no mistake of anybody's.
  if (Math.abs(sum - 100) > 1e-5) {
    return invalid('filters.multivariate.variants', `must have percentages that sum to 100; these sum to ${Number(sum.toFixed(4))}`)
  }
  return undefined
}

function payloadProblem({ payloads, multivariate }: FlagFilters): FlagProblem | undefined {
  const keys = new Set(['true', ...(multivariate?.variants ?? []).map((variant) => variant.key)])
  return firstOf(Object.entries(payloads ?? {}), ([key, payload]) => {
    const attr = `filters.payloads.${key}`
    if (!keys.has(key)) return invalid(attr, `must be of "true" or of a variant: ${[...keys].join(', ')}`)
    if (typeof payload !== 'string' || isJson(payload)) return undefined
    return invalid(attr, 'must be JSON as text, for instance "{\\"color\\": \\"red\\"}"')
  })
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch (error) {
    if (error instanceof SyntaxError) return false
    throw error
  }
}

/** What cannot go together. */
function togetherProblem(flag: FlagDefinition): FlagProblem | undefined {
  const { filters } = flag
  const byGroup = (filters.groups ?? []).some((condition) => typeof condition.aggregation_group_type_index === 'number')
  const isGrouped = byGroup || typeof filters.aggregation_group_type_index === 'number'
  if (isGrouped && (filters.feature_enrollment || (filters.super_groups?.length ?? 0) > 0)) {
    return invalid('filters.aggregation_group_type_index', 'must be null: early access is for persons, not for groups')
  }
  if (flag.bucketingIdentifier === 'device_id' && flag.ensureExperienceContinuity) {
    return invalid('bucketing_identifier', 'must be distinct_id: a device keeps its answer anyway, and continuity is for distinct ids')
  }
  return undefined
}

function conditionProblem(condition: FlagCondition, path: string, flag: FlagDefinition, known: KnownParts): FlagProblem | undefined {
  return firstOf(condition.properties ?? [], (filter, index) => filterProblem(filter, `${path}.properties[${index}]`, flag, known))
}

function filterProblem(filter: FlagFilter, path: string, flag: FlagDefinition, known: KnownParts): FlagProblem | undefined {
  switch (filter.type) {
    case 'cohort':
      return cohortProblem(filter, path, known)
    case 'flag':
      return dependencyProblem(filter, path, flag, known)
    case 'person':
    case 'group':
    case 'person_metadata':
      return valueProblem(filter, path)
  }
}

function cohortProblem(filter: FlagFilter, path: string, known: KnownParts): FlagProblem | undefined {
  const id = Number(filter.value)
  const cohort = known.cohorts.find((each) => each.id === id)
  if (!cohort) return invalid(`${path}.value`, `must be the id of a cohort: there is no cohort ${JSON.stringify(filter.value)}`)
  if (filter.operator && !['in', 'not_in', 'exact'].includes(filter.operator)) {
    return invalid(`${path}.operator`, `must be in or not_in for a cohort, not ${filter.operator}`)
  }
  const tree = readCohortTree(cohort.properties)
  if (!cohort.isStatic && tree && hasBehavior(tree) && !known.isFollowed(id)) {
    return invalid(
      `${path}.value`,
      `must be a cohort that flags can ask for: the members of cohort ${id}, by what people did, are not kept`,
    )
  }
  return undefined
}

function dependencyProblem(filter: FlagFilter, path: string, flag: FlagDefinition, known: KnownParts): FlagProblem | undefined {
  const target = known.flags.find((other) => String(other.id) === String(filter.key))
  if (String(filter.key) === String(flag.id)) return invalid(`${path}.key`, 'must be another flag: a flag cannot depend on itself')
  if (!target) return invalid(`${path}.key`, `must be the id of a flag: there is no flag ${JSON.stringify(filter.key)}`)
  if (filter.operator && filter.operator !== 'flag_evaluates_to') {
    return invalid(`${path}.operator`, `must be flag_evaluates_to for a flag, not ${filter.operator}`)
  }
  if (typeof filter.value === 'boolean' || typeof filter.value === 'string') return undefined
  return invalid(`${path}.value`, 'must be true, false or the key of a variant')
}

function cycleProblem(flag: FlagDefinition, known: KnownParts): FlagProblem | undefined {
  const cycle = findCycle(flag, known.flags)
  return cycle && invalid('filters.groups', `must not depend on each other in a circle: ${cycle.join(' → ')}`)
}

/** A value that its operator could not be asked with. */
function valueProblem({ operator, value }: FlagFilter, path: string): FlagProblem | undefined {
  const attr = `${path}.value`
  switch (operator) {
    case 'regex':
    case 'not_regex':
      if (compilePattern(String(value))) return undefined
      return invalid(
        attr,
        String(value).length > maxPatternLength
          ? `must be a regular expression of at most ${maxPatternLength} characters`
          : `must be a regular expression in RE2's syntax (no look-around, no back-references): ${JSON.stringify(value)?.slice(0, 200)} is none`,
        'invalid_regex',
      )
    case 'is_date_exact':
    case 'is_date_before':
    case 'is_date_after':
      return filterDate(value, 'UTC') ? undefined : invalid(attr, 'must be a date such as 2026-03-01, or relative such as -30d')
    case 'between':
    case 'not_between': {
      const [low, high] = Array.isArray(value) ? value.map(numberOf) : []
      if (low !== undefined && high !== undefined && low <= high) return undefined
      return invalid(attr, 'must be a list of two numbers, the lesser first')
    }
    case 'semver_tilde':
      return tildeRange(value) ? undefined : invalid(attr, versionMessage)
    case 'semver_caret':
      return caretRange(value) ? undefined : invalid(attr, versionMessage)
    case 'semver_wildcard':
      return wildcardRange(value) ? undefined : invalid(attr, 'must be a version with a star, such as 1.2.*')
    case 'semver_eq':
    case 'semver_neq':
    case 'semver_gt':
    case 'semver_gte':
    case 'semver_lt':
    case 'semver_lte':
      return parseVersion(value) ? undefined : invalid(attr, versionMessage)
    case 'in':
    case 'not_in':
    case 'flag_evaluates_to':
      return invalid(`${path}.operator`, `must be an operator on properties, not ${operator}`)
    case undefined:
    case null:
    case 'exact':
    case 'is_not':
    case 'icontains':
    case 'not_icontains':
    case 'icontains_multi':
    case 'not_icontains_multi':
    case 'starts_with':
    case 'not_starts_with':
    case 'ends_with':
    case 'not_ends_with':
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
    case 'min':
    case 'max':
    case 'is_set':
    case 'is_not_set':
      return undefined
  }
}

const versionMessage = 'must be a version, such as 1.2.3'

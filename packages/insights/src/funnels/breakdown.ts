import { build, type syntax } from '@hedgerow/hogql'
import { type InsightContext, invalidQuestion, type QueryNode } from '../context.ts'
import { readChoice, readObject, readWhole } from '../question/fields.ts'

export type Attribution = { type: 'first_touch' | 'last_touch' | 'all_events' } | { type: 'step'; step: number }

export interface Breakdown {
  /** An array of texts on an event: one a property; of cohorts, the id alone. Never null: what is missing is empty text. */
  value: syntax.Expr
  /** Elements of a value. */
  size: number
  attribution: Attribution
  /** Values beyond it are one, `Other`. Cohorts are never folded. */
  limit?: number
  /** Name by id, as text; `0` is everyone. */
  cohorts?: Map<string, string>
}

const kinds = ['event', 'person', 'group', 'session', 'cohort', 'hogql', 'event_metadata'] as const
type Kind = (typeof kinds)[number]

const limits = { values: 1000, defaultValues: 25, properties: 10, cohorts: 100 }

/** `breakdownFilter`, with the attribution that `funnelsFilter` says. @throws HogqlError */
export function readBreakdown(node: QueryNode, filter: QueryNode, steps: number, context: InsightContext): Breakdown | undefined {
  const given = readObject(node.breakdownFilter, 'breakdownFilter')
  const parts = partsOf(given)
  if (parts.length === 0) return undefined
  const attribution = readAttribution(filter, steps)
  const limit = readWhole(given.breakdown_limit, [1, limits.values], 'breakdownFilter.breakdown_limit') ?? limits.defaultValues
  if (parts[0]?.kind === 'cohort') return cohortBreakdown(parts, context)
  if (parts.length > limits.properties)
    throw invalidQuestion(`breakdownFilter can have ${limits.properties} properties at most, not ${parts.length}`)
  const value = build.array(parts.map((part) => textOf(part, context)))
  return { value, size: parts.length, attribution, limit }
}

function readAttribution(filter: QueryNode, steps: number): Attribution {
  const type = readChoice(
    filter.breakdownAttributionType,
    ['first_touch', 'last_touch', 'all_events', 'step'],
    'funnelsFilter.breakdownAttributionType',
  )
  if (type !== 'step') return { type }
  return { type, step: 1 + (readWhole(filter.breakdownAttributionValue, [0, steps - 1], 'funnelsFilter.breakdownAttributionValue') ?? 0) }
}

interface Part {
  kind: Kind
  key: string
  groupTypeIndex: unknown
  normalizeUrl: boolean
}

/** `breakdown` with its type, or the newer list `breakdowns`. */
function partsOf(given: QueryNode): Part[] {
  if (Array.isArray(given.breakdowns) && given.breakdowns.length > 0) {
    return given.breakdowns.map((entry, i) => {
      const { property, type, group_type_index, normalize_url } = readObject(entry, `breakdownFilter.breakdowns[${i}]`)
      return part(property, type, group_type_index, normalize_url === true)
    })
  }
  const { breakdown, breakdown_type: type, breakdown_group_type_index: index, breakdown_normalize_url: normalize } = given
  if (breakdown === undefined || breakdown === null || breakdown === '') return []
  return (Array.isArray(breakdown) ? breakdown : [breakdown]).map((key) => part(key, type, index, normalize === true))
}

function part(key: unknown, type: unknown, groupTypeIndex: unknown, normalizeUrl: boolean): Part {
  const kind = readChoice<Kind>(type, [...kinds] as [Kind, ...Kind[]], 'breakdownFilter.breakdown_type')
  if ((typeof key !== 'string' || key === '') && typeof key !== 'number')
    throw invalidQuestion(`breakdownFilter.breakdown must be the name of a property, not ${JSON.stringify(key)}`)
  return { kind, key: String(key), groupTypeIndex, normalizeUrl }
}

function textOf({ kind, key, groupTypeIndex, normalizeUrl }: Part, context: InsightContext): syntax.Expr {
  const text = build.call('ifNull', build.call('toString', read()), build.constant(''))
  if (!normalizeUrl) return text
  const trimmed = build.call('replaceRegexpOne', text, build.constant('[/?#]+$'), build.constant(''))
  return build.call(
    'if',
    build.call('empty', text),
    build.constant(''),
    build.call('if', build.call('empty', trimmed), build.constant('/'), trimmed),
  )

  function read(): syntax.Expr {
    switch (kind) {
      case 'event':
        return build.field('properties', key)
      case 'person':
        return build.field('person', 'properties', key)
      case 'group':
        return build.field(`group_${groupIndex(groupTypeIndex)}`, 'properties', key)
      case 'session':
        return build.field('session', key)
      case 'event_metadata':
        return build.field(key)
      case 'hogql':
        return context.parseExpr(key)
      case 'cohort':
        throw invalidQuestion('breakdownFilter: cohorts cannot be broken down by together with properties')
    }
  }
}

function groupIndex(given: unknown): number {
  const index = Number(given ?? Number.NaN)
  if (!Number.isInteger(index) || index < 0 || index > 4)
    throw invalidQuestion(`breakdownFilter.breakdown_group_type_index must be 0 to 4, not ${JSON.stringify(given)}`)
  return index
}

/** compat: everyone is the cohort 0. */
const everyone = '0'

/** Each listed cohort that the event's person is in: an event counts for every one of them. */
function cohortBreakdown(parts: Part[], context: InsightContext): Breakdown {
  if (parts.length > limits.cohorts)
    throw invalidQuestion(`breakdownFilter can name ${limits.cohorts} cohorts at most, not ${parts.length}`)
  const cohorts = new Map(parts.map((each) => cohortNamed(each, context)))
  const memberships = [...cohorts.keys()].map((id) => {
    if (id === everyone) return build.constant(id)
    const persons = context.filters.cohort?.(Number(id))
    if (!persons) throw invalidQuestion('breakdownFilter: cohorts cannot be used here')
    const isMember = build.compare('in', build.field('person_id'), { kind: 'subquery', query: persons })
    return build.call('if', isMember, build.constant(id), build.constant(''))
  })
  const member: syntax.Expr = { kind: 'lambda', params: ['id'], body: build.call('notEmpty', build.field('id')) }
  const value = build.array([build.call('arrayJoin', build.call('arrayFilter', member, build.array(memberships)))])
  return { value, size: 1, attribution: { type: 'all_events' }, cohorts }
}

function cohortNamed({ kind, key }: Part, context: InsightContext): [string, string] {
  if (kind !== 'cohort') throw invalidQuestion('breakdownFilter: cohorts cannot be broken down by together with properties')
  if (key === 'all' || key === everyone) return [everyone, 'all users']
  const cohort = context.cohorts.get(Number(key))
  if (!cohort) throw invalidQuestion(`breakdownFilter.breakdown: there is no cohort with the id ${JSON.stringify(key)}`)
  return [String(cohort.id), cohort.name]
}

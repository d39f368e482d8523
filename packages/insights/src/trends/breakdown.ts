import { build, nearMiss, type syntax } from '@hedgerow/hogql'
import { type InsightContext, invalidQuestion } from '../context.ts'
import { readWhole } from '../question/fields.ts'

/** Stands for no value, and for an empty one. */
export const nullValue = '$$_posthog_breakdown_null_$$'
/** Stands for all values beyond the limit. */
export const otherValue = '$$_posthog_breakdown_other_$$'

/** Numbers in ranges of equal width instead of each by itself. */
export interface Bins {
  /** Null is no number. */
  number: syntax.Expr
  count: number
}

export interface Dimension {
  /** Text on `events`, null for none. */
  value: syntax.Expr
  bins?: Bins
}

/** Lines by the value of something. */
export interface Breakdown {
  dimensions: Dimension[]
  /** Of persons, in the order asked for; null is all. Then there are no dimensions. */
  cohorts?: (number | null)[]
  /** Values are lists, since `breakdowns` was used. */
  isList: boolean
  limit: number
  hidesOther: boolean
}

/** limit: beyond these a question is refused. */
const limits = { dimensions: 3, values: 1000, bins: 100, cohorts: 25 }

type Json = Record<string, unknown>

/** The query's `breakdownFilter`; undefined where it breaks nothing down. @throws HogqlError */
export function readBreakdown(given: unknown, trendsFilter: Json, defaultLimit: number, context: InsightContext): Breakdown | undefined {
  if (given === undefined || given === null) return undefined
  if (typeof given !== 'object' || Array.isArray(given)) throw invalidQuestion('breakdownFilter must be an object')
  const filter = given as Json
  const limit = readWhole(filter.breakdown_limit, [1, limits.values], 'breakdown_limit') ?? defaultLimit
  const common = { limit, hidesOther: filter.breakdown_hide_other_aggregation === true }
  const list = filter.breakdowns
  if (Array.isArray(list) && list.length > 0) {
    if (list.length > limits.dimensions)
      throw invalidQuestion(`breakdowns has at most ${limits.dimensions} entries; there are ${list.length}`)
    return { ...common, isList: true, dimensions: list.map((entry, i) => listed(entry, i, filter, context)) }
  }
  const key = filter.breakdown
  if (key === undefined || key === null || key === '' || (Array.isArray(key) && key.length === 0)) return undefined
  const type = filter.breakdown_type ?? 'event'
  if (type === 'cohort') return { ...common, isList: false, dimensions: [], cohorts: cohortIds(key) }
  const bins = filter.breakdown_histogram_bin_count ?? trendsFilter.breakdown_histogram_bin_count
  const keys = Array.isArray(key) ? key : [key]
  if (keys.length > limits.dimensions)
    throw invalidQuestion(`breakdown has at most ${limits.dimensions} properties; there are ${keys.length}`)
  const traits = { ...filter, normalize_url: filter.breakdown_normalize_url, histogram_bin_count: bins }
  return {
    ...common,
    isList: Array.isArray(key) && key.length > 1,
    dimensions: keys.map((one) => dimension(type, one, filter.breakdown_group_type_index, traits, context)),
  }
}

function listed(entry: unknown, i: number, filter: Json, context: InsightContext): Dimension {
  if (typeof entry !== 'object' || entry === null) throw invalidQuestion(`breakdowns[${i}] must be an object with property and type`)
  const { property, type = 'event', group_type_index: group, ...traits } = entry as Json
  if (type === 'cohort') throw invalidQuestion('Cohorts are broken down by with breakdown_type "cohort", not in breakdowns')
  return dimension(type ?? 'event', property, group, { breakdown_path_cleaning: filter.breakdown_path_cleaning, ...traits }, context)
}

const types = ['event', 'person', 'group', 'session', 'cohort', 'hogql', 'event_metadata']

function dimension(type: unknown, given: unknown, group: unknown, traits: Json, context: InsightContext): Dimension {
  if (typeof given !== 'string' && typeof given !== 'number')
    throw invalidQuestion(`A breakdown must name a property, not ${JSON.stringify(given)}`)
  const raw = source(type, String(given), group, context)
  const bins = readWhole(traits.histogram_bin_count, [1, limits.bins], 'histogram_bin_count')
  const text = build.call('nullIf', build.call('toString', raw), build.constant(''))
  if (bins !== undefined) return { value: text, bins: { number: build.call('toFloat', raw), count: bins } }
  const cleaned = traits.breakdown_path_cleaning === true ? pathCleaned(text, context) : text
  return { value: traits.normalize_url === true ? withoutTail(cleaned) : cleaned }
}

function source(type: unknown, key: string, group: unknown, context: InsightContext): syntax.Expr {
  switch (type) {
    case 'event':
    case 'feature':
      return build.field('properties', key)
    case 'event_metadata':
      return build.field(key)
    case 'person':
      return build.field('person', 'properties', key)
    case 'session':
      return build.field('session', key)
    case 'hogql':
      return context.parseExpr(key)
    case 'group': {
      const index = Number(group ?? 0)
      if (!Number.isInteger(index) || index < 0 || index > 4)
        throw invalidQuestion(`breakdown_group_type_index must be 0 to 4, not ${JSON.stringify(group)}`)
      return build.field(`group_${index}`, 'properties', key)
    }
  }
  throw invalidQuestion(
    `Unknown breakdown_type ${JSON.stringify(type)}.${nearMiss(String(type), types) || ` There are ${types.join(', ')}.`}`,
  )
}

const pathCleaned = (text: syntax.Expr, { pathCleaning }: InsightContext): syntax.Expr =>
  pathCleaning.reduce((path, { regex, alias }) => build.call('replaceRegexpAll', path, build.constant(regex), build.constant(alias)), text)

/** Without what ends an address and says nothing; `/` where nothing else is left. */
function withoutTail(text: syntax.Expr): syntax.Expr {
  const short = build.call('replaceRegexpOne', text, build.constant('[/?#]+$'), build.constant(''))
  return build.call('if', build.compare('=', short, build.constant('')), build.constant('/'), short)
}

function cohortIds(given: unknown): (number | null)[] {
  const ids = (Array.isArray(given) ? given : [given]).map((id) => (id === 'all' || id === 0 || id === '0' ? null : Number(id)))
  if (ids.length > limits.cohorts) throw invalidQuestion(`breakdown has at most ${limits.cohorts} cohorts; there are ${ids.length}`)
  const wrong = ids.findIndex((id) => id !== null && !Number.isInteger(id))
  if (wrong >= 0) throw invalidQuestion(`breakdown must list ids of cohorts or "all", not ${JSON.stringify(given)}`)
  return ids
}

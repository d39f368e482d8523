import { build, type syntax } from '@hedgerow/hogql'
import { type InsightContext, invalidQuestion, type QueryNode } from '../context.ts'
import { readFlag, readObject, readText, readTexts } from '../question/fields.ts'

const { and, array, call, compare, constant, field, not, or, tuple } = build

interface CleaningRule {
  regex: string
  alias: string
}

interface Items {
  /** Before cleaning. */
  raw: syntax.Expr
  cleaning: CleaningRule[]
  groupings: string[]
  /** Which events are on a path at all; undefined for every one. */
  condition?: syntax.Expr
}

const kinds = ['$pageview', '$screen', 'custom_event', 'hogql']
const limits = { rules: 100, groupings: 100, exclusions: 1000 }

/** What the filter says about the items of a path. @throws HogqlError */
export function readItems(filter: QueryNode, context: InsightContext): Items {
  const include = readTexts(filter.includeEventTypes, kinds.length, 'pathsFilter.includeEventTypes')
  const unknown = include.find((kind) => !kinds.includes(kind))
  if (unknown !== undefined) throw invalidQuestion(`pathsFilter.includeEventTypes can have ${kinds.join(', ')}, not "${unknown}"`)
  const exclude = readTexts(filter.excludeEvents, limits.exclusions, 'pathsFilter.excludeEvents')
  const cleaning = readFlag(filter.pathReplacements, 'pathsFilter.pathReplacements') ? context.pathCleaning : []
  const items = {
    raw: rawItem(filter, include, exclude, context),
    cleaning: [...cleaning, ...readRules(filter.localPathCleaningFilters)],
    groupings: readTexts(filter.pathGroupings, limits.groupings, 'pathsFilter.pathGroupings'),
  }
  if (include.length === 0) return items
  const isKind: Record<string, syntax.Expr> = {
    $pageview: compare('=', field('event'), constant('$pageview')),
    $screen: compare('=', field('event'), constant('$screen')),
    custom_event: not(call('startsWith', field('event'), constant('$'))),
  }
  const ofKind = include.map((kind) => isKind[kind]).filter((condition) => condition !== undefined)
  const conditions = [
    ...(ofKind.length === 0 ? [] : [or(ofKind)]),
    ...(exclude.length === 0 ? [] : [compare('not in', pathItem(items), tuple(exclude.map(constant)))]),
  ]
  return conditions.length === 0 ? items : { ...items, condition: and(conditions) }
}

/**
 * The event's name, or what stands for it: the address of a page view, the name of a screen, an expression.
 * compat: without `includeEventTypes`, `excludeEvents` says which of these are left at the event's name.
 */
function rawItem(filter: QueryNode, include: string[], exclude: string[], context: InsightContext): syntax.Expr {
  const uses = (kind: string) => (include.length === 0 ? !exclude.includes(kind) : include.includes(kind))
  const text = (value: syntax.Expr) => call('ifNull', call('toString', value), constant(''))
  const expression = readText(filter.pathsHogQLExpression, 'pathsFilter.pathsHogQLExpression')
  if (include.includes('hogql') && expression === undefined)
    throw invalidQuestion('pathsFilter.includeEventTypes with "hogql" needs a pathsHogQLExpression')
  const isEvent = (name: string) => call('equals', field('event'), constant(name))
  const name = uses('hogql') && expression !== undefined ? text(context.parseExpr(expression)) : call('toString', field('event'))
  const page = uses('$pageview') ? call('if', isEvent('$pageview'), withoutSlash(text(field('properties', '$current_url'))), name) : name
  return uses('$screen') ? call('if', isEvent('$screen'), text(field('properties', '$screen_name')), page) : page
}

/** Without one slash at the end, unless that is all. */
function withoutSlash(url: syntax.Expr): syntax.Expr {
  const length = call('length', url)
  const isLonger = call('and', call('endsWith', url, constant('/')), call('greater', length, constant(1)))
  return call('if', isLonger, call('substring', url, constant(1), call('minus', length, constant(1))), url)
}

/** The item as a path shows it: cleaned by the rules in their order, then the first glob that matches it. */
export function pathItem({ raw, cleaning, groupings }: Pick<Items, 'raw' | 'cleaning' | 'groupings'>): syntax.Expr {
  const cleaned = cleaning.reduce((item, { regex, alias }) => call('replaceRegexpAll', item, constant(regex), constant(alias)), raw)
  if (groupings.length === 0) return cleaned
  const index = call('multiMatchAnyIndex', cleaned, array(groupings.map((glob) => constant(globRegex(glob)))))
  const globs = array(groupings.map(constant))
  return call('if', call('greater', index, constant(0)), call('arrayElement', globs, call('greatest', index, constant(1))), cleaned)
}

/** All is literal but `*`, which stands for anything. */
const globRegex = (glob: string): string => glob.replace(/[^\w\s/*\u0080-\u{10ffff}]/gu, '\\$&').replaceAll('*', '.*')

function readRules(given: unknown): CleaningRule[] {
  if (given === undefined || given === null) return []
  const name = 'pathsFilter.localPathCleaningFilters'
  if (!Array.isArray(given)) throw invalidQuestion(`${name} must be a list of rules with regex and alias`)
  if (given.length > limits.rules) throw invalidQuestion(`${name} can have ${limits.rules} rules at most; there are ${given.length}`)
  return given.map((rule, i) => {
    const { regex, alias } = readObject(rule, `${name}[${i}]`)
    if (typeof regex !== 'string' || regex === '') throw invalidQuestion(`${name}[${i}].regex must be a regular expression`)
    if (typeof alias !== 'string') throw invalidQuestion(`${name}[${i}].alias must be a text`)
    return { regex, alias }
  })
}

import { build, isAggregate, nearMiss, type syntax } from '@hedgerow/hogql'
import { type InsightContext, invalidQuestion, type QueryNode } from '../context.ts'
import { type Actor, groupActor } from '../question/conditions.ts'
import { isStatistic, type Statistic, statisticNames } from './statistics.ts'

/** What is told of a series' events. */
export type SeriesMath =
  | { kind: 'count' }
  /** Distinct actors. */
  | { kind: 'unique'; actor: Actor }
  | { kind: 'sessions' }
  /** Distinct actors of the days up to and with the bucket's. */
  | { kind: 'active'; days: 7 | 30; actor: Actor }
  /** Actors by their first event: `ever`, of the name alone; else of those that satisfy the filters. */
  | { kind: 'first'; ever: boolean; actor: Actor }
  | { kind: 'property'; statistic: Statistic; value: syntax.Expr }
  /** Over sessions, each once. */
  | { kind: 'session-property'; statistic: Statistic; value: syntax.Expr }
  /** Over the actors' numbers of events. */
  | { kind: 'per-actor'; statistic: Statistic; actor: Actor }
  | { kind: 'expression'; value: syntax.Expr }

const perActor = '_count_per_actor'
const named = [
  'total',
  'dau',
  'weekly_active',
  'monthly_active',
  'unique_session',
  'unique_group',
  'first_time_for_user',
  'first_matching_event_for_user',
  'hogql',
]
const mathNames = [...named, ...statisticNames, ...statisticNames.filter((name) => name !== 'sum').map((name) => name + perActor)]

/** A series' `math`, with all that belongs to it. `place` names the series in messages. @throws HogqlError */
export function readMath(node: QueryNode, person: Actor, place: string, context: InsightContext): SeriesMath {
  const math = node.math ?? 'total'
  if (typeof math !== 'string') throw invalidQuestion(`${place}.math must be a name like dau, not ${JSON.stringify(math)}`)
  if (isStatistic(math)) return propertyMath(math, node, place, context)
  const statistic = math.endsWith(perActor) ? math.slice(0, -perActor.length) : ''
  if (isStatistic(statistic) && statistic !== 'sum') return { kind: 'per-actor', statistic, actor: person }
  switch (math) {
    case '':
    case 'total':
      return { kind: 'count' }
    case 'dau':
      return { kind: 'unique', actor: person }
    case 'weekly_active':
      return { kind: 'active', days: 7, actor: person }
    case 'monthly_active':
      return { kind: 'active', days: 30, actor: person }
    case 'unique_session':
      return { kind: 'sessions' }
    case 'unique_group':
      return { kind: 'unique', actor: groupActor(node.math_group_type_index, `${place}.math_group_type_index`) }
    case 'first_time_for_user':
      return { kind: 'first', ever: true, actor: person }
    case 'first_matching_event_for_user':
      return { kind: 'first', ever: false, actor: person }
    case 'hogql':
      return { kind: 'expression', value: expression(node, place, context) }
  }
  throw invalidQuestion(`Unknown ${place}.math "${math}".${nearMiss(math, mathNames) || ` There are ${mathNames.join(', ')}.`}`)
}

function expression(node: QueryNode, place: string, context: InsightContext): syntax.Expr {
  if (typeof node.math_hogql !== 'string' || node.math_hogql.trim() === '')
    throw invalidQuestion(`${place}.math is hogql: it needs an expression in math_hogql, like sum(properties.price)`)
  const expr = context.parseExpr(node.math_hogql)
  if (!isAggregate(expr))
    throw invalidQuestion(`${place}.math_hogql must aggregate, like sum(properties.price); "${node.math_hogql}" does not`)
  return expr
}

function propertyMath(statistic: Statistic, node: QueryNode, place: string, context: InsightContext): SeriesMath {
  const { math_property: property, math_property_type: type = 'event_properties', math_multiplier: multiplier } = node
  if (typeof property !== 'string' || property === '')
    throw invalidQuestion(`${place}.math is ${statistic}: it needs the name of a property in math_property`)
  const isSession =
    type === 'session_properties' || (property === '$session_duration' && (type ?? 'event_properties') === 'event_properties')
  const value = multiplied(numberOf(type, property, place, context), multiplier, place)
  return isSession ? { kind: 'session-property', statistic, value } : { kind: 'property', statistic, value }
}

function numberOf(type: unknown, property: string, place: string, context: InsightContext): syntax.Expr {
  const number = (expr: syntax.Expr, isNumeric: boolean) => (isNumeric ? expr : build.call('toFloat', expr))
  if (type === 'session_properties' || property === '$session_duration') return number(build.field('session', property), false)
  switch (type ?? 'event_properties') {
    case 'event_properties':
      return number(build.field('properties', property), context.propertyType?.('event', property) === 'Numeric')
    case 'person_properties':
      return number(build.field('person', 'properties', property), context.propertyType?.('person', property) === 'Numeric')
  }
  throw invalidQuestion(
    `${place}.math_property_type must be event_properties, person_properties or session_properties, not ${JSON.stringify(type)}`,
  )
}

function multiplied(value: syntax.Expr, multiplier: unknown, place: string): syntax.Expr {
  if (multiplier === undefined || multiplier === null || multiplier === 1) return value
  if (typeof multiplier !== 'number' || !Number.isFinite(multiplier))
    throw invalidQuestion(`${place}.math_multiplier must be a number, not ${JSON.stringify(multiplier)}`)
  return build.arithmetic('*', value, build.constant(multiplier))
}

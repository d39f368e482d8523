import { build, propertyFilters, type syntax } from '@hedgerow/hogql'
import { type InsightContext, invalidQuestion, type QueryNode } from '../context.ts'

/** The filters that the whole question has: its `properties`, and the project's test accounts left out where it asks for that. */
export function questionFilters(node: QueryNode, context: InsightContext): syntax.Expr[] {
  const { properties, filterTestAccounts } = node
  return [
    ...(properties === undefined || properties === null ? [] : [propertyFilters(properties, context.filters)]),
    ...(filterTestAccounts === true ? [propertyFilters(context.testAccountFilters, context.filters)] : []),
  ].filter((expr) => !(expr.kind === 'constant' && expr.value === true))
}

/** Whose numbers these are. */
export interface Actor {
  /** On `events`. */
  id: syntax.Expr
  /** Events without an actor are left out. */
  condition?: syntax.Expr
  groupTypeIndex?: number
}

/** Persons, or groups of the type that `aggregation_group_type_index` says. @throws HogqlError */
export function readActor(node: QueryNode): Actor {
  const given = node.aggregation_group_type_index
  if (given === undefined || given === null) return { id: build.field('person_id') }
  return groupActor(given, 'aggregation_group_type_index')
}

/** Groups of a type. @throws HogqlError */
export function groupActor(given: unknown, name: string): Actor & { groupTypeIndex: number } {
  const index = typeof given === 'number' || (typeof given === 'string' && given !== '') ? Number(given) : Number.NaN
  if (!Number.isInteger(index) || index < 0 || index > 4) throw invalidQuestion(`${name} must be 0 to 4, not ${JSON.stringify(given)}`)
  const id = build.field(`$group_${index}`)
  return { id, condition: build.compare('!=', id, build.constant('')), groupTypeIndex: index }
}

/** The share of persons that `samplingFactor` asks for; 1 without. @throws HogqlError */
export function samplingFactor(node: QueryNode): number {
  const given = node.samplingFactor
  if (given === undefined || given === null) return 1
  if (typeof given !== 'number' || !(given > 0) || given > 1)
    throw invalidQuestion(`samplingFactor must be more than 0 and at most 1, not ${JSON.stringify(given)}`)
  return given
}

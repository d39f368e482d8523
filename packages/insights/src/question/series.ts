import { actionCondition, build, propertyFilters, type syntax } from '@hedgerow/hogql'
import { type InsightContext, invalidQuestion, type QueryNode } from '../context.ts'

/** One line of a question: which events count, and under which name they are shown. */
export interface Series {
  /** Place in the query's list. */
  index: number
  type: 'events' | 'actions'
  /** Of events: the name, null for all events. Of actions: the id. */
  id: string | number | null
  name: string
  customName: string | null
  /** By name or by the action's steps alone, without the series' own filters. */
  event: syntax.Expr
  /** The series' own property filters. */
  properties: syntax.Expr
  /** Both. */
  condition: syntax.Expr
  node: QueryNode
}

/** A series node as a condition on `events`; undefined for an action that does not exist. @throws HogqlError */
export function readSeries(given: unknown, index: number, context: InsightContext): Series | undefined {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw invalidQuestion(`series[${index}] must be an object with a kind, EventsNode or ActionsNode`)
  const node = given as QueryNode
  const properties = build.and(
    [node.properties, node.fixedProperties].filter(isGiven).map((part) => propertyFilters(part, context.filters)),
  )
  const named = (type: Series['type'], id: Series['id'], name: string, event: syntax.Expr): Series => ({
    index,
    type,
    id,
    name,
    customName: typeof node.custom_name === 'string' && node.custom_name !== '' ? node.custom_name : null,
    event,
    properties,
    condition: build.and([event, properties].filter(isNotTrue)),
    node,
  })
  switch (node.kind) {
    case 'EventsNode': {
      const event = typeof node.event === 'string' && node.event !== '' ? node.event : null
      const condition = event === null ? build.constant(true) : build.compare('=', build.field('event'), build.constant(event))
      return named('events', event, event ?? 'All events', condition)
    }
    case 'ActionsNode': {
      const action = context.actions.get(Number(node.id))
      return action && named('actions', action.id, action.name, actionCondition(action.steps, context.filters))
    }
    case 'GroupNode':
      return groupSeries(node, index, context, named)
    default:
      throw invalidQuestion(`series[${index}].kind must be EventsNode or ActionsNode, not ${JSON.stringify(node.kind)}`)
  }
}

type Named = (type: Series['type'], id: Series['id'], name: string, event: syntax.Expr) => Series

function groupSeries(node: QueryNode, index: number, context: InsightContext, named: Named): Series {
  const nodes = Array.isArray(node.nodes) ? node.nodes : []
  const parts = nodes.map((part) => readSeries(part, index, context)).filter((part) => part !== undefined)
  const name = parts.map((part) => part.customName ?? part.name).join(' or ')
  return named('events', null, typeof node.name === 'string' ? node.name : name, build.or(parts.map(({ condition }) => condition)))
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null
const isNotTrue = (expr: syntax.Expr): boolean => !(expr.kind === 'constant' && expr.value === true)

/** All series of a query; actions that do not exist are left out. */
export function readAllSeries(given: unknown, context: InsightContext): Series[] {
  if (!Array.isArray(given) || given.length === 0) throw invalidQuestion('series must be a list of at least one EventsNode or ActionsNode')
  return given.map((node, index) => readSeries(node, index, context)).filter((series) => series !== undefined)
}

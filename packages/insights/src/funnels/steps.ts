import { build, type syntax } from '@hedgerow/hogql'
import { type InsightContext, invalidQuestion, type QueryNode } from '../context.ts'
import { readObject } from '../question/fields.ts'
import { readSeries, type Series } from '../question/series.ts'

export interface FunnelStep {
  series: Series
  /** What an event has to be to fulfil the step. */
  condition: syntax.Expr
  /** Names that its events can have; undefined: any. */
  names?: string[]
  optional: boolean
}

/** Events that may not happen between two steps, numbered from 1. */
export interface Exclusion {
  condition: syntax.Expr
  names?: string[]
  from: number
  to: number
}

/** The series as steps. @throws HogqlError */
export function readSteps(given: unknown, most: number, context: InsightContext): FunnelStep[] {
  if (!Array.isArray(given) || given.length === 0) throw invalidQuestion('series must be a list of at least one EventsNode or ActionsNode')
  if (given.length > most) throw invalidQuestion(`A funnel can have ${most} steps at most; series has ${given.length}`)
  return given.map((node, index) => {
    const series = existing(node, index, `series[${index}]`, context)
    const first = firstOnly(series)
    return {
      series,
      condition: first ? build.and([series.condition, first]) : series.condition,
      optional: series.node.optionalInFunnel === true,
      ...namesOf(series, context),
    }
  })
}

/** @throws HogqlError for a range that is none, or an exclusion that is one of the steps in its range */
export function readExclusions(given: unknown, steps: FunnelStep[], context: InsightContext): Exclusion[] {
  if (given === undefined || given === null) return []
  if (!Array.isArray(given)) throw invalidQuestion('funnelsFilter.exclusions must be a list of EventsNode or ActionsNode')
  return given.map((entry, index) => {
    const name = `funnelsFilter.exclusions[${index}]`
    const node = readObject(entry, name)
    const [from, to] = exclusionRange(node, name, steps.length)
    const series = existing(node, index, name, context)
    const same = steps.slice(from - 1, to).find((step) => identical(step.series.node, node))
    if (same)
      throw invalidQuestion(`${name} is the same as step ${same.series.index} of the steps that it lies between; it must be another event`)
    return { condition: series.condition, from, to, ...namesOf(series, context) }
  })
}

function exclusionRange(node: QueryNode, name: string, steps: number): [number, number] {
  const { funnelFromStep: from, funnelToStep: to } = node
  if (typeof from !== 'number' || typeof to !== 'number' || !Number.isInteger(from) || !Number.isInteger(to))
    throw invalidQuestion(`${name} needs funnelFromStep and funnelToStep, whole numbers from 0 to ${steps - 1}`)
  if (from < 0 || to >= steps) throw invalidQuestion(`${name} goes from step ${from} to ${to}; the steps are 0 to ${steps - 1}`)
  if (from >= to) throw invalidQuestion(`${name}.funnelToStep must be more than funnelFromStep ${from}, not ${to}`)
  return [from + 1, to + 1]
}

function existing(node: unknown, index: number, name: string, context: InsightContext): Series {
  const series = readSeries(node, index, context)
  if (series) return series
  throw invalidQuestion(`${name}: there is no action with the id ${JSON.stringify((node as QueryNode).id)}`)
}

const sameText = (value: unknown): string =>
  JSON.stringify(Array.isArray(value) ? value.map((part) => JSON.stringify(part)).sort() : (value ?? []))

function identical(step: QueryNode, exclusion: QueryNode): boolean {
  if (step.kind !== exclusion.kind) return false
  if (step.kind === 'ActionsNode' ? Number(step.id) !== Number(exclusion.id) : (step.event ?? null) !== (exclusion.event ?? null))
    return false
  return (
    sameText(step.properties) === sameText(exclusion.properties) && sameText(step.fixedProperties) === sameText(exclusion.fixedProperties)
  )
}

/** The person's first such event ever, before the range too: by name alone, or the first that passes the step's filters. */
function firstOnly(series: Series): syntax.Expr | undefined {
  const { math } = series.node
  if (math !== 'first_time_for_user' && math !== 'first_time_for_user_with_filters') return undefined
  const first = build.call('argMin', build.field('uuid'), build.tuple([build.field('timestamp'), build.field('uuid')]))
  const query = build.select([first], {
    from: { table: build.table('events'), joins: [] },
    where: math === 'first_time_for_user' ? series.event : series.condition,
    groupBy: { mode: 'plain', exprs: [build.field('person_id')] },
  })
  return build.compare('in', build.field('uuid'), { kind: 'subquery', query })
}

function namesOf(series: Series, context: InsightContext): { names?: string[] } {
  const names = nodeNames(series.node, context)
  return names ? { names: [...new Set(names)] } : {}
}

function nodeNames(node: QueryNode, context: InsightContext): string[] | undefined {
  switch (node.kind) {
    case 'EventsNode':
      return typeof node.event === 'string' && node.event !== '' ? [node.event] : undefined
    case 'ActionsNode': {
      const steps = context.actions.get(Number(node.id))?.steps ?? []
      const events = steps.map((step) => (step as { event?: unknown }).event)
      return events.length > 0 && events.every((event) => typeof event === 'string' && event !== '') ? (events as string[]) : undefined
    }
    case 'GroupNode': {
      const parts = (Array.isArray(node.nodes) ? node.nodes : []).map((part) => nodeNames(part as QueryNode, context))
      return parts.every((part) => part !== undefined) ? parts.flat() : undefined
    }
    default:
      return undefined
  }
}

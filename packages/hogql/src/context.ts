import type { ChannelRule } from './catalog/channel-rules.ts'
import type { PropertyScope } from './catalog/tables.ts'

export type PropertyType = 'String' | 'Numeric' | 'Boolean' | 'DateTime'

/** What a query is compiled for. All of it is plain data, so that compiling is pure. */
export interface CompileContext {
  projectId: number
  /** Stands for `now()` and for every relative date. */
  now: Date
  /** IANA name. */
  timezone: string
  weekStartDay: 0 | 1
  /** What is known of a property; text when nothing is. */
  propertyType(scope: PropertyScope, name: string, groupTypeIndex?: number): PropertyType | undefined
  /** Name of a group type → its index. */
  groupTypes: Record<string, number>
  /** False while no distinct id's events are stored under another person: the join is then left out. */
  hasPersonOverrides: boolean
  /** Of each cohort, by id, the calculation whose members count. A cohort that is not here has none. */
  cohortVersions: Readonly<Record<number, number>>
  /** A session with one page view and shorter than this is a bounce. */
  bounceRateDurationSeconds: number
  /** Asked before all others. */
  channelRules: readonly ChannelRule[]
  /** Whether `person` of an event has the properties of now, or those that were stored with the event. */
  personOfEvent: 'as now' | 'as stored'
  limits: CompileLimits
}

export interface CompileLimits {
  /** Nodes of the resolved tree; common table expressions count wherever they are used. */
  maxNodes: number
  /** Rows of a SELECT that says no LIMIT. */
  defaultRows: number
  /** The most that a LIMIT can ask for. */
  maxRows: number
}

export const defaultCompileLimits: CompileLimits = { maxNodes: 50_000, defaultRows: 100, maxRows: 100_000 }

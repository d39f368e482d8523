import { readFileSync } from 'node:fs'
import type { Expectation } from './expectation.fixture.ts'

/** One file of cases each. */
export const goldenKinds = ['trends', 'funnels', 'retention', 'paths', 'lifecycle', 'stickiness', 'hogql'] as const
export type GoldenKind = (typeof goldenKinds)[number]

/** What is in a project. Lists may be missing. */
export interface GoldenPlan {
  /** Stands for "now"; absent: it does not matter. */
  now?: string
  /** UTC unless given. */
  timezone?: string
  /** 0 = Sunday unless given. */
  week_start?: 0 | 1
  /** More of the project's settings. */
  team?: Record<string, unknown>
  persons?: GoldenPerson[]
  groups?: GoldenGroup[]
  cohorts?: GoldenCohort[]
  actions?: GoldenAction[]
  events?: GoldenEvent[]
  variables?: { id: string; name: string; code_name: string; type: string }[]
  /** Else inferred from the values. */
  property_definitions?: { name: string; type: 'event' | 'person' | 'group'; property_type: string }[]
  /** `none`: nothing is known of any property, so numbers read as text. */
  definitions?: 'none'
}

/** Facts about an answer: what is in a project, what is asked, and what holds of the answer. */
export interface GoldenCase extends GoldenPlan {
  name: string
  query: Record<string, unknown>
  expect: Expectation[]
}

export interface GoldenPerson {
  distinct_ids: string[]
  properties?: Record<string, unknown>
  created_at?: string
}

export interface GoldenGroup {
  type_index: number
  type: string
  key: string
  properties?: Record<string, unknown>
  created_at?: string
}

/** Dynamic: groups or-ed, properties and-ed. Static: one distinct id a member. */
export interface GoldenCohort {
  id: number
  name: string
  groups?: { properties: unknown[] }[]
  is_static?: boolean
  person_distinct_ids?: string[]
}

export interface GoldenAction {
  id: number
  name: string
  steps: unknown[]
}

export interface GoldenEvent {
  event: string
  distinct_id: string
  /** ISO 8601, UTC. */
  timestamp: string
  properties?: Record<string, unknown>
  elements_chain?: string
  uuid?: string
}

export function readGoldenCases(kind: GoldenKind): GoldenCase[] {
  return JSON.parse(readFileSync(new URL(`./${kind}.json`, import.meta.url), 'utf8')) as GoldenCase[]
}

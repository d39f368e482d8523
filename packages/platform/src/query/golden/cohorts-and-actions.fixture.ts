import type { QueryStores } from '../query-test-stores.ts'
import type { GoldenCase } from './golden-case.fixture.ts'

/** A case whose persons, groups, events and definitions are in the stores already. */
export interface GoldenPlace {
  stores: QueryStores
  projectId: number
  golden: GoldenCase
  /** Distinct id → the person's id. */
  personIds: ReadonlyMap<string, string>
}

/** The case's own ids → those that the objects got here. */
export interface GoldenIds {
  cohorts: Map<number, number>
  actions: Map<number, number>
}

/** Makes the case's cohorts, calculated, and its actions, as the product would. */
export async function setUpCohortsAndActions({ golden }: GoldenPlace): Promise<GoldenIds> {
  if (golden.cohorts?.length || golden.actions?.length) throw new Error('Cohorts and actions cannot be set up yet')
  return { cohorts: new Map(), actions: new Map() }
}

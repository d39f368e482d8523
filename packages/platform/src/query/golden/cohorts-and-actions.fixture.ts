import { createActions } from '../../actions/actions.ts'
import { assembleCohorts } from '../../cohorts/assemble-cohorts.ts'
import { defaultPlatformLimits } from '../../config/limits.ts'
import { createQueryEngine } from '../query-engine.ts'
import type { QueryStores } from '../query-test-stores.ts'
import type { GoldenPlan } from './golden-case.fixture.ts'

/** A case whose persons, groups, events and definitions are in the stores already. */
export interface GoldenPlace {
  stores: QueryStores
  projectId: number
  golden: GoldenPlan
  /** Distinct id → the person's id. */
  personIds: ReadonlyMap<string, string>
}

/** The case's own ids → those that the objects got here. */
export interface GoldenIds {
  cohorts: Map<number, number>
  actions: Map<number, number>
}

/** Makes the case's cohorts, calculated, and its actions, as the product would. */
export async function setUpCohortsAndActions({ stores, projectId, golden }: GoldenPlace): Promise<GoldenIds> {
  const ids: GoldenIds = { cohorts: new Map(), actions: new Map() }
  const actions = createActions(stores)
  for (const { id, ...action } of golden.actions ?? []) {
    const made = await actions.create(projectId, null, { ...action, name: action.name || `action ${id}` } as never)
    ids.actions.set(id, made.id)
  }
  if (!golden.cohorts?.length) return ids
  const now = () => (golden.now ? new Date(golden.now) : new Date())
  const { cohorts, calculations } = assembleCohorts({
    stores,
    query: createQueryEngine({ events: stores.events, application: stores.application, now }),
    // Nobody asks for the bodies of persons here, and the application store has none.
    persons: { byIds: async () => new Map() },
    now,
    log: () => undefined,
    limits: defaultPlatformLimits,
  })
  for (const { id, person_distinct_ids: members, ...cohort } of golden.cohorts) {
    const made = await cohorts.create(projectId, null, { is_static: false, ...cohort } as never)
    ids.cohorts.set(id, made.id)
    if (members) await cohorts.addPersons(projectId, String(made.id), { personIds: [], distinctIds: members })
  }
  await calculations.drain()
  return ids
}

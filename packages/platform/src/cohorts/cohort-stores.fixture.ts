import { defaultPlatformLimits } from '../config/limits.ts'
import { createQueryEngine } from '../query/query-engine.ts'
import { eventRow, personRow, type QueryStores } from '../query/query-test-stores.ts'
import { assembleCohorts } from './assemble-cohorts.ts'

/** People and events of a project, by short names. */
export interface CohortWorld {
  persons: Record<string, Record<string, unknown>>
  events: { person: string; event: string; timestamp: string; properties?: Record<string, unknown> }[]
}

/** The id of a test's person; its distinct id is the name. */
export const personIdOf = (projectId: number, name: string): string =>
  `00000000-0000-4000-8000-${projectId.toString(16).padStart(4, '0')}${Buffer.from(name).toString('hex').slice(0, 8).padStart(8, '0')}`

/** Puts a world into a project of its own. */
export async function setUpWorld(
  stores: QueryStores,
  projectId: number,
  { persons, events }: CohortWorld,
  timezone = 'UTC',
): Promise<void> {
  await stores.addProject(projectId, { timezone })
  const id = (name: string) => personIdOf(projectId, name)
  const names = Object.keys(persons)
  await stores.insert(
    'persons',
    names.map((name) => personRow(projectId, id(name), persons[name] ?? {})),
  )
  await stores.insert(
    'person_distinct_ids',
    names.map((name) => ({ project_id: projectId, distinct_id: name, person_id: id(name), is_deleted: 0, version: 1 })),
  )
  const rows = events.map(({ person, event, timestamp, properties = {} }) =>
    eventRow(projectId, event, timestamp, { distinct_id: person, person_id: id(person), properties }),
  )
  if (rows.length > 0) await stores.insert('events', rows)
}

/** Cohorts over test stores, at a moment of the test's choice. */
export function cohortsAt(stores: QueryStores, now: () => Date) {
  const query = createQueryEngine({ events: stores.events, application: stores.application, now })
  const parts = assembleCohorts({
    stores,
    query,
    // Bodies of persons come from the application store, which has none here.
    persons: { byIds: async () => new Map() },
    now,
    log: () => undefined,
    limits: defaultPlatformLimits,
  })
  return { ...parts, query }
}

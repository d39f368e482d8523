import type { CohortCriteria } from '@hedgerow/protocol'
import type { ApplicationStore } from '@hedgerow/stores'
import { HedgerowError, invalidInput } from '../errors.ts'
import { type CohortDefinition, cycleText } from './cohort-query.ts'
import { cohortNames, type Definitions, loadDefinitions } from './load-definitions.ts'

/** Every cohort and action that the criteria name must exist, and no cohort may come to contain itself. @throws HedgerowError */
export async function checkReferences(
  application: ApplicationStore,
  projectId: number,
  cohort: { id?: number; name: string; criteria: CohortCriteria },
): Promise<Definitions> {
  const named = cohortNames(cohort)
  const definitions = await loadDefinitions(application, projectId, named)
  const { cohorts, actions } = definitions
  const missing = named.cohorts.find((id) => id !== cohort.id && !cohorts.has(id))
  if (missing !== undefined) throw invalidInput('filters.properties', `names the cohort ${missing}, which does not exist`)
  const missingAction = named.actions.find((id) => !actions.has(id))
  if (missingAction !== undefined) throw invalidInput('filters.properties', `names the action ${missingAction}, which does not exist`)
  if (cohort.id === undefined) return definitions
  const own: CohortDefinition = { id: cohort.id, name: cohort.name, isStatic: false, criteria: cohort.criteria }
  const cycle = findCycle(own, new Map([...cohorts, [cohort.id, own]]))
  if (cycle) throw new HedgerowError('cohort_cycle', `The cohort would contain itself: ${cycleText(cycle)}`, { attr: 'filters.properties' })
  return definitions
}

/** The chain of cohorts from one back to itself. */
function findCycle(
  start: CohortDefinition,
  cohorts: ReadonlyMap<number, CohortDefinition>,
  chain: readonly CohortDefinition[] = [start],
  seen = new Set<number>(),
): CohortDefinition[] | undefined {
  const last = chain.at(-1) ?? start
  for (const id of cohortNames(last).cohorts) {
    if (id === start.id) return [...chain, start]
    const next = cohorts.get(id)
    if (!next || seen.has(id)) continue
    seen.add(id)
    const found = findCycle(start, cohorts, [...chain, next], seen)
    if (found) return found
  }
  return undefined
}

import { type CohortCriteria, criteriaOf } from '@hedgerow/protocol'
import type { ApplicationStore } from '@hedgerow/stores'
import { leavesOf } from './check-criteria.ts'
import type { CohortDefinition } from './cohort-query.ts'

export interface ActionDefinition {
  id: number
  name: string
  steps: unknown[]
}

/** Cohorts and actions of a project, by id; those that were deleted are not there. */
export interface Definitions {
  cohorts: Map<number, CohortDefinition>
  actions: Map<number, ActionDefinition>
}

export interface WantedDefinitions {
  cohorts: readonly (number | string)[]
  actions: readonly (number | string)[]
}

interface CohortRow {
  id: number
  name: string
  is_static: boolean
  filters: { properties?: CohortCriteria }
}

const idsOf = (refs: readonly (number | string)[]) => refs.filter((ref): ref is number => typeof ref === 'number' && ref < 2 ** 31)
const namesOf = (refs: readonly (number | string)[]) => refs.filter((ref): ref is string => typeof ref === 'string')

/** What is wanted by id or name, and the cohorts and actions that those cohorts name in turn. */
export async function loadDefinitions(application: ApplicationStore, projectId: number, wanted: WantedDefinitions): Promise<Definitions> {
  const cohorts = new Map<number, CohortDefinition>()
  const actionIds = new Set(wanted.actions)
  let next: readonly (number | string)[] = wanted.cohorts
  while (next.length > 0) {
    const { rows } = await application.pool.query<CohortRow>(
      `SELECT id, name, is_static, filters FROM cohorts
       WHERE project_id = $1 AND NOT deleted AND (id = ANY($2::int[]) OR name = ANY($3::text[]))`,
      [projectId, idsOf(next), namesOf(next)],
    )
    for (const row of rows) cohorts.set(row.id, definitionOf(row))
    const named = rows.flatMap((row) => cohortNames(cohorts.get(row.id)))
    for (const { actions } of named) for (const id of actions) actionIds.add(id)
    next = [...new Set(named.flatMap((names) => names.cohorts))].filter((id) => !cohorts.has(id))
  }
  return { cohorts, actions: await loadActions(application, projectId, [...actionIds]) }
}

async function loadActions(
  application: ApplicationStore,
  projectId: number,
  wanted: readonly (number | string)[],
): Promise<Map<number, ActionDefinition>> {
  if (wanted.length === 0) return new Map()
  const { rows } = await application.pool.query<ActionDefinition>(
    'SELECT id, name, steps FROM actions WHERE project_id = $1 AND NOT deleted AND (id = ANY($2::int[]) OR name = ANY($3::text[])) ORDER BY id',
    [projectId, idsOf(wanted), namesOf(wanted)],
  )
  return new Map(rows.map((row) => [row.id, row]))
}

function definitionOf(row: CohortRow): CohortDefinition {
  const criteria = row.is_static ? undefined : criteriaOf(row.filters.properties ? { filters: { properties: row.filters.properties } } : {})
  return { id: row.id, name: row.name, isStatic: row.is_static, ...(criteria ? { criteria } : {}) }
}

/** The cohorts and actions that a definition itself names. */
export function cohortNames(definition: { criteria?: CohortCriteria | undefined } | undefined): { cohorts: number[]; actions: number[] } {
  const leaves = definition?.criteria ? leavesOf(definition.criteria).map(({ leaf }) => leaf) : []
  return {
    cohorts: leaves.flatMap((leaf) => (leaf.type === 'cohort' ? [leaf.value] : [])),
    actions: leaves.flatMap((leaf) =>
      leaf.type === 'behavioral'
        ? [
            ...(leaf.event_type === 'actions' ? [Number(leaf.key)] : []),
            ...(leaf.seq_event_type === 'actions' && leaf.seq_event ? [Number(leaf.seq_event)] : []),
          ]
        : [],
    ),
  }
}

import type { CohortDefinition as FlagCohort } from '@hedgerow/flags'
import { build, HogqlError } from '@hedgerow/hogql'
import { type BehavioralCriterion, type CohortCriteria, criteriaOf } from '@hedgerow/protocol'
import type { ApplicationStore } from '@hedgerow/stores'
import { HedgerowError } from '../errors.ts'
import { filterContext } from '../query/filter-context.ts'
import { type QueryRun, runQuery } from '../query/run-query.ts'
import { behaviorQuery } from './behavior-query.ts'
import type { CohortRuns } from './cohort-runs.ts'
import { type ActionDefinition, cohortNames, loadDefinitions } from './load-definitions.ts'

/** Cohorts as they were at a moment, for one person. */
export interface PastCohorts {
  /** What people did is decided in them: in its place stands a condition that always holds, or never. */
  cohorts: FlagCohort[]
  /** What could not be made as it was then, as sentences. */
  notes: string[]
}

interface PastRow {
  id: number
  name: string
  is_static: boolean
  filters: { properties?: CohortCriteria }
  /** Null where it is not known what held then. */
  filters_then: PastRow['filters'] | null
}

interface Whose {
  run: QueryRun
  actions: ReadonlyMap<number, ActionDefinition>
  /** Undefined where nobody has the distinct id. */
  personId: string | undefined
}

/** Reads cohorts, and those that they name, as they were at a moment. */
export function createPastCohorts(application: ApplicationStore, runs: CohortRuns) {
  /** All that a project had then, those that were deleted since too. */
  async function rowsAt(projectId: number, at: string): Promise<Map<number, PastRow>> {
    const { rows } = await application.pool.query<PastRow>(
      `SELECT c.id, c.name, c.is_static, c.filters,
         (SELECT d.filters FROM cohort_definitions d WHERE d.project_id = c.project_id AND d.cohort_id = c.id AND d.since <= $2
          ORDER BY d.id DESC LIMIT 1) AS filters_then
       FROM cohorts c WHERE c.project_id = $1 AND c.created_at <= $2 AND (NOT c.deleted OR c.updated_at > $2)`,
      [projectId, at],
    )
    return new Map(rows.map((row) => [row.id, row]))
  }

  return async (projectId: number, personId: string | undefined, wanted: readonly number[], at: string): Promise<PastCohorts> => {
    if (wanted.length === 0) return { cohorts: [], notes: [] }
    const known = await rowsAt(projectId, at)
    const needed = withInner(wanted, known)
    const actionIds = needed.flatMap(({ criteria }) => cohortNames({ criteria }).actions)
    const { actions } = await loadDefinitions(application, projectId, { cohorts: [], actions: actionIds })
    const whose: Whose = { run: { ...(await runs(projectId)), now: new Date(at) }, actions, personId }
    const found: PastCohorts = { cohorts: [], notes: [] }
    for (const { row, criteria } of needed) {
      if (row.is_static) found.notes.push(`Of the static cohort "${row.name}" only who was added is known, not who was taken out since.`)
      else if (row.filters_then === null) {
        found.notes.push(`How the cohort "${row.name}" was defined at that moment is not known: today's definition stands for it.`)
      }
      try {
        found.cohorts.push({ id: row.id, isStatic: row.is_static, properties: criteria ? await decided(criteria, whose) : null })
      } catch (error) {
        if (!(error instanceof HogqlError || (error instanceof HedgerowError && error.status < 500))) throw error
        found.notes.push(`The cohort "${row.name}" could not be calculated at that moment: ${error.message}`)
      }
    }
    if (actionIds.length > 0) found.notes.push('Actions that cohorts name are those of today.')
    return found
  }
}

function withInner(wanted: readonly number[], known: ReadonlyMap<number, PastRow>) {
  const needed = new Map<number, { row: PastRow; criteria: CohortCriteria | undefined }>()
  const add = (id: number): void => {
    const row = known.get(id)
    if (!row || needed.has(id)) return
    const criteria = row.is_static ? undefined : criteriaOf({ filters: row.filters_then ?? row.filters })
    needed.set(id, { row, criteria })
    for (const inner of cohortNames({ criteria }).cohorts) add(inner)
  }
  for (const id of wanted) add(id)
  return [...needed.values()]
}

/** The criteria with what people did decided for the person. */
async function decided(criteria: CohortCriteria, whose: Whose): Promise<CohortCriteria> {
  if ('values' in criteria) {
    const values: CohortCriteria[] = []
    for (const part of criteria.values) values.push(await decided(part, whose))
    return { ...criteria, values }
  }
  if (criteria.type !== 'behavioral') return criteria
  const operator = (await hasDone(criteria, whose)) ? 'is_set' : 'is_not_set'
  // why: everybody who is asked about has this property.
  return { type: 'person', key: 'distinct_id', operator, negation: criteria.negation }
}

async function hasDone(criterion: BehavioralCriterion, { run, actions, personId }: Whose): Promise<boolean> {
  if (personId === undefined) return false
  const people = behaviorQuery(criterion, {
    filters: filterContext(run, run.parser, 'events'),
    action(id) {
      const action = actions.get(id)
      if (!action) throw new HogqlError('invalid_value', `There is no action ${id}`)
      return action.steps
    },
  })
  const { rows } = await runQuery(
    run,
    build.select([build.field('person_id')], {
      from: { table: { kind: 'subquery', query: people }, alias: 'did', joins: [] },
      where: build.compare('=', build.field('person_id'), build.constant(personId)),
    }),
  )
  return rows.length > 0
}

import { build, HogqlError, type syntax } from '@hedgerow/hogql'
import { type CohortCriteria, criteriaOf, type NewCohort } from '@hedgerow/protocol'
import { checkRegex } from '../check-regex.ts'
import { invalidInput } from '../errors.ts'
import { filterContext } from '../query/filter-context.ts'
import { compileRun, type QueryRun } from '../query/run-query.ts'
import { checkCriteria, leavesOf } from './check-criteria.ts'
import { checkReferences } from './check-references.ts'
import { criteriaCondition } from './cohort-query.ts'

export interface GivenDefinition extends Pick<NewCohort, 'filters' | 'groups'> {
  /** Absent for a cohort that is being made. */
  id?: number
  name: string
}

/**
 * The criteria of a definition, once they were compiled: a mistake shows when the cohort is written, not in every question
 * that names it. @throws HedgerowError
 */
export const checkDefinition = async (run: QueryRun, definition: GivenDefinition): Promise<CohortCriteria> =>
  (await checkedDefinition(run, definition)).criteria

/** The same, and the persons who meet it now, as a query of their ids. @throws HedgerowError */
export async function checkedDefinition(
  run: QueryRun,
  definition: GivenDefinition,
): Promise<{ criteria: CohortCriteria; people: syntax.Select }> {
  const criteria = criteriaOf(definition)
  checkCriteria(criteria)
  if (!criteria) throw invalidInput('filters', 'is required', 'required')
  for (const { leaf, path } of leavesOf(criteria)) {
    if (leaf.type !== 'person' || (leaf.operator !== 'regex' && leaf.operator !== 'not_regex')) continue
    for (const pattern of [leaf.value].flat()) await checkRegex(run.stores.events, `${path}.value`, String(pattern))
  }
  const known = await checkReferences(run.stores.application, run.facts.id, { ...definition, criteria })
  try {
    const condition = criteriaCondition(criteria, { filters: filterContext(run, run.parser, 'events'), ...known }, [])
    const people = build.select([build.field('id')], { from: { table: build.table('persons'), joins: [] }, where: condition })
    await compileRun(run, people)
    return { criteria, people }
  } catch (error) {
    if (!(error instanceof HogqlError)) throw error
    throw invalidInput('filters.properties', `cannot be compiled: ${error.message}`)
  }
}

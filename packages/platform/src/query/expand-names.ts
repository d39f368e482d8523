import { actionCondition, expandNamed, HogqlError, type NamedReference, namedIn, nearMiss, type syntax } from '@hedgerow/hogql'
import type { ApplicationStore } from '@hedgerow/stores'
import { cohortQuery } from '../cohorts/cohort-query.ts'
import type { Definitions } from '../cohorts/load-definitions.ts'
import { filterContext } from './filter-context.ts'
import { definitionsOf } from './project-facts.ts'
import type { QueryRun } from './run-query.ts'

/** How deep cohorts may stand inside what cohorts and actions are made of. */
const maxRounds = 20

/** The query with what its cohorts and actions are in the place of their names. Most queries name none and come back as they are. */
export async function expandNames(run: QueryRun, query: syntax.Query): Promise<syntax.Query> {
  let expanded = query
  for (let round = 0; ; round++) {
    const references = namedIn(expanded)
    if (references.length === 0) return expanded
    if (round === maxRounds) throw new HogqlError('invalid_value', 'Cohorts and actions are nested too deeply, or one contains itself')
    expanded = await expandOnce(run, expanded, references)
  }
}

async function expandOnce(run: QueryRun, query: syntax.Query, references: NamedReference[]): Promise<syntax.Query> {
  const { application } = run.stores
  const refsOf = (kind: NamedReference['kind']) => [...new Set(references.filter((each) => each.kind === kind).map(({ ref }) => ref))]
  const known = await definitionsOf(application, run.facts, { cohorts: refsOf('cohort'), actions: refsOf('action') })
  for (const reference of references) if (!find(known, reference)) throw await unknownName(application, run.facts.id, reference)
  const context = { filters: filterContext(run, run.parser, 'events'), ...known }
  return expandNamed(query, {
    cohort: (ref) => cohortQuery(find(known, { kind: 'cohort', ref })?.id ?? 0, context),
    action(ref, alias) {
      const steps = known.actions.get(find(known, { kind: 'action', ref })?.id ?? 0)?.steps ?? []
      return actionCondition(steps, { ...context.filters, ...(alias === undefined ? {} : { alias }) })
    },
  })
}

/** By id, or the first of that name. */
function find(known: Definitions, { kind, ref }: NamedReference): { id: number } | undefined {
  const things: ReadonlyMap<number, { id: number; name: string }> = kind === 'cohort' ? known.cohorts : known.actions
  if (typeof ref === 'number') return things.get(ref)
  return [...things.values()].sort((a, b) => a.id - b.id).find(({ name }) => name === ref)
}

async function unknownName(application: ApplicationStore, projectId: number, { kind, ref, span }: NamedReference): Promise<HogqlError> {
  if (typeof ref === 'number') return new HogqlError('invalid_value', `There is no ${kind} ${ref}`, span)
  const { rows } = await application.pool.query<{ name: string }>(
    `SELECT name FROM ${kind === 'cohort' ? 'cohorts' : 'actions'} WHERE project_id = $1 AND NOT deleted ORDER BY id LIMIT 1000`,
    [projectId],
  )
  const near = nearMiss(
    ref,
    rows.map(({ name }) => name),
  )
  return new HogqlError('invalid_value', `There is no ${kind} named "${ref.slice(0, 200)}".${near}`, span)
}

import { build, type FilterContext, HogqlError, propertyFilters, type syntax } from '@hedgerow/hogql'
import type { CohortCriteria, CohortLeaf } from '@hedgerow/protocol'
import { behaviorQuery } from './behavior-query.ts'
import { isNegated } from './check-criteria.ts'

/** A cohort as far as compiling it goes. */
export interface CohortDefinition {
  id: number
  name: string
  isStatic: boolean
  /** Absent for a static one. */
  criteria?: CohortCriteria
}

export interface CohortContext {
  /** For `events`; the table that it is about is chosen here. */
  filters: FilterContext
  cohorts: ReadonlyMap<number, CohortDefinition>
  /** Steps of the actions that behaviours name, by id. */
  actions: ReadonlyMap<number, { steps: unknown[] }>
}

/**
 * The ids of a cohort's people, as a query of one column. They are persons that exist: nobody is a member who could not be shown.
 * @throws HogqlError for a cohort or an action that does not exist, or a cohort that contains itself.
 */
export function cohortQuery(id: number, context: CohortContext, chain: readonly CohortDefinition[] = []): syntax.Select {
  const cohort = context.cohorts.get(id)
  if (!cohort) {
    const inside = chain.at(-1)
    throw new HogqlError('invalid_value', `There is no cohort ${id}${inside ? `, which the cohort "${inside.name}" names` : ''}`)
  }
  if (chain.some((outer) => outer.id === id)) {
    throw new HogqlError('invalid_value', `The cohort "${cohort.name}" contains itself: ${cycleText([...chain, cohort])}`)
  }
  if (cohort.isStatic) return staticMembers(id)
  const condition = cohort.criteria ? criteriaCondition(cohort.criteria, context, [...chain, cohort]) : build.constant(false)
  return build.select([build.field('id')], { from: { table: build.table('persons'), joins: [] }, where: condition })
}

export const cycleText = (chain: readonly { name: string }[]): string => chain.map(({ name }) => name).join(' → ')

function staticMembers(id: number): syntax.Select {
  return build.select([build.field('person_id')], {
    distinct: true,
    from: { table: build.table('static_cohort_people'), joins: [] },
    where: build.compare('=', build.field('cohort_id'), build.constant(id)),
  })
}

/** On `persons`: who meets the criteria. An empty group is nobody's. */
export function criteriaCondition(criteria: CohortCriteria, context: CohortContext, chain: readonly CohortDefinition[]): syntax.Expr {
  if (!('values' in criteria)) {
    const condition = leafCondition(criteria, context, chain)
    return isNegated(criteria) ? build.not(condition) : condition
  }
  const parts = criteria.values.map((part) => criteriaCondition(part, context, chain))
  if (parts.length === 0) return build.constant(false)
  return criteria.type === 'AND' ? build.and(parts) : build.or(parts)
}

function leafCondition(leaf: CohortLeaf, context: CohortContext, chain: readonly CohortDefinition[]): syntax.Expr {
  const among = (query: syntax.Query) => build.compare('in', build.field('id'), { kind: 'subquery', query })
  switch (leaf.type) {
    case 'person':
    case 'person_metadata':
      return propertyFilters([leaf], { ...context.filters, scope: 'persons' })
    case 'cohort':
      return among(cohortQuery(leaf.value, context, chain))
    case 'behavioral':
      return among(behaviorQuery(leaf, { filters: { ...context.filters, scope: 'events' }, action: (id) => stepsOf(id, context) }))
  }
}

function stepsOf(id: number, { actions }: CohortContext): unknown[] {
  const action = actions.get(id)
  if (!action) throw new HogqlError('invalid_value', `There is no action ${id}`)
  return action.steps
}

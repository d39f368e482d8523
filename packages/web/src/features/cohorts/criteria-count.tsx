import type { CohortGroup } from '@hedgerow/protocol'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { cohortCountQuery } from '../../api-client/cohorts.ts'
import { useProject } from '../../api-client/current-project.tsx'
import { describeError } from '../../api-client/errors.ts'
import { countOf, formatCount, formatShare } from '../../ui/numbers.ts'
import classes from './cohorts.module.css'

/** Whom the criteria would have now, before they are kept; counted a moment after they were changed. */
export function CriteriaCount({ cohortId, group }: { cohortId: number | undefined; group: CohortGroup }) {
  const project = useProject()
  // why: text, so that equal criteria are the same question whichever object they are.
  const text = JSON.stringify(group)
  const [settled] = useDebouncedValue(text, 500)
  const query = useQuery({ ...cohortCountQuery(project.id, cohortId, JSON.parse(settled)), placeholderData: (before) => before })
  const isAwaited = settled !== text || query.isFetching
  return (
    <p className={classes.criteriaCount} role="status" aria-busy={isAwaited} data-stale={isAwaited}>
      {query.error && !isAwaited
        ? `Not counted: ${describeError(query.error).cause}`
        : query.data
          ? `${formatCount(query.data.count)} of ${countOf(query.data.total, 'person')} meet this now (${formatShare(query.data.count, query.data.total)}).`
          : 'Counting …'}
    </p>
  )
}

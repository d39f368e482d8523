import type { CohortBody, CohortCriteria } from '@hedgerow/protocol'
import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { changeCohort, cohortCountsQuery, cohortQuery } from '../../api-client/cohorts.ts'
import { useProject } from '../../api-client/current-project.tsx'
import { describeError } from '../../api-client/errors.ts'
import { Instant } from '../../ui/instant.tsx'
import { countOf, formatCount } from '../../ui/numbers.ts'
import { Panel } from '../../ui/page.tsx'
import { Loaded, SkeletonRows } from '../../ui/states.tsx'
import { toast } from '../../ui/toasts.tsx'
import classes from './cohorts.module.css'
import { CriteriaText } from './criteria-text.tsx'
import { type PastCriteria, pastCriteria } from './past-criteria.ts'

/** Which criteria the cohort had before, how many met them, and a way back to them. */
export function PastPanel({ cohort, onBroughtBack }: { cohort: CohortBody; onBroughtBack: () => void }) {
  const project = useProject()
  const queryClient = useQueryClient()
  const counts = useQuery(cohortCountsQuery(project.id, cohort.id, cohort.version))
  const put = async (properties: unknown) => {
    const kept = await changeCohort(project.id, cohort.id, { filters: { properties: properties as never } })
    queryClient.setQueryData(cohortQuery(project.id, String(cohort.id)).queryKey, kept)
    onBroughtBack()
    await queryClient.invalidateQueries({ queryKey: ['project', project.id, 'cohorts'] })
  }
  const bringBack = async (criteria: CohortCriteria) => {
    const before = cohort.filters.properties
    try {
      await put(criteria)
      toast('The cohort has these criteria again.', 'done', () => put(before))
    } catch (error) {
      toast(`Not changed: ${describeError(error).cause}`, 'failed')
    }
  }
  return (
    <Panel title="Criteria over time" note="Newest first, with how many met them when it was counted.">
      <Loaded query={counts} compact skeleton={<SkeletonRows rows={2} />}>
        {(rows) => (
          <ol className={classes.past} aria-label="Criteria over time">
            {pastCriteria(rows).map((past, index) => (
              <Past key={past.fromAt} past={past} onBringBack={index === 0 ? undefined : () => void bringBack(past.criteria)} />
            ))}
          </ol>
        )}
      </Loaded>
    </Panel>
  )
}

function Past({ past, onBringBack }: { past: PastCriteria; onBringBack: (() => void) | undefined }) {
  const { criteria, fromAt, untilAt, first, last, times } = past
  return (
    <li>
      <div className={classes.pastWords}>
        <CriteriaText criteria={criteria} />
        <span className={classes.faint}>
          <Instant at={fromAt} style="short" />
          {untilAt !== fromAt && (
            <>
              {' – '}
              <Instant at={untilAt} style="short" />
            </>
          )}
          {' · '}
          {last === undefined
            ? 'never counted to the end'
            : `${first !== undefined && first !== last ? `${formatCount(first)} → ` : ''}${countOf(last, 'person')}`}
          {times > 1 && `, counted ${countOf(times, 'time')}`}
        </span>
      </div>
      {onBringBack && (
        <Button size="compact-sm" variant="default" onClick={onBringBack}>
          Bring back
        </Button>
      )}
    </li>
  )
}

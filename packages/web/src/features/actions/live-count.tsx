import type { ActionStep } from '@hedgerow/protocol'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { stepMatchesQuery, stepSamplesQuery } from '../../api-client/actions.ts'
import { useProject } from '../../api-client/current-project.tsx'
import { latelyDays } from '../../api-client/lately.ts'
import { RowsChart } from '../../charts/rows/rows-chart-view.tsx'
import { useNow } from '../../ui/clock.ts'
import { eventLabel } from '../../ui/event-name.ts'
import { Instant } from '../../ui/instant.tsx'
import { EventMark } from '../../ui/mark.tsx'
import { countOf } from '../../ui/numbers.ts'
import { Panel } from '../../ui/page.tsx'
import { Failure, SkeletonRows } from '../../ui/states.tsx'
import { dayOf } from '../../ui/time.ts'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './actions.module.css'
import { stepProblems } from './steps.ts'

const chartColumns = ['day', 'events']

/** What the steps match as they stand, kept or not: the count, its course, and the newest events. */
export function LiveCount({ steps }: { steps: readonly ActionStep[] }) {
  const project = useProject()
  const whole = useMemo(() => steps.filter((step) => stepProblems(step).length === 0), [steps])
  const [settled] = useDebouncedValue(whole, 350)
  const isAsked = settled.length > 0
  const query = useQuery({ ...stepMatchesQuery(project.id, settled), enabled: isAsked, placeholderData: (before) => before })
  const samples = useQuery({ ...stepSamplesQuery(project.id, settled), enabled: isAsked, placeholderData: (before) => before })
  const today = dayOf(useNow(), project.timezone)
  const rows = useMemo(() => courseOf(query.data?.days ?? [], today), [query.data, today])
  return (
    <Panel
      title={`Matches of the last ${latelyDays} days`}
      note={
        <span role="status" aria-busy={query.isFetching}>
          {!isAsked
            ? 'Say what the event is like, and what matches is counted here.'
            : query.data
              ? `${countOf(query.data.events, 'event')} of ${countOf(query.data.people, 'person')}${query.isFetching || settled !== whole ? ' …' : ''}`
              : 'Counting …'}
        </span>
      }
    >
      {isAsked && query.error && !query.data ? (
        <Failure error={query.error} compact onRetry={() => void query.refetch()} />
      ) : isAsked && !query.data ? (
        <SkeletonRows rows={4} />
      ) : (
        isAsked && (
          <>
            {query.data?.events !== 0 && (
              <RowsChart columns={chartColumns} rows={rows} shape="bar" heightPx={130} unfinishedFrom={latelyDays} />
            )}
            <ul className={classes.samples} aria-label="Newest matches">
              {(samples.data ?? []).map(({ id, event, distinctId, place, at }) => (
                <li key={id}>
                  <EventMark name={event} />
                  <Link to="/project/$projectId/live" params={{ projectId: project.id }} search={{ open: id }} className={classes.sample}>
                    <Untrusted>{eventLabel(event)}</Untrusted>
                  </Link>
                  <span className={classes.sampleNote}>
                    <Untrusted>{place === '' ? distinctId : place}</Untrusted>
                  </span>
                  <span className={classes.faint}>
                    <Instant at={at} style="relative" />
                  </span>
                </li>
              ))}
            </ul>
          </>
        )
      )}
    </Panel>
  )
}

/** Every day up to today, also those without a match. */
function courseOf(days: readonly { day: string; events: number }[], today: string): [string, number][] {
  const counts = new Map(days.map(({ day, events }) => [day, events]))
  const last = Date.parse(`${today}T00:00:00Z`)
  return Array.from({ length: latelyDays + 1 }, (_, index) => {
    const day = new Date(last - (latelyDays - index) * 86_400_000).toISOString().slice(0, 10)
    return [day, counts.get(day) ?? 0]
  })
}

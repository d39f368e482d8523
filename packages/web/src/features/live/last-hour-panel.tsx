import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import { runHogql } from '../../api-client/hogql.ts'
import { Chart, type Palette } from '../../charts/chart.tsx'
import { minuteBarsOption } from '../../charts/minute-bars.ts'
import { eventLabel } from '../../ui/event-name.ts'
import { formatCount } from '../../ui/numbers.ts'
import { Failure } from '../../ui/states.tsx'
import { useZone } from '../../ui/zone.tsx'
import { activePersonsQuery, describeMinutes, lastHourMinutes, lastHourQuery } from './last-hour.ts'
import classes from './live-page.module.css'

const refreshMs = 10_000
const chartHeightPx = 108

/** Events per minute over the last hour, and what stands out of it as numbers. */
export function LastHour({ projectId, event }: { projectId: number; event: string | undefined }) {
  const zone = useZone()
  const hour = useQuery({
    queryKey: ['project', projectId, 'last-hour', event],
    queryFn: async ({ signal }) => {
      const { query, values } = lastHourQuery(event)
      const { results } = await runHogql(projectId, query, values, signal)
      return lastHourMinutes(results, Date.now())
    },
    refetchInterval: refreshMs,
    placeholderData: (before) => before,
  })
  const active = useQuery({
    queryKey: ['project', projectId, 'active-persons'],
    queryFn: async ({ signal }) => Number((await runHogql(projectId, activePersonsQuery, {}, signal)).results[0]?.[0] ?? 0),
    refetchInterval: refreshMs,
  })
  const minutes = useMemo(() => hour.data ?? [], [hour.data])
  const option = useCallback((palette: Palette) => minuteBarsOption(minutes, zone, palette), [minutes, zone])
  if (hour.error && !hour.data) {
    return (
      <section className={classes.hour}>
        <Failure error={hour.error} compact onRetry={() => void hour.refetch()} />
      </section>
    )
  }
  const total = minutes.reduce((sum, { count }) => sum + count, 0)
  const lastFive = minutes.slice(-6, -1).reduce((sum, { count }) => sum + count, 0)
  return (
    <section className={classes.hour} aria-label="Last hour">
      <dl className={classes.figures}>
        <Figure
          term={event ? `“${eventLabel(event).slice(0, 32)}”, last hour` : 'Events, last hour'}
          value={hour.data && formatCount(total)}
        />
        <Figure term="Per minute, 5 min" value={hour.data && formatCount(Math.round(lastFive / 5))} />
        <Figure term="Persons, 5 min" value={active.data === undefined ? undefined : formatCount(active.data)} />
      </dl>
      <div className={classes.hourChart}>
        {hour.data ? (
          <Chart heightPx={chartHeightPx} option={option} description={describeMinutes(minutes)} />
        ) : (
          <Skeleton height={chartHeightPx} radius="md" />
        )}
      </div>
    </section>
  )
}

function Figure({ term, value }: { term: string; value: string | undefined }) {
  return (
    <div className={classes.figure}>
      <dt>{term}</dt>
      <dd>{value ?? <Skeleton height={22} width={52} mt={4} />}</dd>
    </div>
  )
}

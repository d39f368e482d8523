import type { EventDefinitionBody } from '@hedgerow/protocol'
import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { changeEventDefinition, type DefinitionChange, eventDefinitionQuery, volumesQuery } from '../../api-client/definitions.ts'
import { latelyDays } from '../../api-client/lately.ts'
import { RowsChart } from '../../charts/rows/rows-chart-view.tsx'
import { useNow } from '../../ui/clock.ts'
import { EventTitle, type EventView } from '../../ui/event-detail.tsx'
import { eventLabel } from '../../ui/event-name.ts'
import { countOf } from '../../ui/numbers.ts'
import { Page, Panel } from '../../ui/page.tsx'
import { Loaded } from '../../ui/states.tsx'
import { dayOf } from '../../ui/time.ts'
import classes from './data.module.css'
import { DefinitionAbout } from './definition-about.tsx'
import { EventProperties } from './event-properties.tsx'
import { EventUses } from './event-uses.tsx'
import { RecentEvents } from './recent-events.tsx'
import { lastDays, volumesByEvent } from './volumes.ts'

export interface EventDefinitionSearch {
  open?: string | undefined
  view?: EventView | undefined
}

interface EventDefinitionPageProps {
  definitionId: string
  search: EventDefinitionSearch
  onSearch: (change: EventDefinitionSearch) => void
}

/** One kind of event: what it means, how much comes, what stands in it, and what is built on it. */
export function EventDefinitionPage({ definitionId, search, onSearch }: EventDefinitionPageProps) {
  const project = useProject()
  const queryClient = useQueryClient()
  const query = useQuery(eventDefinitionQuery(project.id, definitionId))
  const change = async (body: DefinitionChange) => {
    const kept = await changeEventDefinition(project.id, definitionId, body)
    queryClient.setQueryData(eventDefinitionQuery(project.id, definitionId).queryKey, kept)
    // Of two changes at once the answers may come in another order.
    await queryClient.invalidateQueries({ queryKey: eventDefinitionQuery(project.id, definitionId).queryKey })
    await queryClient.invalidateQueries({ queryKey: ['project', project.id, 'event-definitions'] })
  }
  const event = query.data
  return (
    <Page
      title={event ? <EventTitle name={event.name} /> : 'Event'}
      documentTitle={event ? eventLabel(event.name).slice(0, 60) : 'Event'}
      crumbs={[{ label: 'Data' }, { label: 'Events', to: '/project/$projectId/data/events', params: { projectId: String(project.id) } }]}
      actions={event && <Ways event={event} projectId={project.id} />}
    >
      <Loaded query={query}>
        {(found) => (
          <div className={classes.columns}>
            <div className={classes.main}>
              <VolumePanel event={found} />
              <EventProperties event={found} />
              <RecentEvents event={found.name} search={search} onSearch={onSearch} />
            </div>
            <div className={classes.side}>
              <DefinitionAbout key={found.id} definition={found} onChange={change} />
              <EventUses definitionId={found.id} />
            </div>
          </div>
        )}
      </Loaded>
    </Page>
  )
}

function Ways({ event, projectId }: { event: EventDefinitionBody; projectId: number }) {
  const navigate = useNavigate()
  const query = JSON.stringify({ kind: 'TrendsQuery', series: [{ kind: 'EventsNode', event: event.name }] })
  return (
    <>
      <Button
        variant="default"
        onClick={() => void navigate({ to: '/project/$projectId/live', params: { projectId }, search: { event: event.name } })}
      >
        Live
      </Button>
      <Button
        variant="default"
        onClick={() => void navigate({ to: '/project/$projectId/insights/new', params: { projectId }, search: { q: query } })}
      >
        New insight
      </Button>
    </>
  )
}

const chartColumns = ['day', 'events']

function VolumePanel({ event }: { event: EventDefinitionBody }) {
  const project = useProject()
  const query = useQuery(volumesQuery(project.id))
  const today = dayOf(useNow(), project.timezone)
  const days = useMemo(() => lastDays(today, latelyDays + 1), [today])
  const volume = useMemo(() => volumesByEvent(query.data ?? [], days).get(event.name), [query.data, days, event.name])
  const rows = useMemo(() => days.map((day, index) => [day, volume?.days[index] ?? 0]), [days, volume])
  return (
    <Panel
      title={`Last ${latelyDays} days`}
      note={query.data && `${countOf(volume?.total ?? 0, 'event')}; ${countOf(event.volume, 'event')} stored, ever.`}
    >
      <Loaded query={query} compact>
        {() => <RowsChart columns={chartColumns} rows={rows} shape="bar" heightPx={170} unfinishedFrom={latelyDays} />}
      </Loaded>
    </Panel>
  )
}

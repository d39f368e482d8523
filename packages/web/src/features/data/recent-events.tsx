import { Drawer } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useProject } from '../../api-client/current-project.tsx'
import { eventQuery, recentEventsQuery } from '../../api-client/events.ts'
import { EventDetail, EventTitle } from '../../ui/event-detail.tsx'
import { Instant } from '../../ui/instant.tsx'
import { Panel } from '../../ui/page.tsx'
import { valueText } from '../../ui/property-value.ts'
import { fromStored } from '../../ui/shown-event.ts'
import { Empty, Loaded } from '../../ui/states.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './data.module.css'
import type { EventDefinitionSearch } from './event-definition-page.tsx'

// limit: enough to see what they are like; all of them are one click away in live events.
const shownEvents = 12

interface RecentEventsProps {
  event: string
  search: EventDefinitionSearch
  onSearch: (change: EventDefinitionSearch) => void
}

/** The newest events of a name, each in full on the side. */
export function RecentEvents({ event, search, onSearch }: RecentEventsProps) {
  const project = useProject()
  const isNarrow = useMediaQuery('(max-width: 47.99em)', false, { getInitialValueInEffect: false })
  const query = useQuery(recentEventsQuery(project.id, shownEvents, event))
  const opened = useQuery({ ...eventQuery(project.id, search.open ?? ''), enabled: search.open !== undefined })
  return (
    <Panel title="Newest">
      <Loaded query={query}>
        {(events) =>
          events.length === 0 ? (
            <Empty title="None stored">They were deleted, or none has come yet.</Empty>
          ) : (
            <ul className={classes.recent} aria-label="Newest events">
              {events.map(({ id, distinct_id: distinctId, timestamp, properties }) => (
                <li key={id}>
                  <button type="button" onClick={() => onSearch({ open: id })} aria-label={`Open the event of ${distinctId.slice(0, 80)}`}>
                    <Untrusted>{distinctId}</Untrusted>
                  </button>
                  <span className={classes.faint}>
                    <Untrusted>{valueText(ownProperties(properties), 160).text}</Untrusted>
                  </span>
                  <span className={classes.when}>
                    <Instant at={timestamp} style="relative" />
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      <Drawer
        opened={search.open !== undefined}
        onClose={() => onSearch({ open: undefined, view: undefined })}
        position="right"
        size={isNarrow ? '100%' : 560}
        title={<EventTitle name={event} />}
        overlayProps={{ backgroundOpacity: 0.15 }}
      >
        <Loaded query={opened}>
          {(found) => (
            <EventDetail
              event={fromStored(found)}
              projectId={project.id}
              view={search.view ?? 'properties'}
              onView={(view) => onSearch({ view })}
            />
          )}
        </Loaded>
      </Drawer>
    </Panel>
  )
}

const ownProperties = (properties: Record<string, unknown>) =>
  Object.entries(properties)
    .filter(([name, value]) => !name.startsWith('$') && typeof value !== 'object')
    .map(([name, value]) => `${name}: ${String(value)}`)
    .join(', ')

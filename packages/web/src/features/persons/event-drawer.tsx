import { Drawer } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useProject } from '../../api-client/current-project.tsx'
import { eventQuery } from '../../api-client/events.ts'
import { EventDetail, EventTitle } from '../../ui/event-detail.tsx'
import { fromStored } from '../../ui/shown-event.ts'
import { Loaded } from '../../ui/states.tsx'
import type { PersonSearch } from './person-page.tsx'

/** One event of the person in full: of the timeline, or the one that merged ids or changed a property. */
export function EventDrawer({ search, onSearch }: { search: PersonSearch; onSearch: (change: PersonSearch) => void }) {
  const project = useProject()
  const isNarrow = useMediaQuery('(max-width: 47.99em)', false, { getInitialValueInEffect: false })
  const query = useQuery({ ...eventQuery(project.id, search.open ?? ''), enabled: search.open !== undefined })
  return (
    <Drawer
      opened={search.open !== undefined}
      onClose={() => onSearch({ open: undefined, view: undefined })}
      position="right"
      size={isNarrow ? '100%' : 560}
      title={query.data ? <EventTitle name={query.data.event} /> : 'Event'}
      overlayProps={{ backgroundOpacity: 0.15 }}
    >
      <Loaded query={query}>
        {(event) => (
          <EventDetail
            event={fromStored(event)}
            projectId={project.id}
            view={search.view ?? 'properties'}
            onView={(view) => onSearch({ view })}
          />
        )}
      </Loaded>
    </Drawer>
  )
}

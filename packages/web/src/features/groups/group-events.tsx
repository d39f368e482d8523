import { Drawer } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useProject } from '../../api-client/current-project.tsx'
import { groupEventsQuery } from '../../api-client/groups.ts'
import { type Column, DataTable, rowLinkClass } from '../../ui/data-table.tsx'
import { EventDetail, EventTitle } from '../../ui/event-detail.tsx'
import { eventLabel } from '../../ui/event-name.ts'
import { Instant } from '../../ui/instant.tsx'
import { EventMark } from '../../ui/mark.tsx'
import { PersonCell } from '../../ui/person-cell.tsx'
import { fromStored, type ShownEvent } from '../../ui/shown-event.ts'
import { Empty, Loaded } from '../../ui/states.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import type { GroupSearch } from './group-page.tsx'
import classes from './groups.module.css'

interface GroupEventsProps {
  typeIndex: number
  groupKey: string
  search: GroupSearch
  onSearch: (change: GroupSearch) => void
}

/** What was done on behalf of a group, newest first. */
export function GroupEvents({ typeIndex, groupKey, search, onSearch }: GroupEventsProps) {
  const project = useProject()
  const isNarrow = useMediaQuery('(max-width: 47.99em)', false, { getInitialValueInEffect: false })
  const query = useQuery(groupEventsQuery(project.id, typeIndex, groupKey))
  const open = query.data?.find(({ id }) => id === search.open)
  return (
    <Loaded query={query}>
      {(events) =>
        events.length === 0 ? (
          <Empty title="No events yet">No stored event names this group.</Empty>
        ) : (
          <>
            <div className={classes.related}>
              <DataTable
                label="Events of the group, newest first"
                columns={columns(project.id, (id) => onSearch({ open: id }))}
                rows={events.map(fromStored)}
                rowKey={({ id }) => id}
                isSelected={({ id }) => id === search.open}
              />
            </div>
            <Drawer
              opened={open !== undefined}
              onClose={() => onSearch({ open: undefined, view: undefined })}
              position="right"
              size={isNarrow ? '100%' : 560}
              title={open && <EventTitle name={open.event} />}
              overlayProps={{ backgroundOpacity: 0.15 }}
            >
              {open && (
                <EventDetail
                  event={fromStored(open)}
                  projectId={project.id}
                  view={search.view ?? 'properties'}
                  onView={(view) => onSearch({ view })}
                />
              )}
            </Drawer>
          </>
        )
      }
    </Loaded>
  )
}

const columns = (projectId: number, onOpen: (id: string) => void): Column<ShownEvent>[] => [
  {
    id: 'event',
    header: 'Event',
    width: 'minmax(160px, 1.4fr)',
    narrowWidth: 'minmax(0, 1fr)',
    cell: (row) => (
      <button type="button" className={rowLinkClass} onClick={() => onOpen(row.id)}>
        <EventMark name={row.event} />
        <Untrusted>{eventLabel(row.event)}</Untrusted>
      </button>
    ),
  },
  {
    id: 'person',
    header: 'Person',
    width: 'minmax(140px, 1.4fr)',
    cell: (row) => <PersonCell projectId={projectId} event={row} />,
  },
  {
    id: 'time',
    header: 'Time',
    width: '96px',
    narrowWidth: '84px',
    align: 'end',
    cell: (row) => <Instant at={row.timestamp} style="relative" />,
  },
]

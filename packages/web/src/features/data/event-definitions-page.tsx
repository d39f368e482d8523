import type { EventDefinitionBody } from '@hedgerow/protocol'
import { Button, SegmentedControl, Tooltip } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { eventDefinitionsQuery, volumesQuery } from '../../api-client/definitions.ts'
import { latelyDays } from '../../api-client/lately.ts'
import { userName } from '../../api-client/user-name.ts'
import { useNow } from '../../ui/clock.ts'
import { type Column, DataTable, rowLinkClass } from '../../ui/data-table.tsx'
import { eventLabel } from '../../ui/event-name.ts'
import { CheckIcon } from '../../ui/icons.tsx'
import { Instant } from '../../ui/instant.tsx'
import { EventMark } from '../../ui/mark.tsx'
import { countOf, formatCount } from '../../ui/numbers.ts'
import { Page } from '../../ui/page.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { SortHeader } from '../../ui/sort-header.tsx'
import { Empty, Failure, SkeletonRows } from '../../ui/states.tsx'
import { TablePanel } from '../../ui/table-panel.tsx'
import { dayOf } from '../../ui/time.ts'
import { Untrusted } from '../../ui/untrusted.tsx'
import { useTableRows } from '../../ui/use-table-rows.ts'
import classes from './data.module.css'
import { type EventOrder, orderings } from './ordering.ts'
import { StateFilter } from './state-filter.tsx'
import { lastDays, sparkPath, type Volume, volumesByEvent } from './volumes.ts'

export interface EventDefinitionsSearch {
  q?: string | undefined
  kind?: 'own' | 'sdk' | undefined
  order?: EventOrder | undefined
  /** Only verified ones; or hidden ones too, which are left out otherwise. */
  state?: 'verified' | 'hidden' | undefined
}

interface EventDefinitionsPageProps {
  search: EventDefinitionsSearch
  onSearch: (change: EventDefinitionsSearch) => void
}

export function EventDefinitionsPage({ search, onSearch }: EventDefinitionsPageProps) {
  const project = useProject()
  const order = search.order ?? 'volume'
  const query = useInfiniteQuery({
    ...eventDefinitionsQuery(project.id, {
      search: search.q,
      ordering: orderings[order],
      kind: search.kind === 'own' ? 'event_custom' : search.kind === 'sdk' ? 'event_posthog' : undefined,
      verified: search.state === 'verified' ? true : undefined,
      isHiddenLeftOut: search.state === 'hidden' ? undefined : true,
    }),
    placeholderData: (before) => before,
  })
  const volumes = useVolumes(project.id, project.timezone)
  const { rows, total, paging } = useTableRows(query)
  const isFiltered = search.q !== undefined || search.kind !== undefined || search.state === 'verified'
  return (
    <Page title="Events" crumbs={[{ label: 'Data' }]} layout="fill">
      <TablePanel
        toolbar={
          <>
            <SearchField value={search.q} onChange={(q) => onSearch({ q })} placeholder="Event name" label="Search event names" />
            <SegmentedControl
              size="xs"
              aria-label="Which events"
              value={search.kind ?? 'all'}
              onChange={(kind) => onSearch({ kind: kind === 'own' || kind === 'sdk' ? kind : undefined })}
              data={[
                { value: 'all', label: 'All' },
                { value: 'own', label: 'Your own' },
                { value: 'sdk', label: "The SDKs'" },
              ]}
            />
            <StateFilter state={search.state} onChange={(state) => onSearch({ state })} />
          </>
        }
        note={query.data && countOf(total, 'name')}
      >
        {query.isPending ? (
          <SkeletonRows rows={12} />
        ) : query.error && rows.length === 0 ? (
          <Failure error={query.error} onRetry={() => void query.refetch()} />
        ) : rows.length === 0 ? (
          <Empty
            title={isFiltered ? 'No such event' : 'No events yet'}
            action={
              isFiltered ? (
                <Button variant="default" onClick={() => onSearch({ q: undefined, kind: undefined, state: undefined })}>
                  Show every event
                </Button>
              ) : (
                <Button component={Link} to={`/project/${project.id}/connect`}>
                  Connect your app
                </Button>
              )
            }
          >
            {isFiltered ? 'No event name matches.' : 'Names are listed as they come: nothing needs to be declared first.'}
          </Empty>
        ) : (
          <DataTable
            label="Event names"
            columns={columns(project.id, volumes, order, (next) => onSearch({ order: next === 'volume' ? undefined : next }))}
            rows={rows}
            rowKey={({ id }) => id}
            totalRows={total}
            {...paging}
          />
        )}
      </TablePanel>
    </Page>
  )
}

/** What came of each event on the last days; undefined until that is known. */
function useVolumes(projectId: number, zone: string): ReadonlyMap<string, Volume> | undefined {
  const { data } = useQuery(volumesQuery(projectId))
  const today = dayOf(useNow(), zone)
  return useMemo(() => data && volumesByEvent(data, lastDays(today, latelyDays + 1)), [data, today])
}

function Spark({ days }: { days: readonly number[] | undefined }) {
  if (!days) return null
  return (
    <svg className={classes.spark} viewBox="0 0 100 24" preserveAspectRatio="none" aria-hidden="true">
      <path d={sparkPath(days)} vectorEffect="non-scaling-stroke" />
    </svg>
  )
}

function columns(
  projectId: number,
  volumes: ReadonlyMap<string, Volume> | undefined,
  order: EventOrder,
  onOrder: (order: EventOrder) => void,
): Column<EventDefinitionBody>[] {
  const sorted = (id: EventOrder, label: string) => <SortHeader label={label} isSorted={order === id} onSort={() => onOrder(id)} />
  return [
    {
      id: 'name',
      header: sorted('name', 'Name'),
      width: 'minmax(220px, 2fr)',
      narrowWidth: 'minmax(0, 1fr)',
      cell: (row) => (
        <Link to="/project/$projectId/data/events/$definitionId" params={{ projectId, definitionId: row.id }} className={rowLinkClass}>
          <EventMark name={row.name} />
          <Untrusted>{eventLabel(row.name)}</Untrusted>
          {row.verified && (
            <Tooltip label="Verified">
              <span className={classes.verified} role="img" aria-label="Verified">
                <CheckIcon size={14} />
              </span>
            </Tooltip>
          )}
          {row.hidden && <span className={classes.hiddenMark}>hidden</span>}
        </Link>
      ),
    },
    {
      id: 'about',
      header: 'Description',
      width: 'minmax(140px, 1.6fr)',
      cell: (row) => (
        <span className={classes.faint}>
          {row.description ? (
            <Untrusted>{row.description}</Untrusted>
          ) : (
            eventLabel(row.name) !== row.name && <Untrusted mono>{row.name}</Untrusted>
          )}
        </span>
      ),
    },
    {
      id: 'owner',
      header: 'Owner',
      width: '120px',
      cell: (row) => row.owner && <Untrusted>{userName(row.owner)}</Untrusted>,
    },
    {
      id: 'days',
      header: `${latelyDays} days`,
      width: '92px',
      cell: (row) => <Spark days={volumes?.get(row.name)?.days} />,
    },
    {
      id: 'recent',
      header: 'Events',
      width: '78px',
      align: 'end',
      cell: (row) => (volumes ? formatCount(volumes.get(row.name)?.total ?? 0) : '…'),
    },
    {
      id: 'volume',
      header: sorted('volume', 'Stored, ever'),
      width: '116px',
      narrowWidth: '96px',
      align: 'end',
      cell: (row) => formatCount(row.volume),
    },
    {
      id: 'seen',
      header: sorted('seen', 'Last seen'),
      width: '116px',
      narrowWidth: '90px',
      align: 'end',
      cell: (row) => (row.last_seen_at ? <Instant at={row.last_seen_at} style="relative" /> : <span className={classes.faint}>never</span>),
    },
    {
      id: 'new',
      header: sorted('new', 'First seen'),
      width: '132px',
      align: 'end',
      cell: (row) => <Instant at={row.created_at} style="short" />,
    },
  ]
}

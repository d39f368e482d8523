import type { EventDefinitionBody } from '@hedgerow/protocol'
import { Button, SegmentedControl } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useCallback } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { eventDefinitionsQuery } from '../../api-client/definitions.ts'
import { type Column, DataTable, rowLinkClass } from '../../ui/data-table.tsx'
import { eventLabel } from '../../ui/event-name.ts'
import { Instant } from '../../ui/instant.tsx'
import { EventMark } from '../../ui/mark.tsx'
import { countOf, formatCount } from '../../ui/numbers.ts'
import { Page } from '../../ui/page.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { SortHeader } from '../../ui/sort-header.tsx'
import { Empty, Failure, SkeletonRows } from '../../ui/states.tsx'
import { TablePanel } from '../../ui/table-panel.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './data.module.css'
import { type EventOrder, orderings } from './ordering.ts'

export interface EventDefinitionsSearch {
  q?: string | undefined
  kind?: 'own' | 'sdk' | undefined
  order?: EventOrder | undefined
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
    }),
    placeholderData: (before) => before,
  })
  const rows = query.data?.pages.flatMap(({ results }) => results) ?? []
  const total = query.data?.pages[0]?.count ?? 0
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = query
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [fetchNextPage, hasNextPage, isFetchingNextPage])
  const isFiltered = search.q !== undefined || search.kind !== undefined
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
                <Button variant="default" onClick={() => onSearch({ q: undefined, kind: undefined })}>
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
            columns={columns(project.id, Math.max(1, ...rows.map(({ volume }) => volume)), order, (next) =>
              onSearch({ order: next === 'volume' ? undefined : next }),
            )}
            rows={rows}
            rowKey={({ id }) => id}
            totalRows={total}
            onEnd={more}
            footer={isFetchingNextPage ? 'Loading more …' : undefined}
          />
        )}
      </TablePanel>
    </Page>
  )
}

function columns(
  projectId: number,
  mostVolume: number,
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
        <Link
          to="/project/$projectId/live"
          params={{ projectId }}
          search={{ event: row.name }}
          className={rowLinkClass}
          title="See these events live"
        >
          <EventMark name={row.name} />
          <Untrusted>{eventLabel(row.name)}</Untrusted>
        </Link>
      ),
    },
    {
      id: 'raw',
      header: 'Sent as',
      width: 'minmax(140px, 1fr)',
      cell: (row) => <span className={classes.faint}>{eventLabel(row.name) !== row.name && <Untrusted mono>{row.name}</Untrusted>}</span>,
    },
    {
      id: 'bar',
      header: 'Share',
      width: 'minmax(60px, 0.6fr)',
      cell: (row) => (
        <span className={classes.bar} aria-hidden="true">
          <span style={{ width: `${(row.volume / mostVolume) * 100}%` }} />
        </span>
      ),
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

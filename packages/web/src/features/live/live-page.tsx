import { Button, Drawer, Select } from '@mantine/core'
import { useHotkeys, useMediaQuery } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { eventQuery, type StreamState } from '../../api-client/events.ts'
import { type Column, DataTable, rowLinkClass } from '../../ui/data-table.tsx'
import { EventDetail, EventTitle, type EventView } from '../../ui/event-detail.tsx'
import { eventLabel } from '../../ui/event-name.ts'
import { ChevronDownIcon, PauseIcon, PlayIcon } from '../../ui/icons.tsx'
import { Instant } from '../../ui/instant.tsx'
import { EventMark } from '../../ui/mark.tsx'
import { countOf } from '../../ui/numbers.ts'
import { Page } from '../../ui/page.tsx'
import { PersonCell } from '../../ui/person-cell.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { fromStored } from '../../ui/shown-event.ts'
import { Empty, Failure, Loaded, SkeletonRows } from '../../ui/states.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { LagChip } from './lag-chip.tsx'
import { LastHour } from './last-hour-panel.tsx'
import { filterFeed, lagMs, namesIn, placeOf } from './live-feed.ts'
import classes from './live-page.module.css'
import { useLiveFeed } from './use-live-feed.ts'
import { VerdictChip } from './verdict-chip.tsx'
import verdictClasses from './verdict-detail.module.css'
import { VerdictDetail, VerdictWords } from './verdict-detail.tsx'
import { type FeedEvent, type VerdictKind, verdictKinds, verdictLabels, verdictOf, type Warnings } from './verdicts.ts'

export interface LiveSearch {
  event?: string | undefined
  q?: string | undefined
  open?: string | undefined
  view?: EventView | undefined
  verdict?: VerdictKind | undefined
}

interface LivePageProps {
  search: LiveSearch
  onSearch: (change: LiveSearch) => void
}

export function LivePage({ search, onSearch }: LivePageProps) {
  const project = useProject()
  const [isPaused, setPaused] = useState(false)
  const [isPointedAt, setPointedAt] = useState(false)
  const { feed, warnings, stream, earlier, show } = useLiveFeed(project.id, isPaused || isPointedAt)
  const rows = useMemo(() => filterFeed(feed.shown, search, warnings), [feed.shown, search, warnings])
  const names = useMemo(() => namesIn(feed.shown), [feed.shown])
  useHotkeys([['space', () => setPaused((before) => !before)]])
  const isFiltered = search.q !== undefined || search.event !== undefined || search.verdict !== undefined
  const clear = () => onSearch({ q: undefined, event: undefined, verdict: undefined })
  const nameChoices = [...new Set([...(search.event ? [search.event] : []), ...names])]

  return (
    <Page
      title="Live events"
      layout="fill"
      actions={
        <>
          <StreamChip state={stream} isPaused={isPaused} />
          <Button
            variant={isPaused ? 'filled' : 'default'}
            leftSection={isPaused ? <PlayIcon size={15} /> : <PauseIcon size={15} />}
            onClick={() => setPaused(!isPaused)}
            aria-keyshortcuts="Space"
          >
            {isPaused ? 'Go on' : 'Pause'}
          </Button>
        </>
      }
    >
      <LastHour projectId={project.id} event={search.event} />
      <section className={classes.feed} aria-label="Events">
        <div className={classes.toolbar}>
          <SearchField
            value={search.q}
            onChange={(q) => onSearch({ q })}
            placeholder="Event, person or property text"
            label="Filter by event, person or property text"
          />
          <Select
            className={classes.names}
            data={nameChoices.map((name) => ({ value: name, label: eventLabel(name).slice(0, 80) || '(empty)' }))}
            value={search.event ?? null}
            onChange={(name) => onSearch({ event: name ?? undefined })}
            placeholder="Every event"
            aria-label="Event name"
            clearable
            searchable
            limit={100}
            nothingFoundMessage="Not among those shown"
            rightSectionPointerEvents={search.event ? 'auto' : 'none'}
            {...(search.event ? {} : { rightSection: <ChevronDownIcon size={15} /> })}
          />
          <Select
            className={classes.verdicts ?? ''}
            data={verdictKinds.map((kind) => ({ value: kind, label: verdictLabels[kind] }))}
            value={search.verdict ?? null}
            onChange={(kind) => onSearch({ verdict: verdictKinds.find((each) => each === kind) })}
            placeholder="Every verdict"
            aria-label="What became of it"
            clearable
            rightSectionPointerEvents={search.verdict ? 'auto' : 'none'}
            {...(search.verdict ? {} : { rightSection: <ChevronDownIcon size={15} /> })}
          />
          <Waiting count={filterFeed(feed.waiting, search, warnings).length} missed={feed.missed} isPaused={isPaused} onShow={show} />
        </div>
        {feed.skipped > 0 && (
          <p className={classes.skipped} role="status">
            {countOf(feed.skipped, 'event')} came faster than this page could take them. They are stored; only this list is without them.
          </p>
        )}
        {rows.length > 0 ? (
          <DataTable
            label="Live events, newest first"
            columns={columns(
              project.id,
              warnings,
              rows.some((row) => lagMs(row) !== undefined),
              (id) => onSearch({ open: id }),
            )}
            rows={rows}
            rowKey={({ id }) => id}
            isSelected={({ id }) => id === search.open}
            isFresh={({ id }) => feed.fresh.has(id)}
            onHold={setPointedAt}
            rowHeightPx={36}
          />
        ) : earlier.isPending ? (
          <SkeletonRows rows={9} />
        ) : earlier.error && feed.shown.length === 0 ? (
          <Failure error={earlier.error} onRetry={() => void earlier.refetch()} />
        ) : isFiltered && feed.shown.length > 0 ? (
          <Empty
            title="Nothing matches yet"
            action={
              <Button variant="default" onClick={clear}>
                Show every event
              </Button>
            }
          >
            None of the last {countOf(feed.shown.length, 'event')} matches. New ones appear as they come.
          </Empty>
        ) : (
          <Empty
            title="No events yet"
            action={
              <Button component={Link} to={`/project/${project.id}/connect`}>
                Connect your app
              </Button>
            }
          >
            Events appear here a second or two after your app sends them.
          </Empty>
        )}
      </section>
      <EventDrawer search={search} onSearch={onSearch} events={rows} warnings={warnings} projectId={project.id} />
    </Page>
  )
}

function columns(projectId: number, warnings: Warnings, hasLag: boolean, onOpen: (id: string) => void): Column<FeedEvent>[] {
  return [
    {
      id: 'event',
      header: 'Event',
      width: 'minmax(180px, 1.5fr)',
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
      width: 'minmax(140px, 1.2fr)',
      narrowWidth: 'minmax(0, 0.8fr)',
      cell: (row) => <PersonCell projectId={projectId} event={row} />,
    },
    { id: 'place', header: 'Where', width: 'minmax(160px, 1.6fr)', cell: (row) => <PlaceCell event={row} /> },
    {
      id: 'verdict',
      header: <span className={classes.verdictWord}>Verdict</span>,
      width: '100px',
      narrowWidth: '26px',
      cell: (row) => <VerdictChip verdict={verdictOf(row, warnings)} />,
    },
    // why: only what came while the page was open knows its lag.
    ...(hasLag
      ? [{ id: 'lag', header: 'Lag', width: '72px', align: 'end' as const, cell: (row: FeedEvent) => <LagChip event={row} /> }]
      : []),
    {
      id: 'time',
      header: 'Time',
      width: '84px',
      narrowWidth: '76px',
      align: 'end',
      cell: (row) => (
        <span className={classes.time}>
          <Instant at={row.timestamp} style="relative" />
        </span>
      ),
    },
  ]
}

function PlaceCell({ event }: { event: FeedEvent }) {
  const place = placeOf(event)
  return place === '' ? null : (
    <span className={classes.place}>
      <Untrusted>{place}</Untrusted>
    </span>
  )
}

function StreamChip({ state, isPaused }: { state: StreamState; isPaused: boolean }) {
  const words = { connecting: 'Connecting', open: isPaused ? 'Paused' : 'Live', lost: 'Connection lost, trying again' }[state]
  return (
    <span className={classes.stream} data-state={isPaused && state === 'open' ? 'paused' : state} role="status">
      <span className={classes.dot} />
      {words}
    </span>
  )
}

interface WaitingProps {
  count: number
  missed: number
  isPaused: boolean
  onShow: () => void
}

function Waiting({ count, missed, isPaused, onShow }: WaitingProps) {
  if (count === 0) return null
  return (
    <button type="button" className={classes.waiting} onClick={onShow}>
      {countOf(count, 'new event')}
      {missed > 0 && ` (${missed} more not kept)`}
      <span className={classes.waitingNote}>{isPaused ? 'show them' : 'held while you point'}</span>
    </button>
  )
}

interface EventDrawerProps extends LivePageProps {
  events: readonly FeedEvent[]
  warnings: Warnings
  projectId: number
}

function EventDrawer({ search, onSearch, events, warnings, projectId }: EventDrawerProps) {
  const isNarrow = useMediaQuery('(max-width: 47.99em)', false, { getInitialValueInEffect: false })
  const here = events.find(({ id }) => id === search.open)
  const stored = useQuery({ ...eventQuery(projectId, search.open ?? ''), enabled: search.open !== undefined && isUuid(search.open) })
  // why: the stored event also knows the person; what came live is shown until that is there.
  const event: FeedEvent | undefined = stored.data ? { ...here, ...fromStored(stored.data) } : here
  const close = () => onSearch({ open: undefined, view: undefined })
  const step = (by: number) => {
    const next = events[events.findIndex(({ id }) => id === search.open) + by]
    if (next) onSearch({ open: next.id })
  }
  useHotkeys(
    search.open
      ? [
          ['ArrowDown', () => step(1)],
          ['ArrowUp', () => step(-1)],
        ]
      : [],
  )
  return (
    <Drawer
      opened={search.open !== undefined}
      onClose={close}
      position="right"
      size={isNarrow ? '100%' : 560}
      title={event ? <EventTitle name={event.event} /> : 'Event'}
      overlayProps={{ backgroundOpacity: 0.15 }}
    >
      {event?.verdict ? (
        <VerdictDetail verdict={event.verdict} projectId={projectId} onOpen={(open) => onSearch({ open })} />
      ) : event ? (
        <>
          {warnings.has(event.id) && (
            <div className={verdictClasses.whys}>
              {(warnings.get(event.id) ?? []).map((each) => (
                <VerdictWords key={each.id} verdict={each} projectId={projectId} />
              ))}
            </div>
          )}
          <EventDetail event={event} projectId={projectId} view={search.view ?? 'properties'} onView={(view) => onSearch({ view })} />
        </>
      ) : search.open !== undefined && !isUuid(search.open) ? (
        <Empty title="No longer in the list">What was not stored is kept for a while only.</Empty>
      ) : (
        <Loaded query={stored}>{() => null}</Loaded>
      )}
    </Drawer>
  )
}

const isUuid = (id: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)

import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { personEventsQuery } from '../../api-client/events.ts'
import { EventPicker } from '../../pickers/event-picker.tsx'
import { useNow } from '../../ui/clock.ts'
import { eventLabel } from '../../ui/event-name.ts'
import { Instant } from '../../ui/instant.tsx'
import { EventMark } from '../../ui/mark.tsx'
import { countOf } from '../../ui/numbers.ts'
import { fromStored, type ShownEvent } from '../../ui/shown-event.ts'
import { Empty, Failure, SkeletonRows } from '../../ui/states.tsx'
import { dayLabel, dayOf, formatSpan } from '../../ui/time.ts'
import { Untrusted } from '../../ui/untrusted.tsx'
import { eventNote } from './event-note.ts'
import type { PersonSearch } from './person-page.tsx'
import classes from './person-timeline.module.css'
import { sessionPlace, type TimelineDay, type TimelineSession, timeline } from './timeline.ts'

interface PersonTimelineProps {
  personId: string
  search: PersonSearch
  onSearch: (change: PersonSearch) => void
}

/** What someone did, newest first, by the day and session. */
export function PersonTimeline({ personId, search, onSearch }: PersonTimelineProps) {
  const project = useProject()
  const query = useInfiniteQuery(personEventsQuery(project.id, personId, search.event))
  const events = useMemo(() => query.data?.pages.flatMap(({ results }) => results.map(fromStored)) ?? [], [query.data])
  const days = useMemo(() => timeline(events, project.timezone), [events, project.timezone])
  const today = dayOf(useNow(), project.timezone)
  return (
    <div className={classes.timeline}>
      <div className={classes.filter}>
        <EventPicker
          label="Which events"
          value={{ kind: 'EventsNode', event: search.event ?? null }}
          hasActions={false}
          onPick={({ event }) => onSearch({ event: event ?? undefined })}
        />
      </div>
      {query.isPending && <SkeletonRows rows={12} />}
      {query.error && events.length === 0 && <Failure error={query.error} onRetry={() => void query.refetch()} />}
      {days.map((day) => (
        <Day key={day.day} day={day} today={today} openId={search.open} onOpen={(open) => onSearch({ open })} />
      ))}
      {query.data && events.length === 0 && (
        <Empty title="No events">
          {search.event === undefined
            ? 'This person has properties but no stored events: they came with identify alone, or the events were deleted.'
            : 'This person has no such events.'}
        </Empty>
      )}
      {query.hasNextPage && (
        <Button variant="default" className={classes.more} loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Earlier events
        </Button>
      )}
      {!query.hasNextPage && events.length > 0 && (
        <p className={classes.end}>That is the beginning: {countOf(events.length, 'event')} in all.</p>
      )}
    </div>
  )
}

interface DayProps {
  day: TimelineDay
  today: string
  openId: string | undefined
  onOpen: (id: string) => void
}

function Day({ day, today, openId, onOpen }: DayProps) {
  return (
    <section className={classes.day}>
      <h2 className={classes.dayHead}>
        {dayLabel(day.day, today)}
        <span>{countOf(day.count, 'event')}</span>
      </h2>
      <div className={classes.sessions}>
        {day.sessions.map((session) => (
          <Session key={session.key} session={session} openId={openId} onOpen={onOpen} />
        ))}
      </div>
    </section>
  )
}

function Session({ session, openId, onOpen }: { session: TimelineSession } & Pick<DayProps, 'openId' | 'onOpen'>) {
  const place = sessionPlace(session)
  return (
    <details className={classes.session} open>
      <summary className={classes.sessionHead}>
        <span className={classes.sessionName}>{session.sessionId ? 'Session' : 'Outside a session'}</span>
        <span className={classes.sessionFacts}>
          {session.sessionId && session.events.length > 1 && `${formatSpan(session.spanMs)} · `}
          {countOf(session.events.length, 'event')}
        </span>
        {place && (
          <span className={classes.sessionPlace}>
            <Untrusted>{place}</Untrusted>
          </span>
        )}
      </summary>
      <ol className={classes.events}>
        {session.events.map((event) => (
          <TimelineRow key={event.id} event={event} isOpen={event.id === openId} onOpen={onOpen} />
        ))}
      </ol>
    </details>
  )
}

function TimelineRow({ event, isOpen, onOpen }: { event: ShownEvent; isOpen: boolean; onOpen: (id: string) => void }) {
  const note = eventNote(event)
  return (
    <li className={classes.event} data-open={isOpen}>
      <span className={classes.time}>
        <Instant at={event.timestamp} style="time" />
      </span>
      <EventMark name={event.event} />
      <button type="button" className={classes.open} onClick={() => onOpen(event.id)}>
        <Untrusted>{eventLabel(event.event)}</Untrusted>
      </button>
      {note && (
        <span className={classes.note}>
          <Untrusted>{note}</Untrusted>
        </span>
      )}
    </li>
  )
}

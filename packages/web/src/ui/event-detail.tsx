import { Tabs } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { CodeBlock } from './code-block.tsx'
import { CopyIconButton } from './copy.tsx'
import classes from './event-detail.module.css'
import { eventLabel } from './event-name.ts'
import { Instant } from './instant.tsx'
import { EventMark } from './mark.tsx'
import { joining } from './merge-words.ts'
import { PropertyTable } from './property-table.tsx'
import type { ShownEvent } from './shown-event.ts'
import { formatDuration } from './time.ts'
import { Untrusted } from './untrusted.tsx'

const EventMerge = lazy(async () => ({ default: (await import('./event-merge.tsx')).EventMerge }))

export const eventViews = ['properties', 'person', 'json'] as const
export type EventView = (typeof eventViews)[number]

interface EventDetailProps {
  event: ShownEvent
  projectId: number
  view: EventView
  onView: (view: EventView) => void
}

/** An event in full: when and whose, its properties, the person, and all of it as JSON. */
export function EventDetail({ event, projectId, view, onView }: EventDetailProps) {
  const { $set: set, ...withoutSet } = event.properties
  const properties = set === undefined ? event.properties : { ...withoutSet, $set: set }
  const joins = joining(event.event, event.distinctId, event.properties)
  return (
    <div className={classes.detail}>
      <dl className={classes.facts}>
        <div>
          <dt>Happened</dt>
          <dd>
            <Instant at={event.timestamp} style="full" />
          </dd>
        </div>
        {event.receivedAt && event.queryableAt && <Journey event={event} receivedAt={event.receivedAt} queryableAt={event.queryableAt} />}
        <div>
          <dt>Distinct id</dt>
          <dd className={classes.id}>
            {event.personId ? (
              <Link to="/project/$projectId/persons/$personId" params={{ projectId, personId: event.personId }} className={classes.link}>
                <Untrusted>{event.distinctId}</Untrusted>
              </Link>
            ) : (
              <Untrusted>{event.distinctId}</Untrusted>
            )}
            <CopyIconButton text={event.distinctId} label="Copy the distinct id" />
          </dd>
        </div>
        <div>
          <dt>Event id</dt>
          <dd className={classes.id}>
            <Untrusted mono>{event.id}</Untrusted>
            <CopyIconButton text={event.id} label="Copy the event id" />
          </dd>
        </div>
      </dl>
      {joins && event.personId && (
        <Suspense>
          <EventMerge event={event} projectId={projectId} personId={event.personId} {...joins} />
        </Suspense>
      )}
      <Tabs value={view} onChange={(next) => onView(eventViews.find((each) => each === next) ?? 'properties')} keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="properties">Properties</Tabs.Tab>
          {event.personProperties && <Tabs.Tab value="person">Person</Tabs.Tab>}
          <Tabs.Tab value="json">JSON</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="properties" pt="sm">
          <PropertyTable properties={properties} label="the event's properties" none="This event was sent without properties." />
        </Tabs.Panel>
        {event.personProperties && (
          <Tabs.Panel value="person" pt="sm">
            <PropertyTable properties={event.personProperties} label="the person's properties" none="This person has no properties." />
          </Tabs.Panel>
        )}
        <Tabs.Panel value="json" pt="sm">
          <CodeBlock language="json" wrap code={eventJson(event)} caption={`${event.event.slice(0, 60)}.json`} />
        </Tabs.Panel>
      </Tabs>
    </div>
  )
}

function eventJson({ id, event, distinctId, timestamp, properties }: ShownEvent): string {
  return JSON.stringify({ uuid: id, event, distinct_id: distinctId, timestamp, properties }, undefined, 2)
}

function Journey({ event, receivedAt, queryableAt }: { event: ShownEvent; receivedAt: string; queryableAt: string }) {
  const toServerMs = Date.parse(receivedAt) - Date.parse(event.timestamp)
  const toQueryMs = Date.parse(queryableAt) - Date.parse(receivedAt)
  return (
    <div>
      <dt>Its way here</dt>
      <dd>
        {toServerMs >= 0 ? `received after ${formatDuration(toServerMs)}` : `received ${formatDuration(-toServerMs)} before its own time`}
        {', '}
        {`queryable ${formatDuration(Math.max(0, toQueryMs))} later`}
      </dd>
    </div>
  )
}

/** The event's name as a title: its mark, its words, and the raw name where that differs. */
export function EventTitle({ name }: { name: string }) {
  const label = eventLabel(name)
  return (
    <span className={classes.title}>
      <EventMark name={name} />
      <Untrusted>{label}</Untrusted>
      {label !== name && (
        <span className={classes.raw}>
          <Untrusted mono>{name}</Untrusted>
        </span>
      )}
    </span>
  )
}

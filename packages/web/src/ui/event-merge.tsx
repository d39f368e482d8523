import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { personMergesQuery } from '../api-client/persons.ts'
import classes from './event-merge.module.css'
import { MergeIcon } from './icons.tsx'
import { mergeWords } from './merge-words.ts'
import type { ShownEvent } from './shown-event.ts'
import { Untrusted } from './untrusted.tsx'

interface EventMergeProps {
  event: ShownEvent
  projectId: number
  personId: string
  /** What the event says: this property names another id of the same person. */
  property: string
  other: string
}

/** Why an event merged what it merged: what it said, and what came of that. */
export function EventMerge({ event, projectId, personId, property, other }: EventMergeProps) {
  const merges = useQuery(personMergesQuery(projectId, personId))
  const here = merges.data?.filter(({ event_uuid: uuid }) => uuid === event.id)
  return (
    <section className={classes.merge} aria-label="Why this merge">
      <h3 className={classes.title}>
        <MergeIcon size={15} /> Why this merge
      </h3>
      <p>
        The event says by <code>{property}</code> that{' '}
        <strong>
          <Untrusted lines="many">{other}</Untrusted>
        </strong>{' '}
        and{' '}
        <strong>
          <Untrusted lines="many">{event.distinctId}</Untrusted>
        </strong>{' '}
        are one person.
      </p>
      {here?.map((merge) => (
        <p key={`${merge.kind} ${merge.distinct_id}`}>
          <strong>
            <Untrusted lines="many">{merge.distinct_id}</Untrusted>
          </strong>{' '}
          {mergeWords(merge)}.
        </p>
      ))}
      {here?.length === 0 && (
        <p>It changed nothing: they were one person already, or could not become one, in which case there is a warning of it.</p>
      )}
      <Link to="/project/$projectId/persons/$personId" params={{ projectId, personId }} search={{ tab: 'ids' }}>
        All ids of this person, and a way to take them apart
      </Link>
    </section>
  )
}

import type { PersonBody, PersonMergeBody } from '@hedgerow/protocol'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { runHogql } from '../../api-client/hogql.ts'
import { personTotalsQuery } from '../../api-client/persons.ts'
import { CopyIconButton } from '../../ui/copy.tsx'
import { MergeIcon } from '../../ui/icons.tsx'
import { Instant } from '../../ui/instant.tsx'
import { mergeWords } from '../../ui/merge-words.ts'
import { countOf, formatCount } from '../../ui/numbers.ts'
import { Panel } from '../../ui/page.tsx'
import { dayLabel, dayOf } from '../../ui/time.ts'
import { Untrusted } from '../../ui/untrusted.tsx'
import { Face } from './face.tsx'
import { identityIds } from './identity.ts'
import classes from './person-page.module.css'
import { activityDays } from './timeline.ts'

const shownDays = 56

const activityQuery = `SELECT toDate(timestamp) AS day, count() AS events
FROM events
WHERE person_id = {person} AND timestamp >= now() - INTERVAL ${shownDays} DAY
GROUP BY day
ORDER BY day
LIMIT ${shownDays + 2}`

interface IdentityCardProps {
  person: PersonBody
  /** Undefined until they are known. */
  merges: PersonMergeBody[] | undefined
  onIds: () => void
}

/** Who this is, at a glance. */
export function IdentityCard({ person, merges = [], onIds }: IdentityCardProps) {
  const ids = identityIds(person.distinct_ids, merges)
  const shown = ids.slice(0, 3)
  return (
    <aside className={classes.card} aria-label="Who this is">
      <Panel>
        <div className={classes.who}>
          <Face name={person.name} id={person.id} size={48} />
          <div className={classes.whoWords}>
            <p className={classes.name}>
              <Name name={person.name.slice(0, 200)} />
            </p>
            <p className={classes.kind}>{person.is_identified ? 'Identified person' : 'Anonymous person'}</p>
          </div>
        </div>
        <dl className={classes.facts}>
          <div>
            <dt>First seen</dt>
            <dd>
              <FirstSeen person={person} />
            </dd>
          </div>
          <div>
            <dt>Last seen</dt>
            <dd>{person.last_seen_at ? <Instant at={person.last_seen_at} style="relative" /> : 'never'}</dd>
          </div>
          <Totals personId={person.id} />
          <div>
            <dt>Person id</dt>
            <dd className={classes.copyable}>
              <Untrusted mono>{person.id}</Untrusted>
              <CopyIconButton text={person.id} label="Copy the person id" />
            </dd>
          </div>
        </dl>
        <h2 className={classes.subtitle}>{countOf(ids.length, 'distinct id')}</h2>
        <ul className={classes.idList}>
          {shown.map(({ distinctId, history }) => (
            <li key={distinctId}>
              <span className={classes.copyable}>
                <Untrusted>{distinctId}</Untrusted>
                <CopyIconButton text={distinctId} label="Copy the distinct id" />
              </span>
              {history.slice(-1).map((merge) => (
                <span key={merge.occurred_at} className={classes.idHow}>
                  <MergeIcon size={12} /> {mergeWords(merge)}, <Instant at={merge.occurred_at} style="short" />
                </span>
              ))}
            </li>
          ))}
        </ul>
        {(ids.length > shown.length || merges.length > 0) && (
          <button type="button" className={classes.textButton} onClick={onIds}>
            {ids.length > shown.length ? `All ${formatCount(ids.length)} ids and how they came together` : 'How they came together'}
          </button>
        )}
        <Activity personId={person.id} />
      </Panel>
    </aside>
  )
}

/** An e-mail address that needs two lines is broken before its host. */
function Name({ name }: { name: string }) {
  const host = name.lastIndexOf('@') + 1
  if (host === 0 || host === name.length) return <Untrusted lines="many">{name}</Untrusted>
  return (
    <>
      <Untrusted lines="many">{name.slice(0, host)}</Untrusted>
      <wbr />
      <Untrusted lines="many">{name.slice(host)}</Untrusted>
    </>
  )
}

/** Events from before somebody was known are theirs, too. */
function FirstSeen({ person }: { person: PersonBody }) {
  const project = useProject()
  const { data } = useQuery(personTotalsQuery(project.id, person.id))
  const isEarlier = data?.firstAt !== undefined && Date.parse(data.firstAt) < Date.parse(person.created_at)
  return <Instant at={isEarlier && data.firstAt ? data.firstAt : person.created_at} style="full" />
}

function Totals({ personId }: { personId: string }) {
  const project = useProject()
  const { data } = useQuery(personTotalsQuery(project.id, personId))
  return (
    <div>
      <dt>Did</dt>
      <dd>{data ? `${countOf(data.events, 'event')} in ${countOf(data.sessions, 'session')}` : '…'}</dd>
    </div>
  )
}

/** Eight weeks, one square a day. */
function Activity({ personId }: { personId: string }) {
  const project = useProject()
  const { data } = useQuery({
    queryKey: ['project', project.id, 'person', personId, 'activity'],
    queryFn: async ({ signal }) => (await runHogql(project.id, activityQuery, { person: personId }, signal)).results,
    staleTime: 60_000,
  })
  const today = dayOf(Date.now(), project.timezone)
  const days = useMemo(() => (data ? activityDays(data, today, shownDays) : []), [data, today])
  if (days.length === 0) return null
  const most = Math.max(1, ...days.map(({ count }) => count))
  const active = days.filter(({ count }) => count > 0).length
  return (
    <>
      <h2 className={classes.subtitle}>
        Active on {countOf(active, 'day')} of the last {shownDays}
      </h2>
      <div
        className={classes.activity}
        role="img"
        aria-label={`Active on ${active} of the last ${shownDays} days, at most ${most} events in a day.`}
      >
        {days.map(({ day, count }) => (
          <span
            key={day}
            title={`${dayLabel(day, today)}: ${countOf(count, 'event')}`}
            data-active={count > 0}
            style={{ '--share': count === 0 ? 0 : 0.25 + 0.75 * Math.sqrt(count / most) } as React.CSSProperties}
          />
        ))}
      </div>
    </>
  )
}

import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { sendTestEvent } from '../../api-client/events.ts'
import { EventTitle } from '../../ui/event-detail.tsx'
import { CheckIcon } from '../../ui/icons.tsx'
import { Instant } from '../../ui/instant.tsx'
import { countOf } from '../../ui/numbers.ts'
import { Panel } from '../../ui/page.tsx'
import { PropertyTable } from '../../ui/property-table.tsx'
import { Failure } from '../../ui/states.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { arrivalSteps } from './arrival.ts'
import classes from './connect-page.module.css'
import { useFirstEvent } from './use-first-event.ts'

/** Waits for an event and shows it when it comes: received, stored, seen. */
export function FirstEventPanel({ projectId, token, hasEvents }: { projectId: number; token: string; hasEvents: boolean }) {
  const { stage, event, seenAtMs, rejected, stream, ledger, again } = useFirstEvent(projectId)
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const isFirst = !hasEvents && event !== undefined
  useEffect(() => {
    if (!isFirst) return
    // The project now counts as connected: the start page is another one from here on.
    void queryClient.invalidateQueries({ queryKey: ['project', projectId, 'settings'] })
    void queryClient.invalidateQueries({ queryKey: ['account'] })
  }, [isFirst, projectId, queryClient])
  const steps = arrivalSteps(stage, event, seenAtMs)
  return (
    <Panel
      title={event ? 'It works' : hasEvents ? 'Waiting for the next event' : 'Waiting for the first event'}
      note={
        event ? (
          <>
            Received <Instant at={event.created_at} style="full" />
          </>
        ) : stream === 'lost' ? (
          'The connection to the server is lost; trying again.'
        ) : (
          'Run your app and use it. The event appears here by itself.'
        )
      }
    >
      <ol className={classes.way} data-stage={stage} aria-label="The way of the event">
        {steps.map(({ stage: name, label, isDone, detail }) => (
          <li key={name} data-done={isDone}>
            <span className={classes.berry}>{isDone && <CheckIcon size={14} />}</span>
            <span className={classes.wayLabel}>{label}</span>
            <span className={classes.wayDetail}>{detail}</span>
          </li>
        ))}
      </ol>
      <div role="status" className={classes.arrived}>
        {event && (
          <>
            <h3 className={classes.eventName}>
              <EventTitle name={event.event} />
            </h3>
            <p className={classes.whose}>
              from <Untrusted>{event.distinct_id}</Untrusted>
            </p>
            <PropertyTable properties={event.properties} label="the event's properties" none="It was sent without properties." />
            <div className={classes.next}>
              <Button
                onClick={() =>
                  void navigate({ to: '/project/$projectId/insights/new', params: { projectId }, search: { q: trendOf(event.event) } })
                }
              >
                Make the first insight
              </Button>
              <Button variant="default" component={Link} to={`/project/${projectId}/live`}>
                See live events
              </Button>
              <Button variant="default" onClick={again}>
                Wait for another
              </Button>
            </div>
          </>
        )}
      </div>
      {!event && <TestEvent token={token} />}
      {!event && rejected > 0 && (
        <p className={classes.rejected}>
          {countOf(rejected, 'event')} came in but {rejected === 1 ? 'was' : 'were'} rejected.{' '}
          <Link to="/project/$projectId/ingestion" params={{ projectId }} search={{ kind: 'rejected' }}>
            See why
          </Link>
        </p>
      )}
      {!event && (
        <details className={classes.help}>
          <summary>Nothing comes?</summary>
          <ul>
            <li>
              Look at the browser's network tab or the app's log: a request to this server should answer 200. A 401 means that the token is
              not this project's.
            </li>
            <li>The app must reach this address from where it runs: a phone or a container does not know “localhost” of this computer.</li>
            <li>
              A page on https cannot send to a server on http. Put a certificate in front of this server, or go through your own address as
              in the Next.js tab.
            </li>
            <li>Server SDKs send in batches: end with shutdown or flush.</li>
            <li>{ledger ? `Up to now this project accepted ${countOf(ledger.accepted, 'event')}.` : 'The ledger is not known yet.'}</li>
          </ul>
        </details>
      )}
    </Panel>
  )
}

/** How often the event came, day by day: the first thing that one wants to know of it. */
const trendOf = (event: string) =>
  JSON.stringify({ kind: 'TrendsQuery', series: [{ kind: 'EventsNode', event }], dateRange: { date_from: '-7d' } })

/** Shows that the way is open, before the app is touched. */
function TestEvent({ token }: { token: string }) {
  const send = useMutation({ mutationFn: () => sendTestEvent(token) })
  return (
    <div className={classes.test}>
      <Button variant="default" size="xs" loading={send.isPending} onClick={() => send.mutate()}>
        Send a test event from this page
      </Button>
      {send.error && <Failure error={send.error} compact />}
    </div>
  )
}

import { Button, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { type ExplainedFlag, explanationQuery } from '../../api-client/flags.ts'
import { runHogql } from '../../api-client/hogql.ts'
import { Instant } from '../../ui/instant.tsx'
import { Panel } from '../../ui/page.tsx'
import { Empty, Loaded } from '../../ui/states.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { instantOf, wallClock } from '../../ui/wall-clock.ts'
import { useZone } from '../../ui/zone.tsx'
import classes from './person-page.module.css'
import { type Told, toldOf, toldQuery } from './told.ts'

interface PersonFlagsProps {
  personId: string
  /** An instant; now without it. */
  at: string | undefined
  onAt: (at: string | undefined) => void
}

/** What every flag answers to somebody and why, now or as it was then. */
export function PersonFlags({ personId, at, onAt }: PersonFlagsProps) {
  const project = useProject()
  const zone = useZone()
  const [text, setText] = useState(at === undefined ? '' : wallClock(at, zone))
  const query = useQuery(explanationQuery(project.id, { person_id: personId, ...(at === undefined ? {} : { timestamp: at }) }))
  const told = useQuery({
    queryKey: ['project', project.id, 'person', personId, 'told-flags', at],
    queryFn: async ({ signal }) => {
      const until = at ?? new Date().toISOString()
      return toldOf((await runHogql(project.id, toldQuery, { person: personId, until }, signal)).results)
    },
    staleTime: 10_000,
  })
  return (
    <Panel
      title={at === undefined ? 'Flags now' : 'Flags then'}
      note={
        at === undefined ? (
          'By the definitions and the person’s properties of this moment.'
        ) : (
          <>
            By the definitions, properties, groups and cohorts of <Instant at={at} style="full" />.
          </>
        )
      }
    >
      <form
        className={classes.atForm}
        onSubmit={(event) => {
          event.preventDefault()
          onAt(instantOf(text, zone))
        }}
      >
        <TextInput
          size="xs"
          type="datetime-local"
          step={1}
          label={`At another time (${zone})`}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button type="submit" size="xs" variant="default" disabled={instantOf(text, zone) === undefined}>
          Show
        </Button>
        {at !== undefined && (
          <Button
            size="xs"
            variant="subtle"
            onClick={() => {
              setText('')
              onAt(undefined)
            }}
          >
            Now
          </Button>
        )}
      </form>
      <Loaded query={query}>
        {({ flags, notes, distinct_id: distinctId }) => (
          <>
            {notes.map((note) => (
              <p key={note} className={classes.doubt}>
                {note}
              </p>
            ))}
            {flags.length === 0 ? (
              <Empty title="No flags">
                {at === undefined ? 'This project has no feature flags yet.' : 'There was no flag at that time.'}
              </Empty>
            ) : (
              <ul className={classes.flagList} aria-label="Flags">
                {flags.map((flag) => (
                  <FlagRow key={flag.key} flag={flag} projectId={project.id} distinctId={distinctId} at={at}>
                    {told.data && <ToldWords told={told.data.get(flag.key)} value={String(flag.value)} />}
                  </FlagRow>
                ))}
              </ul>
            )}
          </>
        )}
      </Loaded>
    </Panel>
  )
}

interface FlagRowProps {
  flag: ExplainedFlag
  projectId: number
  distinctId: string
  at: string | undefined
  children: ReactNode
}

function FlagRow({ flag, projectId, distinctId, at, children }: FlagRowProps) {
  return (
    <li>
      <Link
        to="/project/$projectId/flags/$flagId"
        params={{ projectId, flagId: String(flag.id) }}
        search={{ tab: 'explain', person: distinctId, at }}
        className={classes.flagKey}
      >
        <Untrusted mono>{flag.key}</Untrusted>
      </Link>
      <span className={classes.flagValue} data-on={flag.value !== false}>
        {flag.value === true ? 'on' : flag.value === false ? 'off' : <Untrusted>{flag.value}</Untrusted>}
      </span>
      <span className={classes.flagReason}>
        {flag.reason.description}
        {children}
      </span>
      {flag.payload !== null && (
        <span className={classes.flagPayload}>
          <Untrusted mono>{flag.payload}</Untrusted>
        </span>
      )}
    </li>
  )
}

const answerWords = (answer: string) => (answer === 'true' ? 'on' : answer === 'false' ? 'off' : answer)

/** Since when the person's apps have got this answer, or what they were told instead. */
function ToldWords({ told, value }: { told: Told | undefined; value: string }) {
  if (!told) return <span className={classes.flagTold}>no app asked for it</span>
  return (
    <span className={classes.flagTold}>
      {told.answer === value ? (
        'told since '
      ) : (
        <>
          last told <Untrusted>{answerWords(told.answer)}</Untrusted>, since{' '}
        </>
      )}
      <Instant at={told.sinceAt} style="full" />
    </span>
  )
}

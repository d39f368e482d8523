import type { ExperimentBody } from '@hedgerow/protocol'
import { Badge } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useProject } from '../../api-client/current-project.tsx'
import { experimentQuery, experimentResultsQuery } from '../../api-client/experiments.ts'
import { useNow } from '../../ui/clock.ts'
import { WarningIcon } from '../../ui/icons.tsx'
import { formatCount } from '../../ui/numbers.ts'
import { Failure, SkeletonRows } from '../../ui/states.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './dashboards.module.css'
import { experimentStates, runningWords } from './release-words.ts'

/** How far an experiment is, and what it says so far. */
export function ExperimentTile({ id }: { id: number }) {
  const project = useProject()
  const experiment = useQuery(experimentQuery(project.id, String(id)))
  if (experiment.error && !experiment.data) return <Failure error={experiment.error} compact onRetry={() => void experiment.refetch()} />
  if (!experiment.data) return <SkeletonRows rows={4} />
  const { start_date: startedAt, description } = experiment.data
  return (
    <div className={classes.release}>
      <Standing experiment={experiment.data} />
      {startedAt === null ? (
        <p className={classes.faint}>
          <Untrusted lines="many">{description || 'It has no verdict before it is launched.'}</Untrusted>
        </p>
      ) : (
        <Verdict id={id} />
      )}
    </div>
  )
}

function Standing({ experiment }: { experiment: ExperimentBody }) {
  const { label, color } = experimentStates[experiment.status]
  return (
    <p className={classes.releaseLine}>
      <Badge variant={experiment.status === 'running' ? 'light' : 'outline'} color={color} size="sm" radius="sm">
        {label}
      </Badge>
      <span>{runningWords(experiment, useNow())}</span>
    </p>
  )
}

function Verdict({ id }: { id: number }) {
  const project = useProject()
  const results = useQuery(experimentResultsQuery(project.id, id))
  if (results.error && !results.data) return <Failure error={results.error} compact onRetry={() => void results.refetch()} />
  if (!results.data) return <SkeletonRows rows={3} />
  const { verdict, trust, exposures } = results.data
  const doubts = trust.filter(({ state }) => state === 'bad')
  const seen = Object.entries(exposures.total_exposures)
  return (
    <>
      <p className={classes.verdict} data-state={verdict?.state}>
        <Untrusted lines="many">{verdict?.text ?? 'No metric decides it yet.'}</Untrusted>
      </p>
      {doubts.map(({ name, text }) => (
        <p key={name} className={classes.doubt}>
          <WarningIcon size={15} />
          <Untrusted lines="many">{text}</Untrusted>
        </p>
      ))}
      {seen.length > 0 && (
        <dl className={classes.exposed} aria-label="People exposed">
          {seen.map(([variant, people]) => (
            <div key={variant}>
              <dt>
                <Untrusted mono>{variant}</Untrusted>
              </dt>
              <dd>{formatCount(people)}</dd>
            </div>
          ))}
        </dl>
      )}
    </>
  )
}

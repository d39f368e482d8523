import type { FlagBody } from '@hedgerow/protocol'
import { Badge } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useProject } from '../../api-client/current-project.tsx'
import { flagQuery, flagStatusQuery, flagUsageQuery } from '../../api-client/flags.ts'
import { Instant } from '../../ui/instant.tsx'
import { formatCount } from '../../ui/numbers.ts'
import { Failure, SkeletonRows } from '../../ui/states.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './dashboards.module.css'
import { answerShares, flagState } from './release-words.ts'

const days = 7

/** Whether a feature flag is on, for whom, and what it answered in the last days. */
export function FlagTile({ id }: { id: number }) {
  const project = useProject()
  const flag = useQuery(flagQuery(project.id, String(id)))
  if (flag.error && !flag.data) return <Failure error={flag.error} compact onRetry={() => void flag.refetch()} />
  if (!flag.data) return <SkeletonRows rows={4} />
  return (
    <div className={classes.release}>
      <State flag={flag.data} />
      <Answers id={id} />
    </div>
  )
}

function State({ flag }: { flag: FlagBody }) {
  const project = useProject()
  const { data: standing } = useQuery(flagStatusQuery(project.id, flag.id))
  const { label, tone } = flagState(flag)
  return (
    <p className={classes.releaseLine}>
      <Badge
        variant={tone === 'on' ? 'light' : 'outline'}
        color={tone === 'on' ? 'hedge' : tone === 'look' ? 'yellow' : 'gray'}
        size="sm"
        radius="sm"
      >
        {label}
      </Badge>
      <span>
        <Untrusted lines="many">{standing?.reason ?? flag.name}</Untrusted>
      </span>
    </p>
  )
}

function Answers({ id }: { id: number }) {
  const project = useProject()
  const usage = useQuery(flagUsageQuery(project.id, id, days))
  if (usage.error && !usage.data) return <Failure error={usage.error} compact onRetry={() => void usage.refetch()} />
  if (!usage.data) return <SkeletonRows rows={2} />
  const shares = answerShares(usage.data)
  if (shares.length === 0) return <p className={classes.faint}>No app asked for it in the last {days} days.</p>
  return (
    <>
      <table className={classes.shares}>
        <caption>Answers of the last {days} days</caption>
        <tbody>
          {shares.map(({ answer, count, share }) => (
            <tr key={answer}>
              <th scope="row">
                <Untrusted mono>{answer}</Untrusted>
              </th>
              <td className={classes.shareBar} aria-hidden="true">
                <span style={{ width: `${share * 100}%` }} />
              </td>
              <td>{formatCount(count)}</td>
              <td>{Math.round(share * 100)} %</td>
            </tr>
          ))}
        </tbody>
      </table>
      {usage.data.last_called_at && (
        <p className={classes.faint}>
          last asked for <Instant at={usage.data.last_called_at} style="relative" />
        </p>
      )}
    </>
  )
}

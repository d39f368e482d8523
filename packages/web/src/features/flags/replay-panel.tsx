import type { FlagBody, ReplayQuestion } from '@hedgerow/protocol'
import { Button, Select } from '@mantine/core'
import { useState } from 'react'
import { type FlagReplay, replayFlag } from '../../api-client/flags.ts'
import { countOf, formatCount, formatShare } from '../../ui/numbers.ts'
import { Panel } from '../../ui/page.tsx'
import { Failure } from '../../ui/states.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { useAttempt } from '../../ui/use-attempt.ts'
import classes from './flags.module.css'

interface ReplayPanelProps {
  projectId: number
  flag: FlagBody
  /** As the form proposes it. */
  change: ReplayQuestion['change']
  isComplete: boolean
}

/** What the change in the form would do to the people who were told this flag's answer in the last days. */
export function ReplayPanel({ projectId, flag, change, isComplete }: ReplayPanelProps) {
  const [days, setDays] = useState('7')
  const [answer, setAnswer] = useState<{ replay: FlagReplay; of: string }>()
  const { isBusy: busy, error, attempt } = useAttempt()
  const of = JSON.stringify([change, days, flag.version])
  const run = async () => {
    await attempt(async () => {
      setAnswer({ replay: await replayFlag(projectId, flag.id, { change, days: Number(days) }), of })
    })
  }
  return (
    <Panel title="Try before you save" note="Replays the change over the answers that apps told of in the last days. Nothing is saved.">
      <div className={classes.stack}>
        <div className={classes.ask}>
          <Select
            size="xs"
            w={150}
            aria-label="Over which days"
            allowDeselect={false}
            value={days}
            data={['1', '7', '30', '90'].map((value) => ({ value, label: `last ${countOf(Number(value), 'day')}` }))}
            onChange={(value) => value && setDays(value)}
          />
          <Button size="xs" variant="default" loading={busy} disabled={!isComplete} onClick={() => void run()}>
            Simulate the change
          </Button>
        </div>
        {error !== undefined && <Failure error={error} compact />}
        {answer && answer.of !== of && <p className={classes.soft}>The form has changed since: simulate it again.</p>}
        {answer && <Moves replay={answer.replay} />}
      </div>
    </Panel>
  )
}

function Moves({ replay }: { replay: FlagReplay }) {
  const total = replay.moves.reduce((sum, { people }) => sum + people, 0)
  if (replay.evaluations === 0) return <p className={classes.soft}>No app told of this flag in these days, so there is nobody to replay.</p>
  return (
    <output className={classes.tight}>
      <p className={classes.soft}>
        {replay.changed === 0
          ? `Of ${countOf(replay.people, 'person', 'people')} nobody would get another answer.`
          : `${countOf(replay.people_changed, 'person', 'people')} of ${formatCount(replay.people)} would get another answer.`}
        {replay.is_limited && ' More were told; these are the first of them.'}
      </p>
      <div className={classes.scroll}>
        <table className={classes.table}>
          <caption className={classes.hidden}>Answers now and after the change</caption>
          <thead>
            <tr>
              <th scope="col">Was</th>
              <th scope="col">Becomes</th>
              <th scope="col" className={classes.number}>
                People
              </th>
              <th scope="col" className={classes.number}>
                Share
              </th>
            </tr>
          </thead>
          <tbody>
            {replay.moves.map(({ from, to, people, is_change: isChange }) => (
              <tr key={`${from} ${to}`} data-change={isChange}>
                <td>
                  <Untrusted mono>{from}</Untrusted>
                </td>
                <td>{isChange ? <Untrusted mono>{to}</Untrusted> : 'the same'}</td>
                <td className={classes.number}>{formatCount(people)}</td>
                <td className={classes.number}>{formatShare(people, total)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </output>
  )
}

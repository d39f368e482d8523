import type { FlagBody, ScheduledChangeBody } from '@hedgerow/protocol'
import { ActionIcon, Button, NumberInput, Select, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { authorName, deleteScheduledChange, flagScheduleQuery, scheduleFlagChange } from '../../api-client/flags.ts'
import { TrashIcon } from '../../ui/icons.tsx'
import { Instant } from '../../ui/instant.tsx'
import { Panel } from '../../ui/page.tsx'
import { Empty, Failure, Loaded } from '../../ui/states.tsx'
import { toast } from '../../ui/toasts.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { useAttempt } from '../../ui/use-attempt.ts'
import { instantOf } from '../../ui/wall-clock.ts'
import { useZone } from '../../ui/zone.tsx'
import classes from './flags.module.css'
import { type Deed, deedWords, payloadOf, repeats } from './schedule-words.ts'

interface SchedulePanelProps {
  projectId: number
  flag: FlagBody
}

/** Changes to come, and those that came. */
export function SchedulePanel({ projectId, flag }: SchedulePanelProps) {
  const query = useQuery(flagScheduleQuery(projectId, flag.id))
  const client = useQueryClient()
  const refresh = () => client.invalidateQueries({ queryKey: ['project', projectId, 'flag', String(flag.id)] })
  const remove = async ({ id }: ScheduledChangeBody) => {
    try {
      await deleteScheduledChange(projectId, id)
      await refresh()
      toast('It will not happen')
    } catch (error) {
      toast(error instanceof Error ? error.message : String(error), 'failed')
    }
  }
  return (
    <div className={classes.stack}>
      <NewChange projectId={projectId} flag={flag} onMade={refresh} />
      <Panel title="Changes to come">
        <Loaded query={query}>
          {({ results }) =>
            results.length === 0 ? (
              <Empty title="Nothing is scheduled" />
            ) : (
              <ul className={classes.list}>
                {results.map((change) => (
                  <li key={change.id} className={classes.entry}>
                    <div className={classes.entryHead}>
                      <span>
                        <strong>{deedWords(change.payload)}</strong> · <Instant at={change.scheduled_at} style="full" />
                        {change.recurrence_interval && `, ${change.recurrence_interval}`} ·{' '}
                        <Untrusted>{authorName(change.created_by)}</Untrusted>
                      </span>
                      {change.executed_at === null ? (
                        <ActionIcon
                          variant="subtle"
                          color="gray"
                          aria-label="Take this off the schedule"
                          onClick={() => void remove(change)}
                        >
                          <TrashIcon size={16} />
                        </ActionIcon>
                      ) : (
                        <span className={classes.faint}>{change.failure_reason ? 'failed' : 'done'}</span>
                      )}
                    </div>
                    {change.failure_reason && <p className={classes.look}>{change.failure_reason}</p>}
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
      </Panel>
    </div>
  )
}

function NewChange({ projectId, flag, onMade }: SchedulePanelProps & { onMade: () => Promise<unknown> }) {
  const zone = useZone()
  const [deed, setDeed] = useState<Deed>(flag.active ? 'disable' : 'enable')
  const [share, setShare] = useState(100)
  const [at, setAt] = useState('')
  const [repeat, setRepeat] = useState<ScheduledChangeBody['recurrence_interval']>(null)
  const { isBusy: busy, error, attempt } = useAttempt()
  const instant = instantOf(at, zone)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (instant === undefined) return
    await attempt(async () => {
      await scheduleFlagChange(projectId, flag.id, { payload: payloadOf(deed, share), scheduled_at: instant, recurrence_interval: repeat })
      await onMade()
      setAt('')
      toast('It is scheduled')
    })
  }
  return (
    <Panel title="Schedule a change">
      <form className={classes.stack} onSubmit={(event) => void submit(event)}>
        <div className={classes.ask}>
          <Select
            label="What"
            w={200}
            allowDeselect={false}
            value={deed}
            data={[
              { value: 'enable', label: 'Enable it' },
              { value: 'disable', label: 'Disable it' },
              { value: 'release', label: 'Release it to a share' },
            ]}
            onChange={(value) => setDeed(value === 'enable' || value === 'disable' ? value : 'release')}
          />
          {deed === 'release' && (
            <NumberInput
              label="Of everyone"
              suffix=" %"
              w={110}
              min={0}
              max={100}
              value={share}
              onChange={(value) => setShare(Number(value) || 0)}
            />
          )}
          <TextInput
            label={`When (${zone})`}
            type="datetime-local"
            w={230}
            value={at}
            onChange={(event) => setAt(event.currentTarget.value)}
          />
          <Select
            label="Again"
            w={130}
            placeholder="Once"
            clearable
            disabled={deed === 'release'}
            value={deed === 'release' ? null : repeat}
            data={[...repeats]}
            onChange={(value) => setRepeat(repeats.find((each) => each === value) ?? null)}
          />
          <Button type="submit" loading={busy} disabled={instant === undefined}>
            Schedule
          </Button>
        </div>
        {error !== undefined && <Failure error={error} compact />}
      </form>
    </Panel>
  )
}

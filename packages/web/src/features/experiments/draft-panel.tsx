import type { ExperimentBody } from '@hedgerow/protocol'
import { Button, Group, Stack, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { changeExperiment, flagCallsQuery } from '../../api-client/experiments.ts'
import { CodeBlock } from '../../ui/code-block.tsx'
import { countOf } from '../../ui/numbers.ts'
import { Panel } from '../../ui/page.tsx'
import { Failure } from '../../ui/states.tsx'
import { toast } from '../../ui/toasts.tsx'
import { useAttempt } from '../../ui/use-attempt.ts'
import classes from './experiments.module.css'

interface DraftPanelProps {
  projectId: number
  experiment: ExperimentBody
}

/** What is left to do before an experiment is launched. */
export function DraftPanel({ projectId, experiment }: DraftPanelProps) {
  const variants = experiment.feature_flag?.filters.multivariate?.variants ?? []
  const isOn = experiment.feature_flag?.active === true
  return (
    <Panel
      title="Before you launch"
      note={isOn ? 'The flag is on: people see its variants already.' : 'The flag is off until then; nobody sees a variant.'}
    >
      <Stack gap="md">
        <ul className={classes.plainList}>
          {variants.map(({ key, rollout_percentage: share }) => (
            <li key={key}>
              <code>{key}</code>: {share} %
            </li>
          ))}
        </ul>
        <p className={classes.hypothesis}>
          {countOf(experiment.metrics.length + experiment.saved_metrics.length, 'metric')} will be pinned at the launch, with the variants
          and the exposure, so that what you read at the end is what you set out to measure.
        </p>
        <InTheApp projectId={projectId} experiment={experiment} />
      </Stack>
    </Panel>
  )
}

/** Whether the app asks for the flag; if it does, people whom it asked for may be counted too. */
function InTheApp({ projectId, experiment }: DraftPanelProps) {
  const calls = useQuery(flagCallsQuery(projectId, experiment.id))
  if (!calls.data) return null
  const { first_called_at: first, calls: count, days } = calls.data
  if (first)
    return (
      <FromEarlier
        projectId={projectId}
        experiment={experiment}
        first={first}
        note={`${countOf(count, 'time')} in the last ${days} days`}
      />
    )
  const { exposure_config: config } = experiment.exposure_criteria as { exposure_config?: { event?: string } | null }
  if (config) return <p className={classes.hypothesis}>Nobody is in it yet: whoever is sent with {config.event ?? 'its action'} will be.</p>
  const variant = experiment.feature_flag?.filters.multivariate?.variants.at(-1)?.key ?? 'test'
  return (
    <>
      <p className={classes.hypothesis}>Your app has not asked for this flag yet. Whoever it asks for is in the experiment:</p>
      <CodeBlock
        language="js"
        caption="In your app"
        code={`if (posthog.getFeatureFlag('${experiment.feature_flag_key}') === '${variant}') {\n  // what is new\n} else {\n  // what people see today\n}`}
      />
    </>
  )
}

function FromEarlier({ projectId, experiment, first, note }: DraftPanelProps & { first: string; note: string }) {
  const client = useQueryClient()
  const [day, setDay] = useState(first.slice(0, 10))
  const { isBusy: busy, error, attempt } = useAttempt()
  const launch = async () => {
    await attempt(async () => {
      await changeExperiment(projectId, experiment.id, { start_date: `${day}T00:00:00Z` })
      await client.invalidateQueries({ queryKey: ['project', projectId] })
      toast('The experiment runs')
    })
  }
  return (
    <>
      <p className={classes.hypothesis}>
        Your app shows variants already: {note}. Launching counts people from now on. Whoever saw a variant before can be counted, too;
        choose the day before you look at what they did.
      </p>
      <Group align="flex-end" gap="sm">
        <TextInput
          type="date"
          label="Count people from"
          value={day}
          min={first.slice(0, 10)}
          max={new Date().toISOString().slice(0, 10)}
          onChange={(event) => setDay(event.currentTarget.value)}
        />
        <Button variant="default" loading={busy} disabled={day === ''} onClick={() => void launch()}>
          Launch from that day
        </Button>
      </Group>
      {error !== undefined && <Failure error={error} compact />}
    </>
  )
}

import { ActionIcon, Button, Group, Modal, NumberInput, Stack, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import {
  createHoldout,
  createSharedMetric,
  holdoutsQuery,
  removeHoldout,
  removeSharedMetric,
  sharedMetricsQuery,
} from '../../api-client/experiments.ts'
import { PlusIcon, TrashIcon } from '../../ui/icons.tsx'
import { Page, Panel } from '../../ui/page.tsx'
import { Empty, Failure, Loaded, SkeletonRows } from '../../ui/states.tsx'
import { toast } from '../../ui/toasts.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './experiments.module.css'
import { MetricForm } from './metric-form.tsx'

/** What several experiments have in common: metrics, and people who are kept out of all of them. */
export function SharedPage() {
  const project = useProject()
  return (
    <Page
      title="Shared by experiments"
      width="reading"
      crumbs={[{ label: 'Experiments', to: '/project/$projectId/experiments', params: { projectId: String(project.id) } }]}
    >
      <div className={classes.stack}>
        <SharedMetrics projectId={project.id} />
        <Holdouts projectId={project.id} />
      </div>
    </Page>
  )
}

function SharedMetrics({ projectId }: { projectId: number }) {
  const client = useQueryClient()
  const query = useQuery(sharedMetricsQuery(projectId))
  const [isAdding, setAdding] = useState(false)
  const refresh = () => client.invalidateQueries({ queryKey: ['project', projectId] })
  return (
    <Panel
      title="Shared metrics"
      note="Used by several experiments; a change begins new results in each."
      actions={
        <Button size="xs" variant="default" leftSection={<PlusIcon size={14} />} onClick={() => setAdding(true)}>
          New metric
        </Button>
      }
    >
      <Loaded query={query} skeleton={<SkeletonRows rows={3} />}>
        {({ results }) =>
          results.length === 0 ? (
            <Empty title="No shared metrics yet">Define what counts as success once, and use it in every experiment.</Empty>
          ) : (
            <ul className={classes.metricList}>
              {results.map(({ id, name, query: metric }) => (
                <Row
                  key={id}
                  name={name}
                  note={metric.metric_type}
                  onRemove={() => removeSharedMetric(projectId, id).then(refresh, (error: Error) => toast(error.message, 'failed'))}
                />
              ))}
            </ul>
          )
        }
      </Loaded>
      <Modal opened={isAdding} onClose={() => setAdding(false)} title="New shared metric">
        {isAdding && (
          <MetricForm
            projectId={projectId}
            submit="Save it"
            onSubmit={(metric) =>
              void createSharedMetric(projectId, { name: metric.name ?? 'Metric', query: metric }).then(
                () => {
                  setAdding(false)
                  return refresh()
                },
                (error: Error) => toast(error.message, 'failed'),
              )
            }
          />
        )}
      </Modal>
    </Panel>
  )
}

function Holdouts({ projectId }: { projectId: number }) {
  const client = useQueryClient()
  const query = useQuery(holdoutsQuery(projectId))
  const [name, setName] = useState('')
  const [percent, setPercent] = useState(5)
  const [error, setError] = useState<unknown>()
  const act = async (doing: Promise<unknown>) => {
    setError(undefined)
    try {
      await doing
      setName('')
      await client.invalidateQueries({ queryKey: ['project', projectId] })
    } catch (failure) {
      setError(failure)
    }
  }
  return (
    <Panel title="Holdouts" note="People who see no experiment of the holdout, so that what all of them do together can be measured.">
      <Stack gap="md">
        <Loaded query={query} skeleton={<SkeletonRows rows={2} />}>
          {({ results }) =>
            results.length > 0 && (
              <ul className={classes.metricList}>
                {results.map(({ id, name: shown, filters }) => (
                  <Row
                    key={id}
                    name={shown}
                    note={`${filters[0]?.rollout_percentage ?? 0} % of people`}
                    onRemove={() => void act(removeHoldout(projectId, id))}
                  />
                ))}
              </ul>
            )
          }
        </Loaded>
        {error !== undefined && <Failure error={error} compact />}
        <Group align="flex-end" gap="sm">
          <TextInput label="Name of a new holdout" value={name} onChange={(event) => setName(event.currentTarget.value)} />
          <NumberInput
            label="Share"
            suffix=" %"
            min={0}
            max={100}
            w={110}
            value={percent}
            onChange={(value) => setPercent(Number(value) || 0)}
          />
          <Button variant="default" disabled={name.trim() === ''} onClick={() => void act(createHoldout(projectId, name.trim(), percent))}>
            Add
          </Button>
        </Group>
      </Stack>
    </Panel>
  )
}

function Row({ name, note, onRemove }: { name: string; note: ReactNode; onRemove: () => void }) {
  return (
    <li>
      <span>
        <span className={classes.metricName}>
          <Untrusted>{name}</Untrusted>
        </span>
        <span className={classes.faint}>{note}</span>
      </span>
      <ActionIcon variant="subtle" color="gray" aria-label={`Remove ${name}`} onClick={onRemove}>
        <TrashIcon size={16} />
      </ActionIcon>
    </li>
  )
}

import type { ExperimentBody, ExperimentMetricNode } from '@hedgerow/protocol'
import { ActionIcon, Button, Checkbox, Divider, Group, Modal, SegmentedControl, Select, Stack, Tabs } from '@mantine/core'
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { changeExperiment, metricsFromInsight, sharedMetricsQuery } from '../../api-client/experiments.ts'
import { insightsQuery } from '../../api-client/insights.ts'
import { TrashIcon } from '../../ui/icons.tsx'
import { Failure } from '../../ui/states.tsx'
import { toast } from '../../ui/toasts.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './experiments.module.css'
import { MetricForm } from './metric-form.tsx'

type Rank = 'primary' | 'secondary'
interface Row {
  rank: Rank
  metric: ExperimentMetricNode
  /** Of a shared metric. */
  sharedId?: number
}

const rowsOf = (experiment: ExperimentBody): Row[] => [
  ...experiment.metrics.map((metric): Row => ({ rank: 'primary', metric })),
  ...experiment.metrics_secondary.map((metric): Row => ({ rank: 'secondary', metric })),
  ...experiment.saved_metrics.map(
    ({ saved_metric: sharedId, query, name, metadata }): Row => ({
      rank: metadata.type ?? 'primary',
      metric: { ...query, name: query.name ?? name },
      sharedId,
    }),
  ),
]

const own = (rows: Row[], rank: Rank): ExperimentMetricNode[] =>
  rows
    .filter((row) => row.rank === rank && row.sharedId === undefined)
    .map(({ metric }) => {
      const { fingerprint: _, ...rest } = metric
      return rest as ExperimentMetricNode
    })

interface MetricsEditorProps {
  experiment: ExperimentBody
  projectId: number
  opened: boolean
  onClose: () => void
}

/** What is measured. While the experiment runs, a change begins a new phase, and says so before it is made. */
export function MetricsEditor({ experiment, projectId, opened, onClose }: MetricsEditorProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="What is measured" size="lg">
      {opened && <Editor experiment={experiment} projectId={projectId} onClose={onClose} />}
    </Modal>
  )
}

function Editor({ experiment, projectId, onClose }: Omit<MetricsEditorProps, 'opened'>) {
  const client = useQueryClient()
  const [rows, setRows] = useState(() => rowsOf(experiment))
  const [rank, setRank] = useState<Rank>('primary')
  const [isAgreed, setAgreed] = useState(false)
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const isRunning = experiment.status === 'running' || experiment.status === 'paused'
  const isChanged = JSON.stringify(rows) !== JSON.stringify(rowsOf(experiment))
  const add = (added: Omit<Row, 'rank'>[]) => setRows((before) => [...before, ...added.map((row) => ({ ...row, rank }))])
  const save = async () => {
    setBusy(true)
    setError(undefined)
    try {
      await changeExperiment(projectId, experiment.id, {
        metrics: own(rows, 'primary'),
        metrics_secondary: own(rows, 'secondary'),
        saved_metrics_ids: rows.flatMap((row) => (row.sharedId === undefined ? [] : [{ id: row.sharedId, metadata: { type: row.rank } }])),
        ...(isRunning ? { new_phase: true } : {}),
      })
      await client.invalidateQueries({ queryKey: ['project', projectId] })
      toast(isRunning ? 'A new phase has begun' : 'Metrics saved')
      onClose()
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Stack gap="md">
      <ul className={classes.metricList} aria-label="Metrics of this experiment">
        {rows.map((row, i) => (
          <li key={`${row.metric.uuid ?? 'new'}-${String(i)}`}>
            <span>
              <span className={classes.metricName}>
                <Untrusted>{row.metric.name || `${row.metric.metric_type} metric`}</Untrusted>
              </span>
              <span className={classes.faint}>
                {row.rank}
                {row.metric.is_guardrail ? ', guardrail' : ''}
                {row.sharedId === undefined ? '' : ', shared'}
              </span>
            </span>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Remove ${row.metric.name || row.metric.metric_type}`}
              onClick={() => setRows((before) => before.filter((_, place) => place !== i))}
            >
              <TrashIcon size={16} />
            </ActionIcon>
          </li>
        ))}
      </ul>
      <Divider label="Add a metric" />
      <SegmentedControl
        size="xs"
        aria-label="Rank of the new metric"
        value={rank}
        onChange={(value) => setRank(value as Rank)}
        data={[
          { value: 'primary', label: 'It decides' },
          { value: 'secondary', label: 'To watch' },
        ]}
      />
      <Tabs defaultValue="own" keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="own">Of an event</Tabs.Tab>
          <Tabs.Tab value="shared">Shared</Tabs.Tab>
          <Tabs.Tab value="insight">From an insight</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="own" pt="md">
          <MetricForm projectId={projectId} submit="Add it" onSubmit={(metric) => add([{ metric }])} />
        </Tabs.Panel>
        <Tabs.Panel value="shared" pt="md">
          <SharedChoice
            projectId={projectId}
            taken={rows.flatMap(({ sharedId }) => (sharedId === undefined ? [] : [sharedId]))}
            onAdd={(sharedId, metric) => add([{ sharedId, metric }])}
          />
        </Tabs.Panel>
        <Tabs.Panel value="insight" pt="md">
          <InsightChoice projectId={projectId} onAdd={(metrics) => add(metrics.map((metric) => ({ metric })))} onError={setError} />
        </Tabs.Panel>
      </Tabs>
      {isRunning && isChanged && (
        <Checkbox
          label="Begin a new phase: results start anew from now, measured by these metrics"
          checked={isAgreed}
          onChange={(event) => setAgreed(event.currentTarget.checked)}
        />
      )}
      {error !== undefined && <Failure error={error} compact />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button loading={busy} disabled={!isChanged || (isRunning && !isAgreed)} onClick={() => void save()}>
          {isRunning ? 'Begin a new phase' : 'Save metrics'}
        </Button>
      </Group>
    </Stack>
  )
}

interface SharedChoiceProps {
  projectId: number
  taken: number[]
  onAdd: (id: number, metric: ExperimentMetricNode) => void
}

function SharedChoice({ projectId, taken, onAdd }: SharedChoiceProps) {
  const shared = useQuery(sharedMetricsQuery(projectId))
  const free = (shared.data?.results ?? []).filter(({ id }) => !taken.includes(id))
  return (
    <Select
      label="Shared metric"
      description={free.length === 0 ? 'There is none that is not used here yet.' : 'Changed in one place for all experiments that use it.'}
      data={free.map(({ id, name }) => ({ value: String(id), label: name }))}
      value={null}
      onChange={(value) => {
        const found = free.find(({ id }) => String(id) === value)
        if (found) onAdd(found.id, { ...found.query, name: found.query.name ?? found.name })
      }}
    />
  )
}

interface InsightChoiceProps {
  projectId: number
  onAdd: (metrics: ExperimentMetricNode[]) => void
  onError: (error: unknown) => void
}

function InsightChoice({ projectId, onAdd, onError }: InsightChoiceProps) {
  const insights = useInfiniteQuery(insightsQuery(projectId, {}))
  const choices = insights.data?.pages.flatMap(({ results }) => results) ?? []
  const choose = async (value: string | null) => {
    if (value === null) return
    try {
      onAdd((await metricsFromInsight(projectId, Number(value))).metrics)
      onError(undefined)
    } catch (error) {
      onError(error)
    }
  }
  return (
    <Select
      label="Saved insight"
      description="A trend, a funnel or retention; the metric is its copy."
      searchable
      data={choices.map(({ id, name }) => ({ value: String(id), label: name || `Insight ${id}` }))}
      value={null}
      onChange={(value) => void choose(value)}
    />
  )
}

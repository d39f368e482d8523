import type { ExperimentMetricNode } from '@hedgerow/protocol'
import { Autocomplete, Button, NumberInput, SegmentedControl, Stack, Switch, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { eventChoicesQuery, propertyChoicesQuery } from '../../api-client/definitions.ts'
import { emptyDraft, metricOf } from './plan.ts'

interface MetricFormProps {
  projectId: number
  submit: string
  onSubmit: (metric: ExperimentMetricNode) => void
}

/** A metric of one event: whether people do it, how often, or what it brings in. */
export function MetricForm({ projectId, submit, onSubmit }: MetricFormProps) {
  const [draft, setDraft] = useState({ ...emptyDraft, name: '' })
  const [isGuardrail, setGuardrail] = useState(false)
  const [isChecked, setChecked] = useState(false)
  const change = (next: Partial<typeof draft>) => setDraft((before) => ({ ...before, ...next }))
  const { goal, event, property } = draft
  const events = useQuery(eventChoicesQuery(projectId, event))
  const properties = useQuery({
    ...propertyChoicesQuery(projectId, { type: 'event', search: property, events: event ? [event] : undefined, isNumerical: true }),
    enabled: goal === 'sum',
  })
  const isWhole = event !== '' && (goal !== 'sum' || property !== '')
  const done = () => {
    setChecked(true)
    if (!isWhole) return
    const metric = metricOf(draft)
    onSubmit({ ...metric, name: draft.name.trim() || metric.name, ...(isGuardrail ? { is_guardrail: true } : {}) })
  }
  return (
    <Stack gap="md">
      <SegmentedControl
        aria-label="Kind of metric"
        value={goal}
        onChange={(value) => change({ goal: value as typeof goal })}
        data={[
          { value: 'conversion', label: 'Do it at all' },
          { value: 'count', label: 'Do it more often' },
          { value: 'sum', label: 'Bring in more' },
        ]}
      />
      <Autocomplete
        label="Event"
        value={event}
        error={isChecked && event === '' ? 'Choose what people should do.' : undefined}
        onChange={(value) => change({ event: value })}
        data={events.data?.map(({ name }) => name) ?? []}
        limit={50}
      />
      {goal === 'sum' && (
        <Autocomplete
          label="Property to add up"
          value={property}
          error={isChecked && property === '' ? 'Choose the property to add up.' : undefined}
          onChange={(value) => change({ property: value })}
          data={properties.data?.map(({ name }) => name) ?? []}
          limit={50}
        />
      )}
      <TextInput
        label="Name"
        placeholder={event ? (metricOf(draft).name ?? '') : ''}
        value={draft.name}
        onChange={(change_) => change({ name: change_.currentTarget.value })}
      />
      <SegmentedControl
        size="xs"
        aria-label="Which way is better"
        value={draft.direction}
        onChange={(value) => change({ direction: value as typeof draft.direction })}
        data={[
          { value: 'increase', label: 'More is better' },
          { value: 'decrease', label: 'Less is better' },
        ]}
      />
      <NumberInput
        label="Days that people have to act after they saw it"
        min={1}
        max={180}
        value={draft.windowDays}
        onChange={(value) => change({ windowDays: Math.max(1, Number(value) || 1) })}
      />
      <Switch
        label="A guardrail: it only warns when it gets worse"
        checked={isGuardrail}
        onChange={(change_) => setGuardrail(change_.currentTarget.checked)}
      />
      <Button onClick={done}>{submit}</Button>
    </Stack>
  )
}

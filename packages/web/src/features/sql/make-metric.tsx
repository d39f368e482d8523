import { Modal, SegmentedControl, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { createSharedMetric, metricFromSql, removeSharedMetric } from '../../api-client/experiments.ts'
import { DialogForm } from '../../ui/dialog-form.tsx'
import { toast } from '../../ui/toasts.tsx'

interface MakeMetricProps {
  /** The query, which says for each person one number of events. */
  text: string
  name: string
  onClose: () => void
}

/** Keeps a query as a metric that every experiment can use. */
export function MakeMetric({ text, name: proposed, onClose }: MakeMetricProps) {
  const project = useProject()
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const [name, setName] = useState(proposed)
  const [goal, setGoal] = useState<'increase' | 'decrease'>('increase')
  const refresh = () => queryClient.invalidateQueries({ queryKey: ['project', project.id, 'shared-metrics'] })
  const making = useMutation({
    mutationFn: async () => {
      const metric = await metricFromSql(project.id, text, name.trim())
      return createSharedMetric(project.id, { name: name.trim(), query: { ...metric, goal } })
    },
    onSuccess: async ({ id, name: kept }) => {
      onClose()
      await refresh()
      await navigate({ to: '/project/$projectId/experiments/shared', params: { projectId: project.id } })
      toast(`“${kept}” can be used in every experiment.`, 'done', async () => {
        await removeSharedMetric(project.id, id)
        await refresh()
      })
    },
  })
  return (
    <Modal opened onClose={onClose} title="A metric of experiments" size="md">
      <DialogForm
        submit="Make the metric"
        isReady={name.trim() !== ''}
        isBusy={making.isPending}
        error={making.error}
        onSubmit={() => making.mutate()}
        onCancel={onClose}
      >
        <TextInput
          label="Name"
          description="One number of events for each person, which experiments compare between variants from the moment that each saw one."
          value={name}
          maxLength={400}
          data-autofocus
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <SegmentedControl
          aria-label="What is better"
          value={goal}
          onChange={(value) => setGoal(value === 'decrease' ? 'decrease' : 'increase')}
          data={[
            { value: 'increase', label: 'More is better' },
            { value: 'decrease', label: 'Less is better' },
          ]}
        />
      </DialogForm>
    </Modal>
  )
}

import { Modal, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { createStaticCohort, deleteCohort } from '../../api-client/cohorts.ts'
import { useProject } from '../../api-client/current-project.tsx'
import { DialogForm } from '../../ui/dialog-form.tsx'
import { toast } from '../../ui/toasts.tsx'

interface MakeCohortProps {
  /** The query that selects `person_id`; undefined while the dialog is closed. */
  node: object | undefined
  onClose: () => void
}

/** A list of the people that a query selects, as they are now. */
export function MakeCohort({ node, onClose }: MakeCohortProps) {
  return (
    <Modal opened={node !== undefined} onClose={onClose} title="A cohort of these people" size="sm">
      {node && <Form node={node} onClose={onClose} />}
    </Modal>
  )
}

function Form({ node, onClose }: { node: object; onClose: () => void }) {
  const project = useProject()
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const [name, setName] = useState('')
  const refresh = () => queryClient.invalidateQueries({ queryKey: ['project', project.id, 'cohorts'] })
  const making = useMutation({
    mutationFn: () => createStaticCohort(project.id, { name: name.trim(), query: node }),
    onSuccess: async (cohort) => {
      onClose()
      await refresh()
      await navigate({ to: '/project/$projectId/cohorts/$cohortId', params: { projectId: project.id, cohortId: String(cohort.id) } })
      toast(`Cohort “${cohort.name}” is made.`, 'done', async () => {
        await deleteCohort(project.id, cohort.id)
        await refresh()
        await navigate({ to: '/project/$projectId/sql', params: { projectId: project.id } })
      })
    },
  })
  return (
    <DialogForm
      submit="Make the cohort"
      isReady={name.trim() !== ''}
      isBusy={making.isPending}
      error={making.error}
      onSubmit={() => making.mutate()}
      onCancel={onClose}
    >
      <TextInput
        label="Name"
        description="Everybody whose person_id the query selects, within its LIMIT. A list, which changes only by hand."
        value={name}
        maxLength={400}
        data-autofocus
        onChange={(event) => setName(event.currentTarget.value)}
      />
    </DialogForm>
  )
}

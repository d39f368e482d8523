import { Button, Modal, Radio, Stack, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { createCohort, createStaticCohort, deleteCohort } from '../../api-client/cohorts.ts'
import { useProject } from '../../api-client/current-project.tsx'
import { DialogForm } from '../../ui/dialog-form.tsx'
import { CohortsIcon } from '../../ui/icons.tsx'
import { countOf } from '../../ui/numbers.ts'
import { toast } from '../../ui/toasts.tsx'
import { useAttempt } from '../../ui/use-attempt.ts'
import { criteriaFor, type PersonsSearch, peopleQuery } from './persons-search.ts'

/** A cohort of those who are listed. */
export function MakeCohort({ search, count }: { search: PersonsSearch; count: number }) {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <>
      <Button variant="default" leftSection={<CohortsIcon size={16} />} disabled={count === 0} onClick={() => setIsOpen(true)}>
        Make a cohort
      </Button>
      <Modal opened={isOpen} onClose={() => setIsOpen(false)} title={`A cohort of ${countOf(count, 'person')}`}>
        {isOpen && <CohortForm search={search} onClose={() => setIsOpen(false)} />}
      </Modal>
    </>
  )
}

function CohortForm({ search, onClose }: { search: PersonsSearch; onClose: () => void }) {
  const project = useProject()
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const criteria = criteriaFor(search)
  const [name, setName] = useState('')
  const [kind, setKind] = useState(criteria ? 'dynamic' : 'static')
  const { isBusy, error, attempt } = useAttempt()
  const refresh = () => queryClient.invalidateQueries({ queryKey: ['project', project.id, 'cohorts'] })
  const make = () =>
    attempt(async () => {
      const cohort =
        kind === 'dynamic' && criteria
          ? await createCohort(project.id, { name: name.trim(), filters: criteria as never })
          : await createStaticCohort(project.id, { name: name.trim(), query: peopleQuery(search) })
      await refresh()
      onClose()
      await navigate({ to: '/project/$projectId/cohorts/$cohortId', params: { projectId: project.id, cohortId: String(cohort.id) } })
      toast(`Cohort “${cohort.name}” is made.`, 'done', async () => {
        await deleteCohort(project.id, cohort.id)
        await refresh()
        await navigate({ to: '/project/$projectId/persons', params: { projectId: project.id }, search: { ...search } })
      })
    })
  return (
    <DialogForm
      submit="Make the cohort"
      isReady={name.trim() !== ''}
      isBusy={isBusy}
      error={error}
      onSubmit={() => void make()}
      onCancel={onClose}
    >
      <TextInput label="Name" value={name} maxLength={400} data-autofocus onChange={(event) => setName(event.currentTarget.value)} />
      <Radio.Group label="Who is in it" value={kind} onChange={setKind}>
        <Stack gap="xs" mt={6}>
          <Radio
            value="dynamic"
            disabled={!criteria}
            label="Whoever matches, from now on"
            description={criteria ? 'It keeps itself current.' : 'Needs filters alone, without a search or a choice of kind.'}
          />
          <Radio value="static" label="Those who match now" description="A list, which changes only by hand." />
        </Stack>
      </Radio.Group>
    </DialogForm>
  )
}

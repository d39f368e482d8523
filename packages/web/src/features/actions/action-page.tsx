import type { ActionBody, ActionStep } from '@hedgerow/protocol'
import { ActionIcon, Button, Textarea, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { actionQuery, changeAction, createAction } from '../../api-client/actions.ts'
import { useProject } from '../../api-client/current-project.tsx'
import { describeError } from '../../api-client/errors.ts'
import { CrossIcon, PlusIcon, TrashIcon } from '../../ui/icons.tsx'
import { Page } from '../../ui/page.tsx'
import { placed } from '../../ui/placed.ts'
import { Loaded } from '../../ui/states.tsx'
import { toast } from '../../ui/toasts.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './actions.module.css'
import { LiveCount } from './live-count.tsx'
import { StepEditor } from './step-editor.tsx'
import { newStep, stepProblems } from './steps.ts'

const crumbs = (projectId: number) => [{ label: 'Actions', to: '/project/$projectId/actions', params: { projectId: String(projectId) } }]

export function NewActionPage() {
  const project = useProject()
  return (
    <Page title="New action" crumbs={crumbs(project.id)}>
      <ActionForm />
    </Page>
  )
}

/** One action: what an event must be like, and how many were lately. */
export function ActionPage({ actionId }: { actionId: string }) {
  const project = useProject()
  const query = useQuery(actionQuery(project.id, actionId))
  const action = query.data
  return (
    <Page
      title={action ? <Untrusted>{action.name}</Untrusted> : 'Action'}
      documentTitle={action?.name ?? 'Action'}
      crumbs={crumbs(project.id)}
      actions={action && <DeleteButton action={action} />}
    >
      <Loaded query={query}>{(loaded) => <ActionForm key={loaded.id} action={loaded} />}</Loaded>
    </Page>
  )
}

function ActionForm({ action }: { action?: ActionBody }) {
  const project = useProject()
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const [name, setName] = useState(action?.name ?? '')
  const [description, setDescription] = useState(action?.description ?? '')
  const [steps, setSteps] = useState<ActionStep[]>(action?.steps ?? [newStep()])
  const [isBusy, setIsBusy] = useState(false)
  const problems = [
    ...(name.trim() === '' ? ['Give it a name.'] : []),
    ...(steps.length === 0 ? ['An action needs a step.'] : []),
    ...steps.flatMap(stepProblems),
  ]
  const save = async () => {
    setIsBusy(true)
    try {
      const body = { name: name.trim(), description, steps }
      const kept = action ? await changeAction(project.id, action.id, body) : await createAction(project.id, body)
      queryClient.setQueryData(actionQuery(project.id, String(kept.id)).queryKey, kept)
      await queryClient.invalidateQueries({ queryKey: ['project', project.id, 'actions'] })
      toast('Saved.')
      if (!action)
        await navigate({ to: '/project/$projectId/actions/$actionId', params: { projectId: project.id, actionId: String(kept.id) } })
    } catch (error) {
      toast(`Not saved: ${describeError(error).cause}`, 'failed')
    } finally {
      setIsBusy(false)
    }
  }
  return (
    <div className={classes.columns}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault()
          if (problems.length === 0) void save()
        }}
      >
        <TextInput label="Name" value={name} maxLength={400} onChange={(event) => setName(event.currentTarget.value)} />
        <Textarea
          label="Description"
          autosize
          minRows={1}
          maxLength={4000}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <h2 className={classes.label}>An event is one that fits any of these</h2>
        {placed(steps).map(({ key, place, item }) => (
          <div key={key} className={classes.step}>
            <StepEditor
              step={item}
              place={place + 1}
              onChange={(next) => setSteps(steps.map((each, index) => (index === place ? next : each)))}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Remove step ${place + 1}`}
              onClick={() => setSteps(steps.filter((_, index) => index !== place))}
            >
              <CrossIcon size={14} />
            </ActionIcon>
          </div>
        ))}
        <Button
          variant="subtle"
          size="compact-sm"
          className={classes.start ?? ''}
          leftSection={<PlusIcon size={13} />}
          onClick={() => setSteps([...steps, newStep()])}
        >
          Or another
        </Button>
        <div className={classes.save}>
          <Button type="submit" loading={isBusy} disabled={problems.length > 0}>
            {action ? 'Save' : 'Make the action'}
          </Button>
          <span className={classes.faint} role="status">
            {problems[0]}
          </span>
        </div>
      </form>
      <div className={classes.aside}>
        <LiveCount steps={steps} />
      </div>
    </div>
  )
}

function DeleteButton({ action }: { action: ActionBody }) {
  const project = useProject()
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const list = { queryKey: ['project', project.id, 'actions'] }
  const remove = async () => {
    try {
      await changeAction(project.id, action.id, { deleted: true })
      await queryClient.invalidateQueries(list)
      await navigate({ to: '/project/$projectId/actions', params: { projectId: project.id } })
      toast('Action deleted.', 'done', async () => {
        await changeAction(project.id, action.id, { deleted: false })
        await queryClient.invalidateQueries(list)
      })
    } catch (error) {
      toast(`Not deleted: ${describeError(error).cause}`, 'failed')
    }
  }
  return (
    <Button variant="default" leftSection={<TrashIcon size={15} />} onClick={() => void remove()}>
      Delete
    </Button>
  )
}

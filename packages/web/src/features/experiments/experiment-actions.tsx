import type { ExperimentBody } from '@hedgerow/protocol'
import { ActionIcon, Button, Checkbox, Group, Menu, Modal, Select, Stack, Textarea } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { actOnExperiment, changeExperiment, type ExperimentAction, reportPath } from '../../api-client/experiments.ts'
import { DotsIcon } from '../../ui/icons.tsx'
import { Failure } from '../../ui/states.tsx'
import { toast } from '../../ui/toasts.tsx'
import { useAttempt } from '../../ui/use-attempt.ts'

interface ExperimentActionsProps {
  experiment: ExperimentBody
  projectId: number
}

interface ActionsProps extends ExperimentActionsProps {
  /** Edits what is measured. */
  onMetrics: () => void
}

const done: Partial<Record<ExperimentAction, string>> = {
  launch: 'The experiment runs',
  pause: 'Paused: the flag is off',
  resume: 'It runs again',
  archive: 'Archived',
  unarchive: 'Back from the archive',
  reset: 'A draft again',
}

/** On a phone only what comes next has a button of its own; the rest stands in the menu. */
export function ExperimentActions({ experiment, projectId, onMetrics }: ActionsProps) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const [dialog, setDialog] = useState<'end' | 'ship'>()
  const [busy, setBusy] = useState(false)
  const refresh = () => client.invalidateQueries({ queryKey: ['project', projectId] })
  const act = async (action: ExperimentAction) => {
    setBusy(true)
    try {
      const after = await actOnExperiment(projectId, experiment.id, action)
      await refresh()
      if (action === 'duplicate') await navigate({ to: `/project/${projectId}/experiments/${after.id}` })
      else toast(done[action] ?? 'Done')
    } catch (error) {
      toast(error instanceof Error ? error.message : String(error), 'failed')
    } finally {
      setBusy(false)
    }
  }
  const remove = async () => {
    await changeExperiment(projectId, experiment.id, { deleted: true })
    await navigate({ to: `/project/${projectId}/experiments` })
    await refresh()
    toast('Deleted', 'done', async () => {
      await changeExperiment(projectId, experiment.id, { deleted: false })
      await refresh()
    })
  }
  const { status } = experiment
  const isOn = status === 'running' || status === 'paused'
  const [pauseWord, pause] = status === 'running' ? ['Pause', () => void act('pause')] : ['Resume', () => void act('resume')]
  return (
    <>
      {status !== 'stopped' && (
        <Button variant="default" visibleFrom="sm" onClick={onMetrics}>
          Metrics
        </Button>
      )}
      {status === 'draft' && (
        <Button loading={busy} onClick={() => void act('launch')}>
          Launch
        </Button>
      )}
      {isOn && (
        <>
          <Button variant="default" visibleFrom="sm" loading={busy} onClick={pause}>
            {pauseWord}
          </Button>
          <Button variant="default" visibleFrom="sm" onClick={() => setDialog('end')}>
            End
          </Button>
        </>
      )}
      {status !== 'draft' && <Button onClick={() => setDialog('ship')}>Ship a variant</Button>}
      <Menu position="bottom-end" width={200}>
        <Menu.Target>
          <ActionIcon variant="default" size="lg" aria-label="More">
            <DotsIcon size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {status !== 'stopped' && (
            <Menu.Item hiddenFrom="sm" onClick={onMetrics}>
              Metrics
            </Menu.Item>
          )}
          {isOn && (
            <>
              <Menu.Item hiddenFrom="sm" onClick={pause}>
                {pauseWord}
              </Menu.Item>
              <Menu.Item hiddenFrom="sm" onClick={() => setDialog('end')}>
                End
              </Menu.Item>
            </>
          )}
          <Menu.Item onClick={() => void act('duplicate')}>Duplicate</Menu.Item>
          {status !== 'draft' && (
            <Menu.Item component="a" href={reportPath(projectId, experiment.id)} download={`experiment-${experiment.id}.json`}>
              Download the report
            </Menu.Item>
          )}
          {status === 'stopped' && (
            <Menu.Item onClick={() => void act(experiment.archived ? 'unarchive' : 'archive')}>
              {experiment.archived ? 'Bring back from the archive' : 'Archive'}
            </Menu.Item>
          )}
          {status !== 'draft' && <Menu.Item onClick={() => void act('reset')}>Back to a draft</Menu.Item>}
          <Menu.Divider />
          <Menu.Item color="var(--berry-ink)" onClick={() => void remove()}>
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={dialog !== undefined}
        onClose={() => setDialog(undefined)}
        title={dialog === 'ship' ? 'Ship a variant' : 'End the experiment'}
      >
        {dialog && <Decision kind={dialog} experiment={experiment} projectId={projectId} onDone={() => setDialog(undefined)} />}
      </Modal>
    </>
  )
}

const conclusions = [
  { value: 'won', label: 'Won' },
  { value: 'lost', label: 'Lost' },
  { value: 'inconclusive', label: 'Inconclusive' },
  { value: 'stopped_early', label: 'Stopped early' },
  { value: 'invalid', label: 'Invalid' },
]

/** What was decided, and why; for the next one who asks. */
function Decision({ kind, experiment, projectId, onDone }: ExperimentActionsProps & { kind: 'end' | 'ship'; onDone: () => void }) {
  const client = useQueryClient()
  const variants = (experiment.feature_flag?.filters.multivariate?.variants ?? []).map(({ key }) => key)
  const [variant, setVariant] = useState(variants.at(-1) ?? '')
  const [everyone, setEveryone] = useState(false)
  const [conclusion, setConclusion] = useState<string | null>(experiment.conclusion)
  const [comment, setComment] = useState(experiment.conclusion_comment ?? '')
  const { isBusy: busy, error, attempt } = useAttempt()
  const submit = async () => {
    await attempt(async () => {
      const decision = { conclusion, comment }
      const body = kind === 'ship' ? { ...decision, variant_key: variant, release_to_everyone: everyone } : decision
      await actOnExperiment(projectId, experiment.id, kind === 'ship' ? 'ship_variant' : 'end', body)
      await client.invalidateQueries({ queryKey: ['project', projectId] })
      toast(kind === 'ship' ? `${variant} is served now` : 'The experiment has ended')
      onDone()
    })
  }
  return (
    <Stack gap="md">
      {kind === 'ship' ? (
        <>
          <Select label="Variant" data={variants} value={variant} onChange={(value) => value && setVariant(value)} allowDeselect={false} />
          <Checkbox
            label="For everybody, not only for those whom the flag's conditions match"
            checked={everyone}
            onChange={(event) => setEveryone(event.currentTarget.checked)}
          />
        </>
      ) : (
        <p>No more data is counted from now on. The flag goes on serving its variants until you ship one.</p>
      )}
      <Select label="Conclusion" data={conclusions} value={conclusion} onChange={setConclusion} clearable />
      <Textarea label="Why" autosize minRows={2} value={comment} onChange={(event) => setComment(event.currentTarget.value)} />
      {error !== undefined && <Failure error={error} compact />}
      <Group justify="flex-end">
        <Button loading={busy} onClick={() => void submit()} disabled={kind === 'ship' && variant === ''}>
          {kind === 'ship' ? 'Ship it' : 'End it'}
        </Button>
      </Group>
    </Stack>
  )
}

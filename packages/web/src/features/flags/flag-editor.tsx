import type { FlagBody } from '@hedgerow/protocol'
import { Button, Checkbox, Select, Stack, Switch, TagsInput, Textarea, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { ApiError } from '../../api-client/errors.ts'
import { changeFlag, createFlag, flagOfKeyQuery } from '../../api-client/flags.ts'
import { Panel } from '../../ui/page.tsx'
import { Failure } from '../../ui/states.tsx'
import { changeOf, draftOf, emptyFlag, type FlagDraft, type FormProblem, filtersOf, newFlagOf, problemsOf } from './flag-form.ts'
import classes from './flags.module.css'
import { ImpactPanel } from './impact-panel.tsx'
import { ReplayPanel } from './replay-panel.tsx'
import { SetsPanel } from './sets-panel.tsx'
import { useFlagNames } from './use-flag-names.ts'
import { VariantsPanel } from './variants-panel.tsx'

interface FlagEditorProps {
  /** Without one a new flag is made. */
  flag?: FlagBody
  onSaved: (flag: FlagBody) => void
}

/** One form for a new flag and for a change of one. */
export function FlagEditor({ flag, onSaved }: FlagEditorProps) {
  const project = useProject()
  const client = useQueryClient()
  const names = useFlagNames(project.id)
  const [draft, setDraft] = useState<FlagDraft>(() => (flag ? draftOf(flag) : emptyFlag))
  const [isChecked, setChecked] = useState(flag !== undefined)
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const onChange = (next: Partial<FlagDraft>) => setDraft((before) => ({ ...before, ...next }))
  const taken = useKeyTaken(project.id, busy ? '' : draft.key, flag)
  const problems = [...(taken ? [taken] : []), ...problemsOf(draft)]
  const shown = isChecked ? problems : problems.filter(({ field }) => field !== 'key' || taken !== undefined)
  const change = flag ? changeOf(draft, flag) : undefined
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setChecked(true)
    if (problems.length > 0) return
    setBusy(true)
    setError(undefined)
    try {
      const saved = flag ? await changeFlag(project.id, flag.id, change ?? {}) : await createFlag(project.id, newFlagOf(draft))
      await Promise.all([
        client.invalidateQueries({ queryKey: ['project', project.id, 'flags'] }),
        client.invalidateQueries({ queryKey: ['project', project.id, 'flag', String(saved.id)] }),
      ])
      onSaved(saved)
    } catch (failure) {
      setError(failure)
      setBusy(false)
    }
  }
  return (
    <form onSubmit={(event) => void submit(event)} className={classes.grid} noValidate>
      <div className={classes.stack}>
        <AboutPanel draft={draft} problems={shown} onChange={onChange} isNew={flag === undefined} />
        <VariantsPanel {...{ draft, onChange }} problems={shown} />
        <SetsPanel projectId={project.id} flagId={flag?.id} {...{ draft, names, onChange }} problems={shown} />
      </div>
      <div className={`${classes.stack} ${classes.rail}`}>
        <Panel>
          <Stack gap="md">
            <Switch
              label="Enabled"
              description="Disabled, it answers false to everybody."
              checked={draft.active}
              onChange={(event) => onChange({ active: event.currentTarget.checked })}
            />
            {error !== undefined && <SaveFailure error={error} />}
            {isChecked && problems[0] && (
              <p className={classes.look} role="alert">
                {problems[0].text}
              </p>
            )}
            <Button type="submit" loading={busy} disabled={flag !== undefined && change === undefined}>
              {flag ? 'Save the change' : 'Create the flag'}
            </Button>
            <p className={classes.soft}>What is saved is served everywhere within a second.</p>
          </Stack>
        </Panel>
        {flag && <ImpactPanel projectId={project.id} flag={flag} sets={draft.sets} names={names} />}
        {flag && (
          <ReplayPanel
            projectId={project.id}
            flag={flag}
            isComplete={problems.length === 0}
            change={{
              filters: change?.filters ?? (flag.has_encrypted_payloads ? {} : filtersOf(draft, flag.filters)),
              active: draft.active,
              ensure_experience_continuity: draft.continuity,
              bucketing_identifier: draft.bucketing,
            }}
          />
        )}
        <AdvancedPanel draft={draft} problems={shown} onChange={onChange} />
      </div>
    </form>
  )
}

/** Says that a key is another flag's, a moment after it was typed. */
function useKeyTaken(projectId: number, key: string, flag: FlagBody | undefined): FormProblem | undefined {
  const [settled] = useDebouncedValue(key, 300)
  const { data } = useQuery({ ...flagOfKeyQuery(projectId, settled), enabled: settled !== '' && settled !== flag?.key })
  const isTaken = data !== null && data !== undefined && settled === key && data.id !== flag?.id
  return isTaken ? { field: 'key', text: 'Another flag has this key.' } : undefined
}

function SaveFailure({ error }: { error: unknown }) {
  if (error instanceof ApiError && error.status === 409)
    return <p className={classes.look}>Somebody else changed this flag since you opened it. Load the page again to see their change.</p>
  return <Failure error={error} compact />
}

interface PartProps {
  draft: FlagDraft
  problems: readonly FormProblem[]
  onChange: (change: Partial<FlagDraft>) => void
}

function AboutPanel({ draft, problems, onChange, isNew }: PartProps & { isNew: boolean }) {
  return (
    <Panel title="The flag">
      <Stack gap="md">
        <TextInput
          label="Key"
          description={isNew ? 'Your app asks for it by this.' : 'Apps ask for it by this: with another key they no longer find it.'}
          value={draft.key}
          error={problems.find(({ field }) => field === 'key')?.text}
          onChange={(event) => onChange({ key: event.currentTarget.value })}
          spellCheck={false}
          autoComplete="off"
          {...(isNew ? { 'data-autofocus': true } : {})}
        />
        <Textarea
          label="Description"
          autosize
          minRows={1}
          value={draft.name}
          onChange={(event) => onChange({ name: event.currentTarget.value })}
        />
      </Stack>
    </Panel>
  )
}

function AdvancedPanel({ draft, problems, onChange }: PartProps) {
  return (
    <Panel title="More">
      <Stack gap="md">
        <TagsInput label="Tags" value={draft.tags} onChange={(tags) => onChange({ tags })} acceptValueOnBlur />
        <Checkbox
          label="Keep the answer across login"
          description="Who got an answer before they signed in keeps it afterwards."
          checked={draft.continuity}
          onChange={(event) => onChange({ continuity: event.currentTarget.checked })}
        />
        <Select
          label="An answer sticks to"
          allowDeselect={false}
          value={draft.bucketing}
          error={problems.find(({ field }) => field === 'bucketing')?.text}
          data={[
            { value: 'distinct_id', label: 'The person (distinct id)' },
            { value: 'device_id', label: 'The device' },
          ]}
          onChange={(value) => onChange({ bucketing: value === 'device_id' ? 'device_id' : 'distinct_id' })}
        />
        <Select
          label="Where it is evaluated"
          allowDeselect={false}
          value={draft.runtime}
          data={[
            { value: 'all', label: 'In apps and on servers' },
            { value: 'client', label: 'In apps only' },
            { value: 'server', label: 'On servers only' },
          ]}
          onChange={(value) => onChange({ runtime: value === 'client' || value === 'server' ? value : 'all' })}
        />
        <TagsInput
          label="Evaluation contexts"
          description="An app that names its contexts gets flags with one of them, and flags without any."
          value={draft.contexts}
          onChange={(contexts) => onChange({ contexts })}
          acceptValueOnBlur
        />
      </Stack>
    </Panel>
  )
}

import type { ProjectBody } from '@hedgerow/protocol'
import { Button, Group, NumberInput, SegmentedControl, Stack, Switch, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { changeProject, deleteProject, projectQuery } from '../../api-client/projects.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { Page, Panel } from '../../ui/page.tsx'
import { Failure } from '../../ui/states.tsx'
import { toast } from '../../ui/toasts.tsx'
import { ZoneSelect } from '../../ui/zone-select.tsx'
import { PathCleaningPanel } from './path-cleaning-panel.tsx'
import classes from './settings.module.css'
import { changesOf, formOf, problemsOf, readNames, type SettingsForm } from './settings-form.ts'
import { TestAccountsPanel } from './test-accounts-panel.tsx'

export function SettingsPage({ onDeleted }: { onDeleted: () => Promise<void> }) {
  const project = useProject()
  return (
    <Page title="Project settings" width="reading">
      <Settings key={project.id} project={project} />
      <Danger project={project} onDeleted={onDeleted} />
    </Page>
  )
}

function Settings({ project }: { project: ProjectBody }) {
  const queryClient = useQueryClient()
  const [form, setForm] = useState<SettingsForm>(formOf(project))
  const [names, setNames] = useState(project.person_display_name_properties.join(', '))
  const changes = changesOf({ ...form, person_display_name_properties: readNames(names) }, project)
  const [problem] = problemsOf(form)
  const isChanged = Object.keys(changes).length > 0
  const saving = useMutation({
    mutationFn: () => changeProject(project.id, changes),
    onSuccess: async (saved) => {
      queryClient.setQueryData(projectQuery(project.id).queryKey, saved)
      setForm(formOf(saved))
      toast('Saved.')
      await queryClient.invalidateQueries({ queryKey: ['account'] })
    },
  })
  const set =
    <Name extends keyof SettingsForm>(name: Name) =>
    (value: SettingsForm[Name]) =>
      setForm({ ...form, [name]: value })
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault()
        if (isChanged && problem === undefined) saving.mutate()
      }}
    >
      <Panel title="General">
        <Stack gap="md">
          <TextInput
            label="Name"
            value={form.name}
            onChange={(event) => set('name')(event.currentTarget.value)}
            required
            withAsterisk={false}
            maxLength={200}
          />
          <ZoneSelect
            label="Time zone"
            description="Days, weeks and relative dates of every chart follow it. Events themselves are stored in UTC."
            value={form.timezone}
            onChange={set('timezone')}
          />
          <div>
            <p className={classes.label} id="week-start">
              Weeks begin on
            </p>
            <SegmentedControl
              aria-labelledby="week-start"
              value={String(form.week_start_day)}
              onChange={(day) => set('week_start_day')(day === '1' ? 1 : 0)}
              data={[
                { value: '1', label: 'Monday' },
                { value: '0', label: 'Sunday' },
              ]}
            />
          </div>
        </Stack>
      </Panel>
      <Panel title="Persons">
        <TextInput
          label="Named by"
          description="Properties of a person, in this order: the first one that is set is shown as the name. Without any, a distinct id is."
          value={names}
          onChange={(event) => setNames(event.currentTarget.value)}
          spellCheck={false}
        />
      </Panel>
      <TestAccountsPanel form={form} onChange={(part) => setForm({ ...form, ...part })} />
      <PathCleaningPanel form={form} onChange={(part) => setForm({ ...form, ...part })} />
      <Panel title="What is taken in" note="Changes count from the next event on.">
        <Stack gap="md">
          <Switch
            label="Leave out bots"
            description="Events of crawlers, link previews and monitoring, by user agent. They are counted as rejected."
            checked={form.drop_bots}
            onChange={(event) => set('drop_bots')(event.currentTarget.checked)}
          />
          <Switch
            label="Do not keep client addresses"
            description="The address is used to find the country and then dropped; $ip is never stored."
            checked={form.anonymize_ips}
            onChange={(event) => set('anonymize_ips')(event.currentTarget.checked)}
          />
          <Switch
            label="Capture clicks and inputs by themselves"
            description="Autocapture of posthog-js. An app can still switch it off for itself."
            checked={!form.autocapture_opt_out}
            onChange={(event) => set('autocapture_opt_out')(!event.currentTarget.checked)}
          />
          <Switch
            label="Measure page speed"
            description="Web vitals, as posthog-js measures them: how soon a page shows, reacts and stands still."
            checked={form.autocapture_web_vitals_opt_in}
            onChange={(event) => set('autocapture_web_vitals_opt_in')(event.currentTarget.checked)}
          />
          <Switch
            label="Measure requests"
            description="Network timing of posthog-js."
            checked={form.capture_performance_opt_in}
            onChange={(event) => set('capture_performance_opt_in')(event.currentTarget.checked)}
          />
          <Switch
            label="Capture dead clicks"
            description="Clicks after which nothing happened, as $dead_click."
            checked={form.capture_dead_clicks}
            onChange={(event) => set('capture_dead_clicks')(event.currentTarget.checked)}
          />
          <Switch
            label="Capture exceptions by themselves"
            description="Errors that no code of the app caught, as $exception."
            checked={form.autocapture_exceptions_opt_in}
            onChange={(event) => set('autocapture_exceptions_opt_in')(event.currentTarget.checked)}
          />
        </Stack>
      </Panel>
      <Panel title="Feature flags">
        <NumberInput
          label="Most requests a month"
          description="An evaluation counts 1, a server that reads all definitions 10. Beyond it apps are told so and keep the flags they have. Empty: as many as come."
          value={form.flag_requests_per_month ?? ''}
          onChange={(value) => set('flag_requests_per_month')(typeof value === 'number' ? value : null)}
          min={0}
          allowDecimal={false}
          allowNegative={false}
          thousandSeparator=" "
          styles={{ wrapper: { width: 260 } }}
        />
      </Panel>
      {saving.error && <Failure error={saving.error} compact />}
      {isChanged && (
        <div className={classes.save}>
          <Group gap="xs">
            <Button type="submit" loading={saving.isPending} disabled={problem !== undefined}>
              Save changes
            </Button>
            <Button
              variant="subtle"
              color="gray"
              onClick={() => {
                setForm(formOf(project))
                setNames(project.person_display_name_properties.join(', '))
              }}
            >
              Discard
            </Button>
            <span className={classes.faint} role="status">
              {problem}
            </span>
          </Group>
        </div>
      )}
    </form>
  )
}

function Danger({ project, onDeleted }: { project: ProjectBody; onDeleted: () => Promise<void> }) {
  const [asking, setAsking] = useState(false)
  return (
    <Panel
      title="Delete the project"
      note="Its events, persons, groups and keys go with it. SDKs that still send with its token are answered 401."
      tone="danger"
      actions={
        <Button variant="light" color="berry" onClick={() => setAsking(true)}>
          Delete project
        </Button>
      }
    >
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title={`Delete ${project.name}?`}
        verb="Delete project"
        typed={project.name}
        onConfirm={async () => {
          await deleteProject(project.id)
          toast(`${project.name} is deleted.`)
          await onDeleted()
        }}
      >
        This cannot be undone.
      </Confirm>
    </Panel>
  )
}

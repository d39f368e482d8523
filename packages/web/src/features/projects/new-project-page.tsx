import { Button, Group, Stack, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { createProject } from '../../api-client/projects.ts'
import { Page, Panel } from '../../ui/page.tsx'
import { Failure } from '../../ui/states.tsx'
import { browserZone } from '../../ui/time.ts'
import { ZoneSelect } from '../../ui/zone-select.tsx'

interface NewProjectPageProps {
  onCreated: (projectId: number) => Promise<void>
  /** Below the form: what else there is to begin with. */
  children?: ReactNode
}

export function NewProjectPage({ onCreated, children }: NewProjectPageProps) {
  const [name, setName] = useState('')
  const [timezone, setTimezone] = useState(browserZone())
  const creation = useMutation({
    mutationFn: () => createProject({ name: name.trim(), timezone }),
    onSuccess: ({ id }) => onCreated(id),
  })
  return (
    <Page title="New project" width="reading">
      <Panel
        title="One project for each app"
        note="A project has its own token, events, persons and settings. Nothing is shared between projects."
      >
        <form
          onSubmit={(event) => {
            event.preventDefault()
            creation.mutate()
          }}
        >
          <Stack gap="md">
            <TextInput
              label="Name"
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              maxLength={200}
              required
              withAsterisk={false}
              data-autofocus
            />
            <ZoneSelect label="Time zone" description="Days begin and end in it." value={timezone} onChange={setTimezone} />
            {creation.error && <Failure error={creation.error} compact />}
            <Group>
              <Button type="submit" loading={creation.isPending} disabled={name.trim() === ''}>
                Create project
              </Button>
            </Group>
          </Stack>
        </form>
      </Panel>
      {children}
    </Page>
  )
}

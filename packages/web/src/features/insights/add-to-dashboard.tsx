import { Button, Modal, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { addTile, createDashboard, dashboardsQuery } from '../../api-client/dashboards.ts'
import { describeError } from '../../api-client/errors.ts'
import { SearchField } from '../../ui/search-field.tsx'
import { Empty, Loaded } from '../../ui/states.tsx'
import { toast } from '../../ui/toasts.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './builder.module.css'

interface AddToDashboardProps {
  opened: boolean
  onClose: () => void
  /** Saves the insight where it is not saved yet, and tells which it is; undefined where that failed. */
  insightId: () => Promise<number | undefined>
}

/** Puts an insight onto a dashboard that there is, or onto a new one. */
export function AddToDashboard({ opened, onClose, insightId }: AddToDashboardProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="Put it on a dashboard" size="md">
      {opened && <Choosing onClose={onClose} insightId={insightId} />}
    </Modal>
  )
}

function Choosing({ onClose, insightId }: Omit<AddToDashboardProps, 'opened'>) {
  const project = useProject()
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const [search, setSearch] = useState<string>()
  const [name, setName] = useState('')
  const [busy, setBusy] = useState<number | 'new'>()
  const dashboards = useQuery({ ...dashboardsQuery(project.id, search), placeholderData: (before) => before })
  const put = async (onto: { id: number; name: string } | undefined) => {
    setBusy(onto?.id ?? 'new')
    try {
      const insight = await insightId()
      if (insight === undefined) return
      const dashboard = onto ?? (await createDashboard(project.id, { name: name.trim() }))
      await addTile(project.id, dashboard.id, { insight })
      await queryClient.invalidateQueries({ queryKey: ['project', project.id, 'dashboards'] })
      await queryClient.invalidateQueries({ queryKey: ['project', project.id, 'dashboard', String(dashboard.id)] })
      onClose()
      toast(`It is on “${dashboard.name || 'Untitled'}”.`, 'done', undefined, {
        label: 'Open',
        go: () =>
          navigate({
            to: '/project/$projectId/dashboards/$dashboardId',
            params: { projectId: project.id, dashboardId: String(dashboard.id) },
          }),
      })
    } catch (error) {
      toast(`Not added: ${describeError(error).cause}`, 'failed')
    } finally {
      setBusy(undefined)
    }
  }
  return (
    <div className={classes.dashboards}>
      <SearchField value={search} onChange={setSearch} placeholder="Name" label="Search dashboards" />
      <Loaded query={dashboards} compact>
        {({ results }) =>
          results.length === 0 ? (
            <Empty title={search ? 'No dashboard matches' : 'No dashboards yet'}>{!search && 'Name the first one below.'}</Empty>
          ) : (
            <ul className={classes.dashboardList}>
              {results.map((dashboard) => (
                <li key={dashboard.id}>
                  <Untrusted>{dashboard.name || 'Untitled'}</Untrusted>
                  <Button
                    size="compact-sm"
                    variant="default"
                    aria-label={`Add it to ${dashboard.name || 'Untitled'}`}
                    loading={busy === dashboard.id}
                    onClick={() => void put(dashboard)}
                  >
                    Add
                  </Button>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      <form
        className={classes.newDashboard}
        onSubmit={(event) => {
          event.preventDefault()
          void put(undefined)
        }}
      >
        <TextInput
          aria-label="Name of a new dashboard"
          placeholder="A new dashboard"
          maxLength={400}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" loading={busy === 'new'} disabled={name.trim() === ''}>
          Make and add
        </Button>
      </form>
    </div>
  )
}

import { ActionIcon, Menu } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useProject } from '../../api-client/current-project.tsx'
import { changeDashboard, createDashboard } from '../../api-client/dashboards.ts'
import { describeError } from '../../api-client/errors.ts'
import { CodeIcon, DotsIcon, DuplicateIcon, GripIcon, TrashIcon } from '../../ui/icons.tsx'
import { toast } from '../../ui/toasts.tsx'

interface DashboardMenuProps {
  dashboard: { id: number; name: string }
  onEdit: () => void
  onCode: () => void
}

/** What can be done with a dashboard as a whole. */
export function DashboardMenu({ dashboard, onEdit, onCode }: DashboardMenuProps) {
  const project = useProject()
  const navigate = useNavigate()
  const queryClient = useQueryClient()
  const list = { queryKey: ['project', project.id, 'dashboards'] }
  const doing = async (failed: string, work: () => Promise<void>) => {
    try {
      await work()
      await queryClient.invalidateQueries(list)
    } catch (error) {
      toast(`${failed}: ${describeError(error).cause}`, 'failed')
    }
  }
  const duplicate = () =>
    doing('Not duplicated', async () => {
      const copy = await createDashboard(project.id, { name: `${dashboard.name} (copy)`, use_dashboard: dashboard.id })
      await navigate({ to: '/project/$projectId/dashboards/$dashboardId', params: { projectId: project.id, dashboardId: String(copy.id) } })
    })
  const remove = () =>
    doing('Not deleted', async () => {
      await changeDashboard(project.id, dashboard.id, { deleted: true })
      await navigate({ to: '/project/$projectId/dashboards', params: { projectId: project.id } })
      toast('Dashboard deleted.', 'done', async () => {
        await changeDashboard(project.id, dashboard.id, { deleted: false })
        await queryClient.invalidateQueries(list)
      })
    })
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="default" size={36} aria-label="More to do with this dashboard">
          <DotsIcon size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<GripIcon size={15} />} onClick={onEdit}>
          Edit name and layout
        </Menu.Item>
        <Menu.Item leftSection={<DuplicateIcon size={15} />} onClick={() => void duplicate()}>
          Duplicate
        </Menu.Item>
        <Menu.Item leftSection={<CodeIcon size={15} />} onClick={onCode}>
          As YAML
        </Menu.Item>
        <Menu.Item leftSection={<TrashIcon size={15} />} color="var(--berry-ink)" onClick={() => void remove()}>
          Delete
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

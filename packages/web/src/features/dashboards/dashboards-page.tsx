import type { DashboardBody } from '@hedgerow/protocol'
import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { changeDashboard, createDashboard, dashboardsQuery } from '../../api-client/dashboards.ts'
import { describeError } from '../../api-client/errors.ts'
import { userName } from '../../api-client/user-name.ts'
import { aboveRowLinkClass, type Column, DataTable, rowLinkClass } from '../../ui/data-table.tsx'
import { DashboardIcon, PlusIcon, StarIcon } from '../../ui/icons.tsx'
import { Instant } from '../../ui/instant.tsx'
import { countOf } from '../../ui/numbers.ts'
import { Page } from '../../ui/page.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { Empty, Loaded } from '../../ui/states.tsx'
import { TablePanel } from '../../ui/table-panel.tsx'
import { toast } from '../../ui/toasts.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './dashboards.module.css'

export interface DashboardsSearch {
  q?: string | undefined
}

interface DashboardsPageProps {
  search: DashboardsSearch
  onSearch: (change: DashboardsSearch) => void
}

/** All dashboards, those that are pinned first. */
export function DashboardsPage({ search, onSearch }: DashboardsPageProps) {
  const project = useProject()
  const query = useQuery({ ...dashboardsQuery(project.id, search.q), placeholderData: (before) => before })
  return (
    <Page title="Dashboards" layout="fill" actions={<NewDashboard />}>
      <TablePanel
        toolbar={
          <SearchField
            value={search.q}
            onChange={(q) => onSearch({ q })}
            placeholder="Name, description or tag"
            label="Search dashboards"
          />
        }
        note={query.data && countOf(query.data.count, 'dashboard')}
      >
        <Loaded query={query}>
          {({ results }) =>
            results.length === 0 ? (
              <Empty title={search.q ? 'No dashboard matches' : 'No dashboards yet'} action={search.q ? undefined : <NewDashboard />}>
                {search.q ? undefined : 'Several insights on one page, over the same time and with the same filters.'}
              </Empty>
            ) : (
              <DataTable
                label="Dashboards"
                columns={columns(project.id)}
                rows={[...results].sort((one, other) => Number(other.pinned) - Number(one.pinned))}
                rowKey={({ id }) => String(id)}
                rowHeightPx={44}
              />
            )
          }
        </Loaded>
      </TablePanel>
    </Page>
  )
}

function NewDashboard() {
  const project = useProject()
  const navigate = useNavigate()
  const queryClient = useQueryClient()
  const [isBusy, setIsBusy] = useState(false)
  const create = async () => {
    setIsBusy(true)
    try {
      const { id } = await createDashboard(project.id, { name: 'New dashboard' })
      await queryClient.invalidateQueries({ queryKey: ['project', project.id, 'dashboards'] })
      await navigate({
        to: '/project/$projectId/dashboards/$dashboardId',
        params: { projectId: project.id, dashboardId: String(id) },
        search: { edit: 'yes' },
      })
    } catch (error) {
      toast(`Not made: ${describeError(error).cause}`, 'failed')
    } finally {
      setIsBusy(false)
    }
  }
  return (
    <Button leftSection={<PlusIcon size={16} />} loading={isBusy} onClick={() => void create()}>
      New dashboard
    </Button>
  )
}

function columns(projectId: number): Column<DashboardBody>[] {
  return [
    {
      id: 'pin',
      header: <span className={classes.hidden}>Pinned</span>,
      width: '28px',
      narrowWidth: '28px',
      cell: (row) => <Pin dashboard={row} />,
    },
    {
      id: 'name',
      header: 'Name',
      width: 'minmax(240px, 3fr)',
      narrowWidth: 'minmax(0, 1fr)',
      cell: (row) => (
        <Link to="/project/$projectId/dashboards/$dashboardId" params={{ projectId, dashboardId: String(row.id) }} className={rowLinkClass}>
          <DashboardIcon size={17} />
          <Untrusted>{row.name || 'Untitled'}</Untrusted>
        </Link>
      ),
    },
    {
      id: 'about',
      header: 'About',
      width: 'minmax(120px, 2fr)',
      cell: (row) => <span className={classes.faint}>{row.description ? <Untrusted>{row.description}</Untrusted> : ''}</span>,
    },
    {
      id: 'by',
      header: 'Made by',
      width: 'minmax(110px, 1fr)',
      cell: ({ created_by: by }) => <span className={classes.faint}>{by ? <Untrusted>{userName(by)}</Untrusted> : ''}</span>,
    },
    {
      id: 'changed',
      header: 'Last changed',
      width: '116px',
      narrowWidth: '84px',
      align: 'end',
      cell: (row) => <Instant at={row.last_modified_at} style="relative" />,
    },
  ]
}

function Pin({ dashboard }: { dashboard: DashboardBody }) {
  const project = useProject()
  const queryClient = useQueryClient()
  const toggle = async () => {
    try {
      await changeDashboard(project.id, dashboard.id, { pinned: !dashboard.pinned })
      await queryClient.invalidateQueries({ queryKey: ['project', project.id, 'dashboards'] })
    } catch (error) {
      toast(`Not changed: ${describeError(error).cause}`, 'failed')
    }
  }
  return (
    <button
      type="button"
      className={`${classes.pin} ${aboveRowLinkClass}`}
      data-pinned={dashboard.pinned}
      aria-pressed={dashboard.pinned}
      aria-label={`Pinned: ${(dashboard.name || 'Untitled').slice(0, 80)}`}
      onClick={() => void toggle()}
    >
      <StarIcon size={15} filled={dashboard.pinned} />
    </button>
  )
}

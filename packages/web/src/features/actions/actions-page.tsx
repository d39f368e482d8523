import type { ActionBody } from '@hedgerow/protocol'
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { actionsQuery } from '../../api-client/actions.ts'
import { useProject } from '../../api-client/current-project.tsx'
import { type Column, DataTable, rowLinkClass } from '../../ui/data-table.tsx'
import { CursorIcon, PlusIcon } from '../../ui/icons.tsx'
import { Instant } from '../../ui/instant.tsx'
import { countOf } from '../../ui/numbers.ts'
import { Page } from '../../ui/page.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { Empty, Loaded } from '../../ui/states.tsx'
import { TablePanel } from '../../ui/table-panel.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './actions.module.css'
import { stepWords } from './steps.ts'

export interface ActionsSearch {
  q?: string | undefined
}

/** Every action: a name for events that are alike in what matters. */
export function ActionsPage({ search, onSearch }: { search: ActionsSearch; onSearch: (change: ActionsSearch) => void }) {
  const project = useProject()
  const navigate = useNavigate()
  const query = useQuery({ ...actionsQuery(project.id, search.q), placeholderData: (before) => before })
  const create = (
    <Button
      leftSection={<PlusIcon size={16} />}
      onClick={() => void navigate({ to: '/project/$projectId/actions/new', params: { projectId: project.id } })}
    >
      New action
    </Button>
  )
  return (
    <Page title="Actions" layout="fill" actions={create}>
      <TablePanel
        toolbar={<SearchField value={search.q} onChange={(q) => onSearch({ q })} placeholder="Name" label="Search actions" />}
        note={query.data && countOf(query.data.count, 'action')}
      >
        <Loaded query={query}>
          {({ results }) =>
            results.length === 0 ? (
              <Empty title={search.q ? 'No action matches' : 'No actions yet'} action={search.q ? undefined : create}>
                A click on a button, a visit of a page, or several events under one name: to be used wherever an event is.
              </Empty>
            ) : (
              <DataTable label="Actions" columns={columns(project.id)} rows={results} rowKey={({ id }) => String(id)} rowHeightPx={44} />
            )
          }
        </Loaded>
      </TablePanel>
    </Page>
  )
}

const columns = (projectId: number): Column<ActionBody>[] => [
  {
    id: 'name',
    header: 'Name',
    width: 'minmax(200px, 2fr)',
    narrowWidth: 'minmax(0, 1fr)',
    cell: (row) => (
      <Link to="/project/$projectId/actions/$actionId" params={{ projectId, actionId: String(row.id) }} className={rowLinkClass}>
        <CursorIcon size={16} />
        <Untrusted>{row.name}</Untrusted>
      </Link>
    ),
  },
  {
    id: 'what',
    header: 'What',
    width: 'minmax(220px, 3fr)',
    cell: (row) => (
      <span className={classes.faint}>
        <Untrusted>{row.steps.map(stepWords).join(' or ')}</Untrusted>
      </span>
    ),
  },
  {
    id: 'changed',
    header: 'Last changed',
    width: '116px',
    narrowWidth: '84px',
    align: 'end',
    cell: (row) => <Instant at={row.updated_at} style="relative" />,
  },
]

import type { ExperimentBody, ExperimentStatusName } from '@hedgerow/protocol'
import { ActionIcon, Button, Menu, SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useProject } from '../../api-client/current-project.tsx'
import { experimentsQuery } from '../../api-client/experiments.ts'
import { type Column, DataTable, rowLinkClass } from '../../ui/data-table.tsx'
import { DotsIcon, PlusIcon } from '../../ui/icons.tsx'
import { Instant } from '../../ui/instant.tsx'
import { countOf } from '../../ui/numbers.ts'
import { Page } from '../../ui/page.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { Empty, Failure, SkeletonRows } from '../../ui/states.tsx'
import { TablePanel } from '../../ui/table-panel.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { StatusBadge } from './status-badge.tsx'
import { daysRun } from './words.ts'

export interface ExperimentsSearch {
  q?: string | undefined
  status?: ExperimentStatusName | undefined
}

interface ExperimentsPageProps {
  search: ExperimentsSearch
  onSearch: (change: ExperimentsSearch) => void
}

export function ExperimentsPage({ search, onSearch }: ExperimentsPageProps) {
  const project = useProject()
  const query = useQuery({
    ...experimentsQuery(project.id, { search: search.q, status: search.status }),
    placeholderData: (before) => before,
  })
  const rows = query.data?.results ?? []
  const isFiltered = search.q !== undefined || search.status !== undefined
  const create = (
    <Button component={Link} to={`/project/${project.id}/experiments/new`} leftSection={<PlusIcon size={16} />}>
      New experiment
    </Button>
  )
  return (
    <Page
      title="Experiments"
      layout="fill"
      actions={
        <>
          <Menu position="bottom-end" width={200}>
            <Menu.Target>
              <ActionIcon variant="default" size="lg" aria-label="More about experiments">
                <DotsIcon size={18} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item component={Link} to={`/project/${project.id}/experiments/shared`}>
                Shared metrics, holdouts
              </Menu.Item>
              <Menu.Item component={Link} to={`/project/${project.id}/experiments/calculators`}>
                Calculators
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
          {create}
        </>
      }
    >
      <TablePanel
        toolbar={
          <>
            <SearchField value={search.q} onChange={(q) => onSearch({ q })} placeholder="Name or flag" label="Search experiments" />
            <SegmentedControl
              size="xs"
              aria-label="Which experiments"
              value={search.status ?? 'all'}
              onChange={(value) => onSearch({ status: value === 'all' ? undefined : (value as ExperimentStatusName) })}
              data={[
                { value: 'all', label: 'All' },
                { value: 'draft', label: 'Drafts' },
                { value: 'running', label: 'Running' },
                { value: 'stopped', label: 'Ended' },
              ]}
            />
          </>
        }
        note={query.data && countOf(query.data.count, 'experiment')}
      >
        {query.isPending ? (
          <SkeletonRows rows={8} />
        ) : query.error && rows.length === 0 ? (
          <Failure error={query.error} onRetry={() => void query.refetch()} />
        ) : rows.length === 0 ? (
          <Empty title={isFiltered ? 'No experiment matches' : 'No experiments yet'} action={isFiltered ? undefined : create}>
            {isFiltered
              ? 'Try another word, or another status.'
              : 'An experiment shows each visitor one of several variants, and tells with which certainty one of them is better.'}
          </Empty>
        ) : (
          <DataTable label="Experiments" columns={columns(project.id)} rows={rows} rowKey={({ id }) => String(id)} rowHeightPx={44} />
        )}
      </TablePanel>
    </Page>
  )
}

const columns = (projectId: number): Column<ExperimentBody>[] => [
  {
    id: 'name',
    header: 'Experiment',
    width: 'minmax(240px, 3fr)',
    narrowWidth: 'minmax(0, 1fr)',
    cell: (experiment) => (
      <Link
        to="/project/$projectId/experiments/$experimentId"
        params={{ projectId, experimentId: String(experiment.id) }}
        className={rowLinkClass}
      >
        <Untrusted>{experiment.name}</Untrusted>
      </Link>
    ),
  },
  { id: 'status', header: 'Status', width: '110px', narrowWidth: '96px', cell: ({ status }) => <StatusBadge status={status} /> },
  { id: 'flag', header: 'Flag', width: 'minmax(140px, 2fr)', cell: ({ feature_flag_key: key }) => <Untrusted mono>{key}</Untrusted> },
  {
    id: 'variants',
    header: 'Variants',
    width: '90px',
    align: 'end',
    cell: ({ feature_flag: flag }) => flag?.filters.multivariate?.variants.length ?? '–',
  },
  {
    id: 'days',
    header: 'Days',
    width: '80px',
    align: 'end',
    cell: ({ start_date: start, end_date: end }) => daysRun(start, end, Date.now()) ?? '–',
  },
  {
    id: 'started',
    header: 'Started',
    width: '160px',
    cell: ({ start_date: start }) => (start ? <Instant at={start} style="short" /> : '–'),
  },
]

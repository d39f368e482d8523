import type { CohortBody, CohortCriteria } from '@hedgerow/protocol'
import { Button, SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { cohortsQuery } from '../../api-client/cohorts.ts'
import { useProject } from '../../api-client/current-project.tsx'
import { type Column, DataTable, rowLinkClass } from '../../ui/data-table.tsx'
import { CohortsIcon, PlusIcon } from '../../ui/icons.tsx'
import { Instant } from '../../ui/instant.tsx'
import { countOf, formatCount } from '../../ui/numbers.ts'
import { Page } from '../../ui/page.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { Empty, Loaded } from '../../ui/states.tsx'
import { TablePanel } from '../../ui/table-panel.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './cohorts.module.css'
import { CriteriaText } from './criteria-text.tsx'

export interface CohortsSearch {
  q?: string | undefined
  type?: 'static' | 'dynamic' | undefined
}

/** Every cohort: who is in it, and how many there are. */
export function CohortsPage({ search, onSearch }: { search: CohortsSearch; onSearch: (change: CohortsSearch) => void }) {
  const project = useProject()
  const navigate = useNavigate()
  const query = useQuery({ ...cohortsQuery(project.id, { search: search.q, type: search.type }), placeholderData: (before) => before })
  const create = (
    <Button
      leftSection={<PlusIcon size={16} />}
      onClick={() => void navigate({ to: '/project/$projectId/cohorts/new', params: { projectId: project.id } })}
    >
      New cohort
    </Button>
  )
  return (
    <Page title="Cohorts" layout="fill" actions={create}>
      <TablePanel
        toolbar={
          <>
            <SearchField value={search.q} onChange={(q) => onSearch({ q })} placeholder="Name" label="Search cohorts" />
            <SegmentedControl
              size="xs"
              aria-label="Which cohorts"
              value={search.type ?? 'all'}
              onChange={(type) => onSearch({ type: type === 'static' || type === 'dynamic' ? type : undefined })}
              data={[
                { value: 'all', label: 'All' },
                { value: 'dynamic', label: 'By conditions' },
                { value: 'static', label: 'Lists' },
              ]}
            />
          </>
        }
        note={query.data && countOf(query.data.count, 'cohort')}
      >
        <Loaded query={query}>
          {({ results }) =>
            results.length === 0 ? (
              <Empty title={search.q || search.type ? 'No cohort matches' : 'No cohorts yet'} action={search.q ? undefined : create}>
                People who have something in common: what they are, what they did, or a list of your own.
              </Empty>
            ) : (
              <DataTable label="Cohorts" columns={columns(project.id)} rows={results} rowKey={({ id }) => String(id)} rowHeightPx={44} />
            )
          }
        </Loaded>
      </TablePanel>
    </Page>
  )
}

const columns = (projectId: number): Column<CohortBody>[] => [
  {
    id: 'name',
    header: 'Name',
    width: 'minmax(200px, 2fr)',
    narrowWidth: 'minmax(0, 1fr)',
    cell: (row) => (
      <Link to="/project/$projectId/cohorts/$cohortId" params={{ projectId, cohortId: String(row.id) }} className={rowLinkClass}>
        <CohortsIcon size={17} />
        <Untrusted>{row.name}</Untrusted>
      </Link>
    ),
  },
  {
    id: 'who',
    header: 'Who',
    width: 'minmax(200px, 3fr)',
    cell: (row) => (
      <span className={classes.faint}>
        {row.is_static ? 'a list' : 'properties' in row.filters ? <CriteriaText criteria={row.filters.properties as CohortCriteria} /> : ''}
      </span>
    ),
  },
  {
    id: 'count',
    header: 'People',
    width: '90px',
    narrowWidth: '72px',
    align: 'end',
    cell: (row) => (row.is_calculating ? '…' : row.count === null ? '–' : formatCount(row.count)),
  },
  {
    id: 'counted',
    header: 'Counted',
    width: '110px',
    align: 'end',
    cell: (row) => (row.last_calculation ? <Instant at={row.last_calculation} style="relative" /> : ''),
  },
]

import type { PersonBody } from '@hedgerow/protocol'
import { Button, SegmentedControl } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useCallback } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { personsQuery } from '../../api-client/persons.ts'
import { type Column, DataTable, rowLinkClass } from '../../ui/data-table.tsx'
import { Instant } from '../../ui/instant.tsx'
import { countOf } from '../../ui/numbers.ts'
import { Page } from '../../ui/page.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { Empty, Failure, SkeletonRows } from '../../ui/states.tsx'
import { TablePanel } from '../../ui/table-panel.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { Face } from './face.tsx'
import { looksAnonymous } from './identity.ts'
import classes from './persons-page.module.css'

export interface PersonsSearch {
  q?: string | undefined
  identified?: 'yes' | 'no' | undefined
}

interface PersonsPageProps {
  search: PersonsSearch
  onSearch: (change: PersonsSearch) => void
}

export function PersonsPage({ search, onSearch }: PersonsPageProps) {
  const project = useProject()
  const identified = search.identified === undefined ? undefined : search.identified === 'yes'
  const query = useInfiniteQuery({ ...personsQuery(project.id, { search: search.q, identified }), placeholderData: (before) => before })
  const rows = query.data?.pages.flatMap(({ results }) => results) ?? []
  const total = query.data?.pages[0]?.count ?? 0
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = query
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [fetchNextPage, hasNextPage, isFetchingNextPage])
  const isFiltered = search.q !== undefined || search.identified !== undefined
  const clear = () => onSearch({ q: undefined, identified: undefined })
  return (
    <Page title="Persons" layout="fill">
      <TablePanel
        toolbar={
          <>
            <SearchField
              value={search.q}
              onChange={(q) => onSearch({ q })}
              placeholder="E-mail, name or distinct id"
              label="Search persons"
            />
            <SegmentedControl
              size="xs"
              aria-label="Which persons"
              value={search.identified ?? 'all'}
              onChange={(value) => onSearch({ identified: value === 'yes' || value === 'no' ? value : undefined })}
              data={[
                { value: 'all', label: 'All' },
                { value: 'yes', label: 'Identified' },
                { value: 'no', label: 'Anonymous' },
              ]}
            />
          </>
        }
        note={query.data && countOf(total, 'person')}
      >
        {query.isPending ? (
          <SkeletonRows rows={12} />
        ) : query.error && rows.length === 0 ? (
          <Failure error={query.error} onRetry={() => void query.refetch()} />
        ) : rows.length === 0 && isFiltered ? (
          <Empty
            title="Nobody matches"
            action={
              <Button variant="default" onClick={clear}>
                Show everybody
              </Button>
            }
          >
            The search looks at e-mail addresses, names and distinct ids.
          </Empty>
        ) : rows.length === 0 ? (
          <Empty
            title="Nobody yet"
            action={
              <Button component={Link} to={`/project/${project.id}/connect`}>
                Connect your app
              </Button>
            }
          >
            A person appears when your app identifies someone, or when an SDK is told to keep profiles of everyone.
          </Empty>
        ) : (
          <DataTable
            label="Persons"
            columns={columns(project.id)}
            rows={rows}
            rowKey={({ id }) => id}
            totalRows={total}
            onEnd={more}
            rowHeightPx={44}
            footer={isFetchingNextPage ? 'Loading more …' : undefined}
          />
        )}
      </TablePanel>
    </Page>
  )
}

const columns = (projectId: number): Column<PersonBody>[] => [
  {
    id: 'name',
    header: 'Person',
    width: 'minmax(220px, 2fr)',
    narrowWidth: 'minmax(0, 1fr)',
    cell: (person) => (
      <Link to="/project/$projectId/persons/$personId" params={{ projectId, personId: person.id }} className={rowLinkClass}>
        <Face name={person.name} id={person.id} />
        <Untrusted>{person.name}</Untrusted>
      </Link>
    ),
  },
  {
    id: 'ids',
    header: 'Distinct ids',
    width: 'minmax(160px, 1.6fr)',
    cell: (person) => <Ids distinctIds={person.distinct_ids} name={person.name} />,
  },
  {
    id: 'kind',
    header: 'Kind',
    width: '104px',
    cell: (person) => (
      <span className={classes.kind} data-identified={person.is_identified}>
        {person.is_identified ? 'identified' : 'anonymous'}
      </span>
    ),
  },
  { id: 'created', header: 'First seen', width: '130px', align: 'end', cell: (person) => <Instant at={person.created_at} style="short" /> },
  {
    id: 'seen',
    header: 'Last seen',
    width: '110px',
    narrowWidth: '84px',
    align: 'end',
    cell: (person) =>
      person.last_seen_at ? <Instant at={person.last_seen_at} style="relative" /> : <span className={classes.faint}>never</span>,
  },
]

/** The most telling id that is not already the name, and how many more there are. */
function Ids({ distinctIds, name }: { distinctIds: string[]; name: string }) {
  const shown = distinctIds.find((id) => id !== name && !looksAnonymous(id)) ?? distinctIds.find((id) => id !== name) ?? distinctIds[0]
  return (
    <span className={classes.ids}>
      {shown !== undefined && <Untrusted>{shown}</Untrusted>}
      {distinctIds.length > 1 && <span className={classes.more}>+{distinctIds.length - 1}</span>}
    </span>
  )
}

import type { PropertyDefinitionBody } from '@hedgerow/protocol'
import { Button, SegmentedControl } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useProject } from '../../api-client/current-project.tsx'
import { type PropertyOwner, propertyDefinitionsQuery } from '../../api-client/definitions.ts'
import { userName } from '../../api-client/user-name.ts'
import { type Column, DataTable, rowLinkClass } from '../../ui/data-table.tsx'
import { CheckIcon } from '../../ui/icons.tsx'
import { Instant } from '../../ui/instant.tsx'
import { countOf } from '../../ui/numbers.ts'
import { Page } from '../../ui/page.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { Empty, Failure, SkeletonRows } from '../../ui/states.tsx'
import { TablePanel } from '../../ui/table-panel.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { useTableRows } from '../../ui/use-table-rows.ts'
import classes from './data.module.css'
import { owners, typeLabel } from './ordering.ts'
import { StateFilter } from './state-filter.tsx'

export interface PropertyDefinitionsSearch {
  q?: string | undefined
  /** Whose properties; events' where it is not set. */
  of?: 'person' | 'group' | 'session' | undefined
  state?: 'verified' | 'hidden' | undefined
}

interface PropertyDefinitionsPageProps {
  search: PropertyDefinitionsSearch
  onSearch: (change: PropertyDefinitionsSearch) => void
}

const ownerLabels: Record<PropertyOwner, string> = { event: 'Events', person: 'Persons', group: 'Groups', session: 'Sessions' }

export function PropertyDefinitionsPage({ search, onSearch }: PropertyDefinitionsPageProps) {
  const project = useProject()
  const type = search.of ?? 'event'
  const query = useInfiniteQuery({
    ...propertyDefinitionsQuery(project.id, {
      type,
      search: search.q,
      verified: search.state === 'verified' ? true : undefined,
      isHiddenLeftOut: search.state === 'hidden' ? undefined : true,
    }),
    placeholderData: (before) => before,
  })
  const { rows, total, paging } = useTableRows(query)
  return (
    <Page title="Properties" crumbs={[{ label: 'Data' }]} layout="fill">
      <TablePanel
        toolbar={
          <>
            <SearchField value={search.q} onChange={(q) => onSearch({ q })} placeholder="Property name" label="Search property names" />
            <SegmentedControl
              size="xs"
              aria-label="Whose properties"
              value={type}
              onChange={(of) => onSearch({ of: of === 'person' || of === 'group' || of === 'session' ? of : undefined })}
              data={owners.map((owner) => ({ value: owner, label: ownerLabels[owner] }))}
            />
            <StateFilter state={search.state} onChange={(state) => onSearch({ state })} />
          </>
        }
        note={query.data && countOf(total, 'name')}
      >
        {query.isPending ? (
          <SkeletonRows rows={12} />
        ) : query.error && rows.length === 0 ? (
          <Failure error={query.error} onRetry={() => void query.refetch()} />
        ) : rows.length === 0 ? (
          <Empty
            title={search.q || search.state === 'verified' ? 'No such property' : `No properties of ${ownerLabels[type].toLowerCase()} yet`}
            action={
              search.q || search.state === 'verified' ? (
                <Button variant="default" onClick={() => onSearch({ q: undefined, state: undefined })}>
                  Show every property
                </Button>
              ) : (
                <Button component={Link} to={`/project/${project.id}/connect`}>
                  Connect your app
                </Button>
              )
            }
          >
            {search.q ? 'No property name matches.' : 'Names and types are collected as events come: nothing needs to be declared first.'}
          </Empty>
        ) : (
          <DataTable
            label={`Properties of ${ownerLabels[type].toLowerCase()}`}
            columns={columns(project.id).filter(({ id }) => type === 'group' || id !== 'group')}
            rows={rows}
            rowKey={({ id }) => id}
            totalRows={total}
            {...paging}
          />
        )}
      </TablePanel>
    </Page>
  )
}

const columns = (projectId: number): Column<PropertyDefinitionBody>[] => [
  {
    id: 'name',
    header: 'Name',
    width: 'minmax(220px, 2fr)',
    narrowWidth: 'minmax(0, 1fr)',
    cell: (row) => (
      <Link
        to="/project/$projectId/data/properties/$definitionId"
        params={{ projectId, definitionId: row.id }}
        className={rowLinkClass}
        data-sdk={row.name.startsWith('$')}
      >
        <Untrusted>{row.name}</Untrusted>
        {row.verified && (
          <span className={classes.verified} role="img" aria-label="Verified">
            <CheckIcon size={14} />
          </span>
        )}
        {row.hidden && <span className={classes.hiddenMark}>hidden</span>}
      </Link>
    ),
  },
  {
    id: 'about',
    header: 'Description',
    width: 'minmax(140px, 2fr)',
    cell: (row) => <span className={classes.faint}>{row.description && <Untrusted>{row.description}</Untrusted>}</span>,
  },
  {
    id: 'owner',
    header: 'Owner',
    width: '120px',
    cell: (row) => row.owner && <Untrusted>{userName(row.owner)}</Untrusted>,
  },
  {
    id: 'type',
    header: 'Type',
    width: '130px',
    narrowWidth: '92px',
    cell: (row) => <span className={row.property_type === null ? classes.faint : classes.type}>{typeLabel(row.property_type)}</span>,
  },
  {
    id: 'group',
    header: 'Kind of group',
    width: '110px',
    cell: (row) => <span className={classes.faint}>{row.group_type_index === null ? '' : `type ${row.group_type_index}`}</span>,
  },
  {
    id: 'seen',
    header: 'Last seen',
    width: '116px',
    narrowWidth: '84px',
    align: 'end',
    cell: (row) => (row.last_seen_at ? <Instant at={row.last_seen_at} style="relative" /> : <span className={classes.faint}>never</span>),
  },
  { id: 'new', header: 'First seen', width: '132px', align: 'end', cell: (row) => <Instant at={row.created_at} style="short" /> },
]

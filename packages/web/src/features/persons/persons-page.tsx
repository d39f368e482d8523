import type { PersonBody } from '@hedgerow/protocol'
import { ActionIcon, Button, SegmentedControl } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useProject } from '../../api-client/current-project.tsx'
import { personsQuery } from '../../api-client/persons.ts'
import { FilterList } from '../../pickers/filter-groups.tsx'
import { PropertyPicker } from '../../pickers/property-picker.tsx'
import { type Column, DataTable, rowLinkClass } from '../../ui/data-table.tsx'
import { CrossIcon, PlusIcon } from '../../ui/icons.tsx'
import { Instant } from '../../ui/instant.tsx'
import { countOf } from '../../ui/numbers.ts'
import { Page } from '../../ui/page.tsx'
import { valueText } from '../../ui/property-value.ts'
import { SearchField } from '../../ui/search-field.tsx'
import { Empty, Failure, SkeletonRows } from '../../ui/states.tsx'
import { TablePanel } from '../../ui/table-panel.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { useTableRows } from '../../ui/use-table-rows.ts'
import { Face } from './face.tsx'
import { looksAnonymous } from './identity.ts'
import { MakeCohort } from './make-cohort.tsx'
import classes from './persons-page.module.css'
import { askedFilters, columnsOf, filtersOf, listText, type PersonsSearch } from './persons-search.ts'

interface PersonsPageProps {
  search: PersonsSearch
  onSearch: (change: PersonsSearch) => void
}

export function PersonsPage({ search, onSearch }: PersonsPageProps) {
  const project = useProject()
  const identified = search.identified === undefined ? undefined : search.identified === 'yes'
  const filters = filtersOf(search)
  const properties = askedFilters(search)
  const shown = columnsOf(search)
  const onColumns = (names: string[]) => onSearch({ columns: listText(names) })
  const query = useInfiniteQuery({
    ...personsQuery(project.id, { search: search.q, identified, properties }),
    placeholderData: (before) => before,
  })
  const { rows, total, paging } = useTableRows(query)
  const isFiltered = search.q !== undefined || search.identified !== undefined || properties.length > 0
  const clear = () => onSearch({ q: undefined, identified: undefined, where: undefined })
  return (
    <Page title="Persons" layout="fill" actions={query.data && <MakeCohort search={search} count={total} />}>
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
            <PropertyPicker
              label="Add a column"
              owners={['person']}
              hasGroups={false}
              className={classes.column ?? ''}
              onPick={({ key }) => onColumns([...shown, key])}
            >
              <PlusIcon size={14} />
              Column
            </PropertyPicker>
            <div className={classes.filters}>
              <FilterList of="the list" owners={['person']} filters={filters} onChange={(next) => onSearch({ where: listText(next) })} />
            </div>
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
            The search looks at e-mail addresses, names and ids; filters look at every property.
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
            columns={columns(project.id, shown, onColumns)}
            rows={rows}
            rowKey={({ id }) => id}
            totalRows={total}
            {...paging}
            rowHeightPx={44}
          />
        )}
      </TablePanel>
    </Page>
  )
}

const columns = (projectId: number, shown: readonly string[], onColumns: (names: string[]) => void): Column<PersonBody>[] => [
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
  ...shown.map(
    (name): Column<PersonBody> => ({
      id: `property ${name}`,
      header: (
        <span className={classes.columnHead}>
          <Untrusted>{name}</Untrusted>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={20}
            aria-label={`Remove the column ${name.slice(0, 60)}`}
            onClick={() => onColumns(shown.filter((each) => each !== name))}
          >
            <CrossIcon size={12} />
          </ActionIcon>
        </span>
      ),
      width: 'minmax(110px, 1fr)',
      cell: ({ properties }) => (Object.hasOwn(properties, name) ? <Untrusted>{valueText(properties[name], 120).text}</Untrusted> : null),
    }),
  ),
  {
    id: 'created',
    header: 'First seen',
    width: '130px',
    narrowWidth: '104px',
    align: 'end',
    cell: (person) => <Instant at={person.created_at} style="short" />,
  },
  {
    id: 'seen',
    header: 'Last seen',
    width: '110px',
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

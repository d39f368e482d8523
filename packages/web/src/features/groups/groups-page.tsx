import type { GroupBody, GroupTypeBody } from '@hedgerow/protocol'
import { Button, SegmentedControl } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useProject } from '../../api-client/current-project.tsx'
import { groupsQuery, groupTypesQuery } from '../../api-client/groups.ts'
import { type Column, DataTable, rowLinkClass } from '../../ui/data-table.tsx'
import { GroupsIcon } from '../../ui/icons.tsx'
import { Instant } from '../../ui/instant.tsx'
import { countOf } from '../../ui/numbers.ts'
import { Page } from '../../ui/page.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { Empty, Loaded } from '../../ui/states.tsx'
import { TablePanel } from '../../ui/table-panel.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { useTableRows } from '../../ui/use-table-rows.ts'
import { groupName, pluralOf } from './group-words.ts'
import classes from './groups.module.css'

export interface GroupsSearch {
  q?: string | undefined
  type?: string | undefined
}

interface GroupsPageProps {
  search: GroupsSearch
  onSearch: (change: GroupsSearch) => void
}

/** Companies, teams or whatever the app's people belong to, by type. */
export function GroupsPage({ search, onSearch }: GroupsPageProps) {
  const project = useProject()
  const types = useQuery(groupTypesQuery(project.id))
  return (
    <Page title="Groups" layout="fill">
      <Loaded query={types}>
        {(known) => {
          const type = known.find(({ group_type_index: index }) => String(index) === search.type) ?? known[0]
          if (!type)
            return (
              <Empty
                title="No groups yet"
                action={
                  <Button component={Link} to={`/project/${project.id}/connect`}>
                    Connect your app
                  </Button>
                }
              >
                A group appears when your app says what somebody belongs to:{' '}
                <code>
                  posthog.group('company', 'acme', {'{'} name: 'Acme' {'}'})
                </code>
              </Empty>
            )
          return <GroupList key={type.group_type_index} type={type} types={known} search={search} onSearch={onSearch} />
        }}
      </Loaded>
    </Page>
  )
}

function GroupList({ type, types, search, onSearch }: GroupsPageProps & { type: GroupTypeBody; types: readonly GroupTypeBody[] }) {
  const project = useProject()
  const query = useInfiniteQuery({ ...groupsQuery(project.id, type.group_type_index, search.q), placeholderData: (before) => before })
  const { rows, total, paging } = useTableRows(query)
  return (
    <TablePanel
      toolbar={
        <>
          <SearchField value={search.q} onChange={(q) => onSearch({ q })} placeholder="Key or name" label="Search groups" />
          {types.length > 1 && (
            <SegmentedControl
              size="xs"
              aria-label="Type of group"
              value={String(type.group_type_index)}
              onChange={(next) => onSearch({ type: next })}
              data={types.map((each) => ({ value: String(each.group_type_index), label: pluralOf(each) }))}
            />
          )}
        </>
      }
      note={query.data && countOf(total, 'group')}
    >
      <Loaded query={query}>
        {() => {
          if (rows.length === 0) return <Empty title={search.q ? 'No group matches' : 'No groups of this type yet'} />
          return (
            <DataTable
              label={pluralOf(type)}
              columns={columns(project.id)}
              rows={rows}
              rowKey={({ group_key: key }) => key}
              rowHeightPx={44}
              {...paging}
              totalRows={total}
            />
          )
        }}
      </Loaded>
    </TablePanel>
  )
}

const columns = (projectId: number): Column<GroupBody>[] => [
  {
    id: 'name',
    header: 'Group',
    width: 'minmax(200px, 2fr)',
    narrowWidth: 'minmax(0, 1fr)',
    cell: ({ group_type_index: index, group_key: key, group_properties: properties }) => (
      <Link
        to="/project/$projectId/groups/$typeIndex/$groupKey"
        params={{ projectId, typeIndex: String(index), groupKey: key }}
        className={rowLinkClass}
      >
        <GroupsIcon size={17} />
        <Untrusted>{groupName(key, properties)}</Untrusted>
      </Link>
    ),
  },
  {
    id: 'key',
    header: 'Key',
    width: 'minmax(140px, 1.4fr)',
    cell: (group) => (
      <span className={classes.faint}>
        <Untrusted mono>{group.group_key}</Untrusted>
      </span>
    ),
  },
  {
    id: 'properties',
    header: 'Properties',
    width: '96px',
    align: 'end',
    cell: (group) => Object.keys(group.group_properties).length,
  },
  {
    id: 'created',
    header: 'First seen',
    width: '120px',
    narrowWidth: '104px',
    align: 'end',
    cell: (group) => <Instant at={group.created_at} style="short" />,
  },
]

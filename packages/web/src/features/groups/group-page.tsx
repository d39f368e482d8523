import type { RelatedActorBody } from '@hedgerow/protocol'
import { Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useProject } from '../../api-client/current-project.tsx'
import { groupQuery, groupTypesQuery, relatedToGroupQuery } from '../../api-client/groups.ts'
import { CopyIconButton } from '../../ui/copy.tsx'
import { type Column, DataTable, rowLinkClass } from '../../ui/data-table.tsx'
import type { EventView } from '../../ui/event-detail.tsx'
import { GroupsIcon, PersonIcon } from '../../ui/icons.tsx'
import { Instant } from '../../ui/instant.tsx'
import { countOf } from '../../ui/numbers.ts'
import { Page, Panel } from '../../ui/page.tsx'
import { Empty, Loaded } from '../../ui/states.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { GroupEvents } from './group-events.tsx'
import { GroupProperties } from './group-properties.tsx'
import { groupName, pluralOf } from './group-words.ts'
import classes from './groups.module.css'

export interface GroupSearch {
  tab?: 'events' | undefined
  open?: string | undefined
  view?: EventView | undefined
}

interface GroupPageProps {
  typeIndex: number
  groupKey: string
  search: GroupSearch
  onSearch: (change: GroupSearch) => void
}

/** One group: its properties, who belongs to it, and what they did. */
export function GroupPage({ typeIndex, groupKey, search, onSearch }: GroupPageProps) {
  const project = useProject()
  const group = useQuery(groupQuery(project.id, typeIndex, groupKey))
  const related = useQuery(relatedToGroupQuery(project.id, typeIndex, groupKey))
  const types = useQuery(groupTypesQuery(project.id))
  const type = types.data?.find(({ group_type_index: index }) => index === typeIndex)
  const name = group.data ? groupName(groupKey, group.data.group_properties) : groupKey
  return (
    <Page
      title={<Untrusted>{name}</Untrusted>}
      documentTitle={name}
      crumbs={[{ label: type ? pluralOf(type) : 'Groups', to: '/project/$projectId/groups', params: { projectId: String(project.id) } }]}
    >
      <Loaded query={group}>
        {(found) => (
          <div className={classes.columns}>
            <div className={classes.side}>
              <Panel title="Identity">
                <dl className={classes.facts}>
                  <dt>Key</dt>
                  <dd>
                    <Untrusted mono>{found.group_key}</Untrusted>
                    <CopyIconButton text={found.group_key} label="Copy the key" />
                  </dd>
                  <dt>First seen</dt>
                  <dd>
                    <Instant at={found.created_at} style="full" />
                  </dd>
                </dl>
              </Panel>
              <GroupProperties group={found} />
            </div>
            <div className={classes.side}>
              <Tabs
                value={search.tab ?? 'people'}
                onChange={(tab) => onSearch({ tab: tab === 'events' ? tab : undefined, open: undefined })}
                keepMounted={false}
              >
                <Tabs.List>
                  <Tabs.Tab value="people">People and groups</Tabs.Tab>
                  <Tabs.Tab value="events">Events</Tabs.Tab>
                </Tabs.List>
                <Tabs.Panel value="events" pt="md">
                  <Panel flush>
                    <GroupEvents typeIndex={typeIndex} groupKey={groupKey} search={search} onSearch={onSearch} />
                  </Panel>
                </Tabs.Panel>
                <Tabs.Panel value="people" pt="md">
                  <Panel title="Related" note={related.data && countOf(related.data.length, 'person or group', 'persons and groups')} flush>
                    <Loaded query={related}>
                      {(actors) =>
                        actors.length === 0 ? (
                          <Empty title="Nobody yet">People appear here who had events together with the group.</Empty>
                        ) : (
                          <div className={classes.related}>
                            <DataTable
                              label="Related"
                              columns={columns(project.id)}
                              rows={actors}
                              rowKey={({ type: of, id }) => `${of} ${id}`}
                            />
                          </div>
                        )
                      }
                    </Loaded>
                  </Panel>
                </Tabs.Panel>
              </Tabs>
            </div>
          </div>
        )}
      </Loaded>
    </Page>
  )
}

const columns = (projectId: number): Column<RelatedActorBody>[] => [
  {
    id: 'name',
    header: 'Name',
    width: 'minmax(200px, 2fr)',
    narrowWidth: 'minmax(0, 1fr)',
    cell: (actor) =>
      actor.type === 'person' ? (
        <Link to="/project/$projectId/persons/$personId" params={{ projectId, personId: actor.id }} className={rowLinkClass}>
          <PersonIcon size={16} />
          <Untrusted>{actor.name}</Untrusted>
        </Link>
      ) : (
        <Link
          to="/project/$projectId/groups/$typeIndex/$groupKey"
          params={{ projectId, typeIndex: String(actor.group_type_index), groupKey: actor.group_key }}
          className={rowLinkClass}
        >
          <GroupsIcon size={16} />
          <Untrusted>{groupName(actor.group_key, actor.properties)}</Untrusted>
        </Link>
      ),
  },
  {
    id: 'created',
    header: 'First seen',
    width: '130px',
    narrowWidth: '104px',
    align: 'end',
    cell: (actor) => <Instant at={actor.created_at} style="short" />,
  },
]

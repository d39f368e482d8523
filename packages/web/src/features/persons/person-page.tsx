import type { PersonBody } from '@hedgerow/protocol'
import { Button, Menu, Tabs } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { deletePerson, findPerson, personMergesQuery, personQuery, splitPerson } from '../../api-client/persons.ts'
import { Confirm } from '../../ui/confirm.tsx'
import type { EventView } from '../../ui/event-detail.tsx'
import { DotsIcon, SplitIcon, TrashIcon } from '../../ui/icons.tsx'
import { countOf } from '../../ui/numbers.ts'
import { Page, Panel } from '../../ui/page.tsx'
import { PropertyTable } from '../../ui/property-table.tsx'
import { Loaded, SkeletonRows } from '../../ui/states.tsx'
import { toast } from '../../ui/toasts.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { Identities } from './identities.tsx'
import { IdentityCard } from './identity-card.tsx'
import classes from './person-page.module.css'
import { PersonTimeline } from './person-timeline.tsx'
import { SplitDialog } from './split-dialog.tsx'

export interface PersonSearch {
  tab?: 'timeline' | 'properties' | 'ids' | undefined
  event?: string | undefined
  open?: string | undefined
  view?: EventView | undefined
}

interface PersonPageProps {
  personId: string
  search: PersonSearch
  onSearch: (change: PersonSearch) => void
}

export function PersonPage({ personId, search, onSearch }: PersonPageProps) {
  const project = useProject()
  const person = useQuery(personQuery(project.id, personId))
  const crumbs = [{ label: 'Persons', to: '/project/$projectId/persons', params: { projectId: String(project.id) } }]
  return (
    <Page
      title={person.data ? <Untrusted>{person.data.name}</Untrusted> : 'Person'}
      documentTitle={person.data?.name.slice(0, 60) ?? 'Person'}
      crumbs={crumbs}
      actions={person.data && <PersonActions person={person.data} />}
    >
      <Loaded query={person} skeleton={<SkeletonRows rows={10} />}>
        {(found) => <PersonBodyView person={found} search={search} onSearch={onSearch} />}
      </Loaded>
    </Page>
  )
}

function PersonBodyView({ person, search, onSearch }: { person: PersonBody } & Omit<PersonPageProps, 'personId'>) {
  const project = useProject()
  const merges = useQuery(personMergesQuery(project.id, person.id))
  const tab = search.tab ?? 'timeline'
  return (
    <div className={classes.columns}>
      <IdentityCard person={person} mergeCount={merges.data?.length} onIds={() => onSearch({ tab: 'ids' })} />
      <div className={classes.main}>
        <Tabs
          value={tab}
          onChange={(next) => onSearch({ tab: (['properties', 'ids'] as const).find((each) => each === next), open: undefined })}
          keepMounted={false}
        >
          <Tabs.List>
            <Tabs.Tab value="timeline">Timeline</Tabs.Tab>
            <Tabs.Tab value="properties">Properties</Tabs.Tab>
            <Tabs.Tab value="ids">Identity</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="timeline" pt="md">
            <PersonTimeline personId={person.id} search={search} onSearch={onSearch} />
          </Tabs.Panel>
          <Tabs.Panel value="properties" pt="md">
            <Panel>
              <PropertyTable
                properties={person.properties}
                label="the person's properties"
                none="This person has no properties. Apps set them with identify, or with $set in any event."
              />
            </Panel>
          </Tabs.Panel>
          <Tabs.Panel value="ids" pt="md">
            <Loaded query={merges}>{(history) => <Identities person={person} merges={history} />}</Loaded>
          </Tabs.Panel>
        </Tabs>
      </div>
    </div>
  )
}

function PersonActions({ person }: { person: PersonBody }) {
  const project = useProject()
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const [asking, setAsking] = useState<'delete' | 'split'>()
  const canSplit = person.distinct_ids.length > 1
  const afterChange = async (text: string) => {
    toast(text)
    await queryClient.invalidateQueries({ queryKey: ['project', project.id] })
  }
  return (
    <>
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <Button variant="default" px="xs" aria-label="More to do with this person">
            <DotsIcon size={18} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<SplitIcon size={16} />} disabled={!canSplit} onClick={() => setAsking('split')}>
            Split distinct ids
          </Menu.Item>
          <Menu.Item leftSection={<TrashIcon size={16} />} color="berry" onClick={() => setAsking('delete')}>
            Delete person
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <SplitDialog
        person={person}
        opened={asking === 'split'}
        onClose={() => setAsking(undefined)}
        onSplit={async (mainDistinctId) => {
          await splitPerson(project.id, person.id, mainDistinctId)
          // why: a person is known by the id of its first distinct id, so the one that keeps the properties may now have another page.
          const kept = await findPerson(project.id, mainDistinctId)
          if (kept) await navigate({ to: '/project/$projectId/persons/$personId', params: { projectId: project.id, personId: kept.id } })
          await afterChange(`Split into ${countOf(person.distinct_ids.length, 'person')}.`)
        }}
      />
      <Confirm
        opened={asking === 'delete'}
        onClose={() => setAsking(undefined)}
        title="Delete this person?"
        verb="Delete person"
        option={{
          label: 'Delete the events as well',
          description: 'Every event of every distinct id of this person. Charts of the past change.',
          initially: false,
        }}
        onConfirm={async (withEvents) => {
          await deletePerson(project.id, person.id, withEvents)
          await navigate({ to: '/project/$projectId/persons', params: { projectId: project.id } })
          await afterChange(withEvents ? 'The person and the events are being deleted.' : 'The person is deleted.')
        }}
      >
        <p>
          <strong>
            <Untrusted>{person.name}</Untrusted>
          </strong>{' '}
          with {countOf(Object.keys(person.properties).length, 'property', 'properties')} and{' '}
          {countOf(person.distinct_ids.length, 'distinct id')} is removed. This cannot be undone. If the app sends events with these ids
          again, a new person begins.
        </p>
      </Confirm>
    </>
  )
}

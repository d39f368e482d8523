import type { PersonBody } from '@hedgerow/protocol'
import { Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { personMergesQuery, personQuery } from '../../api-client/persons.ts'
import type { EventView } from '../../ui/event-detail.tsx'
import { Page } from '../../ui/page.tsx'
import { Loaded, SkeletonRows } from '../../ui/states.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { EventDrawer } from './event-drawer.tsx'
import { Identities } from './identities.tsx'
import { IdentityCard } from './identity-card.tsx'
import { PersonActions } from './person-actions.tsx'
import { PersonExperiments } from './person-experiments.tsx'
import { PersonFlags } from './person-flags.tsx'
import classes from './person-page.module.css'
import { PersonCohorts, PersonGroups } from './person-places.tsx'
import { PersonProperties } from './person-properties.tsx'
import { PersonTimeline } from './person-timeline.tsx'

export const personTabs = ['timeline', 'properties', 'ids', 'groups', 'cohorts', 'flags', 'experiments'] as const

export interface PersonSearch {
  tab?: (typeof personTabs)[number] | undefined
  /** On the timeline: only events of this name. */
  event?: string | undefined
  open?: string | undefined
  view?: EventView | undefined
  /** Properties over time; `of` one of them. */
  past?: 'all' | undefined
  of?: string | undefined
  /** Flags at this instant. */
  at?: string | undefined
}

interface PersonPageProps {
  personId: string
  search: PersonSearch
  onSearch: (change: PersonSearch) => void
}

const tabLabels: Record<(typeof personTabs)[number], string> = {
  timeline: 'Timeline',
  properties: 'Properties',
  ids: 'Identity',
  groups: 'Groups',
  cohorts: 'Cohorts',
  flags: 'Flags',
  experiments: 'Experiments',
}

/** On a phone not all tabs fit: the one that an address names is brought into sight. */
function showActiveTab(scroller: HTMLDivElement | null): void {
  const active = scroller?.querySelector<HTMLElement>('[data-active]')
  if (scroller && active) scroller.scrollLeft = active.offsetLeft - (scroller.clientWidth - active.clientWidth) / 2
}

export function PersonPage({ personId, search, onSearch }: PersonPageProps) {
  const project = useProject()
  const person = useQuery(personQuery(project.id, personId))
  const [splitting, setSplitting] = useState<string>()
  const crumbs = [{ label: 'Persons', to: '/project/$projectId/persons', params: { projectId: String(project.id) } }]
  return (
    <Page
      title={person.data ? <Untrusted>{person.data.name}</Untrusted> : 'Person'}
      documentTitle={person.data?.name.slice(0, 60) ?? 'Person'}
      crumbs={crumbs}
      actions={person.data && <PersonActions person={person.data} splitting={splitting} onSplitEnd={() => setSplitting(undefined)} />}
    >
      <Loaded query={person} skeleton={<SkeletonRows rows={10} />}>
        {(found) => <PersonBodyView person={found} search={search} onSearch={onSearch} onSplitOff={setSplitting} />}
      </Loaded>
    </Page>
  )
}

interface PersonBodyViewProps extends Omit<PersonPageProps, 'personId'> {
  person: PersonBody
  onSplitOff: (distinctId: string) => void
}

function PersonBodyView({ person, search, onSearch, onSplitOff }: PersonBodyViewProps) {
  const project = useProject()
  const merges = useQuery(personMergesQuery(project.id, person.id))
  const tab = search.tab ?? 'timeline'
  const toTab = (next: PersonSearch['tab']) =>
    onSearch({ tab: next === 'timeline' ? undefined : next, open: undefined, past: undefined, of: undefined, at: undefined })
  const open = (eventId: string) => onSearch({ open: eventId })
  return (
    <div className={classes.columns}>
      <IdentityCard person={person} merges={merges.data} onIds={() => toTab('ids')} />
      <div className={classes.main}>
        <Tabs value={tab} onChange={(next) => toTab(personTabs.find((each) => each === next))} keepMounted={false}>
          <div className={classes.tabsScroll} ref={showActiveTab}>
            <Tabs.List className={classes.tabs}>
              {personTabs.map((each) => (
                <Tabs.Tab key={each} value={each}>
                  {tabLabels[each]}
                </Tabs.Tab>
              ))}
            </Tabs.List>
          </div>
          <Tabs.Panel value="timeline" pt="md">
            <PersonTimeline personId={person.id} search={search} onSearch={onSearch} />
          </Tabs.Panel>
          <Tabs.Panel value="properties" pt="md">
            <PersonProperties person={person} search={search} onSearch={onSearch} />
          </Tabs.Panel>
          <Tabs.Panel value="ids" pt="md">
            <Loaded query={merges}>
              {(history) => <Identities person={person} merges={history} onSplitOff={onSplitOff} onOpen={open} />}
            </Loaded>
          </Tabs.Panel>
          <Tabs.Panel value="groups" pt="md">
            <PersonGroups personId={person.id} />
          </Tabs.Panel>
          <Tabs.Panel value="cohorts" pt="md">
            <PersonCohorts personId={person.id} />
          </Tabs.Panel>
          <Tabs.Panel value="flags" pt="md">
            <PersonFlags key={search.at} personId={person.id} at={search.at} onAt={(at) => onSearch({ at })} />
          </Tabs.Panel>
          <Tabs.Panel value="experiments" pt="md">
            <PersonExperiments personId={person.id} />
          </Tabs.Panel>
        </Tabs>
        <EventDrawer search={search} onSearch={onSearch} />
      </div>
    </div>
  )
}

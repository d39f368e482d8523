import type { PropertyDefinitionBody } from '@hedgerow/protocol'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useProject } from '../../api-client/current-project.tsx'
import {
  carriersQuery,
  changePropertyDefinition,
  type DefinitionChange,
  holdersQuery,
  holderValuesQuery,
  propertyQuery,
  propertyValuesQuery,
} from '../../api-client/definitions.ts'
import { latelyDays } from '../../api-client/lately.ts'
import { eventLabel } from '../../ui/event-name.ts'
import { EventMark } from '../../ui/mark.tsx'
import { countOf, formatCount, formatShare } from '../../ui/numbers.ts'
import { Page, Panel } from '../../ui/page.tsx'
import { valueText } from '../../ui/property-value.ts'
import { Empty, Loaded } from '../../ui/states.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './data.module.css'
import { DefinitionAbout } from './definition-about.tsx'

/** One property: what it means, who has it, and what stands in it. */
export function PropertyDefinitionPage({ definitionId }: { definitionId: string }) {
  const project = useProject()
  const queryClient = useQueryClient()
  const query = useQuery(propertyQuery(project.id, definitionId))
  const change = async (body: DefinitionChange) => {
    const kept = await changePropertyDefinition(project.id, definitionId, body)
    queryClient.setQueryData(propertyQuery(project.id, definitionId).queryKey, kept)
    await queryClient.invalidateQueries({ queryKey: ['project', project.id, 'property-definitions'] })
  }
  const property = query.data
  return (
    <Page
      title={property ? <Untrusted>{property.name}</Untrusted> : 'Property'}
      documentTitle={property?.name.slice(0, 60) ?? 'Property'}
      crumbs={[
        { label: 'Data' },
        { label: 'Properties', to: '/project/$projectId/data/properties', params: { projectId: String(project.id) } },
      ]}
    >
      <Loaded query={query}>
        {(found) => (
          <div className={classes.columns}>
            <div className={classes.main}>
              {found.type === 'event' ? (
                <OfEvents property={found} />
              ) : found.type === 'session' ? (
                <OfSessions />
              ) : (
                <OfActors property={found} />
              )}
            </div>
            <div className={classes.side}>
              <DefinitionAbout key={found.id} definition={found} onChange={change} />
            </div>
          </div>
        )}
      </Loaded>
    </Page>
  )
}

function OfEvents({ property: { name } }: { property: PropertyDefinitionBody }) {
  const project = useProject()
  const carriers = useQuery(carriersQuery(project.id, name))
  const values = useQuery(propertyValuesQuery(project.id, { type: 'event', key: name, search: '' }))
  const total = carriers.data?.reduce((sum, { events }) => sum + events, 0) ?? 0
  const most = Math.max(1, ...(carriers.data ?? []).map(({ events }) => events))
  return (
    <>
      <Panel
        title={`Events that carry it, last ${latelyDays} days`}
        note={carriers.data && `${countOf(total, 'event')} of ${countOf(carriers.data.length, 'name')}`}
      >
        <Loaded query={carriers}>
          {(rows) =>
            rows.length === 0 ? (
              <Empty title="No event lately">No event of the last {latelyDays} days carries it.</Empty>
            ) : (
              <ul className={classes.carriers}>
                {rows.map(({ event, events }) => (
                  <li key={event}>
                    <EventMark name={event} />
                    <span className={classes.carrier}>
                      <Untrusted>{eventLabel(event)}</Untrusted>
                    </span>
                    <span className={classes.bar} aria-hidden="true">
                      <span style={{ width: `${(events / most) * 100}%` }} />
                    </span>
                    <span className={classes.count}>{formatCount(events)}</span>
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
      </Panel>
      <Panel title="Commonest values" note={`Of the last ${latelyDays} days.`}>
        <Loaded query={values}>{(found) => <Values values={found} />}</Loaded>
      </Panel>
    </>
  )
}

function OfActors({ property: { name, type, group_type_index: index } }: { property: PropertyDefinitionBody }) {
  const project = useProject()
  const typeIndex = index ?? undefined
  const holders = useQuery(holdersQuery(project.id, name, typeIndex))
  const values = useQuery(holderValuesQuery(project.id, name, typeIndex))
  const noun = type === 'group' ? 'group' : 'person'
  return (
    <>
      <Panel title="Who has it">
        <Loaded query={holders} compact>
          {({ having, all }) => (
            <p>
              {countOf(having, noun)} of {formatCount(all)}
              {all > 0 && `: ${formatShare(having, all)}`}.
            </p>
          )}
        </Loaded>
      </Panel>
      <Panel title="Commonest values" note={values.data && `About ${countOf(values.data.sample_count, 'different value')}.`}>
        <Loaded query={values}>{(found) => <Values values={found?.sample_values ?? []} />}</Loaded>
      </Panel>
    </>
  )
}

const OfSessions = () => (
  <Panel title="Of sessions">
    <p className={classes.faint}>It is worked out from the events of each session, not sent.</p>
  </Panel>
)

function Values({ values }: { values: readonly string[] }) {
  if (values.length === 0) return <Empty title="No values">Nothing has it at present.</Empty>
  return (
    <ul className={classes.values} aria-label="Values">
      {values.map((value) => (
        <li key={value}>
          <Untrusted>{valueText(value, 200).text}</Untrusted>
        </li>
      ))}
    </ul>
  )
}

import type { EventDefinitionBody } from '@hedgerow/protocol'
import { Button } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useProject } from '../../api-client/current-project.tsx'
import { eventSamplesQuery, propertyDefinitionsQuery } from '../../api-client/definitions.ts'
import { countOf, formatCount } from '../../ui/numbers.ts'
import { Panel } from '../../ui/page.tsx'
import { valueText } from '../../ui/property-value.ts'
import { Empty, Loaded } from '../../ui/states.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './data.module.css'
import { typeLabel } from './ordering.ts'

/** What stands in events of a name: each property with its type and the commonest of its values. */
export function EventProperties({ event }: { event: EventDefinitionBody }) {
  const project = useProject()
  const query = useInfiniteQuery(propertyDefinitionsQuery(project.id, { type: 'event', event: event.name }))
  const samples = useQuery(eventSamplesQuery(project.id, event.name))
  const samplesOf = new Map((samples.data ?? []).map((each) => [each.property, each]))
  return (
    <Panel title="Properties" note={query.data && countOf(query.data.pages[0]?.count ?? 0, 'property', 'properties')}>
      <Loaded query={query}>
        {({ pages }) => {
          const rows = pages
            .flatMap(({ results }) => results)
            .sort((one, other) => Number(one.name.startsWith('$')) - Number(other.name.startsWith('$')))
          if (rows.length === 0) return <Empty title="No properties">Events of this name were sent without any.</Empty>
          return (
            <ul className={classes.properties} aria-label="Properties">
              {rows.map(({ id, name, property_type: type }) => {
                const seen = samplesOf.get(name)
                return (
                  <li key={id} data-sdk={name.startsWith('$')}>
                    <Link
                      to="/project/$projectId/data/properties/$definitionId"
                      params={{ projectId: project.id, definitionId: id }}
                      className={classes.propertyName}
                    >
                      <Untrusted>{name}</Untrusted>
                    </Link>
                    <span className={classes.type}>{typeLabel(type)}</span>
                    <span className={classes.samples}>
                      {samples.isPending && (
                        <span className={classes.faint} aria-busy="true">
                          …
                        </span>
                      )}
                      {(seen?.sample_values ?? []).map((value) => (
                        <span key={value} className={classes.sample}>
                          <Untrusted>{valueText(value, 60).text}</Untrusted>
                        </span>
                      ))}
                      {seen && seen.sample_count > seen.sample_values.length && (
                        <span className={classes.faint}>of about {formatCount(seen.sample_count)}</span>
                      )}
                    </span>
                  </li>
                )
              })}
            </ul>
          )
        }}
      </Loaded>
      {query.hasNextPage && (
        <Button variant="default" size="xs" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          More properties
        </Button>
      )}
    </Panel>
  )
}

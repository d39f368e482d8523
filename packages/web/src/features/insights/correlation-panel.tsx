import { Button, SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { runQuery } from '../../api-client/queries.ts'
import type { ActorsChoice } from '../../query-model/actors.ts'
import {
  type CorrelationAnswer,
  type CorrelationOf,
  type CorrelationRow,
  correlationActors,
  correlationParts,
  correlationQuery,
  oddsDistance,
  oddsWords,
} from '../../query-model/correlation.ts'
import { countedBy } from '../../query-model/counted.ts'
import type { FunnelsQuery } from '../../query-model/nodes.ts'
import { propertyLabel } from '../../query-model/operators.ts'
import { eventLabel } from '../../ui/event-name.ts'
import { formatCount } from '../../ui/numbers.ts'
import { Empty, Failure, SkeletonRows } from '../../ui/states.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './correlation.module.css'

interface CorrelationPanelProps {
  query: FunnelsQuery
  onActors: ((choice: ActorsChoice) => void) | undefined
}

/** What those who went all the way did, or are, more or less often than the others. Asked only when somebody wants it. */
export function CorrelationPanel({ query, onActors }: CorrelationPanelProps) {
  const [of, setOf] = useState<CorrelationOf>()
  if (!of)
    return (
      <Button className={classes.ask ?? ''} size="compact-sm" variant="default" onClick={() => setOf({ kind: 'events' })}>
        What goes with converting?
      </Button>
    )
  return (
    <section className={classes.panel} aria-label="What goes with converting">
      <header className={classes.head}>
        <h2 className={classes.title}>
          {of.kind === 'event_with_properties' ? (
            <>
              Properties of <Untrusted>{eventLabel(of.event)}</Untrusted>
            </>
          ) : (
            'What goes with converting'
          )}
        </h2>
        <SegmentedControl
          size="xs"
          aria-label="What is looked for"
          value={of.kind === 'properties' ? 'properties' : 'events'}
          onChange={(kind) => setOf({ kind: kind === 'properties' ? 'properties' : 'events' })}
          data={[
            { value: 'events', label: 'What they did' },
            { value: 'properties', label: countedBy(query).kind === 'persons' ? 'Who they are' : 'What they are' },
          ]}
        />
      </header>
      <Found query={query} of={of} onOf={setOf} onActors={onActors} />
    </section>
  )
}

interface FoundProps extends CorrelationPanelProps {
  of: CorrelationOf
  onOf: (of: CorrelationOf) => void
}

function Found({ query, of, onOf, onActors }: FoundProps) {
  const project = useProject()
  const node = correlationQuery(query, of)
  const found = useQuery({
    queryKey: ['project', project.id, 'answer', JSON.stringify(node)],
    queryFn: ({ signal }) => runQuery<{ results: CorrelationAnswer }>(project.id, node, { signal }),
    staleTime: 60_000,
    retry: false,
  })
  if (found.isPending) return <SkeletonRows rows={5} />
  if (found.error) return <Failure compact error={found.error} onRetry={() => void found.refetch()} />
  const { events, skewed } = found.data.results
  const distanceOf = oddsDistance(events)
  if (events.length === 0)
    return (
      <Empty title="Nothing stands out">
        {skewed
          ? 'Everyone went all the way, or nobody did: there is nothing to compare.'
          : 'Too few people have anything in common to say something of it.'}
      </Empty>
    )
  return (
    <>
      {skewed && <p className={classes.note}>One outcome is more than ten times as frequent as the other: take these figures with care.</p>}
      <div className={classes.scroll}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{of.kind === 'events' ? 'Event' : 'Property'}</th>
              <th scope="col">Odds to convert</th>
              <th scope="col">Went all the way</th>
              <th scope="col">Did not</th>
            </tr>
          </thead>
          <tbody>
            {events.map((row) => (
              <Row key={row.event.event} row={row} distance={distanceOf(row)} of={of} onOf={onOf} onActors={onActors} />
            ))}
          </tbody>
        </table>
      </div>
      <p className={classes.note}>What goes with converting need not be its cause.</p>
    </>
  )
}

function Row({ row, distance, of, onOf, onActors }: { row: CorrelationRow; distance: number } & Omit<FoundProps, 'query'>) {
  const { name, value } = correlationParts(row, of)
  const label = of.kind === 'events' ? eventLabel(name) : propertyLabel(name)
  return (
    <tr>
      <th scope="row">
        {of.kind === 'events' ? (
          <button
            type="button"
            className={classes.name}
            title="See by which of its properties"
            onClick={() => onOf({ kind: 'event_with_properties', event: name })}
          >
            <Untrusted>{label}</Untrusted>
          </button>
        ) : (
          <>
            <Untrusted>{label}</Untrusted>
            <span className={classes.value}>
              {' is '}
              <Untrusted>{value === '' ? '(empty)' : (value ?? '')}</Untrusted>
            </span>
          </>
        )}
      </th>
      <td>
        <span className={classes.odds} data-tone={row.correlation_type}>
          <span className={classes.bar} style={{ width: `${Math.max(4, distance * 100)}%` }} />
          <span>{oddsWords(row)}</span>
        </span>
      </td>
      {([true, false] as const).map((hasConverted) => {
        const count = hasConverted ? row.success_count : row.failure_count
        return (
          <td key={String(hasConverted)} className={classes.number}>
            {onActors && count > 0 ? (
              <button
                type="button"
                className={classes.count}
                aria-label={`${formatCount(count)} ${hasConverted ? 'who went all the way' : 'who did not'} with ${label}${value === undefined ? '' : ` ${value}`}`}
                onClick={() => onActors(correlationActors(row, of, hasConverted))}
              >
                {formatCount(count)}
              </button>
            ) : (
              formatCount(count)
            )}
          </td>
        )
      })}
    </tr>
  )
}

import type { ActorsChoice } from './actors.ts'
import { funnels } from './funnels.ts'
import type { FunnelsQuery } from './nodes.ts'
import { compact } from './reading.ts'

/** What is looked for among those that converted and those that did not. */
export type CorrelationOf =
  | { kind: 'events' }
  /** Properties of what these persons or groups are. */
  | { kind: 'properties' }
  /** Properties of one event. */
  | { kind: 'event_with_properties'; event: string }

/** One event or property, as the API answers it: a name, or names and a value joined by `::`. */
export interface CorrelationRow {
  event: { event: string }
  success_count: number
  failure_count: number
  odds_ratio: number
  correlation_type: 'success' | 'failure'
}

export interface CorrelationAnswer {
  events: CorrelationRow[]
  /** One outcome is so rare that the ratios say little. */
  skewed: boolean
}

/** The question what goes with converting. */
export function correlationQuery(funnel: FunnelsQuery, of: CorrelationOf): Record<string, unknown> {
  return {
    kind: 'FunnelCorrelationQuery',
    source: { kind: 'FunnelsActorsQuery', source: compact(funnels.asked(funnel)) },
    funnelCorrelationType: of.kind,
    ...(of.kind === 'properties' ? { funnelCorrelationNames: ['$all'] } : {}),
    ...(of.kind === 'event_with_properties' ? { funnelCorrelationEventNames: [of.event] } : {}),
  }
}

/** What a row is about, taken apart. */
export function correlationParts(row: CorrelationRow, of: CorrelationOf): { name: string; value?: string } {
  const parts = row.event.event.split('::')
  switch (of.kind) {
    case 'events':
      return { name: row.event.event }
    case 'properties':
      return { name: parts[0] ?? '', value: parts.slice(1).join('::') }
    case 'event_with_properties':
      return { name: parts[1] ?? '', value: parts.slice(2).join('::') }
  }
}

/** `2.4× higher`, `3.1× lower`: how the odds to convert differ with it. */
export function oddsWords({ odds_ratio: ratio }: CorrelationRow): string {
  const times = (value: number) => (value >= 10 ? String(Math.round(value)) : value.toFixed(1))
  return ratio >= 1 ? `${times(ratio)}× higher` : `${times(1 / Math.max(ratio, 1e-9))}× lower`
}

/** How far the odds of each row are from even, as a share of the farthest: as many times higher or lower is as far. */
export function oddsDistance(rows: readonly CorrelationRow[]): (row: CorrelationRow) => number {
  const distance = ({ odds_ratio: ratio }: CorrelationRow) => Math.abs(Math.log(Math.max(ratio, 1e-9)))
  const farthest = Math.max(0, ...rows.map(distance))
  return (row) => (farthest === 0 ? 0 : distance(row) / farthest)
}

/** Those behind one of its two numbers. */
export function correlationActors(row: CorrelationRow, of: CorrelationOf, hasConverted: boolean): ActorsChoice {
  const { name, value } = correlationParts(row, of)
  return {
    title: `${hasConverted ? 'Went all the way' : 'Did not'} · ${value === undefined ? name : `${name} is ${value}`}`,
    value: hasConverted ? row.success_count : row.failure_count,
    counts: 'people',
    point: {
      kind: 'FunnelCorrelationActorsQuery',
      funnelCorrelationPersonConverted: hasConverted,
      ...(of.kind === 'properties'
        ? { funnelCorrelationPropertyValues: [{ key: name, type: 'person', operator: 'exact', value: [value] }] }
        : {
            funnelCorrelationPersonEntity: {
              kind: 'EventsNode',
              event: of.kind === 'events' ? name : of.event,
              ...(of.kind === 'events' ? {} : { properties: [{ key: name, type: 'event', operator: 'exact', value: [value] }] }),
            },
          }),
    },
  }
}

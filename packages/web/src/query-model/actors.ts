import type { InsightQuery } from './nodes.ts'
import { choiceOf, rawOf, textOf } from './reading.ts'

const actorsKinds = ['InsightActorsQuery', 'FunnelsActorsQuery', 'StickinessActorsQuery', 'FunnelCorrelationActorsQuery'] as const

/** Which people of an answer: the fields of the API's actor queries beside `source`. */
export interface ActorsPoint {
  kind: (typeof actorsKinds)[number]
  /** Trends and lifecycle: the bucket; stickiness: on how many intervals. */
  day?: string | number | undefined
  series?: number | undefined
  breakdown?: string | number | (string | number)[] | undefined
  compare?: 'current' | 'previous' | undefined
  /** Retention: the row. */
  interval?: number | undefined
  /** Lifecycle */
  status?: string | undefined
  /** From 1; negative: those who stopped before it. */
  funnelStep?: number | undefined
  funnelStepBreakdown?: string | number | (string | number)[] | undefined
  funnelTrendsDropOff?: boolean | undefined
  funnelTrendsEntrancePeriodStart?: string | undefined
  /** Paths */
  pathStartKey?: string | undefined
  pathEndKey?: string | undefined
  pathDropoffKey?: string | undefined
  /** Correlations of a funnel */
  funnelCorrelationPersonConverted?: boolean | undefined
  funnelCorrelationPersonEntity?: object | undefined
  funnelCorrelationPropertyValues?: object[] | undefined
}

/** What stands over the list of people: said by whoever was clicked. */
export interface ActorsChoice {
  title: string
  /** The number that was clicked, if it counts people or events. */
  value?: number | undefined
  /** What the number counts. */
  counts?: 'people' | 'events' | undefined
  point: ActorsPoint
}

/** The node that the API lists people for. */
export function actorsSource(source: InsightQuery, { point }: ActorsChoice): Record<string, unknown> {
  const { pathStartKey, pathEndKey, pathDropoffKey, ...rest } = point
  if (point.kind === 'FunnelCorrelationActorsQuery')
    return {
      ...rest,
      source: { kind: 'FunnelCorrelationQuery', source: { kind: 'FunnelsActorsQuery', source }, funnelCorrelationType: 'events' },
    }
  if (source.kind !== 'PathsQuery') return { ...rest, source }
  return { ...rest, source: { ...source, pathsFilter: { ...source.pathsFilter, pathStartKey, pathEndKey, pathDropoffKey } } }
}

export const choiceText = (choice: ActorsChoice): string => JSON.stringify(choice)

/** From an address; undefined when it cannot be read. */
export function readChoice(value: unknown): ActorsChoice | undefined {
  const raw = rawOf(value)
  const point = rawOf(raw.point)
  const kind = choiceOf(point.kind, actorsKinds)
  if (!kind) return undefined
  return {
    title: textOf(raw.title) ?? 'People',
    value: typeof raw.value === 'number' ? raw.value : undefined,
    counts: choiceOf(raw.counts, ['people', 'events'] as const),
    point: { ...point, kind },
  }
}

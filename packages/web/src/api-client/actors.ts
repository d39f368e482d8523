import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { type RowsAnswer, runQuery } from './queries.ts'

/** A person or a group behind a number. */
export interface Actor {
  id: string
  name: string
  isGroup: boolean
  createdAt: string | undefined
  /** How many of their events are in the number, where events are counted. */
  events: number | undefined
}

const pageRows = 100

/** Sources that tell how many events each actor has in the number. */
const countsEvents = (source: Record<string, unknown>) =>
  source.kind === 'InsightActorsQuery' && (source.source as { kind?: unknown } | undefined)?.kind === 'TrendsQuery'

/** The people behind a number, those with most events first. */
export const actorsQuery = (projectId: number, source: Record<string, unknown>, search: string) =>
  infiniteQueryOptions({
    queryKey: ['project', projectId, 'actors', source, search],
    queryFn: async ({ signal, pageParam }) => {
      const hasCount = countsEvents(source)
      const answer = await runQuery<RowsAnswer>(
        projectId,
        {
          kind: 'ActorsQuery',
          source,
          select: hasCount ? ['actor', 'event_count'] : ['actor'],
          ...(hasCount ? { orderBy: ['event_count DESC', 'actor_id'] } : {}),
          ...(search === '' ? {} : { search }),
          limit: pageRows,
          offset: pageParam,
        },
        { signal },
      )
      return { actors: answer.results.map(([actor, events]) => readActor(actor, events)), hasMore: answer.hasMore }
    },
    initialPageParam: 0,
    getNextPageParam: (last, pages) => (last.hasMore ? pages.length * pageRows : undefined),
    staleTime: 60_000,
  })

/** How many people there are behind a number, and how many events. */
export const actorsTotalsQuery = (projectId: number, source: Record<string, unknown>) =>
  queryOptions({
    queryKey: ['project', projectId, 'actors', source, 'totals'],
    queryFn: async ({ signal }) => {
      const hasCount = countsEvents(source)
      const answer = await runQuery<RowsAnswer>(
        projectId,
        { kind: 'ActorsQuery', source, select: hasCount ? ['count()', 'sum(event_count)'] : ['count()'], orderBy: ['count()'], limit: 1 },
        { signal },
      )
      const [people = 0, events] = answer.results[0] ?? []
      return { people: Number(people), events: events === undefined || events === null ? undefined : Number(events) }
    },
    staleTime: 60_000,
  })

function readActor(value: unknown, events: unknown): Actor {
  const raw = (value ?? {}) as {
    id?: unknown
    type?: unknown
    group_key?: unknown
    properties?: Record<string, unknown>
    distinct_ids?: unknown[]
    created_at?: unknown
    display_name?: unknown
  }
  const id = String(raw.id ?? '')
  const isGroup = raw.type === 'group'
  const named = [raw.display_name, raw.properties?.email, raw.properties?.name, raw.group_key, raw.distinct_ids?.[0]]
  return {
    id,
    name: named.map((each) => (typeof each === 'string' ? each : '')).find((each) => each !== '') ?? id,
    isGroup,
    createdAt: typeof raw.created_at === 'string' ? raw.created_at : undefined,
    events: typeof events === 'number' ? events : undefined,
  }
}

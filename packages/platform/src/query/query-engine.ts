import { createParser, nearMiss, type Parser } from '@hedgerow/hogql'
import { insightKinds } from '@hedgerow/insights'
import type { ApplicationStore, EventStore } from '@hedgerow/stores'
import { answerActorsQuery } from './actors-query.ts'
import { answerSchema } from './database-schema.ts'
import { answerEventsQuery } from './events-query.ts'
import { answerMetadata } from './hogql-metadata.ts'
import { answerHogqlQuery } from './hogql-query.ts'
import { answerInsight, type InsightResponse } from './insight-query.ts'
import { readProjectFacts } from './project-facts.ts'
import { asQueryError, invalidQuery } from './query-error.ts'
import type { QueryResponse } from './query-response.ts'
import { type QueryRun, timer } from './run-query.ts'

export interface QueryRequest {
  projectId: number
  /** A query node: `{kind, …}`. */
  query: unknown
  /** Stands for "now" in every relative date; ISO 8601. */
  asOf?: string | Date | undefined
  /** Aborting stops the query in the engine. */
  signal?: AbortSignal | undefined
  /** Chosen by the client; {@link QueryEngine.cancel} takes it. */
  clientQueryId?: string | undefined
}

export interface QueryEngine {
  /** @throws QueryError what is wrong with the query, or why it was stopped; HedgerowError `not_found` for no such project. */
  run(request: QueryRequest): Promise<QueryResponse | InsightResponse>
  /** The same for kinds that answer rows and columns. */
  rows(request: QueryRequest): Promise<QueryResponse>
  /** Stops a query of the project by the client's id. False if none runs. */
  cancel(projectId: number, clientQueryId: string): boolean
}

export interface QueryEngineOptions {
  events: EventStore
  application: ApplicationStore
  now: () => Date
}

type QueryNode = Record<string, unknown>
type Answer = (run: QueryRun, node: QueryNode, parser: Parser) => Promise<QueryResponse | InsightResponse>

const kinds: Record<string, Answer> = {
  HogQLQuery: answerHogqlQuery,
  EventsQuery: answerEventsQuery,
  ActorsQuery: answerActorsQuery,
  HogQLMetadata: answerMetadata,
  DatabaseSchemaQuery: answerSchema,
  ...Object.fromEntries(
    Object.entries(insightKinds).map(([kind, insight]): [string, Answer] => [
      kind,
      (run, node, parser) => answerInsight(insight, run, node, parser),
    ]),
  ),
}
const wrappers = ['DataTableNode', 'DataVisualizationNode', 'InsightVizNode']
/** PostHog's, not answered here yet. */
const known = [
  'TrendsQuery',
  'FunnelsQuery',
  'RetentionQuery',
  'PathsQuery',
  'LifecycleQuery',
  'StickinessQuery',
  'InsightActorsQuery',
  'FunnelsActorsQuery',
  'FunnelCorrelationQuery',
  'StickinessActorsQuery',
  'SessionsTimelineQuery',
  'SessionsQuery',
  'GroupsQuery',
  'PersonsNode',
  'HogQLASTQuery',
  'HogQLAutocomplete',
  'SavedInsightNode',
  'EventsNode',
  'ActionsNode',
  'EventTaxonomyQuery',
  'ActorsPropertyTaxonomyQuery',
  'WebOverviewQuery',
  'WebStatsTableQuery',
]

export function createQueryEngine({ events, application, now }: QueryEngineOptions): QueryEngine {
  let parser: Promise<Parser> | undefined
  const running = new Map<string, AbortController>()

  async function answer(request: QueryRequest, signal: AbortSignal): Promise<QueryResponse | InsightResponse> {
    const node = unwrap(request.query)
    const kind = String(node.kind)
    const act = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined
    if (!act) throw unknownKind(node.kind)
    const timings: QueryRun['timings'] = []
    const timed = timer(timings)
    parser ??= createParser()
    const [ready, facts] = await Promise.all([parser, timed('project', () => readProjectFacts({ events, application }, request.projectId))])
    const modifiers = typeof node.modifiers === 'object' && node.modifiers !== null ? node.modifiers : {}
    return act({ stores: { events, application }, facts, now: instantOf(request.asOf, now), signal, timings, modifiers }, node, ready)
  }

  async function run(request: QueryRequest): Promise<QueryResponse | InsightResponse> {
    const own = new AbortController()
    const signal = request.signal ? AbortSignal.any([request.signal, own.signal]) : own.signal
    const key = request.clientQueryId === undefined ? undefined : `${request.projectId} ${request.clientQueryId}`
    if (key) running.set(key, own)
    try {
      return await answer(request, signal)
    } catch (error) {
      throw asQueryError(error)
    } finally {
      if (key && running.get(key) === own) running.delete(key)
    }
  }

  return {
    run,

    async rows(request) {
      const response = await run(request)
      if ('columns' in response) return response
      throw invalidQuery('The query does not answer rows')
    },

    cancel(projectId, clientQueryId) {
      const query = running.get(`${projectId} ${clientQueryId}`)
      query?.abort()
      return query !== undefined
    },
  }
}

function unwrap(query: unknown, depth = 0): QueryNode {
  if (typeof query !== 'object' || query === null || Array.isArray(query)) throw invalidQuery('query must be an object with a kind')
  const node = query as QueryNode
  if (!wrappers.includes(String(node.kind))) return node
  if (depth > 5) throw invalidQuery('query is wrapped too often')
  return unwrap(node.source, depth + 1)
}

function unknownKind(kind: unknown): Error {
  if (kind === undefined) return invalidQuery(`query.kind is missing; it can be ${Object.keys(kinds).join(', ')}`)
  const name = String(kind)
  if (known.includes(name)) return invalidQuery(`Unsupported query kind: ${name}`)
  return invalidQuery(
    `Unknown query kind "${name}".${nearMiss(name, Object.keys(kinds)) || ` There are ${Object.keys(kinds).join(', ')}.`}`,
  )
}

function instantOf(asOf: string | Date | undefined, now: () => Date): Date {
  if (asOf === undefined) return now()
  const instant = new Date(asOf)
  if (Number.isNaN(instant.getTime())) throw invalidQuery(`as_of must be an ISO 8601 instant, not "${String(asOf)}"`)
  return instant
}

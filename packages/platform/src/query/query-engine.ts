import { createParser, nearMiss, type Parser } from '@hedgerow/hogql'
import { insightKinds } from '@hedgerow/insights'
import type { ApplicationStore, EventStore } from '@hedgerow/stores'
import { answerActorsQuery, answerInsightActors } from './actors-query.ts'
import type { ProjectRevision } from './cache-revision.ts'
import { answerSchema } from './database-schema.ts'
import { answerEventsQuery } from './events-query.ts'
import { answerAaCheck } from './experiments/aa-check.ts'
import { answerExperimentPeople } from './experiments/experiment-people.ts'
import { answerExperimentQuery, answerExposureQuery } from './experiments/experiment-query.ts'
import { answerExperimentResults } from './experiments/experiment-results.ts'
import { answerFlagCalls } from './experiments/flag-calls.ts'
import { answerReport } from './experiments/report.ts'
import { answerRunningTime } from './experiments/running-time.ts'
import { answerTimeseries } from './experiments/timeseries.ts'
import { explainingEventStore, type StatementEstimate } from './explain.ts'
import { answerGroupsQuery } from './groups-query.ts'
import { answerAutocomplete } from './hogql-autocomplete.ts'
import { answerMetadata } from './hogql-metadata.ts'
import { answerHogqlQuery } from './hogql-query.ts'
import { answerInsight, type InsightResponse } from './insight-query.ts'
import { actorsSourceKinds } from './insight-source.ts'
import { createKnownFacts } from './known-facts.ts'
import { isInProjectZone, type QueryModifiers } from './modifiers.ts'
import { unwrapQuery } from './overrides.ts'
import { answerPersonsNode } from './persons-node.ts'
import { type ProjectFacts, readProjectFacts } from './project-facts.ts'
import { asQueryError, invalidQuery } from './query-error.ts'
import type { QueryResponse } from './query-response.ts'
import { type QueryRun, timer } from './run-query.ts'
import { answerSessionsQuery } from './sessions-query.ts'
import { answerSessionsTimeline, type TimelineResponse } from './sessions-timeline.ts'
import { type RowsSource, streamHogql } from './streamed-rows.ts'
import { answerActorsTaxonomy, answerEventTaxonomy, type TaxonomyResponse } from './taxonomy-query.ts'
import { silentEventStore } from './warm-up.ts'
import { type EngineWork, watchedEventStore } from './watched-event-store.ts'

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
  /** How far the project has come, if that was just read: what was read of it at the same revision is not read again. */
  revision?: ProjectRevision | undefined
  /** Told what the query asks of the engine, and where it runs; interactive unless given. */
  work?: EngineWork | undefined
}

export interface QueryEngine {
  /** @throws QueryError what is wrong with the query, or why it was stopped; HedgerowError `not_found` for no such project. */
  run(request: QueryRequest): Promise<AnyResponse>
  /** The revision that a project was at when it was asked about last, where it seems to stay at it; only a new reading can tell. */
  likelyRevision(projectId: number): ProjectRevision | undefined
  /** Does all that is done for a query, but asks no event store, and answers nothing. */
  rehearse(query: QueryNode, facts: ProjectFacts): Promise<void>
  /** The same as {@link QueryEngine.run} for kinds that answer rows and columns. */
  rows(request: QueryRequest): Promise<QueryResponse>
  /** The rows of a `HogQLQuery` as a stream, at most `maxRows`. */
  stream(request: QueryRequest, maxRows: number): Promise<RowsSource>
  /** What the engine would read for a query of any kind, without running it. */
  explain(request: QueryRequest): Promise<StatementEstimate[]>
  /** Stops a query of the project by the client's id. False if none runs. */
  cancel(projectId: number, clientQueryId: string): boolean
}

export interface QueryEngineOptions {
  events: EventStore
  application: ApplicationStore
  now: () => Date
}

type QueryNode = Record<string, unknown>
/** What a kind answers; those of rows have columns. */
export type AnyResponse = QueryResponse | InsightResponse | TimelineResponse | TaxonomyResponse
type Answer = (run: QueryRun, node: QueryNode, parser: Parser) => Promise<AnyResponse>

const kinds: Record<string, Answer> = {
  HogQLQuery: answerHogqlQuery,
  EventsQuery: answerEventsQuery,
  SessionsQuery: answerSessionsQuery,
  SessionsTimelineQuery: answerSessionsTimeline,
  GroupsQuery: answerGroupsQuery,
  EventTaxonomyQuery: answerEventTaxonomy,
  ActorsPropertyTaxonomyQuery: answerActorsTaxonomy,
  PersonsNode: answerPersonsNode,
  ActorsQuery: answerActorsQuery,
  ...Object.fromEntries(actorsSourceKinds.map((kind) => [kind, answerInsightActors])),
  HogQLMetadata: answerMetadata,
  HogQLAutocomplete: answerAutocomplete,
  DatabaseSchemaQuery: answerSchema,
  ExperimentQuery: answerExperimentQuery,
  ExperimentExposureQuery: answerExposureQuery,
  ExperimentPeopleQuery: answerExperimentPeople,
  ExperimentResultsQuery: answerExperimentResults,
  ExperimentTimeseriesQuery: answerTimeseries,
  ExperimentAACheckQuery: answerAaCheck,
  ExperimentReportQuery: answerReport,
  ExperimentRunningTimeQuery: answerRunningTime,
  ExperimentFlagCallsQuery: answerFlagCalls,
  ...Object.fromEntries(
    Object.entries(insightKinds).map(([kind, insight]): [string, Answer] => [
      kind,
      (run, node, parser) => answerInsight(insight, run, node, parser),
    ]),
  ),
}
/** PostHog's, not answered here; with what to ask instead, where there is something. */
const unanswered: Record<string, string> = {
  HogQLASTQuery: 'send its text as a HogQLQuery',
  SavedInsightNode: 'ask for the query of the insight',
  EventsNode: 'it is a series; put it into a TrendsQuery',
  ActionsNode: 'it is a series; put it into a TrendsQuery',
  WebOverviewQuery: '',
  WebStatsTableQuery: '',
}

export function createQueryEngine({ events, application, now }: QueryEngineOptions): QueryEngine {
  let parser: Promise<Parser> | undefined
  const running = new Map<string, AbortController>()

  const known = createKnownFacts({ events, application })

  const factsOf = ({ projectId, revision }: QueryRequest): Promise<ProjectFacts> =>
    revision === undefined ? readProjectFacts({ events, application }, projectId) : known.at(projectId, revision)

  async function runOf(request: QueryRequest, node: QueryNode, signal: AbortSignal | undefined): Promise<QueryRun> {
    const timings: QueryRun['timings'] = []
    parser ??= createParser()
    const [ready, read] = await Promise.all([parser, timer(timings)('project', () => factsOf(request))])
    const modifiers = modifiersOf(node)
    const facts = shownIn(read, node, modifiers)
    const stores = { events: request.work ? watchedEventStore(events, request.work) : events, application }
    return { stores, facts, parser: ready, now: instantOf(request.asOf, now), ...(signal ? { signal } : {}), timings, modifiers }
  }

  async function answer(request: QueryRequest, signal: AbortSignal): Promise<AnyResponse> {
    const node = unwrapQuery(request.query)
    const act = actOf(node)
    const ready = await runOf(request, node, signal)
    return act(ready, node, ready.parser)
  }

  async function run(request: QueryRequest): Promise<AnyResponse> {
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
    likelyRevision: known.likelyRevision,

    async rehearse(node, facts) {
      parser ??= createParser()
      const ready = await parser
      const stores = { events: silentEventStore(events), application }
      await actOf(node)({ stores, facts, parser: ready, now: now(), timings: [], modifiers: {} }, node, ready)
    },

    async rows(request) {
      const response = await run(request)
      if ('columns' in response) return response
      throw invalidQuery('The query does not answer rows')
    },

    async explain(request) {
      const estimates: StatementEstimate[] = []
      const node = unwrapQuery(request.query)
      const act = actOf(node)
      const ready = await runOf(request, node, request.signal)
      const stores = { ...ready.stores, events: explainingEventStore(ready.stores.events, (estimate) => estimates.push(estimate)) }
      try {
        await act({ ...ready, stores }, node, ready.parser)
      } catch (error) {
        // tricky: a kind that asks in several steps may need rows of the first; what it asked so far is known.
        if (estimates.length === 0) throw asQueryError(error)
      }
      return estimates
    },

    async stream(request, maxRows) {
      const node = unwrapQuery(request.query)
      if (node.kind !== 'HogQLQuery') throw invalidQuery(`Rows of a ${String(node.kind)} cannot be streamed; those of a HogQLQuery can`)
      const ready = await runOf(request, node, request.signal)
      return streamHogql(ready, node, ready.parser, maxRows)
    },

    cancel(projectId, clientQueryId) {
      const query = running.get(`${projectId} ${clientQueryId}`)
      query?.abort()
      return query !== undefined
    },
  }
}

function actOf({ kind }: QueryNode): Answer {
  const act = Object.hasOwn(kinds, String(kind)) ? kinds[String(kind)] : undefined
  if (!act) throw unknownKind(kind)
  return act
}

const modifiersOf = ({ modifiers }: QueryNode): QueryModifiers =>
  (typeof modifiers === 'object' && modifiers !== null ? modifiers : {}) as QueryModifiers

function shownIn(facts: ProjectFacts, { kind }: QueryNode, modifiers: QueryModifiers): ProjectFacts {
  const isOfRows = kind === 'HogQLQuery' || kind === 'EventsQuery'
  return isOfRows && !isInProjectZone(modifiers) ? { ...facts, timezone: 'UTC' } : facts
}

function unknownKind(kind: unknown): Error {
  if (kind === undefined) return invalidQuery(`query.kind is missing; it can be ${Object.keys(kinds).join(', ')}`)
  const name = String(kind)
  const instead = Object.hasOwn(unanswered, name) ? unanswered[name] : undefined
  if (instead !== undefined) return invalidQuery(`Unsupported query kind: ${name}${instead && ` (${instead})`}`)
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

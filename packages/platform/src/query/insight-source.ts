import { build, type Parser, type syntax } from '@hedgerow/hogql'
import { type Insight, type InsightActors, insightKinds, type QueryNode } from '@hedgerow/insights'
import { insightContext } from './insight-context.ts'
import { unwrapQuery } from './overrides.ts'
import { invalidQuery } from './query-error.ts'
import { type QueryRun, runQuery } from './run-query.ts'

/** Kinds that name the people behind a number of their `source`; what the source is, where its kind is not said. */
const sources: Record<string, string | undefined> = {
  InsightActorsQuery: undefined,
  FunnelsActorsQuery: 'FunnelsQuery',
  StickinessActorsQuery: 'StickinessQuery',
  FunnelCorrelationActorsQuery: 'FunnelCorrelationQuery',
}

/** Names of the kinds that {@link actorsOfSource} takes. */
export const actorsSourceKinds = Object.keys(sources)

export const isActorsSource = (node: unknown): node is QueryNode =>
  typeof node === 'object' && node !== null && actorsSourceKinds.includes(String((node as QueryNode).kind))

interface Source {
  insight: Insight
  node: QueryNode
  selection: QueryNode
}

/** The people behind a number: rows of `actor_id` and, where the insight tells them, `event_count` and `event_distinct_ids`. @throws QueryError */
export async function actorsOfSource(run: QueryRun, given: QueryNode, parser: Parser): Promise<InsightActors> {
  const { insight, node, selection } = readSource(given)
  const context = await insightContext(run, given, parser)
  return insight.actors(node, selection, context, async (tree) => (await runQuery(run, tree)).rows)
}

/**
 * The events behind a number as a condition on `events`, for `EventsQuery.source`; of an insight that does not tell them,
 * everything that its people did.
 */
export async function eventsOfSource(run: QueryRun, given: QueryNode, parser: Parser): Promise<syntax.Expr> {
  const { insight, node, selection } = readSource(given)
  const context = await insightContext(run, given, parser)
  const rows = async (tree: syntax.Query) => (await runQuery(run, tree)).rows
  if (insight.events) return insight.events(node, selection, context, rows)
  const { query, groupTypeIndex } = await insight.actors(node, selection, context, rows)
  const ids = build.select([build.field('actor_id')], { from: build.from(query, 'actors') })
  const actor = build.field(groupTypeIndex === undefined ? 'person_id' : `$group_${groupTypeIndex}`)
  return build.compare('in', actor, { kind: 'subquery', query: ids })
}

function readSource(given: QueryNode): Source {
  const kind = String(given.kind)
  if (!Object.hasOwn(sources, kind)) throw invalidQuery(`source cannot be a ${kind}; it can be a ${actorsSourceKinds.join(', ')}`)
  const inner = unwrapQuery(given.source)
  const innerKind = String(inner.kind ?? sources[kind])
  const insight = Object.hasOwn(insightKinds, innerKind) ? insightKinds[innerKind] : undefined
  if (!insight) throw invalidQuery(`${kind}.source cannot be a ${innerKind}; it can be a ${Object.keys(insightKinds).join(', ')}`)
  const { source: _, ...selection } = given
  return { insight, node: inner, selection }
}

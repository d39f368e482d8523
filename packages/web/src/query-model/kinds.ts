import { funnels } from './funnels.ts'
import type { Kind } from './kind.ts'
import { lifecycle } from './lifecycle.ts'
import type { InsightKind, InsightQuery } from './nodes.ts'
import { paths } from './paths.ts'
import { compact, type Raw, rawOf } from './reading.ts'
import { retention } from './retention.ts'
import { stickiness } from './stickiness.ts'
import { trends } from './trends.ts'

/** In the order in which they are offered. */
export const kinds: readonly Kind<InsightQuery>[] = [trends, funnels, retention, paths, lifecycle, stickiness].map(
  // why: each is called only with queries of its own kind, which `kindOf` sees to.
  (kind) => kind as unknown as Kind<InsightQuery>,
)

export function kindOf(kind: InsightKind): Kind<InsightQuery> {
  const found = kinds.find((each) => each.kind === kind)
  if (!found) throw new Error(`no kind ${kind}`)
  return found
}

export const kindBySlug = (slug: string | undefined): Kind<InsightQuery> | undefined => kinds.find((each) => each.slug === slug)

/** A query in its wrapper or without; undefined when it is none of the kinds that are edited here. */
export function readQuery(value: unknown): InsightQuery | undefined {
  const raw = unwrap(rawOf(value))
  return kinds.find(({ kind }) => kind === raw.kind)?.read(raw)
}

function unwrap(raw: Raw): Raw {
  return raw.kind === 'InsightVizNode' || raw.kind === 'DataVisualizationNode' || raw.kind === 'DataTableNode' ? rawOf(raw.source) : raw
}

/** What is sent to the server, and what tells whether two questions are the same. */
export function askedQuery(query: InsightQuery): InsightQuery {
  return compact(kindOf(query.kind).asked(query))
}

export const problemsOf = (query: InsightQuery): string[] => kindOf(query.kind).problems(query)
export const queryWords = (query: InsightQuery): string => kindOf(query.kind).words(query)

/** The question turned into another kind, keeping what both have. */
export function turnInto(query: InsightQuery, kind: InsightKind): InsightQuery {
  return query.kind === kind ? query : kindOf(kind).from(query)
}

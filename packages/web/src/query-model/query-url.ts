import type { ProjectBody } from '@hedgerow/protocol'
import { kindBySlug, readQuery } from './kinds.ts'
import type { InsightQuery } from './nodes.ts'
import { compact } from './reading.ts'
import { retentionOfCohort } from './retention.ts'
import { trends } from './trends.ts'

/** A query as the text of a parameter in an address. Reading it back gives the same question. */
export function queryText(query: InsightQuery): string {
  return JSON.stringify(compact(query))
}

/** What a new insight takes from its project's settings. */
type Beginning = Pick<ProjectBody, 'test_account_filters' | 'test_account_filters_default_checked'>

/**
 * The question that an address holds: `q` in full, else a new one of `kind`, else the saved one, else a new one of trends. What cannot be read
 * is as if it were not there. A new one leaves test accounts out where the project's settings say so.
 */
export function questionAt(
  { q, kind: slug }: { q?: string | undefined; kind?: string | undefined },
  saved: InsightQuery | undefined,
  project: Beginning,
): InsightQuery {
  const asked = q === undefined ? undefined : readQuery(parseJson(q))
  if (asked) return asked
  const kind = kindBySlug(slug)
  if (!kind && saved) return saved
  const begun = kind?.initial() ?? trends.initial()
  const leavesOut = project.test_account_filters_default_checked && project.test_account_filters.length > 0
  return leavesOut ? { ...begun, filterTestAccounts: true } : begun
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

// why: a cohort may be of an app that has no page views.
const anything: InsightQuery = {
  kind: 'RetentionQuery',
  retentionFilter: { period: 'Week', totalIntervals: 8, targetEntity: { id: null, type: 'events' } },
}

/** Where a new insight says who of a cohort comes back, beside everyone; it begins with what `source` began with. */
export function besideEveryone(source: InsightQuery | undefined, cohort: { id: number; name: string }) {
  return {
    q: queryText(retentionOfCohort(source ?? anything, cohort.id)),
    name: `Who comes back: everyone, and “${cohort.name.slice(0, 200)}”`,
  }
}

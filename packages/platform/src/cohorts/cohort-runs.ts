import { createParser, type Parser } from '@hedgerow/hogql'
import type { Stores } from '@hedgerow/stores'
import { readProjectFacts } from '../query/project-facts.ts'
import type { QueryRun } from '../query/run-query.ts'

export type CohortRuns = (projectId: number) => Promise<QueryRun>

/** What compiling for a project needs, read anew each time. */
export function createCohortRuns(stores: Pick<Stores, 'application' | 'events'>, now: () => Date): CohortRuns {
  let parser: Promise<Parser> | undefined
  return async (projectId) => {
    parser ??= createParser()
    const [ready, facts] = await Promise.all([parser, readProjectFacts(stores, projectId)])
    return { stores, facts, parser: ready, now: now(), timings: [], modifiers: {} }
  }
}

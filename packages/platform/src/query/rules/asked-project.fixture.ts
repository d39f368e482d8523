import { afterAll, beforeAll } from 'vitest'
import { valueAt } from '../golden/expectation.fixture.ts'
import type { GoldenEvent, GoldenPlan } from '../golden/golden-case.fixture.ts'
import { setUpGolden } from '../golden/set-up.fixture.ts'
import { createQueryEngine, type QueryEngine } from '../query-engine.ts'
import { openQueryStores, type QueryStores } from '../query-test-stores.ts'

export type Json = Record<string, unknown>
// biome-ignore lint/suspicious/noExplicitAny: answers of all kinds, read by tests that say what is in them.
export type Answer = any

/** One project that the tests of a file ask; `plan.now` is "now" unless another instant is given. */
export function askedProject(plan: GoldenPlan): (query: Json, asOf?: string) => Promise<Answer> {
  let stores: QueryStores
  let engine: QueryEngine
  let withOwnIds: (query: Json) => Json
  beforeAll(async () => {
    stores = await openQueryStores()
    engine = createQueryEngine({ events: stores.events, application: stores.application, now: () => new Date() })
    withOwnIds = await setUpGolden(stores, 1, plan)
  })
  afterAll(() => stores?.close())
  return (query, asOf = plan.now) => engine.run({ projectId: 1, query: withOwnIds(query), asOf })
}

/** At noon, UTC, where only a day is given. */
export function event(name: string, distinct_id: string, at: string, properties: Json = {}, more: Partial<GoldenEvent> = {}): GoldenEvent {
  return { event: name, distinct_id, timestamp: at.length === 10 ? `${at}T12:00:00Z` : at, properties, ...more }
}

/** What stands at the paths in each row of an answer: a list a row, or the value alone of a single path. */
export function rowsOf({ results }: Answer, ...paths: string[]): unknown[] {
  return (results as unknown[]).map((row) => {
    const values = paths.map((path) => valueAt(row, path))
    return values.length === 1 ? values[0] : values
  })
}

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createQueryEngine, type QueryEngine } from '../query-engine.ts'
import { openQueryStores, type QueryStores, type QueryStoresPlace } from '../query-test-stores.ts'
import { failures } from './expectation.fixture.ts'
import { type GoldenKind, readGoldenCases } from './golden-case.fixture.ts'
import { setUpGolden } from './set-up.fixture.ts'

/**
 * Plays the cases of some kinds, each in a project of its own. `place` says where the stores are; embedded in a directory of their own
 * unless it does.
 */
export function playGolden(title: string, kinds: readonly GoldenKind[], place: () => Promise<QueryStoresPlace> = async () => ({})): void {
  let stores: QueryStores
  let engine: QueryEngine
  beforeAll(async () => {
    stores = await openQueryStores(await place())
    engine = createQueryEngine({ events: stores.events, application: stores.application, now: () => new Date() })
  })
  afterAll(() => stores?.close())

  let projects = 0
  describe.each(kinds)(`${title}: %s`, (kind) => {
    test.each(readGoldenCases(kind).map((golden) => [golden.name, golden] as const))('%s', async (_, golden) => {
      projects++
      const projectId = projects
      const query = (await setUpGolden(stores, projectId, golden))(golden.query)
      const asked = engine.run({ projectId, query, ...(golden.now ? { asOf: golden.now } : {}) })
      if (golden.expect.some((want) => 'error' in want)) return expect(asked).rejects.toMatchObject({ status: 400 })
      const response = await asked
      const wrong = golden.expect.flatMap((want) => failures(response, want))
      expect(wrong.join('\n')).toBe('')
    })
  })
}

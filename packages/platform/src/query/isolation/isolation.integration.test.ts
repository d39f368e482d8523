import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createQueryEngine, type QueryEngine } from '../query-engine.ts'
import { QueryError } from '../query-error.ts'
import { openQueryStores, type QueryStores } from '../query-test-stores.ts'
import { attempts } from './attempts.ts'
import { randomQuery } from './random-query.ts'
import { insertForeignRows, insertOwnRows, secret } from './two-projects.ts'

/**
 * Every query is asked twice as project 1: while no other project has any rows, and when project 2 has some. Whatever can be
 * told apart between the two — rows, counts, an error — would be a leak.
 */
let stores: QueryStores
let engine: QueryEngine
const before = new Map<string, string>()
const seed = fc.readConfigureGlobal().seed ?? Date.now()
/** Random queries; HEDGEROW_TEST_ISOLATION_RUNS asks for more. */
const runs = Number(process.env.HEDGEROW_TEST_ISOLATION_RUNS ?? 200)
const fuzzed = fc.sample(randomQuery, { numRuns: runs, seed })

beforeAll(async () => {
  stores = await openQueryStores()
  await stores.addProject(1)
  await stores.addProject(2)
  engine = createQueryEngine({ events: stores.events, application: stores.application, now: () => new Date('2020-01-10T00:00:00Z') })
  await insertOwnRows(stores)
  for (const sql of [...attempts.map((attempt) => attempt.sql), ...fuzzed]) before.set(sql, await outcome(sql))
  await insertForeignRows(stores)
}, 180_000)
afterAll(() => stores?.close())

/** The answer as text; order of rows does not count. A refusal as its message. */
async function outcome(sql: string): Promise<string> {
  try {
    const { results } = await engine.rows({ projectId: 1, query: { kind: 'HogQLQuery', query: sql } })
    return results
      .map((row) => JSON.stringify(row))
      .sort()
      .join('\n')
  } catch (error) {
    if (!(error instanceof QueryError) || error.status >= 500) throw error
    return `refused: ${error.message}`
  }
}

describe('attempts', () => {
  test.each(attempts.map(({ sql, refused }) => [sql, refused] as const))('%s', async (sql, refused) => {
    const after = await outcome(sql)
    if (refused) expect(after).toMatch(new RegExp(`^refused: .*${refused.source}`, 's'))
    else expect(after).not.toMatch(/^refused/)
    expect(after).toBe(before.get(sql))
    expect(after).not.toContain(secret)
  })
})

test('random queries tell nothing of another project', async () => {
  let answered = 0
  for (const sql of fuzzed) {
    const after = await outcome(sql)
    expect(after, `seed ${seed}: ${sql}`).toBe(before.get(sql))
    if (!sql.includes(secret)) expect(after, `seed ${seed}: ${sql}`).not.toContain(secret)
    if (!after.startsWith('refused')) answered++
  }
  // The grammar is worth something only while most of what it makes is answered.
  expect(answered).toBeGreaterThan(fuzzed.length / 2)
}, 180_000)

test('the other project does see its own rows', async () => {
  const { results } = await engine.rows({ projectId: 2, query: { kind: 'HogQLQuery', query: 'select count() from events' } })
  expect(results).toEqual([[41]])
})

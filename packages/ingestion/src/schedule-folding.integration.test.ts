import { afterAll, beforeAll, expect, test } from 'vitest'
import { TestWorld } from './ingestion.fixture.ts'

let world: TestWorld
beforeAll(async () => {
  world = await TestWorld.open()
})
afterAll(() => world.close())

const people = 40
const turns = 30

async function until(check: () => Promise<boolean>): Promise<void> {
  while (!(await check())) await new Promise((resolve) => setTimeout(resolve, 50))
}

test('folding while events and merges come loses no row and gives each event the person that it has', { timeout: 120_000 }, async () => {
  const warnings: string[] = []
  world.begin({ limits: { foldIntervalMs: 20 }, warn: (message) => warnings.push(message) })
  let sent = 0
  for (let turn = 0; turn < turns; turn += 1) {
    // Everybody is seen anonymously, and in some later turn identified; some persons are then merged once more.
    const events = Array.from({ length: people }, (_, n) => {
      if ((turn + n) % 10 === 9)
        return { event: '$identify', distinctId: `user ${n}`, properties: { $anon_distinct_id: `anon ${n} ${turn - 1}` } }
      if (turn % 15 === 14 && n % 2 === 1) {
        return { event: '$merge_dangerously', distinctId: `user ${n}`, properties: { alias: `user ${n - 1}` } }
      }
      return { event: 'saw', distinctId: (turn + n) % 3 === 0 ? `user ${n}` : `anon ${n} ${turn}` }
    })
    sent += events.length
    await world.append(1, events)
    if (turn % 3 === 0) await world.settle()
  }
  await world.settle()
  await until(async () => (await world.events<[number]>('SELECT count() FROM person_distinct_id_overrides')).flat()[0] === 0)
  await world.ingestion?.stop()
  expect(warnings).toEqual([])
  expect(await world.events('SELECT count(), uniqExact(uuid) FROM events')).toEqual([[sent, sent]])
  expect((await world.ledger(1))?.stored).toBe(sent)
  const merged = await world.sql<{ count: number }>("SELECT count(*)::int AS count FROM person_merges WHERE kind = 'merged'")
  expect(merged[0]?.count).toBeGreaterThan(people)
  const owners = await world.sql<{ distinct_id: string; person_id: string }>('SELECT distinct_id, person_id FROM person_distinct_ids')
  const ownerOf = new Map(owners.map((row) => [row.distinct_id, row.person_id]))
  const stored = await world.events<[string, string]>('SELECT DISTINCT distinct_id, toString(person_id) FROM events ORDER BY distinct_id')
  expect(stored).toEqual(stored.map(([distinctId]) => [distinctId, ownerOf.get(distinctId)]))
})

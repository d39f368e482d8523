import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestCluster, type TestCluster, testClusterMissing } from '../cluster-harness/start-cluster.ts'
import { eventStoreMigrations } from '../migrations/event-store/migrate.ts'
import { describeEventStore } from './contract.ts'
import { createClickHouseEventStore } from './create-event-store.ts'
import type { EventStore } from './event-store.ts'
import { encode, eventRow } from './test-rows.ts'

const missing = testClusterMissing()
if (missing) console.warn(`The tests on ClickHouse nodes are skipped. ${missing}`)

describe.skipIf(missing)(`ClickHouse${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let cluster: TestCluster
  beforeAll(async () => {
    cluster = await startTestCluster()
  })
  afterAll(() => cluster?.close())

  describeEventStore('a cluster of two ClickHouse nodes', {
    open: (limits) => createClickHouseEventStore({ ...cluster.storeOptions('contract'), limits }),
    close: (store) => store.close(),
  })

  describeEventStore('one ClickHouse server', {
    open: (limits) => createClickHouseEventStore({ url: `${cluster.nodes[0]?.url}/alone`, limits }),
    close: (store) => store.close(),
  })

  describe('a cluster', () => {
    let store: EventStore
    beforeAll(async () => {
      store = await createClickHouseEventStore(cluster.storeOptions('shared'))
    })
    afterAll(() => store.close())

    it('spreads rows over its nodes, and asks them all', async () => {
      const rows = Array.from({ length: 1_000 }, (_, index) =>
        eventRow({ event: 'spread', distinct_id: `d${index}`, properties: { n: index } }),
      )
      await store.insert('events', encode(rows), { token: 'spread' })
      const { rows: shards } = await store.query(
        "SELECT _shard_num AS shard, count() FROM events WHERE event = 'spread' GROUP BY shard ORDER BY shard",
      )
      expect(shards.map(([shard]) => shard)).toEqual([1, 2])
      for (const [, count] of shards) expect(Number(count)).toBeGreaterThan(300)
      expect((await store.query("SELECT sum(properties.n::Nullable(Int64)) FROM events WHERE event = 'spread'")).rows).toEqual([[499_500]])
    })

    it('joins and nests tables that are spread', async () => {
      const ids = Array.from({ length: 100 }, (_, index) => `d${index}`)
      const people = ids.map((distinct_id) => ({
        project_id: 1,
        distinct_id,
        person_id: '01890000-0000-7000-8000-00000000000c',
        is_deleted: 0,
        version: 1,
      }))
      await store.insert('person_distinct_id_overrides', encode(people), { token: 'overrides' })
      const { rows } = await store.query(
        `SELECT count() FROM events AS e LEFT JOIN (SELECT distinct_id, argMax(person_id, version) AS person_id FROM person_distinct_id_overrides
          WHERE project_id = 1 GROUP BY distinct_id) AS o ON o.distinct_id = e.distinct_id
        WHERE event = 'spread' AND o.person_id = '01890000-0000-7000-8000-00000000000c' AND e.distinct_id IN (SELECT distinct_id FROM person_distinct_id_overrides)`,
      )
      expect(rows).toEqual([[100]])
    })

    it('runs commands on each node', async () => {
      await store.command("ALTER TABLE events DELETE WHERE event = 'spread' AND distinct_id LIKE 'd1%'")
      expect((await store.query("SELECT count() FROM events WHERE event = 'spread'")).rows).toEqual([[889]])
    })

    it('migrates by two at once, and refuses a database of a later version', async () => {
      const both = await Promise.all([1, 2].map(() => createClickHouseEventStore(cluster.storeOptions('twice'))))
      await both[0]?.insert('events', encode([eventRow()]), { token: 'a' })
      expect((await both[1]?.query('SELECT count() FROM events'))?.rows).toEqual([[1]])
      await both[0]?.command(`INSERT INTO hedgerow_migrations (number, name) VALUES (${eventStoreMigrations.length + 1}, 'later')`)
      await Promise.all(both.map((each) => each.close()))
      await expect(createClickHouseEventStore(cluster.storeOptions('twice'))).rejects.toMatchObject({ code: 'database_newer_than_program' })
    })

    it('says which clusters there are when it is asked for another', async () => {
      await expect(createClickHouseEventStore({ url: cluster.nodes[0]?.url ?? '', cluster: 'nonsense' })).rejects.toMatchObject({
        code: 'bad_query',
        message: expect.stringContaining(cluster.name),
      })
    })

    it('a node that was away takes the block when it is back, the other one not twice', async () => {
      const [, second] = cluster.nodes
      const rows = encode(Array.from({ length: 200 }, (_, index) => eventRow({ event: 'away', distinct_id: `d${index}` })))
      await second?.kill()
      await expect(store.insert('events', rows, { token: 'away' })).rejects.toMatchObject({ code: 'unreachable' })
      await expect(store.query('SELECT count() FROM events')).rejects.toMatchObject({ code: 'unreachable' })
      await second?.start()
      for (let attempt = 0; attempt < 2; attempt++) await store.insert('events', rows, { token: 'away' })
      expect((await store.query("SELECT count() FROM events WHERE event = 'away'")).rows).toEqual([[200]])
    })

    it('acknowledged blocks survive a kill of every node', async () => {
      const rows = (block: number) =>
        encode(Array.from({ length: 300 }, (_, index) => eventRow({ event: `kill ${block}`, distinct_id: `d${index}` })))
      const acknowledged: number[] = []
      let isDown = false
      const writing = (async () => {
        for (let block = 0; !isDown; block++) {
          await store.insert('events', rows(block), { token: `kill ${block}` })
          acknowledged.push(block)
        }
      })().catch((error: unknown) => error)
      while (acknowledged.length < 5) await delay(10)
      await Promise.all(cluster.nodes.map((node) => node.kill()))
      isDown = true
      await writing
      await expect(store.ping()).rejects.toMatchObject({ code: 'unreachable' })
      await Promise.all(cluster.nodes.map((node) => node.start()))
      const { rows: found } = await store.query("SELECT event, count() FROM events WHERE event LIKE 'kill %' GROUP BY event")
      const counts = new Map(found.map(([event, count]) => [event, count]))
      for (const block of acknowledged) expect(counts.get(`kill ${block}`), `block ${block}`).toBe(300)
    })
  })

  it.each(['not a url', 'ftp://host/db', 'http://host:8123/a-b'])('refuses the address %s', async (url) => {
    await expect(createClickHouseEventStore({ url })).rejects.toMatchObject({
      code: 'bad_query',
      message: expect.stringContaining(url.split('/').at(-1) ?? ''),
    })
  })

  it('says that a server is not there', async () => {
    await expect(createClickHouseEventStore({ url: 'http://127.0.0.1:1/hedgerow' })).rejects.toMatchObject({ code: 'unreachable' })
  })
})

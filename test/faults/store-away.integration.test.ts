import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestCluster, type TestCluster, testClusterMissing } from '../../packages/stores/src/cluster-harness/start-cluster.ts'
import { startNats } from '../../packages/stores/src/test-servers/nats.ts'
import { startPostgres } from '../../packages/stores/src/test-servers/postgres.ts'
import { type Hedgerow, projectToken, sleep, startHedgerow, until } from '../harness/hedgerow.ts'

// limit: seconds away in every run of the tests; `npm run test:faults` takes a minute (docs/guide/testing.md).
const awaySeconds = Number(process.env.HEDGEROW_TEST_SECONDS_AWAY ?? 8)

const missing = testClusterMissing()
if (missing) console.warn(`Skipped: a store that goes away. ${missing}`)

describe.skipIf(missing)('a store of distributed mode goes away and comes back', () => {
  let cluster: TestCluster
  let postgres: Awaited<ReturnType<typeof startPostgres>>
  let nats: Awaited<ReturnType<typeof startNats>>
  let hedgerow: Hedgerow

  beforeAll(async () => {
    ;[cluster, postgres, nats] = await Promise.all([startTestCluster(1), startPostgres(), startNats()])
    hedgerow = await startHedgerow({
      env: { HEDGEROW_CLICKHOUSE_URL: cluster.nodes[0]?.url ?? '', HEDGEROW_DATABASE_URL: postgres.url, HEDGEROW_NATS_URL: nats.url },
    })
  }, 120_000)
  afterAll(async () => {
    await hedgerow?.stop()
    await Promise.all([cluster?.close(), postgres?.stop(), nats?.stop()])
  })

  /**
   * Sends counted events of a few people until told to stop; answers how many were accepted of each.
   * As clients do, it sends what was refused again: what a store kept may have been refused all the same, where its answer was lost.
   */
  async function sendCounting(name: string, stopped: () => boolean): Promise<{ accepted: number; statuses: Record<number, number> }> {
    let accepted = 0
    const statuses: Record<number, number> = {}
    for (let turn = 0; !stopped(); turn++) {
      const batch = Array.from({ length: 10 }, (_, i) => ({
        uuid: randomUUID(),
        event: name,
        distinct_id: `${name} ${i}`,
        // Each event overwrites the person's `turn`: what is left at the end tells the order.
        properties: { turn, $set: { turn } },
      }))
      for (let status = 0; status !== 200; ) {
        const body = JSON.stringify({ api_key: projectToken, batch })
        status = (await fetch(`${hedgerow.url}/batch/`, { method: 'POST', body })).status
        statuses[status] = (statuses[status] ?? 0) + 1
        await sleep(50)
      }
      accepted += batch.length
    }
    return { accepted, statuses }
  }

  async function whileAway(name: string, leave: () => Promise<void>, comeBack: () => Promise<void>) {
    let stopped = false
    const sending = sendCounting(name, () => stopped)
    await sleep(1_500)
    await leave()
    await sleep(awaySeconds * 1000)
    await comeBack()
    await sleep(1_000)
    stopped = true
    const sent = await sending
    const ledger = await hedgerow.settled(90_000)
    expect(ledger.waiting).toBe(0)
    const [[count, lastTurn] = []] = await hedgerow.query(`select count(), max(toInt(properties.turn)) from events where event = '${name}'`)
    const persons = await hedgerow.persons(name)
    return { sent, count: Number(count), lastTurn: Number(lastTurn), persons }
  }

  test('ClickHouse: capture goes on, nothing is lost, order within a person holds', { timeout: 240_000 }, async () => {
    const node = cluster.nodes[0]
    if (!node) throw new Error('no node')
    const { sent, count, lastTurn, persons } = await whileAway(
      'without clickhouse',
      () => node.kill(),
      () => node.start(),
    )
    expect(Object.keys(sent.statuses)).toEqual(['200'])
    expect(count).toBe(sent.accepted)
    expect(persons.map((person) => person.properties.turn)).toEqual(Array(10).fill(lastTurn))
  })

  test('Postgres: capture goes on, nothing is lost, order within a person holds', { timeout: 240_000 }, async () => {
    const { sent, count, lastTurn, persons } = await whileAway(
      'without postgres',
      () => postgres.kill(),
      () => postgres.restart(),
    )
    expect(Object.keys(sent.statuses)).toEqual(['200'])
    expect(count).toBe(sent.accepted)
    expect(persons.map((person) => person.properties.turn)).toEqual(Array(10).fill(lastTurn))
  })

  test('flags answer by what was last known, without ClickHouse and without Postgres', { timeout: 120_000 }, async () => {
    const behavior = {
      type: 'behavioral',
      key: 'bought',
      event_type: 'events',
      value: 'performed_event',
      time_value: 7,
      time_interval: 'day',
    }
    const criteria = { properties: { type: 'AND', values: [{ type: 'AND', values: [behavior] }] } }
    const cohort = await hedgerow.api<{ id: number }>('POST', '/api/projects/1/cohorts/', { name: 'Buyers', filters: criteria })
    const makeFlag = (key: string, ...properties: object[]) =>
      hedgerow.api('POST', '/api/projects/1/feature_flags/', { key, filters: { groups: [{ properties }] } })
    await makeFlag('everybody')
    await makeFlag('pro', { type: 'person', key: 'plan', value: 'pro' })
    await makeFlag('buyers', { type: 'cohort', key: 'id', value: cohort.id })
    const batch = [
      { event: 'bought', distinct_id: 'buyer', properties: { $set: { plan: 'pro' } } },
      { event: 'looked', distinct_id: 'visitor', properties: { $set: { plan: 'free' } } },
    ]
    await fetch(`${hedgerow.url}/batch/`, { method: 'POST', body: JSON.stringify({ api_key: projectToken, batch }) })
    await hedgerow.settled()

    const ask = async (distinctId: string) => {
      const body = JSON.stringify({ token: projectToken, distinct_id: distinctId })
      const response = await fetch(`${hedgerow.url}/flags/?v=2`, { method: 'POST', body, signal: AbortSignal.timeout(10_000) })
      const { flags, errorsWhileComputingFlags: hasErrors } = (await response.json()) as {
        flags: Record<string, { enabled: boolean; failed?: boolean }>
        errorsWhileComputingFlags: boolean
      }
      const answers = Object.entries(flags).map(([key, { enabled, failed }]) => [key, failed ? 'failed' : enabled])
      return { status: response.status, hasErrors, ...Object.fromEntries(answers) }
    }
    const buyer = { status: 200, hasErrors: false, everybody: true, pro: true, buyers: true }
    const visitor = { status: 200, hasErrors: false, everybody: true, pro: false, buyers: false }
    await until('the cohort counts', async () => ((await ask('buyer')).buyers === true ? true : undefined))
    expect([await ask('buyer'), await ask('visitor')]).toEqual([buyer, visitor])

    const node = cluster.nodes[0]
    if (!node) throw new Error('no node')
    await node.kill()
    try {
      // why: somebody of whom only Postgres knows; ClickHouse is not asked for a person.
      expect([await ask('buyer'), await ask('visitor'), await ask('stranger')]).toEqual([buyer, visitor, visitor])
    } finally {
      await node.start()
    }

    await postgres.kill()
    try {
      // Long enough for every look at the database to have failed.
      await sleep(2_000)
      expect([await ask('buyer'), await ask('visitor')]).toEqual([buyer, visitor])
      expect(await ask('never seen')).toMatchObject({ status: 200, hasErrors: true, everybody: true, pro: 'failed' })
    } finally {
      await postgres.restart()
    }
    await until('somebody new is read again', async () => ((await ask('never seen')).hasErrors ? undefined : true))
    expect([await ask('buyer'), await ask('visitor')]).toEqual([buyer, visitor])
  })

  test('NATS: capture refuses with 503 while it is away, and what it accepted is stored', { timeout: 240_000 }, async () => {
    const { sent, count } = await whileAway(
      'without nats',
      () => nats.kill(),
      () => nats.restart(),
    )
    expect(Object.keys(sent.statuses)).toEqual(['200', '503'])
    expect(count).toBe(sent.accepted)
  })
})

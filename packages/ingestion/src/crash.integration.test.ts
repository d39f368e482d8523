import { EventStoreError } from '@hedgerow/stores'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PhaseHook } from './batch/write-batch.ts'
import { type TestEvent, TestWorld } from './ingestion.fixture.ts'

let world: TestWorld
beforeAll(async () => {
  world = await TestWorld.open()
})
afterAll(() => world.close())

/** What a project holds, without what differs from run to run. */
async function contents(projectId: number) {
  const persons = await world.persons(projectId)
  const definitions = await world.sql('SELECT name, volume FROM event_definitions WHERE project_id = $1 ORDER BY name', [projectId])
  const warnings = await world.sql('SELECT reason, event_name FROM ingestion_warnings WHERE project_id = $1 ORDER BY id', [projectId])
  const events = await world.events(
    'SELECT event, distinct_id, person_mode, toString(person_snapshot), `$group_0` FROM events WHERE project_id = {projectId: UInt32} ORDER BY uuid',
    { projectId },
  )
  return {
    persons: persons.map(({ distinct_ids, is_identified, properties: { $creator_event_uuid: _creator, ...properties } }) => ({
      distinct_ids,
      is_identified,
      properties,
    })),
    ledger: await world.ledger(projectId),
    definitions,
    warnings,
    events: events.map((row) => JSON.stringify(row).replaceAll(/0190a000-[0-9a-f-]+/g, 'uuid')),
    resolved: (await world.resolvedPersons(projectId)).size,
  }
}

const batches: TestEvent[][] = [
  [
    { event: 'saw', distinctId: 'a', properties: { $set: { n: 1 }, $groups: { company: 'acme' } } },
    { event: 'saw', distinctId: 'u', properties: { $set: { n: 2 } } },
    { event: '$groupidentify', distinctId: 'u', properties: { $group_type: 'company', $group_key: 'acme', $group_set: { size: 1 } } },
  ],
  [
    { event: 'saw', distinctId: 'a', properties: { $set: { n: 3, seen: true } } },
    { event: '$identify', distinctId: 'u', properties: { $anon_distinct_id: 'a', $set: { n: 4 } } },
    { event: '$$heatmap', distinctId: 'u' },
    { event: '$identify', distinctId: 'x', properties: { $anon_distinct_id: 'u' } },
    { event: 'saw', distinctId: 'a', properties: { $set_once: { n: 9, last: 1 } } },
  ],
  [{ event: 'saw', distinctId: 'late', properties: {} }],
]

/** One batch after another; or all in the log before ingestion begins, so that several are under way at once. */
async function play(projectId: number, onPhase: PhaseHook, { atOnce = false } = {}): Promise<number> {
  let crashes = 0
  const limits = { maxBatchEvents: 1 }
  const finish = async () => {
    const head = await world.stores.log.head()
    for (let isDone = false; !isDone; ) {
      isDone = (await world.ingestion?.waitUntilProcessed(head).then(
        () => true,
        () => false,
      )) as boolean
      if (isDone) continue
      crashes += 1
      await world.restart({ onPhase, limits })
    }
  }
  await world.ingestion?.stop()
  if (!atOnce) world.begin({ onPhase, limits })
  for (const events of batches) {
    await world.append(projectId, events)
    if (!atOnce) await finish()
  }
  if (atOnce) {
    world.begin({ onPhase, limits })
    await finish()
  }
  await world.ingestion?.stop()
  return crashes
}

describe('a batch that broke off is done again to the same result', () => {
  let expected: Awaited<ReturnType<typeof contents>>
  beforeAll(async () => {
    const projectId = world.newProject()
    await play(projectId, () => undefined)
    expected = await contents(projectId)
    expect(expected.ledger).toMatchObject({ accepted: 9, stored: 8, rejected: 1, repeated: 0 })
  })

  const phases = ['begun', 'rows-inserted', 'events-inserted', 'committed', 'truncated'] as const
  test.each(phases.flatMap((phase) => [false, true].map((atOnce) => ({ phase, atOnce }))))(
    'after the phase $phase; several batches under way: $atOnce',
    async ({ phase: crashing, atOnce }) => {
      const projectId = world.newProject()
      let reached = 0
      const crashes = await play(
        projectId,
        (phase) => {
          if (phase !== crashing) return
          reached += 1
          // Every other time: each batch breaks off once, and is then finished.
          if (reached % 2 === 1 && reached < 12) throw new Error('crash')
        },
        { atOnce },
      )
      expect(crashes).toBeGreaterThanOrEqual(1)
      expect(await contents(projectId)).toEqual(expected)
    },
  )

  test('a deletion that broke off', async () => {
    for (const crashing of ['begun', 'events-inserted', 'rows-inserted', 'committed'] as const) {
      const projectId = world.newProject()
      await world.restart()
      await world.send(projectId, [
        { event: 'saw', distinctId: 'a' },
        { event: 'saw', distinctId: 'b' },
      ])
      const [person] = await world.persons(projectId)
      let crashed = false
      await world.restart({
        onPhase: (phase) => {
          if (phase !== crashing || crashed) return
          crashed = true
          throw new Error('crash')
        },
      })
      await world.append(projectId, [{ event: 'again', distinctId: 'b' }])
      const deletion = { kind: 'command', projectId, receivedAt: new Date().toISOString(), command: 'delete-person' } as const
      await world.appendBody({ ...deletion, commandId: `c${projectId}`, personId: person?.id ?? '', deleteEvents: true }, 0)
      await world.append(projectId, [{ event: 'anew', distinctId: 'a' }])
      while (true) {
        const done = await world.settle().then(
          () => true,
          () => false,
        )
        if (done) break
        await world.restart()
      }
      expect(crashed, crashing).toBe(true)
      const left = await world.events('SELECT event, distinct_id FROM events WHERE project_id = {projectId: UInt32} ORDER BY uuid', {
        projectId,
      })
      expect(left, crashing).toEqual([
        ['saw', 'b'],
        ['again', 'b'],
        ['anew', 'a'],
      ])
      expect((await world.persons(projectId)).map(({ distinct_ids }) => distinct_ids)).toEqual([['a'], ['b']])
    }
  })
})

test('stores that are away are waited for: nothing is lost, the order holds', async () => {
  const projectId = world.newProject()
  let away = true
  const awayStore = async () => {
    throw new EventStoreError('unreachable', 'The event store is away')
  }
  const { stores } = world
  // The real stores; for a while, some calls do not reach them.
  const events = {
    ...stores.events,
    insert: (...args: Parameters<typeof stores.events.insert>) => (away ? awayStore() : stores.events.insert(...args)),
  }
  const ingestion = await world.restart({ stores: { ...stores, events } })
  for (let n = 0; n < 20; n += 1) await world.append(projectId, [{ event: 'saw', distinctId: 'u', properties: { $set: { n } } }])
  await expect.poll(() => ingestion.status().failing.map(({ message }) => message)).toContain('The event store is away')
  await expect.poll(() => ingestion.status().lagMs).toBeGreaterThan(100)
  away = false
  await world.settle()
  expect(ingestion.status().failing).toEqual([])
  const [person] = await world.persons(projectId)
  expect(person?.properties.n).toBe(19)
  expect(await world.ledger(projectId)).toMatchObject({ accepted: 20, stored: 20 })
})

import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { openStores } from '@hedgerow/stores'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TestWorld } from './ingestion.fixture.ts'

let world: TestWorld
beforeAll(async () => {
  world = await TestWorld.open()
})
afterAll(() => world.close())

/** Keeps the log away under one name, and takes the one kept under another name, or none, into its place. */
async function changeLog(keepAs: string, take?: string): Promise<void> {
  await world.ingestion?.stop()
  await world.stores.close()
  await rename(join(world.directory, 'log'), join(world.directory, keepAs))
  if (take !== undefined) await rename(join(world.directory, take), join(world.directory, 'log'))
  world.stores = await openStores({ dataDir: world.directory })
}

const storedEvents = () =>
  world.events<[string]>('SELECT event FROM events WHERE project_id = 1 ORDER BY event').then((rows) => rows.flat())

test('positions of one log are not taken for those of another one', async () => {
  world.begin()
  const [first] = (await world.send(1, [{ event: 'a1', distinctId: 'u' }])).events
  await world.send(1, [{ event: 'a2', distinctId: 'u' }])

  // Ingestion has come to position 2 of the first log; the second one has more entries than that, and nothing of it is stored.
  await changeLog('first')
  for (const event of ['b1', 'b2', 'b3']) await world.append(1, [{ event, distinctId: 'u' }])
  await world.append(1, [{ event: 'a1', distinctId: 'u', uuid: first?.uuid ?? '' }])
  world.begin()
  await world.settle()
  expect(await storedEvents()).toEqual(['a1', 'a2', 'b1', 'b2', 'b3'])

  // And back, as when two processes with logs of their own take turns on one database.
  await changeLog('second', 'first')
  world.begin()
  await world.send(1, [{ event: 'a3', distinctId: 'u' }])
  await changeLog('first', 'second')
  world.begin()
  await world.send(1, [{ event: 'b4', distinctId: 'u' }])
  expect(await storedEvents()).toEqual(['a1', 'a2', 'a3', 'b1', 'b2', 'b3', 'b4'])
  const ledger = await world.ledger(1)
  expect(ledger).toMatchObject({ stored: 7, rejected: 0 })
  expect(ledger?.accepted).toBe(7 + (ledger?.repeated ?? 0))
})

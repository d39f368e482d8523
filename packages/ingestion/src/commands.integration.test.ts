import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { foldOverrides } from './fold-overrides.ts'
import { personIdOf } from './identity/person-id.ts'
import { identify, mergeDangerously, personless, saw, TestWorld } from './ingestion.fixture.ts'

let world: TestWorld
beforeAll(async () => {
  world = await TestWorld.open()
  world.begin()
})
afterAll(() => world.close())

describe('commands', () => {
  test('a deleted person is gone with its events, and comes again as a new one', async () => {
    const projectId = world.newProject()
    await world.send(projectId, [saw('a', { $set: { plan: 'pro' } }), saw('u'), saw('other')])
    await world.send(projectId, [identify('u', 'a')])
    const [person] = await world.persons(projectId)
    expect(await world.command({ command: 'delete-person', projectId, personId: person?.id ?? '', deleteEvents: true })).toMatchObject({
      status: 'done',
      distinctIds: 2,
    })
    expect(await world.events('SELECT distinct_id FROM events WHERE project_id = {projectId: UInt32}', { projectId })).toEqual([['other']])
    expect((await world.persons(projectId)).map(({ distinct_ids }) => distinct_ids)).toEqual([['other']])
    await world.send(projectId, [saw('a'), saw('u')])
    expect((await world.persons(projectId)).map(({ distinct_ids, properties }) => [distinct_ids, properties.plan])).toEqual([
      [['a'], undefined],
      [['other'], undefined],
      [['u'], undefined],
    ])
    expect(await world.resolvedPersons(projectId)).toEqual(
      new Map(['a', 'other', 'u'].map((distinctId) => [distinctId, new Set([personIdOf(projectId, distinctId)])])),
    )
    expect((await world.mirroredPersons(projectId)).map(([, ids]) => ids).sort()).toEqual([['a'], ['other'], ['u']])
  })

  test('a split person: each id is somebody, with its own events', async () => {
    const projectId = world.newProject()
    await world.send(projectId, [saw('a'), saw('b'), saw('c', { $set: { plan: 'pro' } })])
    await world.send(projectId, [identify('c', 'a'), identify('c', 'b'), saw('a')])
    const [person] = await world.persons(projectId)
    expect(person?.distinct_ids).toEqual(['a', 'b', 'c'])
    expect(await world.command({ command: 'split-person', projectId, personId: person?.id ?? '', mainDistinctId: 'c' })).toMatchObject({
      status: 'done',
    })
    const split = await world.persons(projectId)
    expect(split.map(({ distinct_ids, properties, is_identified }) => [distinct_ids, properties.plan, is_identified])).toEqual([
      [['a'], undefined, false],
      [['b'], undefined, false],
      [['c'], 'pro', true],
    ])
    expect(await world.resolvedPersons(projectId)).toEqual(
      new Map(['a', 'b', 'c'].map((distinctId) => [distinctId, new Set([personIdOf(projectId, distinctId)])])),
    )
    // They can find together again.
    await world.send(projectId, [identify('c', 'b')])
    expect((await world.persons(projectId)).map(({ distinct_ids }) => distinct_ids)).toEqual([['a'], ['b', 'c']])
  })

  test.each([
    ['c', ['a', 'b'], 'a'],
    // The person was made from "a": its id goes with it.
    ['a', ['b', 'c'], 'b'],
  ])('only "%s" leaves a person; %j stay together and keep the properties', async (leaving, staying, madeFrom) => {
    const projectId = world.newProject()
    await world.send(projectId, [saw('a', { $set: { plan: 'pro' } })])
    await world.send(projectId, [identify('b', 'a')])
    await world.send(projectId, [identify('b', 'c'), saw('c')])
    const [person] = await world.persons(projectId)
    expect(person).toMatchObject({ id: personIdOf(projectId, 'a'), distinct_ids: ['a', 'b', 'c'] })
    const command: Parameters<typeof world.command>[0] = {
      command: 'split-person',
      projectId,
      personId: person?.id ?? '',
      distinctIds: [leaving],
    }
    expect(await world.command(command)).toMatchObject({ status: 'done' })
    expect(new Map((await world.persons(projectId)).map(({ distinct_ids, properties }) => [distinct_ids.join(), properties.plan]))).toEqual(
      new Map([
        [leaving, undefined],
        [staying.join(), 'pro'],
      ]),
    )
    const owners = new Map(
      [leaving, ...staying].map((distinctId) => [
        distinctId,
        new Set([personIdOf(projectId, distinctId === leaving ? leaving : madeFrom)]),
      ]),
    )
    expect(await world.resolvedPersons(projectId)).toEqual(owners)
    expect(await world.command({ ...command, distinctIds: ['x'] })).toMatchObject({ status: expect.stringMatching(/invalid|not_found/) })
  })

  test('say what is not there', async () => {
    const projectId = world.newProject()
    await world.send(projectId, [saw('a')])
    const personId = personIdOf(projectId, 'a')
    expect(
      await world.command({ command: 'delete-person', projectId, personId: personIdOf(projectId, 'x'), deleteEvents: true }),
    ).toMatchObject({ status: 'not_found' })
    expect(await world.command({ command: 'delete-person', projectId, personId: 'nonsense', deleteEvents: true })).toMatchObject({
      status: 'not_found',
    })
    expect(await world.command({ command: 'delete-person', projectId: world.newProject(), personId, deleteEvents: true })).toMatchObject({
      status: 'not_found',
    })
    expect(await world.command({ command: 'split-person', projectId, personId })).toMatchObject({ status: 'invalid' })
    expect(await world.command({ command: 'delete-group', projectId, groupTypeIndex: 0, groupKey: 'x' })).toMatchObject({
      status: 'not_found',
    })
  })
})

test('overrides are folded into the events and go; nobody changes hands by it', async () => {
  const projectId = world.newProject()
  await world.send(projectId, [saw('a'), personless('p'), saw('u'), saw('other')])
  await world.send(projectId, [identify('u', 'a'), identify('u', 'p'), identify('v', 'free')])
  await world.send(projectId, [saw('gone'), identify('kept', 'gone')])
  const [gone] = (await world.persons(projectId)).filter(({ distinct_ids }) => distinct_ids.includes('gone'))
  await world.command({ command: 'delete-person', projectId, personId: gone?.id ?? '', deleteEvents: false })
  const before = await world.resolvedPersons(projectId)
  expect((await foldOverrides(world.stores)).left).toBe(0)
  expect(await world.events('SELECT count() FROM person_distinct_id_overrides')).toEqual([[0]])
  expect(await world.resolvedPersons(projectId)).toEqual(before)
  const raw = await world.events<[string, string]>(
    'SELECT DISTINCT distinct_id, toString(person_id) FROM events WHERE project_id = {projectId: UInt32}',
    {
      projectId,
    },
  )
  expect(new Map(raw.map(([distinctId, personId]) => [distinctId, new Set([personId])]))).toEqual(before)
  // Merges that come later override again.
  await world.send(projectId, [mergeDangerously('other', 'u')])
  const [person] = await world.persons(projectId)
  expect(person?.distinct_ids).toEqual(['a', 'other', 'p', 'u'])
  const after = await world.resolvedPersons(projectId)
  for (const distinctId of ['a', 'other', 'p', 'u']) expect([...(after.get(distinctId) ?? [])]).toEqual([person?.id])
  expect((await foldOverrides(world.stores)).folded).toBe(3)
  expect(await world.resolvedPersons(projectId)).toEqual(after)
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { personIdOf } from './identity/person-id.ts'
import { alias, identify, mergeDangerously, personless, saw, type TestEvent, TestWorld } from './ingestion.fixture.ts'

let world: TestWorld
beforeAll(async () => {
  world = await TestWorld.open()
  world.begin()
})
afterAll(() => world.close())

interface Scenario {
  says: string
  /** One list for each batch; between two, ingestion may begin anew with nothing in memory. */
  batches: (TestEvent[] | 'restart')[]
  /** Distinct ids of each person, sorted; identified ones marked. */
  persons: { ids: string[]; identified?: boolean }[]
  warnings?: Record<string, number>
}

const scenarios: Scenario[] = [
  { says: 'an event makes a person', batches: [[saw('a')]], persons: [{ ids: ['a'] }] },
  { says: 'a personless event makes none', batches: [[personless('a')]], persons: [] },
  { says: 'neither exists: one identified person', batches: [[identify('u', 'a')]], persons: [{ ids: ['a', 'u'], identified: true }] },
  {
    says: 'the anonymous one exists: it gets the new id',
    batches: [[saw('a')], [identify('u', 'a')]],
    persons: [{ ids: ['a', 'u'], identified: true }],
  },
  {
    says: 'the identified one exists: it gets the anonymous id',
    batches: [[saw('u')], [identify('u', 'a')]],
    persons: [{ ids: ['a', 'u'], identified: true }],
  },
  {
    says: 'both exist: they become one',
    batches: [[saw('a'), saw('u')], [identify('u', 'a')]],
    persons: [{ ids: ['a', 'u'], identified: true }],
  },
  {
    says: 'within one batch',
    batches: [[saw('a'), saw('u'), identify('u', 'a'), saw('a')]],
    persons: [{ ids: ['a', 'u'], identified: true }],
  },
  {
    says: 'identify comes before the anonymous events',
    batches: [[identify('u', 'a')], [saw('a'), personless('a')]],
    persons: [{ ids: ['a', 'u'], identified: true }],
  },
  {
    says: 'a personless past joins',
    batches: [[personless('a')], [identify('u', 'a')], [saw('u')]],
    persons: [{ ids: ['a', 'u'], identified: true }],
  },
  { says: 'identify with itself', batches: [[identify('u', 'u')]], persons: [{ ids: ['u'] }] },
  {
    says: 'identify again and again',
    batches: [[identify('u', 'a'), identify('u', 'a')], [identify('u', 'a')]],
    persons: [{ ids: ['a', 'u'], identified: true }],
  },
  {
    says: 'an identified source is not merged',
    batches: [[identify('u1', 'a')], [saw('u2')], [identify('u2', 'u1')]],
    persons: [{ ids: ['a', 'u1'], identified: true }, { ids: ['u2'] }],
    warnings: { cannot_merge_already_identified: 1 },
  },
  {
    says: 'two people on one device',
    batches: [[saw('a')], [identify('u1', 'a')], [saw('u2')], [identify('u2', 'a')]],
    persons: [{ ids: ['a', 'u1'], identified: true }, { ids: ['u2'] }],
    warnings: { cannot_merge_already_identified: 1 },
  },
  {
    says: 'unless dangerously',
    batches: [[identify('u1', 'a')], [saw('u2')], [mergeDangerously('u2', 'u1')]],
    persons: [{ ids: ['a', 'u1', 'u2'], identified: true }],
  },
  {
    says: 'alias: the alias is the source',
    batches: [[saw('old')], [saw('new')], [alias('new', 'old')]],
    persons: [{ ids: ['new', 'old'], identified: true }],
  },
  {
    says: 'two devices, one user',
    batches: [[saw('a1'), saw('a2')], [identify('u', 'a1')], [identify('u', 'a2')]],
    persons: [{ ids: ['a1', 'a2', 'u'], identified: true }],
  },
  {
    says: 'a chain within one batch',
    batches: [
      [saw('a'), saw('b'), saw('c'), saw('d')],
      [mergeDangerously('b', 'a'), mergeDangerously('c', 'b'), mergeDangerously('d', 'c'), saw('a')],
    ],
    persons: [{ ids: ['a', 'b', 'c', 'd'], identified: true }],
  },
  {
    says: 'a chain through an id that nobody had',
    batches: [
      [saw('a'), saw('z')],
      [identify('m', 'a'), mergeDangerously('z', 'm')],
    ],
    persons: [{ ids: ['a', 'm', 'z'], identified: true }],
  },
  {
    says: 'the target is made within the batch that merges',
    batches: [[saw('a')], 'restart', [saw('u'), identify('u', 'a')]],
    persons: [{ ids: ['a', 'u'], identified: true }],
  },
  {
    says: 'nobody in particular',
    batches: [[identify('u', 'null'), identify('undefined', 'a'), identify('u', '"anonymous"')]],
    persons: [{ ids: ['u'] }, { ids: ['undefined'] }],
    warnings: { cannot_merge_with_illegal_distinct_id: 3 },
  },
  {
    says: 'asking for a flag makes no person',
    batches: [[{ event: '$feature_flag_called', distinctId: 'f', properties: {} }]],
    persons: [],
  },
  {
    says: 'asking for a flag with groups does',
    batches: [[{ event: '$feature_flag_called', distinctId: 'f', properties: { $groups: { company: 'x' } } }]],
    persons: [{ ids: ['f'] }],
  },
]

describe('identity', () => {
  test.each(scenarios)('$says', async ({ batches, persons, warnings }) => {
    const projectId = world.newProject()
    for (const events of batches) {
      if (events === 'restart') await world.restart()
      else await world.send(projectId, events)
    }
    const found = await world.persons(projectId)
    expect(found.map(({ distinct_ids, is_identified }) => ({ ids: distinct_ids, identified: is_identified }))).toEqual(
      persons.map(({ ids, identified = false }) => ({ ids, identified })),
    )
    // Every event, whenever it came, is the present person's.
    const owners = new Map(found.flatMap(({ id, distinct_ids }) => distinct_ids.map((distinctId) => [distinctId, id])))
    for (const [distinctId, resolved] of await world.resolvedPersons(projectId)) {
      expect([...resolved], distinctId).toEqual([owners.get(distinctId) ?? personIdOf(projectId, distinctId)])
    }
    // Both stores know the same persons.
    const mirrored = await world.mirroredPersons(projectId)
    expect(mirrored.map(([id, ids, identified]) => ({ id, ids, identified: identified === 1 })).sort(byId)).toEqual(
      found.map(({ id, distinct_ids, is_identified }) => ({ id, ids: distinct_ids, identified: is_identified })).sort(byId),
    )
    expect((await world.ledger(projectId))?.warnings_by_reason).toEqual(warnings ?? {})
  })

  const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1)

  test('merged properties: the target wins, then the event; the person is as old as the older', async () => {
    const projectId = world.newProject()
    const at = (day: number) => new Date(Date.UTC(2026, 0, day)).toISOString()
    await world.send(projectId, [{ ...saw('a', { $set: { plan: 'free', city: 'Pokhara' } }), timestamp: at(1) }])
    await world.send(projectId, [{ ...saw('u', { $set: { plan: 'pro', name: 'Ann' } }), timestamp: at(3) }])
    await world.send(projectId, [{ ...identify('u', 'a', { name: 'Anna' }), timestamp: at(4) }])
    const [person] = await world.persons(projectId)
    expect(person?.properties).toMatchObject({ plan: 'pro', city: 'Pokhara', name: 'Anna' })
    expect(person?.created_at.toISOString()).toBe(at(1))
    const [[snapshot]] = (await world.events<[Record<string, unknown>]>(
      "SELECT person_snapshot FROM events WHERE project_id = {projectId: UInt32} AND event = '$identify'",
      { projectId },
    )) as [[Record<string, unknown>]]
    expect(snapshot).toMatchObject({ plan: 'pro', city: 'Pokhara', name: 'Anna' })
  })

  test('which event merged what is on record', async () => {
    const projectId = world.newProject()
    await world.send(projectId, [saw('a'), saw('u')])
    const { events } = await world.send(projectId, [identify('u', 'a')])
    const merges = await world.sql<Record<string, unknown>>(
      'SELECT kind, distinct_id, event_uuid, other_person_id FROM person_merges WHERE project_id = $1',
      [projectId],
    )
    expect(merges).toEqual([{ kind: 'merged', distinct_id: 'a', event_uuid: events[0]?.uuid, other_person_id: personIdOf(projectId, 'a') }])
  })

  test('modes and snapshots', async () => {
    const projectId = world.newProject()
    const base = Date.UTC(2026, 2, 1)
    const at = (minutes: number) => new Date(base + minutes * 60_000).toISOString()
    await world.send(projectId, [{ ...saw('u', { $set: { plan: 'pro' } }), event: 'first', timestamp: at(0) }])
    await world.send(projectId, [
      { ...personless('u'), event: 'soon after', timestamp: at(0.5) },
      { ...personless('u'), event: 'later', timestamp: at(2) },
      { ...personless('nobody'), event: 'alone', timestamp: at(2) },
    ])
    const rows = await world.events<[string, string, Record<string, unknown>, string]>(
      'SELECT event, person_mode, person_snapshot, toString(person_id) FROM events WHERE project_id = {projectId: UInt32} ORDER BY uuid',
      { projectId },
    )
    const u = personIdOf(projectId, 'u')
    expect(rows).toEqual([
      ['first', 'full', expect.objectContaining({ plan: 'pro' }), u],
      ['soon after', 'propertyless', {}, u],
      ['later', 'force_upgrade', {}, u],
      ['alone', 'propertyless', {}, personIdOf(projectId, 'nobody')],
    ])
  })
})

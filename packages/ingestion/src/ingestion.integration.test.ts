import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { foldOverrides } from './fold-overrides.ts'
import { personIdOf } from './identity/person-id.ts'
import { type TestEvent, TestWorld } from './ingestion.fixture.ts'

let world: TestWorld
let lastProject = 0
const newProject = () => {
  lastProject += 1
  return lastProject
}

beforeAll(async () => {
  world = await TestWorld.open()
  world.begin()
})
afterAll(() => world.close())

const saw = (distinctId: string, properties: Record<string, unknown> = {}): TestEvent => ({ event: 'saw', distinctId, properties })
const personless = (distinctId: string): TestEvent => saw(distinctId, { $process_person_profile: false })
const identify = (distinctId: string, anonymousId: string, set?: Record<string, unknown>): TestEvent => ({
  event: '$identify',
  distinctId,
  properties: { $anon_distinct_id: anonymousId },
  ...(set ? { set } : {}),
})
const alias = (distinctId: string, other: string): TestEvent => ({ event: '$create_alias', distinctId, properties: { alias: other } })
const mergeDangerously = (distinctId: string, other: string): TestEvent => ({
  event: '$merge_dangerously',
  distinctId,
  properties: { alias: other },
})

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
    const projectId = newProject()
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
    const projectId = newProject()
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
    const projectId = newProject()
    await world.send(projectId, [saw('a'), saw('u')])
    const { events } = await world.send(projectId, [identify('u', 'a')])
    const merges = await world.sql<Record<string, unknown>>(
      'SELECT kind, distinct_id, event_uuid, other_person_id FROM person_merges WHERE project_id = $1',
      [projectId],
    )
    expect(merges).toEqual([{ kind: 'merged', distinct_id: 'a', event_uuid: events[0]?.uuid, other_person_id: personIdOf(projectId, 'a') }])
  })

  test('modes and snapshots', async () => {
    const projectId = newProject()
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

describe('repeats', () => {
  test('within a batch, in a later batch and after a restart: the earliest copy stays', async () => {
    const projectId = newProject()
    const uuid = world.nextUuid()
    const copy = (n: number): TestEvent => ({ uuid, event: 'bought', distinctId: 'u', properties: { copy: n }, offset: 1_000 * n })
    await world.append(projectId, [copy(1), copy(2)])
    await world.send(projectId, [copy(3)])
    await world.send(projectId, [copy(4)])
    await world.restart()
    await world.send(projectId, [copy(5), { ...saw('u') }])
    await world.send(newProject(), [copy(6)])
    const rows = await world.events<[Record<string, unknown>]>(
      "SELECT properties FROM events WHERE project_id = {projectId: UInt32} AND event = 'bought'",
      { projectId },
    )
    expect(rows).toEqual([[expect.objectContaining({ copy: 1 })]])
    expect(await world.ledger(projectId)).toMatchObject({ accepted: 6, stored: 2, rejected: 0, repeated: 4 })
    expect(await world.ledger(lastProject)).toMatchObject({ accepted: 1, stored: 1 })
  })

  test('a storm: every batch three times, in any order', async () => {
    const projectId = newProject()
    const bodies = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        world.append(
          projectId,
          Array.from({ length: 50 }, (_, m) => saw(`u${(n * 50 + m) % 97}`)),
        ),
      ),
    )
    for (const body of [...bodies.toReversed(), ...bodies]) await world.appendBody(body, body.events.length)
    await world.settle()
    const [[count, unique]] = (await world.events<[number, number]>(
      'SELECT count(), uniqExact(uuid) FROM events WHERE project_id = {projectId: UInt32}',
      { projectId },
    )) as [[number, number]]
    expect([count, unique]).toEqual([1_000, 1_000])
    expect(await world.ledger(projectId)).toMatchObject({ accepted: 3_000, stored: 1_000, rejected: 0, repeated: 2_000 })
  })
})

describe('groups', () => {
  test('types are registered up to five, keys stand on events, properties merge', async () => {
    const projectId = newProject()
    const types = ['company', 'team', 'plan', 'region', 'shard', 'sixth']
    await world.send(projectId, [saw('u', { $groups: Object.fromEntries(types.map((type, n) => [type, `${type}-${n}`])) })])
    await world.send(projectId, [
      {
        event: '$groupidentify',
        distinctId: 'u',
        properties: { $group_type: 'company', $group_key: 'company-0', $group_set: { size: 5, name: 'Acme' } },
      },
      {
        event: '$groupidentify',
        distinctId: 'u',
        properties: { $group_type: 'company', $group_key: 'company-0', $group_set: { size: 7 } },
      },
      { event: '$groupidentify', distinctId: 'u', properties: { $group_type: 'sixth', $group_key: 'x' } },
      { event: '$groupidentify', distinctId: 'u', properties: { $group_type: 'company' } },
      saw('u', { $groups: { company: 17, team: { id: 1 } } }),
      saw('u', { $groups: { company: 'company-0' }, $process_person_profile: false }),
    ])
    const keys = await world.events(
      "SELECT `$group_0`, `$group_1`, `$group_2`, `$group_3`, `$group_4` FROM events WHERE project_id = {projectId: UInt32} AND event = 'saw' ORDER BY uuid",
      { projectId },
    )
    expect(keys).toEqual([
      ['company-0', 'team-1', 'plan-2', 'region-3', 'shard-4'],
      ['17', '', '', '', ''],
      ['', '', '', '', ''],
    ])
    const groups = await world.sql('SELECT group_type_index, group_key, properties FROM groups WHERE project_id = $1', [projectId])
    expect(groups).toEqual([{ group_type_index: 0, group_key: 'company-0', properties: { size: 7, name: 'Acme' } }])
    const mirrored = await world.events('SELECT group_key, properties FROM groups FINAL WHERE project_id = {projectId: UInt32}', {
      projectId,
    })
    expect(mirrored).toEqual([['company-0', { name: 'Acme', size: 7 }]])
    expect((await world.ledger(projectId))?.warnings_by_reason).toEqual({ too_many_group_types: 2, invalid_group: 2 })
    expect(await world.command({ command: 'delete-group', projectId, groupTypeIndex: 0, groupKey: 'company-0' })).toEqual({
      status: 'done',
    })
    expect(await world.sql('SELECT 1 FROM groups WHERE project_id = $1', [projectId])).toEqual([])
    const shown = await world.events('SELECT group_key FROM groups FINAL WHERE project_id = {projectId: UInt32} AND is_deleted = 0', {
      projectId,
    })
    expect(shown).toEqual([])
  })
})

describe('definitions', () => {
  test('names, types that only widen, volumes', async () => {
    const projectId = newProject()
    await world.send(projectId, [
      saw('u', { n: 1, at: '2026-01-31', ok: true, who: null, list: [1] }),
      saw('u', { n: 2, at: '2026-01-31T08:00:00Z' }),
    ])
    await world.send(projectId, [
      saw('u', { n: 'many', who: 'ann' }),
      { event: 'bought', distinctId: 'u', properties: { $set: { plan: 'pro' } } },
    ])
    const events = await world.sql('SELECT name, volume FROM event_definitions WHERE project_id = $1 ORDER BY name', [projectId])
    expect(events).toEqual([
      { name: 'bought', volume: 1 },
      { name: 'saw', volume: 3 },
    ])
    const properties = await world.sql(
      "SELECT type, name, property_type FROM property_definitions WHERE project_id = $1 AND name NOT LIKE '$%' ORDER BY type, name",
      [projectId],
    )
    expect(properties).toEqual([
      { type: 'event', name: 'at', property_type: 'DateTime' },
      { type: 'event', name: 'list', property_type: null },
      { type: 'event', name: 'n', property_type: 'String' },
      { type: 'event', name: 'ok', property_type: 'Boolean' },
      { type: 'event', name: 'who', property_type: 'String' },
      { type: 'person', name: 'plan', property_type: 'String' },
    ])
    const pairs = await world.sql("SELECT event, property FROM event_properties WHERE project_id = $1 AND property = 'n'", [projectId])
    expect(pairs).toEqual([{ event: 'saw', property: 'n' }])
  })

  test('are capped with a warning; the events are stored whole', async () => {
    const projectId = newProject()
    await world.restart({ limits: { maxPropertyDefinitions: 10, maxEventDefinitions: 2 } })
    const events = Array.from(
      { length: 30 },
      (_, n): TestEvent => ({ event: n < 25 ? 'saw' : `made up ${n}`, distinctId: 'u', properties: { [`p${n}`]: n } }),
    )
    await world.send(projectId, events)
    await world.restart()
    const [count] = await world.sql<{ count: number }>('SELECT count(*) FROM property_definitions WHERE project_id = $1', [projectId])
    expect(count?.count).toBeLessThanOrEqual(10)
    const ledger = await world.ledger(projectId)
    expect(ledger).toMatchObject({ accepted: 30, stored: 30 })
    expect(ledger?.warnings_by_reason.too_many_definitions).toBeGreaterThan(10)
    expect(
      await world.events('SELECT properties.p24 FROM events WHERE project_id = {projectId: UInt32} AND properties.p24 = 24', { projectId }),
    ).toHaveLength(1)
  })
})

describe('commands', () => {
  test('a deleted person is gone with its events, and comes again as a new one', async () => {
    const projectId = newProject()
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
    const projectId = newProject()
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
    const projectId = newProject()
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
    const projectId = newProject()
    await world.send(projectId, [saw('a')])
    const personId = personIdOf(projectId, 'a')
    expect(
      await world.command({ command: 'delete-person', projectId, personId: personIdOf(projectId, 'x'), deleteEvents: true }),
    ).toMatchObject({ status: 'not_found' })
    expect(await world.command({ command: 'delete-person', projectId, personId: 'nonsense', deleteEvents: true })).toMatchObject({
      status: 'not_found',
    })
    expect(await world.command({ command: 'delete-person', projectId: newProject(), personId, deleteEvents: true })).toMatchObject({
      status: 'not_found',
    })
    expect(await world.command({ command: 'split-person', projectId, personId })).toMatchObject({ status: 'invalid' })
    expect(await world.command({ command: 'delete-group', projectId, groupTypeIndex: 0, groupKey: 'x' })).toMatchObject({
      status: 'not_found',
    })
  })
})

test('overrides are folded into the events and go; nobody changes hands by it', async () => {
  const projectId = newProject()
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

test('what is not stored is counted by its reason, and can be read', async () => {
  const projectId = newProject()
  await world.sql(
    'INSERT INTO projects (id, name, api_token, settings) VALUES ($1, \'p\', $2, \'{"drop_bots": true, "anonymize_ips": true}\')',
    [projectId, `phc_${projectId}`],
  )
  await world.restart()
  await world.send(
    projectId,
    [
      saw('u', { $raw_user_agent: 'Googlebot/2.1 (+http://www.google.com/bot.html)' }),
      { event: '$$heatmap', distinctId: 'u' },
      { event: '$snapshot', distinctId: 'u' },
      { event: '$$client_ingestion_warning', distinctId: 'u', properties: { $$client_ingestion_warning_message: 'too many' } },
      { event: '$identify', distinctId: 'u', properties: { $process_person_profile: false } },
      saw('nul\u0000', { 'a\u0000': '\ud800' }),
      { ...saw('u'), timestamp: 'soon' },
      saw('   '),
      saw('u', { a: 1 }),
    ],
    { ip: '1.2.3.4', refused: [{ uuid: world.nextUuid(), event: 'big', distinctId: 'u', reason: 'event_too_large', detail: 'too large' }] },
  )
  expect(await world.ledger(projectId)).toEqual({
    accepted: 10,
    stored: 3,
    rejected: 7,
    repeated: 0,
    rejected_by_reason: {
      bot: 1,
      heatmap_not_stored: 1,
      snapshot_not_stored: 1,
      client_ingestion_warning: 1,
      person_processing_disabled: 1,
      invalid_distinct_id: 1,
      event_too_large: 1,
    },
    warnings_by_reason: { invalid_unicode_replaced: 1, timestamp_unparseable: 1 },
  })
  const warnings = await world.sql<{ reason: string }>('SELECT reason, rejected, detail FROM ingestion_warnings WHERE project_id = $1', [
    projectId,
  ])
  expect(warnings).toHaveLength(9)
  expect(warnings).toContainEqual({ reason: 'client_ingestion_warning', rejected: true, detail: 'too many' })
  const ips = await world.events('SELECT count() FROM events WHERE project_id = {projectId: UInt32} AND isNotNull(properties.`$ip`)', {
    projectId,
  })
  expect(ips).toEqual([[0]])
})

test('whatever JSON can say is stored or rejected one by one', async () => {
  const projectId = newProject()
  const nested = (depth: number) => JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`)
  const hostile: Record<string, unknown>[] = [
    { 'a.b': 1, a: { b: 2 } },
    { '': 'empty name', ' ': 1, '.': 2, 'a..b': 3, '.a': 4 },
    { big: 12345678901234567890n.toString(), n: 1e308, small: 5e-324, negative: -0 },
    { deep: nested(300) },
    Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`key ${n}`, n])),
    { mixed: [1, 'a', null, { b: [[]] }, [{ c: 1 }]] },
    { $browser: { an: 'object' }, $current_url: ['a', 1], $session_id: 5, $ip: { x: 1 }, utm_source: true, $screen_width: 'wide' },
    { $set: { $browser: [1], 'x.y': { z: 1 }, x: { y: { z: 2 } } } },
    { emoji: '😀', quote: '"\'`\\', line: '\n\r\t\u2028', html: '</script>', control: '\u0001\u001f' },
    { __proto__x: 1, constructor: 2, toString: 3 },
    { long: 'x'.repeat(300_000), ['n'.repeat(5_000)]: 1 },
  ]
  await world.send(
    projectId,
    hostile.map((properties, n) => saw(`u${n}`, properties)),
  )
  await world.send(projectId, [{ ...saw('proto'), properties: JSON.parse('{"__proto__": {"polluted": 1}, "$set": {"__proto__": 2}}') }])
  const ledger = await world.ledger(projectId)
  expect(ledger).toMatchObject({ accepted: hostile.length + 1, stored: hostile.length + 1, rejected: 0 })
  const [[count]] = (await world.events<[number]>('SELECT count() FROM events WHERE project_id = {projectId: UInt32}', { projectId })) as [
    [number],
  ]
  expect(count).toBe(hostile.length + 1)
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CommittedChanges } from './batch/committed-changes.ts'
import { saw, type TestEvent, TestWorld } from './ingestion.fixture.ts'

let world: TestWorld
beforeAll(async () => {
  world = await TestWorld.open()
  world.begin()
})
afterAll(() => world.close())

describe('repeats', () => {
  test('within a batch, in a later batch and after a restart: the earliest copy stays', async () => {
    const projectId = world.newProject()
    const uuid = world.nextUuid()
    const copy = (n: number): TestEvent => ({ uuid, event: 'bought', distinctId: 'u', properties: { copy: n }, offset: 1_000 * n })
    await world.append(projectId, [copy(1), copy(2)])
    await world.send(projectId, [copy(3)])
    await world.send(projectId, [copy(4)])
    await world.restart()
    await world.send(projectId, [copy(5), { ...saw('u') }])
    const elsewhere = world.newProject()
    await world.send(elsewhere, [copy(6)])
    const rows = await world.events<[Record<string, unknown>]>(
      "SELECT properties FROM events WHERE project_id = {projectId: UInt32} AND event = 'bought'",
      { projectId },
    )
    expect(rows).toEqual([[expect.objectContaining({ copy: 1 })]])
    expect(await world.ledger(projectId)).toMatchObject({ accepted: 6, stored: 2, rejected: 0, repeated: 4 })
    expect(await world.ledger(elsewhere)).toMatchObject({ accepted: 1, stored: 1 })
  })

  test('a storm: every batch three times, in any order', async () => {
    const projectId = world.newProject()
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
    const projectId = world.newProject()
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
    const projectId = world.newProject()
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
    const projectId = world.newProject()
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

test('what is not stored is counted by its reason, and can be read', async () => {
  const projectId = world.newProject()
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
  const projectId = world.newProject()
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

test('a commit says who did what in a project that is watched, and of another that somebody did something', async () => {
  const ingestion = await world.restart()
  const [watched, other] = [world.newProject(), world.newProject()]
  ingestion.watch([watched])
  const heard: CommittedChanges[] = []
  const stop = ingestion.onCommit(({ changes }) => changes && heard.push(changes))
  await world.send(watched, [saw('ada'), saw('ada')])
  await world.send(other, [saw('ada')])
  // A third time, when nothing changes of them but that they did something.
  await world.send(other, [saw('ada')])
  stop()
  const told = heard.map(({ active, unwatched }) => ({ active: active.map(({ projectId, event }) => [projectId, event]), unwatched }))
  expect(told).toEqual([
    { active: [[watched, 'saw']], unwatched: [] },
    { active: [], unwatched: [other] },
    { active: [], unwatched: [other] },
  ])
})

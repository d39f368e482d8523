import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { personIdOf } from './identity/person-id.ts'
import { type TestEvent, TestWorld } from './ingestion.fixture.ts'

/**
 * Random interleavings of everything that changes persons, with retries, restarts and batches cut anywhere, give the persons
 * that a naive model gives which handles one event after the other.
 */

let world: TestWorld
beforeAll(async () => {
  world = await TestWorld.open()
  world.begin()
})
afterAll(() => world.close())

type Step =
  | { do: 'see' | 'see personless'; id: string; value: number }
  | { do: 'identify' | 'alias' | 'merge dangerously'; id: string; other: string; value: number }
  | { do: 'retry'; back: number }
  | { do: 'settle' }
  | { do: 'restart' }

const id = fc.constantFrom('a', 'b', 'c', 'd', 'u', 'v', 'w', 'null')
const value = fc.nat(3)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('see' as const, 'see personless' as const), id, value }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('identify' as const, 'alias' as const, 'merge dangerously' as const),
      id,
      other: id,
      value,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('retry' as const), back: fc.nat(5) }) },
  { weight: 2, arbitrary: fc.constant({ do: 'settle' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'restart' as const }) },
)

interface ModelPerson {
  id: string
  ids: Set<string>
  isIdentified: boolean
  properties: Record<string, unknown>
}

class Model {
  persons: ModelPerson[] = []
  seen = new Set<string>()
  private readonly projectId: number

  constructor(projectId: number) {
    this.projectId = projectId
  }

  take(event: TestEvent & { uuid: string }): void {
    this.seen.add(event.distinctId)
    const properties = event.properties ?? {}
    if (properties.$process_person_profile === false) return
    const { event: name, distinctId } = event
    if (name === '$identify') this.merge(String(properties.$anon_distinct_id), distinctId, false, event)
    if (name === '$create_alias') this.merge(String(properties.alias), distinctId, false, event)
    if (name === '$merge_dangerously') this.merge(String(properties.alias), distinctId, true, event)
    const person = this.of(distinctId) ?? this.create(distinctId, event)
    Object.assign(person.properties, properties.$set)
    for (const [key, once] of Object.entries(properties.$set_once ?? {})) if (!(key in person.properties)) person.properties[key] = once
  }

  of(distinctId: string): ModelPerson | undefined {
    return this.persons.find(({ ids }) => ids.has(distinctId))
  }

  private create(distinctId: string, event: { uuid: string }): ModelPerson {
    const person = {
      id: personIdOf(this.projectId, distinctId),
      ids: new Set([distinctId]),
      isIdentified: false,
      properties: { $creator_event_uuid: event.uuid },
    }
    this.persons.push(person)
    return person
  }

  private merge(source: string, target: string, dangerously: boolean, event: { uuid: string }): void {
    if (source === target || source === 'null' || target === 'null') return
    const from = this.of(source)
    const into = this.of(target)
    if (from && from === into) return
    if (from && into) {
      if (from.isIdentified && !dangerously) return
      for (const moved of from.ids) into.ids.add(moved)
      into.properties = { ...from.properties, ...into.properties }
      into.isIdentified = true
      this.persons = this.persons.filter((person) => person !== from)
      return
    }
    const person = into ?? from ?? this.create(target, event)
    person.ids.add(source).add(target)
    person.isIdentified = true
  }
}

function eventOf(step: Exclude<Step, { do: 'retry' | 'settle' | 'restart' }>): TestEvent {
  const $set = { latest: step.value }
  const $set_once = { first: step.value }
  switch (step.do) {
    case 'see':
      return { event: 'saw', distinctId: step.id, properties: { $set, $set_once } }
    case 'see personless':
      return { event: 'saw', distinctId: step.id, properties: { $process_person_profile: false } }
    case 'identify':
      return { event: '$identify', distinctId: step.id, properties: { $anon_distinct_id: step.other, $set, $set_once } }
    case 'alias':
      return { event: '$create_alias', distinctId: step.id, properties: { alias: step.other } }
    case 'merge dangerously':
      return { event: '$merge_dangerously', distinctId: step.id, properties: { alias: step.other } }
  }
}

async function play(steps: Step[], projectId: number): Promise<Model> {
  const model = new Model(projectId)
  const sent: (TestEvent & { uuid: string })[] = []
  for (const one of steps) {
    if (one.do === 'settle') await world.settle()
    else if (one.do === 'restart') await world.restart()
    else if (one.do === 'retry') {
      const again = sent.at(-1 - one.back)
      if (again) await world.append(projectId, [again])
    } else {
      const event = { ...eventOf(one), uuid: world.nextUuid() }
      sent.push(event)
      await world.append(projectId, [event])
      model.take(event)
    }
  }
  await world.settle()
  return model
}

test('persons are those of the naive model', { timeout: 300_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
      const projectId = world.newProject()
      const model = await play(steps, projectId)
      const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1)
      const expected = model.persons
        .map((person) => ({ id: person.id, ids: [...person.ids].sort(), isIdentified: person.isIdentified, properties: person.properties }))
        .sort(byId)
      const persons = await world.persons(projectId)
      const found = persons.map((person) => ({
        id: person.id,
        ids: person.distinct_ids,
        isIdentified: person.is_identified,
        properties: person.properties,
      }))
      expect(found.sort(byId)).toEqual(expected)
      const mirrored = await world.mirroredPersons(projectId)
      expect(mirrored.map(([mirroredId, ids, identified]) => ({ id: mirroredId, ids, isIdentified: identified === 1 })).sort(byId)).toEqual(
        expected.map(({ properties: _properties, ...person }) => person),
      )
      const resolved = await world.resolvedPersons(projectId)
      for (const distinctId of model.seen) {
        expect([...(resolved.get(distinctId) ?? [])], distinctId).toEqual([model.of(distinctId)?.id ?? personIdOf(projectId, distinctId)])
      }
      const ledger = await world.ledger(projectId)
      const [[stored, unique]] = (await world.events<[number, number]>(
        'SELECT count(), uniqExact(uuid) FROM events WHERE project_id = {projectId: UInt32}',
        { projectId },
      )) as [[number, number]]
      expect(stored).toBe(unique)
      expect(ledger?.stored ?? 0).toBe(stored)
    }),
    { numRuns: 40, endOnFailure: true },
  )
})

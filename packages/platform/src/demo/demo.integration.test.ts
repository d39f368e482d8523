import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { configWith } from '../config/read-config.ts'
import { createHedgerow, type Hedgerow } from '../hedgerow.ts'
import { createDemo, type Demo, type DemoProgress } from './demo.ts'
import { onboardingExperiment } from './effects.ts'
import { generateDemo } from './generate.ts'
import type { SourcedEvent } from './sdk-event.ts'

const options = { days: 24, size: 0.12 }
const now = () => new Date()

let dataDir: string
let hedgerow: Hedgerow
let demo: Demo

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'hedgerow-demo-'))
  hedgerow = await createHedgerow({ ...configWith({ dataDir }), logLevel: 'warn' })
  await hedgerow.start()
  demo = createDemo({ ...hedgerow, now }, options)
}, 120_000)

afterAll(async () => {
  await hedgerow?.stop()
  await rm(dataDir, { recursive: true, force: true, maxRetries: 10 })
})

let generated: SourcedEvent[]
let projectId: number

test('an interrupted fill leaves a project that the next one makes whole', async () => {
  const stopping = new AbortController()
  const accounts: { email: string; password: string }[] = []
  const interrupted = demo.createAtStart({
    signal: stopping.signal,
    onAccount: (account) => accounts.push(account),
    onProgress: ({ sent }) => {
      if (sent > 1_000) stopping.abort()
    },
  })
  await expect(interrupted).rejects.toMatchObject({ name: 'AbortError' })

  const progress: DemoProgress[] = []
  const outcome = await demo.createAtStart({ onAccount: (account) => accounts.push(account), onProgress: (step) => progress.push(step) })
  generated = [...generateDemo({ ...options, now: new Date(outcome.project.createdAt) })].flat()
  projectId = outcome.project.id
  expect(outcome).toMatchObject({ isNew: false, events: generated.length, project: { isDemo: true } })
  expect(generated.length).toBeGreaterThan(3_000)
  expect(progress.at(-1)).toMatchObject({ projectId, fraction: 1, sent: generated.length })

  const ledger = await hedgerow.ledger.read(projectId)
  expect(ledger).toMatchObject({ stored: generated.length, rejected: 0, waiting: 0, rejected_by_reason: {}, warnings_by_reason: {} })
  expect(ledger.repeated).toBeGreaterThan(0)
  expect(ledger.accepted).toBe(ledger.stored + ledger.repeated)

  expect(accounts).toHaveLength(1)
  expect(accounts[0]).toMatchObject({ email: 'demo@hedgerow.example', password: expect.stringMatching(/^[a-z2-9]{20}$/) })
}, 120_000)

test('a second run stores nothing', async () => {
  const before = await hedgerow.ledger.read(projectId)
  const outcome = await demo.createAtStart({ onAccount: () => expect.unreachable('there is an account') })
  expect(outcome).toMatchObject({ isNew: false, events: 0, project: { id: projectId } })
  expect((await hedgerow.ledger.read(projectId)).accepted).toBe(before.accepted)
})

async function rows(sql: string): Promise<unknown[][]> {
  return (await hedgerow.stores.events.query(sql, { params: { project: projectId } })).rows
}

test('every event is stored once, at its instant', async () => {
  const stored = new Map(
    (await rows('SELECT toString(uuid), toUnixTimestamp64Milli(timestamp) FROM events WHERE project_id = {project:Int64}')).map(
      ([uuid, atMs]) => [uuid, Number(atMs)],
    ),
  )
  expect(stored.size).toBe(generated.length)
  expect(generated.filter(({ uuid, atMs }) => stored.get(uuid) !== atMs)).toEqual([])
})

test('people are who they are on every device, with what they did before they signed up', async () => {
  const personOf = new Map(
    generated
      .filter(({ event }) => event === '$identify')
      .map(({ properties, distinctId }) => [String(properties.$anon_distinct_id), distinctId]),
  )
  const found = await rows(
    `SELECT event, uniqExact(if(empty(override.distinct_id), events.person_id, override.person_id)) AS people
     FROM events LEFT JOIN (
       SELECT distinct_id, argMax(person_id, version) AS person_id FROM person_distinct_id_overrides
       WHERE project_id = {project:Int64} GROUP BY distinct_id HAVING argMax(is_deleted, version) = 0
     ) AS override ON events.distinct_id = override.distinct_id
     WHERE project_id = {project:Int64} GROUP BY event`,
  )
  expect(Object.fromEntries(found.map(([event, people]) => [event, Number(people)]))).toEqual(countPersons(personOf))
})

function countPersons(personOf: ReadonlyMap<string, string>): Record<string, number> {
  const people = new Map<string, Set<string>>()
  for (const { event, distinctId } of generated) {
    people.set(event, (people.get(event) ?? new Set()).add(personOf.get(distinctId) ?? distinctId))
  }
  return Object.fromEntries([...people].map(([event, ids]) => [event, ids.size]))
}

test('the exposures of the experiment are there to be read', async () => {
  const [found] = await rows(
    `SELECT count(), countIf(toString(properties.\`$feature_flag_response\`) IN ('control', 'test')) FROM events
     WHERE project_id = {project:Int64} AND event = '$feature_flag_called' AND properties.\`$feature_flag\` = '${onboardingExperiment.flagKey}'`,
  )
  const wanted = generated.filter(({ event }) => event === '$feature_flag_called').length
  expect(found?.map(Number)).toEqual([wanted, wanted])
})

test('the demo is furnished, once', async () => {
  const page = { limit: 100, offset: 0 }
  const experiments = await hedgerow.experiments.list(projectId, page)
  expect(experiments.results.map(({ name, status }) => [name, status])).toEqual([
    ['pricing-page', 'running'],
    ['Onboarding checklist', 'running'],
  ])
  const dashboards = await hedgerow.dashboards.list(projectId, { ...page, deleted: false })
  const [dashboard] = dashboards.results
  const { tiles } = await hedgerow.dashboards.get(projectId, String(dashboard?.id))
  expect(tiles).toHaveLength(8)
  const shown = (tiles ?? []).flatMap(({ insight }) => insight ?? [])
  expect(shown).toHaveLength(6)
  for (const insight of shown) {
    const response = await hedgerow.query.run({ projectId, query: insight.query })
    expect(response.results, insight.name ?? '').toBeTruthy()
  }
})

// npm run bench:flags: flags answered to known and unknown persons, beside a bare node:http server that only parses, beside posthog-node's
// own evaluation of the same flags, and how soon a change, or an event, is seen.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import autocannon from 'autocannon'
import { FlagSet, personProperties } from '../../packages/flags/src/index.ts'
import { freePort } from '../../packages/stores/src/test-servers/ports.ts'
import { type Hedgerow, projectToken, secretKey, sleep, startHedgerow, until } from '../../test/harness/hedgerow.ts'
import { PostHog } from '../../test/harness/posthog-node.ts'

const seconds = Number(process.argv[2] ?? 6)
const personCount = 2_000
const listenerCount = 1_000
const changes = 10

const person = (key: string, operator: string, value: unknown) => ({ type: 'person', key, operator, value })
const condition = (percent: number, ...properties: object[]) => ({ properties, rollout_percentage: percent })
const fiveFlags = [
  { groups: [condition(50)] },
  { groups: [condition(30, person('plan', 'exact', ['pro'])), condition(20)] },
  { groups: [condition(100)], multivariate: { variants: ['control', 'test'].map((key) => ({ key, rollout_percentage: 50 })) } },
  { groups: [condition(80, person('email', 'icontains', '@example.com'))] },
  { groups: [condition(60, person('age', 'gt', 18))], payloads: { true: '{"a":1}' } },
]
const fiftyFlags = Array.from({ length: 50 }, (_, index) => ({
  groups: [condition(40, person('plan', 'exact', [`plan ${index % 5}`]), person('age', 'gt', index)), condition(index * 2)],
}))

interface Figures {
  perSecond: number
  p99Ms: number
  not200: number
}

async function measure(url: string, requests: autocannon.Request[], connections = 32, accepted: '2xx' | '3xx' = '2xx'): Promise<Figures> {
  const result = await autocannon({ url, connections, duration: seconds, requests })
  const good = accepted === '2xx' ? result['2xx'] : result['3xx']
  return { perSecond: good / result.duration, p99Ms: result.latency.p99, not200: result.requests.total - good }
}

const ask = (token: string, ids: readonly string[]): autocannon.Request[] =>
  ids.map((id) => ({
    method: 'POST',
    path: '/flags/?v=2',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token, distinct_id: id }),
  }))

async function prepare(hedgerow: Hedgerow, filters: readonly object[]): Promise<{ id: number; token: string; flagIds: number[] }> {
  const project = await hedgerow.api<{ id: number; api_token: string }>('POST', '/api/projects/', { name: 'Bench' })
  const flagIds: number[] = []
  for (const [index, each] of filters.entries()) {
    const made = await hedgerow.api<{ id: number }>('POST', `/api/projects/${project.id}/feature_flags/`, {
      key: `flag-${index}`,
      filters: each,
    })
    flagIds.push(made.id)
  }
  const events = Array.from({ length: personCount }, (_, index) => ({
    event: '$identify',
    distinct_id: `person ${index}`,
    properties: { $set: { plan: index % 3 ? 'free' : 'pro', email: `p${index}@example.com`, age: index % 70 } },
  }))
  for (let from = 0; from < events.length; from += 500) {
    const batch = events.slice(from, from + 500)
    await fetch(`${hedgerow.url}/batch/`, { method: 'POST', body: JSON.stringify({ api_key: project.api_token, batch }) })
  }
  await until('events to be stored', async () => {
    const { waiting } = await hedgerow.api<{ waiting: number }>('GET', `/api/projects/${project.id}/ingestion/`)
    return waiting === 0 ? true : undefined
  })
  return { id: project.id, token: project.api_token, flagIds }
}

/** Requests a second of the bare server of this run. */
let barePerSecond = Number.NaN

function row(name: string, figures: Figures, wanted: string): void {
  const ratio = (figures.perSecond / barePerSecond).toFixed(2)
  console.log(`| ${name} | ${Math.round(figures.perSecond)} | ${ratio} | ${figures.p99Ms} | ${figures.not200} | ${wanted} |`)
}

const percentile = (values: number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN)
}

async function benchEvaluation(hedgerow: Hedgerow, token: string): Promise<void> {
  const definitions = await (
    await fetch(`${hedgerow.url}/flags/definitions?token=${token}&send_cohorts`, {
      headers: { authorization: 'Bearer phx_test_of_the_first_admin' },
    })
  ).text()
  const flags = fiveFlags.map((filters, index) => ({
    id: index + 1,
    key: `flag-${index}`,
    name: '',
    version: 1,
    active: true,
    filters,
    ensureExperienceContinuity: false,
    bucketingIdentifier: 'distinct_id' as const,
    evaluationRuntime: 'all' as const,
    evaluationContexts: [],
    isRemoteConfiguration: false,
    hasEncryptedPayloads: false,
    hasExperiment: false,
  }))
  const set = new FlagSet({ flags: flags as never, cohorts: [], groupTypes: new Map(), timezone: 'UTC' })
  const propertiesOf = (index: number) => ({ plan: index % 3 ? 'free' : 'pro', email: `p${index}@example.com`, age: index % 70 })
  const subject = { personColumns: {}, deviceId: undefined, anonymousId: undefined, hashKeys: undefined, groups: [], nowMs: 0 }
  const ours = (count: number): number => {
    const started = process.cpuUsage()
    for (let index = 0; index < count; index++) {
      const distinctId = `person ${index}`
      set.evaluate({ ...subject, distinctId, person: personProperties(propertiesOf(index), undefined, distinctId), isMember: () => false })
    }
    return perProcessorSecond(count, started)
  }
  const client = new PostHog(projectToken, { host: hedgerow.url, personalApiKey: secretKey, fetch: async () => new Response(definitions) })
  await client.waitForLocalEvaluationReady()
  const theirs = async (count: number): Promise<number> => {
    const started = process.cpuUsage()
    for (let index = 0; index < count; index++) {
      await client.getAllFlags(`person ${index}`, { onlyEvaluateLocally: true, personProperties: propertiesOf(index) as never })
    }
    return perProcessorSecond(count, started)
  }
  ours(20_000)
  await theirs(5_000)
  console.log(`\nFive flags evaluated: ${Math.round(ours(200_000))} persons per second of processor time (wanted: 60 000);`)
  console.log(`posthog-node by itself: ${Math.round(await theirs(20_000))}`)
  await client.shutdown()
}

/** By the processor's time, all threads together: what else the machine does at the time does not count. */
function perProcessorSecond(count: number, started: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(started)
  return (count / (user + system)) * 1_000_000
}

async function benchListeners(hedgerow: Hedgerow, project: { id: number; token: string; flagIds: number[] }): Promise<void> {
  const stopping = new AbortController()
  let heard: number[] = []
  let changedAtMs = 0
  const listen = async () => {
    const response = await fetch(`${hedgerow.url}/flags/stream?token=${project.token}`, { signal: stopping.signal })
    for await (const chunk of response.body ?? [])
      if (Buffer.from(chunk).includes('event: change')) heard.push(performance.now() - changedAtMs)
  }
  const listeners = Array.from({ length: listenerCount }, () => listen().catch(() => undefined))
  await sleep(3000)
  const all: number[] = []
  for (let change = 0; change < changes; change++) {
    heard = []
    changedAtMs = performance.now()
    await hedgerow.api('PATCH', `/api/projects/${project.id}/feature_flags/${project.flagIds[0]}/`, { name: `change ${change}` })
    await until('all to hear', async () => (heard.length >= listenerCount ? true : undefined)).catch(() => undefined)
    all.push(...heard)
  }
  stopping.abort()
  await Promise.all(listeners)
  console.log(
    `A change heard by ${all.length / changes} of ${listenerCount} listeners: p50 ${percentile(all, 0.5)} ms, p99 ${percentile(all, 0.99)} ms (wanted: 1000)`,
  )
}

async function benchBehavior(hedgerow: Hedgerow, project: { id: number; token: string }): Promise<void> {
  const api = `/api/projects/${project.id}`
  const leaf = { type: 'behavioral', key: 'bought', event_type: 'events', value: 'performed_event', time_value: 7, time_interval: 'day' }
  const properties = { type: 'AND', values: [{ type: 'AND', values: [leaf] }] }
  const cohort = await hedgerow.api<{ id: number }>('POST', `${api}/cohorts/`, { name: 'Buyers', filters: { properties } })
  const filters = { groups: [condition(100, { type: 'cohort', key: 'id', value: cohort.id, operator: 'in' })] }
  await hedgerow.api('POST', `${api}/feature_flags/`, { key: 'buyers', filters })
  const capture = (batch: object[]) =>
    fetch(`${hedgerow.url}/batch/`, { method: 'POST', body: JSON.stringify({ api_key: project.token, batch }) })
  const value = async (id: string) => {
    const body = JSON.stringify({ token: project.token, distinct_id: id, flag_keys_to_evaluate: ['buyers'] })
    const response = await fetch(`${hedgerow.url}/flags/?v=2`, { method: 'POST', body })
    return ((await response.json()) as { featureFlags: Record<string, unknown> }).featureFlags.buyers
  }
  await value('person 0')
  let isLoaded = true
  const load = (async () => {
    for (let round = 0; isLoaded; round++) {
      const batch = Array.from({ length: 500 }, (_, index) => ({
        event: 'looked',
        distinct_id: `person ${(round * 500 + index) % personCount}`,
      }))
      await Promise.all([capture(batch), sleep(100)])
    }
  })()
  const delays: number[] = []
  const queryableMs: number[] = []
  const isQueryable = async (id: string) => {
    const query = {
      kind: 'HogQLQuery',
      query: 'SELECT count() FROM events WHERE event = {event} AND distinct_id = {id}',
      values: { event: 'bought', id },
    }
    const { results } = await hedgerow.api<{ results: [[number]] }>('POST', `${api}/query/`, { query, refresh: 'force_blocking' })
    return results[0][0] > 0
  }
  for (let index = 0; index < 20; index++) {
    const id = `person ${100 + index}`
    const startedAtMs = performance.now()
    await capture([{ event: 'bought', distinct_id: id }])
    const untilQueryable = (async () => {
      while (!(await isQueryable(id)) && performance.now() - startedAtMs < 10_000) await sleep(20)
      queryableMs.push(performance.now() - startedAtMs)
    })()
    while ((await value(id)) !== true && performance.now() - startedAtMs < 10_000) await sleep(20)
    delays.push(performance.now() - startedAtMs)
    await untilQueryable
  }
  isLoaded = false
  await load
  console.log(
    `From an event to the flag of its cohort, at 5000 events/s: p50 ${percentile(delays, 0.5)} ms, p99 ${percentile(delays, 0.99)} ms (wanted: 1000); to being queryable: p50 ${percentile(queryableMs, 0.5)} ms, p99 ${percentile(queryableMs, 0.99)} ms`,
  )
}

const barePort = await freePort()
const bare = spawn(
  process.execPath,
  ['--import', 'tsx', fileURLToPath(new URL('../capture/bare-server.ts', import.meta.url)), String(barePort)],
  {
    stdio: 'inherit',
  },
)
await sleep(1500)
const known = Array.from({ length: personCount }, (_, index) => `person ${index}`)
console.log('| | requests/s | of bare | p99 ms | not as it should | wanted |\n| --- | --- | --- | --- | --- | --- |')
const bareFigures = await measure(`http://127.0.0.1:${barePort}`, ask(projectToken, known))
barePerSecond = bareFigures.perSecond
row('bare node:http that parses the same body', bareFigures, '')
bare.kill('SIGKILL')

const hedgerow = await startHedgerow()
try {
  const five = await prepare(hedgerow, fiveFlags)
  await measure(hedgerow.url, ask(five.token, known))
  row('5 flags, person in memory', await measure(hedgerow.url, ask(five.token, known)), '8000/s, 15 ms')
  const strangers = Array.from({ length: 20_000 }, (_, index) => `stranger ${index} ${Date.now()}`)
  row('5 flags, person not in memory', await measure(hedgerow.url, ask(five.token, strangers), 8), '25 ms')
  const fifty = await prepare(hedgerow, fiftyFlags)
  row('50 flags with 2 conditions, person in memory', await measure(hedgerow.url, ask(fifty.token, known)), '3000/s, 25 ms')
  const path = `/flags/definitions?token=${projectToken}`
  const authorization = `Bearer ${secretKey}`
  const etag = (await fetch(hedgerow.url + path, { headers: { authorization } })).headers.get('etag') ?? ''
  const unchanged: autocannon.Request[] = [{ method: 'GET', path, headers: { authorization, 'if-none-match': etag } }]
  row('definitions that have not changed (304)', await measure(hedgerow.url, unchanged, 32, '3xx'), '10000/s')
  await benchEvaluation(hedgerow, five.token)
  await benchListeners(hedgerow, five)
  await benchBehavior(hedgerow, five)
} finally {
  await hedgerow.kill('SIGKILL')
  await hedgerow.stop()
}

// npm run bench:experiment-query [-- --people 1000000 --events 10000000 --repeats 5 --data-dir DIR]
// The results of an experiment with five metrics and CUPED, through the query engine, beside hand-written SQL on the same data, turn and turn about.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createHedgerow, readConfig } from '@hedgerow/platform'
import { markdownTable, median, timed } from '../query/measure.ts'
import { asOf, flagKey, generate, startedAt } from './generate.ts'
import { handWritten } from './hand-written.ts'

const { values } = parseArgs({
  options: {
    people: { type: 'string', default: '1000000' },
    events: { type: 'string', default: '10000000' },
    repeats: { type: 'string', default: '5' },
    'data-dir': { type: 'string' },
  },
})

// tricky: the size of Node's thread pool is decided by the process's first I/O.
if (process.env.UV_THREADPOOL_SIZE === undefined) {
  const again = spawnSync(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, UV_THREADPOOL_SIZE: '16' },
  })
  process.exit(again.status ?? 1)
}

const [people, events, repeats] = [values.people, values.events, values.repeats].map(Number) as [number, number, number]
const dataDir = values['data-dir'] ?? join(tmpdir(), `hedgerow-bench-experiment-${people}-${events}`)
const filled = join(dataDir, 'filled')
if (!existsSync(filled) && values['data-dir'] === undefined) rmSync(dataDir, { recursive: true, force: true })
mkdirSync(dataDir, { recursive: true })

const hedgerow = await createHedgerow(
  readConfig(
    {},
    {
      HEDGEROW_DATA_DIR: dataDir,
      HEDGEROW_LOG_LEVEL: 'error',
      HEDGEROW_PROJECT_TOKEN: 'phc_of_the_benchmark',
      HEDGEROW_ADMIN_EMAIL: 'admin@example.com',
      HEDGEROW_ADMIN_PASSWORD: 'correct horse battery staple',
    },
  ),
)
if (!existsSync(filled)) {
  const { ms } = await timed(() => generate(hedgerow.stores, { people, events }))
  writeFileSync(filled, '')
  console.log(`${events} events of ${people} people made in ${Math.round(ms / 1000)} s`)
}

const event = (name: string, more: object = {}) => ({ kind: 'EventsNode', event: name, ...more })
const window = { conversion_window: 14, conversion_window_unit: 'day' }
const metric = (name: string, more: object) => ({ kind: 'ExperimentMetric' as const, name, ...window, ...more })
const metrics = [
  metric('Purchases', { metric_type: 'mean', source: event('purchase') }),
  metric('Revenue', {
    metric_type: 'mean',
    source: event('purchase', { math: 'sum', math_property: 'amount' }),
    upper_bound_percentile: 0.99,
  }),
  metric('Checkout', { metric_type: 'funnel', series: [event('added to cart'), event('purchase')] }),
  metric('Value of a purchase', {
    metric_type: 'ratio',
    numerator: event('purchase', { math: 'sum', math_property: 'amount' }),
    denominator: event('purchase'),
  }),
  metric('Returns in the first week', {
    metric_type: 'retention',
    start_event: event('$pageview'),
    completion_event: event('$pageview'),
    retention_window_start: 1,
    retention_window_end: 7,
    retention_window_unit: 'day',
  }),
]

async function experimentId(): Promise<number> {
  const { results } = await hedgerow.experiments.list(1, { limit: 1, offset: 0 })
  if (results[0]) return results[0].id
  const wanted = {
    name: 'Checkout',
    feature_flag_key: flagKey,
    start_date: startedAt,
    metrics,
    exposure_criteria: { filterTestAccounts: true },
    stats_config: { method: 'frequentist', cuped: { enabled: true, lookback_days: 14 } },
  }
  return (await hedgerow.experiments.create(1, wanted as unknown as Parameters<typeof hedgerow.experiments.create>[1], { userId: null })).id
}

const id = await experimentId()
interface Results {
  rows_read: number
  results: { metrics: { baseline: object; variant_results: object[] }[] }
}
const ask = (kind: string) => hedgerow.query.run({ projectId: 1, query: { kind, experiment_id: id }, asOf }) as unknown as Promise<Results>

/** The engine runs in this process: its work is told by the processor's time, also where something else is going on. */
async function measured<Result>(act: () => Promise<Result>): Promise<{ ms: number; cpuMs: number; result: Result }> {
  const before = process.cpuUsage()
  const { ms, result } = await timed(act)
  const { user, system } = process.cpuUsage(before)
  return { ms, cpuMs: (user + system) / 1000, result }
}

const times: Record<string, { ms: number; cpuMs: number }[]> = { results: [], report: [], hand: [] }
let answer: Results | undefined
let byHand: unknown[][] = []
// The first of each warms what it reads.
for (let round = 0; round <= repeats; round++) {
  const results = await measured(() => ask('ExperimentResultsQuery'))
  const report = await measured(() => ask('ExperimentReportQuery'))
  const hand = await measured(() => hedgerow.stores.events.query(handWritten))
  answer = results.result
  byHand = hand.result.rows as unknown[][]
  if (round === 0) continue
  times.results?.push(results)
  times.report?.push(report)
  times.hand?.push(hand)
}

const of = (name: string, what: 'ms' | 'cpuMs') => median((times[name] ?? []).map((one) => one[what]))
const shown = (name: string, what: 'ms' | 'cpuMs') => `${Math.round(of(name, what))} ms`
const ratio = (name: string, what: 'ms' | 'cpuMs') => (of(name, what) / of('hand', what)).toFixed(2)
const row = (label: string, name: string) => [label, shown(name, 'ms'), ratio(name, 'ms'), shown(name, 'cpuMs'), ratio(name, 'cpuMs')]
console.log(
  markdownTable(
    ['what', 'time', 'against hand-written', 'processor', 'against hand-written'],
    [
      row('the sums of all five metrics (a report)', 'report'),
      row('the whole page of results', 'results'),
      row('hand-written SQL for the same sums', 'hand'),
    ],
  ),
)
console.log(`rows read for the page: ${answer?.rows_read}`)
// Both must have counted the same, or the comparison says nothing.
const [control] = byHand
const sums = answer?.results.metrics.map(({ baseline }) => (baseline as { sum: number }).sum) ?? []
const byOwnHand = [control?.[2], control?.[7], control?.[12], control?.[16], control?.[22]].map(Number)
if (sums.some((sum, i) => Math.abs(sum - (byOwnHand[i] ?? Number.NaN)) > 1e-6 * sum)) {
  console.error(`the sums differ: ${sums.join(', ')} for ${byOwnHand.join(', ')}`)
  process.exitCode = 1
}
await hedgerow.stop()

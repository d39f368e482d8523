// npm run bench:cohorts [-- --events 2000000 --repeats 5]
// The same question over a cohort in two ways: computed where it is asked for, and read from the members stored by the last calculation.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createHedgerow, readConfig } from '@hedgerow/platform'
import { asOf, funnelSteps, generate } from '../query/generate.ts'
import { markdownTable, median, timed } from '../query/measure.ts'

const { values } = parseArgs({ options: { events: { type: 'string', default: '2000000' }, repeats: { type: 'string', default: '5' } } })

// tricky: the size of Node's thread pool is decided by the process's first I/O.
if (process.env.UV_THREADPOOL_SIZE === undefined) {
  const again = spawnSync(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, UV_THREADPOOL_SIZE: '16' },
  })
  process.exit(again.status ?? 1)
}

const dataDir = mkdtempSync(join(tmpdir(), 'hedgerow-bench-cohorts-'))
const now = () => new Date(asOf)
const hedgerow = await createHedgerow(
  readConfig({}, { HEDGEROW_DATA_DIR: dataDir, HEDGEROW_LOG_LEVEL: 'error', HEDGEROW_PROJECT_TOKEN: 'phc_of_the_benchmark' }),
  { now },
)
await generate(hedgerow.stores, { events: Number(values.events), isUnfolded: false, progress: () => undefined })
await hedgerow.start()

const days = (count: number) => ({ event_type: 'events', time_value: count, time_interval: 'day' })
const behaviour = (more: object) => ({ type: 'behavioral', key: funnelSteps[0], ...days(30), ...more })
const cohorts: [string, unknown[]][] = [
  ['by a person property', [{ type: 'person', key: 'plan', value: 'pro', operator: 'exact' }]],
  ['performed in 30 days', [behaviour({ value: 'performed_event' })]],
  ['performed 3 times in 30 days', [behaviour({ value: 'performed_event_multiple', operator: 'gte', operator_value: 3 })]],
  ['first time in 30 days', [behaviour({ value: 'performed_event_first_time' })]],
  ['page viewed in 90 days', [behaviour({ value: 'performed_event', key: '$pageview', ...days(90) })]],
  [
    'regularly: 4 of 8 weeks',
    [behaviour({ value: 'performed_event_regularly', ...days(7), operator_value: 1, total_periods: 8, min_periods: 4 })],
  ],
  [
    'a sequence within a day',
    [behaviour({ value: 'performed_event_sequence', seq_event: funnelSteps[1], seq_time_value: 1, seq_time_interval: 'day' })],
  ],
  [
    'property, and not performed',
    [{ type: 'person', key: 'plan', value: 'pro', operator: 'exact' }, behaviour({ value: 'performed_event', negation: true })],
  ],
]

const ask = async (query: string) => (await hedgerow.query.rows({ projectId: 1, query: { kind: 'HogQLQuery', query } })).results
const question = (condition: string) =>
  `SELECT toStartOfDay(timestamp) AS day, count(), uniq(person_id) FROM events WHERE event = '$pageview' ${condition} GROUP BY day ORDER BY day`

const rows: string[][] = []
for (const [name, criteria] of cohorts) {
  const made = await hedgerow.cohorts.create(1, null, definition(name, criteria))
  const { ms: calculationMs, result: count } = await timed(() => calculated(made.id))
  const ways = {
    none: question(''),
    inline: question(`AND person_id IN COHORT ${made.id}`),
    stored: question(`AND person_id IN (SELECT person_id FROM cohort_people WHERE cohort_id = ${made.id})`),
  }
  if (JSON.stringify(await ask(ways.inline)) !== JSON.stringify(await ask(ways.stored))) throw new Error(`${name}: the two ways differ`)
  const times: Record<string, number[]> = { none: [], inline: [], stored: [] }
  for (let repeat = 0; repeat < Number(values.repeats); repeat++) {
    for (const [way, query] of Object.entries(ways)) times[way]?.push((await timed(() => ask(query))).ms)
  }
  const ms = (way: string) => median(times[way] ?? []).toFixed(0)
  rows.push([name, String(count), ms('none'), ms('stored'), ms('inline'), calculationMs.toFixed(0)])
}
process.stdout.write(
  `${markdownTable(['cohort', 'people', 'without, ms', 'stored, ms', 'inline, ms', 'calculated and stored in, ms'], rows)}\n`,
)
await hedgerow.stop()
rmSync(dataDir, { recursive: true, force: true })

/** As the API reads it; the criteria above are whole. */
function definition(name: string, values: unknown[]) {
  return { name, is_static: false, filters: { properties: { type: 'AND', values } } } as Parameters<typeof hedgerow.cohorts.create>[2]
}

async function calculated(id: number): Promise<number | null> {
  for (;;) {
    const { is_calculating, count } = await hedgerow.cohorts.get(1, String(id))
    if (!is_calculating) return count
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

// npm run bench:query [-- --events 10000000 --unfolded --data-dir DIR --repeats 5 --only TEXT --write]
// Each standard insight through the HTTP API beside hand-written SQL on the same data, in one process, turn and turn about.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createHedgerow, readConfig } from '@hedgerow/platform'
import { createServer } from '@hedgerow/server'
import { asOf, generate } from './generate.ts'
import { markdownTable, median, timed } from './measure.ts'
import { type Question, questions } from './questions.ts'

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000' },
    unfolded: { type: 'boolean', default: false },
    'data-dir': { type: 'string' },
    repeats: { type: 'string', default: '5' },
    only: { type: 'string' },
    /** Puts the tables into docs/reference/query-performance.md. */
    write: { type: 'boolean', default: false },
  },
})
const key = 'phx_of_the_benchmark'

// tricky: the size of Node's thread pool is decided by the process's first I/O.
if (process.env.UV_THREADPOOL_SIZE === undefined) {
  const again = spawnSync(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, UV_THREADPOOL_SIZE: '16' },
  })
  process.exit(again.status ?? 1)
}

const events = Number(values.events)
const repeats = Number(values.repeats)
const dataDir = values['data-dir'] ?? join(tmpdir(), `hedgerow-bench-query-${events}${values.unfolded ? '-unfolded' : ''}`)
const filled = join(dataDir, 'filled')
// What was left half filled is begun anew.
if (!existsSync(filled) && values['data-dir'] === undefined) rmSync(dataDir, { recursive: true, force: true })
mkdirSync(dataDir, { recursive: true })

const hedgerow = await createHedgerow(
  readConfig(
    {},
    {
      HEDGEROW_DATA_DIR: dataDir,
      HEDGEROW_LOG_LEVEL: 'error',
      HEDGEROW_PROJECT_TOKEN: 'phc_of_the_benchmark',
      HEDGEROW_PERSONAL_API_KEY: key,
      HEDGEROW_ADMIN_EMAIL: 'admin@example.com',
      HEDGEROW_ADMIN_PASSWORD: 'correct horse battery staple',
    },
  ),
)
await fill()
const app = await createServer(hedgerow)
const url = await app.listen({ port: 0, host: '127.0.0.1' })

interface Answer {
  is_cached: boolean
  rows_read: number
  timings: { k: string; t: number }[]
  results: unknown
}

async function ask(query: object, more: object = {}): Promise<Answer> {
  const response = await fetch(`${url}/api/projects/1/query/`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query, as_of: asOf, refresh: 'force_blocking', ...more }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${response.status}: ${text.slice(0, 300)}`)
  return JSON.parse(text) as Answer
}

const ms = (value: number) => (Number.isFinite(value) ? String(Math.round(value * (value < 10 ? 10 : 1)) / (value < 10 ? 10 : 1)) : '–')
const residentMb = (field: 'VmRSS' | 'VmHWM') =>
  Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 0) / 1024

/** Everything but the engine's run, as the answer tells it; phases that the engine is a part of do not count. */
const compileMs = ({ timings }: Answer) =>
  timings.filter(({ k }) => k === 'compile' || k === 'shape').reduce((sum, { t }) => sum + t * 1000, 0)

interface Measured {
  apiMs: number
  handMs: number
  ratio: number
  cachedMs: number
  compileMs: number
  rowsRead: number
}

async function measure({ query, sql }: Question): Promise<Measured> {
  const api: number[] = []
  const hand: number[] = []
  const compile: number[] = []
  let rowsRead = 0
  // The first of each warms what it reads.
  for (let round = 0; round <= repeats; round++) {
    const asked = await timed(() => ask(query))
    const written = await timed(() => hedgerow.stores.events.query(sql))
    rowsRead = asked.result.rows_read
    if (round === 0) continue
    api.push(asked.ms)
    hand.push(written.ms)
    compile.push(compileMs(asked.result))
  }
  const cached: number[] = []
  for (let round = 0; round < repeats; round++) {
    const { ms, result } = await timed(() => ask(query, { refresh: 'blocking' }))
    if (!result.is_cached) throw new Error('the answer was not kept')
    cached.push(ms)
  }
  return {
    apiMs: median(api),
    handMs: median(hand),
    ratio: median(api) / median(hand),
    cachedMs: median(cached),
    compileMs: median(compile),
    rowsRead,
  }
}

/** Ten different questions one after another, then at once; and a quick one beside three slow ones. */
async function concurrency(): Promise<string[]> {
  const ten = Array.from({ length: 10 }, (_, i) => ({
    kind: 'HogQLQuery',
    query: `select toDate(timestamp) as day, count(), count(distinct person_id) from events where event = '$pageview' and cityHash64(uuid) % 11 != ${i} group by day order by day limit 100`,
  }))
  for (const query of ten) await ask(query)
  const apart = await timed(async () => {
    for (const query of ten) await ask(query)
  })
  const together = await timed(() => Promise.all(ten.map((query) => ask(query))))
  const quick = { kind: 'HogQLQuery', query: "select count() from events where event = '$pageview' and timestamp > '2026-05-30' limit 1" }
  await ask(quick)
  const alone = median(await Promise.all([1].map(async () => (await timed(() => ask(quick))).ms)))
  const slow = Array.from({ length: 5 }, (_, i) => {
    const query = { kind: 'HogQLQuery', query: `select count() from numbers(100000000000) where sipHash64(number) = ${i}` }
    return ask(query, { refresh: 'force_async', client_query_id: `slow-${i}` }).then(
      () => undefined,
      () => undefined,
    )
  })
  await Promise.all(slow)
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  const beside: number[] = []
  for (let round = 0; round < 5; round++) beside.push((await timed(() => ask(quick))).ms)
  for (let i = 0; i < 5; i++) hedgerow.questions.cancel(1, `slow-${i}`)
  return [
    `Ten different queries: ${ms(apart.ms)} ms one after another, ${ms(together.ms)} ms at once (${(together.ms / apart.ms).toFixed(2)} times).`,
    `A quick query: ${ms(alone)} ms alone, ${ms(median(beside))} ms beside slow ones.`,
  ]
}

/** Puts the lines into the page, in the place of those of an earlier run of the same size. */
function writeReport(name: string, text: string): void {
  const page = fileURLToPath(new URL('../../docs/reference/query-performance.md', import.meta.url))
  const [start, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`]
  const before = readFileSync(page, 'utf8')
  const block = `${start}\n\n${text}\n\n${end}`
  const [from, to] = [before.indexOf(start), before.indexOf(end)]
  writeFileSync(page, from < 0 ? `${before.trimEnd()}\n\n${block}\n` : before.slice(0, from) + block + before.slice(to + end.length))
}

async function fill(): Promise<void> {
  if (existsSync(filled)) return
  const startedMs = performance.now()
  await generate(hedgerow.stores, {
    events,
    isUnfolded: values.unfolded,
    progress: (stored) => process.stderr.write(`\r${stored} events after ${Math.round((performance.now() - startedMs) / 1000)} s`),
  })
  process.stderr.write('\n')
  writeFileSync(filled, '')
}

try {
  const rows: string[][] = []
  const ratios: number[] = []
  for (const question of questions.filter(({ name }) => name.includes(values.only ?? ''))) {
    try {
      const found = await measure(question)
      ratios.push(found.ratio)
      const target = question.targetMs === undefined ? '' : `${question.targetMs}`
      rows.push([question.name, ms(found.apiMs), ms(found.handMs), found.ratio.toFixed(2), target, ms(found.compileMs), ms(found.cachedMs)])
    } catch (error) {
      rows.push([question.name, `failed: ${(error as Error).message.slice(0, 160)}`, '', '', '', '', ''])
    }
    console.error(rows.at(-1)?.join('  '))
  }
  const table = markdownTable(
    ['insight', 'API, ms', 'SQL by hand, ms', 'ratio', 'target at 10 M, ms', 'compile, ms', 'from cache, ms'],
    rows,
  )
  const lines = [
    `${events.toLocaleString('en')} events${values.unfolded ? ', merged ids not folded yet' : ''}; median of ${repeats}.`,
    '',
    table,
    '',
    `Median ratio ${median(ratios).toFixed(2)}, highest ${Math.max(...ratios).toFixed(2)}.`,
    ...(values.only === undefined ? await concurrency() : []),
    `Memory of the process: ${residentMb('VmRSS').toFixed(0)} MB at the end, ${residentMb('VmHWM').toFixed(0)} MB at most.`,
  ]
  console.log(lines.join('\n'))
  if (values.write) writeReport(`${events} events${values.unfolded ? ', unfolded' : ''}`, lines.join('\n'))
} finally {
  await app.close()
  await hedgerow.stop()
}

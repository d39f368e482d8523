// npm run bench:query [-- --events 10000000 --unfolded --data-dir DIR --repeats 5 --only TEXT --write]
// Each standard insight through the HTTP API beside hand-written SQL on the same data, in one process, turn and turn about.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { createHedgerow, readConfig } from '@hedgerow/platform'
import { createServer } from '@hedgerow/server'
import { cohortOfDoers, createAsking, key } from './asking.ts'
import { concurrency } from './concurrency.ts'
import { describeEvents, generate } from './generate.ts'
import { median, milliseconds } from './measure.ts'
import { measureQuestion } from './measure-question.ts'
import { type Question, questionsOf } from './questions.ts'
import { type Row, type Run, runText, writeRun } from './report.ts'

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

// tricky: the size of Node's thread pool is decided by the process's first I/O.
if (process.env.UV_THREADPOOL_SIZE === undefined) {
  const again = spawnSync(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, UV_THREADPOOL_SIZE: '16' },
  })
  process.exit(again.status ?? 1)
}

// As `hedgerow start` sets it, which says why.
setFlagsFromString('--no-parallel-scavenge')

const events = Number(values.events)
const repeats = Number(values.repeats)
const dataDir = values['data-dir'] ?? join(tmpdir(), `hedgerow-bench-query-${events}${values.unfolded ? '-unfolded' : ''}`)
const filled = join(dataDir, 'filled')
// What was left half filled is begun anew.
if (!existsSync(filled) && values['data-dir'] === undefined) rmSync(dataDir, { recursive: true, force: true })
mkdirSync(dataDir, { recursive: true })

const environment = {
  HEDGEROW_DATA_DIR: dataDir,
  HEDGEROW_LOG_LEVEL: 'error',
  HEDGEROW_PROJECT_TOKEN: 'phc_of_the_benchmark',
  HEDGEROW_PERSONAL_API_KEY: key,
  HEDGEROW_ADMIN_EMAIL: 'admin@example.com',
  HEDGEROW_ADMIN_PASSWORD: 'correct horse battery staple',
}

async function fill(): Promise<void> {
  if (existsSync(filled)) return
  // why: blocks as large as parts are after many merges; what is measured later has the limits that it has by default.
  const hedgerow = await createHedgerow(readConfig({}, { ...environment, HEDGEROW_EVENT_STORE_SERVER_MEMORY_BYTES: '6000000000' }))
  const startedMs = performance.now()
  await generate(hedgerow.stores, {
    events,
    isUnfolded: values.unfolded,
    progress: (stored) => process.stderr.write(`\r${stored} events after ${Math.round((performance.now() - startedMs) / 1000)} s`),
  })
  process.stderr.write('\n')
  await hedgerow.stop()
  writeFileSync(filled, '')
}

async function rowOf(question: Question, asking: ReturnType<typeof createAsking>): Promise<Row> {
  const { name, targetMs } = question
  try {
    const { difference, ...measured } = await measureQuestion(question, asking, repeats)
    const row: Row = { name, targetMs, ...measured, isSame: difference === undefined }
    const shown = [row.apiMs, row.handMs, row.apiMs / row.handMs, row.apiCpuMs / row.handCpuMs].map((each) => each.toFixed(2))
    console.error(`${name}: API ${shown[0]}, by hand ${shown[1]}, ratio ${shown[2]} (of processor time ${shown[3]})`)
    if (difference !== undefined) console.error(`  The answers differ: ${difference}`)
    return row
  } catch (error) {
    console.error(`${name}: ${(error as Error).message}`)
    return { name, targetMs, failed: (error as Error).message.slice(0, 160) }
  }
}

const memoryMb = (field: 'VmRSS' | 'VmHWM') =>
  Math.round(Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 0) / 1024)

/** From a hundred million events on, as somebody who has so many would set them: the process stays within 4 GB. */
const memory =
  events < 100_000_000
    ? {}
    : { HEDGEROW_EVENT_STORE_SERVER_MEMORY_BYTES: '3000000000', HEDGEROW_EVENT_STORE_QUERY_MAX_MEMORY_BYTES: '2000000000' }

await fill()
const hedgerow = await createHedgerow(readConfig({}, { ...environment, ...memory }))
const app = await createServer(hedgerow)
try {
  const description = await describeEvents(hedgerow.stores, events)
  console.error(description)
  const asking = createAsking(hedgerow, await app.listen({ port: 0, host: '127.0.0.1' }))
  // As `hedgerow start` does after it has begun to listen; here it is waited for, as if somebody came some seconds after the start.
  await hedgerow.warmUp()
  const facts = { isUnfolded: values.unfolded, cohortId: await cohortOfDoers(asking) }
  const rows: Row[] = []
  for (const question of questionsOf(facts).filter(({ name }) => name.includes(values.only ?? ''))) rows.push(await rowOf(question, asking))
  const more = values.only === undefined ? await concurrency(asking, repeats) : []
  const firsts = rows.flatMap((row) => ('failed' in row ? [] : [row.firstBesideEngineMs]))
  const firstNote = `Of the first answer to each, all but the engine: ${milliseconds(median(firsts))} ms in the middle, ${milliseconds(Math.max(...firsts))} ms at most.`
  const memoryNote = `Memory of the process: ${memoryMb('VmRSS')} MB at the end, ${memoryMb('VmHWM')} MB at most.`
  const run: Run = { events, isUnfolded: values.unfolded, repeats, description, rows, notes: [firstNote, ...more, memoryNote] }
  console.log(runText(run))
  if (values.write) writeRun(run)
  if (rows.some((row) => 'failed' in row || !row.isSame)) process.exitCode = 1
} finally {
  await app.close()
  await hedgerow.stop()
}

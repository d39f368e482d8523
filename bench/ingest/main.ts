// npm run bench:ingest [-- --rate 20400 --minutes 5]: sustained until queryable, with merges; then latency at half that load.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Hedgerow, projectToken, sleep, startHedgerow } from '../../test/harness/hedgerow.ts'
import { makeBatches } from '../load/bodies.ts'
import { calibrateJson } from '../load/calibrate.ts'
import { countProcessorTime } from '../load/processor-time.ts'
import { load, post, quantile } from '../load/send.ts'

const { values } = parseArgs({
  options: {
    // A little more than the target: what is queryable a second after the load has ended counts for that second too.
    rate: { type: 'string', default: '20400' },
    minutes: { type: 'string', default: '5' },
    persons: { type: 'string', default: '50000' },
  },
})
const rate = Number(values.rate)
const minutes = Number(values.minutes)
const batchSize = 50
const bodies = makeBatches(projectToken, 1_000, batchSize, Number(values.persons))
const gzip = { 'content-encoding': 'gzip' }

const residentMb = (hedgerow: Hedgerow): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${hedgerow.process.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
// What goes while it is counted makes `du` fail, with the sum of all else.
const diskMb = (path: string): number => Number(spawnSync('du', ['-sm', path], { encoding: 'utf8' }).stdout.split('\t')[0])

/** Milliseconds from the answer to an event's request until a query finds it, for as long as `running`. */
async function probe(hedgerow: Hedgerow, running: () => boolean): Promise<number[]> {
  const waits: number[] = []
  for (let n = 0; running(); n++) {
    const id = `probe-${Date.now()}-${n}`
    await post(
      `${hedgerow.url}/i/v0/e/`,
      Buffer.from(
        JSON.stringify({ api_key: projectToken, event: 'probe', distinct_id: id, properties: { $process_person_profile: false } }),
      ),
    )
    const acceptedAt = performance.now()
    while (running()) {
      const [[count] = [0]] = await hedgerow.query(
        `select count() from events where event = 'probe' and distinct_id = '${id}' and timestamp > now() - interval 1 hour`,
      )
      if (Number(count) > 0) {
        waits.push(performance.now() - acceptedAt)
        break
      }
      await sleep(40)
    }
    await sleep(300)
  }
  return waits
}

/** Seconds of processor time that the engine takes for a query that reads nothing. */
async function calibrateEngine(hedgerow: Hedgerow): Promise<number> {
  const used = countProcessorTime(hedgerow.process.pid ?? 0)
  await hedgerow.query('select sum(cityHash64(toString(number))) from numbers(5000000)')
  return used().reduce((sum, { seconds }) => sum + seconds, 0)
}

async function printCalibration(hedgerow: Hedgerow): Promise<void> {
  const engine = await calibrateEngine(hedgerow)
  console.log(
    `calibration: JSON.parse and JSON.stringify of an event ${calibrateJson().toFixed(2)} µs; hashing 5 million texts ${engine.toFixed(2)} s`,
  )
}

async function printDisk(hedgerow: Hedgerow, what: string): Promise<void> {
  const { stored } = await hedgerow.settled(120_000)
  const analyticsMb = diskMb(`${hedgerow.dataDir}/analytics`)
  console.log(
    `${what}: analytics ${analyticsMb} MB = ${((analyticsMb * 1024 * 1024) / stored).toFixed(0)} bytes an event; all ${diskMb(hedgerow.dataDir)} MB`,
  )
}

/** Until nothing has become smaller for as long as what merges replaced stays, or five minutes have passed. */
async function mergesAreThrough(hedgerow: Hedgerow): Promise<void> {
  const size = () => diskMb(hedgerow.dataDir)
  for (let [least, since, seconds] = [size(), 0, 0]; since < 130 && seconds < 300; since += 10, seconds += 10) {
    await sleep(10_000)
    if (size() < least) [least, since] = [size(), 0]
  }
}

const startedAt = performance.now()
const hedgerow = await startHedgerow()
console.log(`first start: ${((performance.now() - startedAt) / 1000).toFixed(1)} s; idle: ${residentMb(hedgerow).toFixed(0)} MB resident`)
try {
  await printCalibration(hedgerow)
  let highestMb = 0
  let running = true
  const watch = setInterval(() => {
    highestMb = Math.max(highestMb, residentMb(hedgerow))
  }, 500)

  const processorTime = countProcessorTime(hedgerow.process.pid ?? 0)
  const ownBefore = process.cpuUsage()
  const full = await load(`${hedgerow.url}/batch/`, bodies, {
    connections: 16,
    seconds: minutes * 60,
    perSecond: rate / batchSize,
    headers: gzip,
  })
  const atEnd = await hedgerow.ledger()
  const drainedFrom = performance.now()
  const ledger = await hedgerow.settled(600_000)
  const drainSeconds = (performance.now() - drainedFrom) / 1000
  const [[count] = [0]] = await hedgerow.query('select count() from events')
  const sent = full.requests * batchSize
  console.log(
    `sent ${sent} events in ${full.seconds.toFixed(1)} s (${Math.round(sent / full.seconds)}/s), answers ${JSON.stringify(full.statuses)}, answer p99 ${quantile(full.latenciesMs, 0.99).toFixed(0)} ms`,
  )
  console.log(
    `waiting when the load stopped: ${atEnd.waiting}; queryable after ${drainSeconds.toFixed(1)} s more: ${Math.round(ledger.stored / (full.seconds + drainSeconds))} events/s until queryable`,
  )
  console.log(`ledger ${JSON.stringify(ledger)}; a query counts ${count}`)
  const used = processorTime()
  const own = process.cpuUsage(ownBefore)
  const perEvent = (seconds: number) => ((seconds * 1_000_000) / ledger.stored).toFixed(1)
  const total = used.reduce((sum, { seconds }) => sum + seconds, 0)
  console.log(
    `processor time, microseconds an event: ${perEvent(total)}; the load generator ${perEvent((own.user + own.system) / 1_000_000)}`,
  )
  for (const { name, seconds } of used.slice(0, 10)) console.log(`  ${name}: ${perEvent(seconds)}`)
  console.log(`highest resident: ${highestMb.toFixed(0)} MB`)
  await sleep(15_000)
  await printDisk(hedgerow, 'disk, what merges replaced included')

  const probing = probe(hedgerow, () => running)
  const half = await load(`${hedgerow.url}/batch/`, bodies, {
    connections: 16,
    seconds: Math.min(60, minutes * 60),
    perSecond: rate / 2 / batchSize,
    headers: gzip,
  })
  running = false
  const waits = await probing
  console.log(
    `at ${Math.round((half.requests * batchSize) / half.seconds)} events/s: accepted to queryable p50 ${quantile(waits, 0.5).toFixed(0)} ms, p99 ${quantile(waits, 0.99).toFixed(0)} ms (${waits.length} probes)`,
  )
  clearInterval(watch)
  await printCalibration(hedgerow)
  await mergesAreThrough(hedgerow)
  await printDisk(hedgerow, 'disk, when merges are through')
  await hedgerow.kill('SIGTERM')
  const againAt = performance.now()
  const again = await startHedgerow({ dataDir: hedgerow.dataDir })
  console.log(`start with this data: ${((performance.now() - againAt) / 1000).toFixed(1)} s; idle ${residentMb(again).toFixed(0)} MB`)
  await again.stop()
} finally {
  await hedgerow.stop()
}

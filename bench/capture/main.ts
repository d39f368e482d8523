// npm run bench:capture: requests answered after the flush, beside a bare node:http server that only parses, in the same run.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import autocannon from 'autocannon'
import { freePort } from '../../packages/stores/src/test-servers/ports.ts'
import { projectToken, sleep, startHedgerow } from '../../test/harness/hedgerow.ts'
import { makeBatches, makeEvent, seeded } from '../load/bodies.ts'

const seconds = Number(process.argv[2] ?? 8)
const single = JSON.stringify({ api_key: projectToken, ...makeEvent(seeded(7), 1000) })
const batches = makeBatches(projectToken, 64, 50, 20_000)

interface Figures {
  perSecond: number
  p99Ms: number
  not200: number
}

async function measure(
  url: string,
  requests: { path: string; body: string | Buffer; headers?: Record<string, string> }[],
  connections: number,
): Promise<Figures> {
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    requests: requests.map((r) => ({
      method: 'POST',
      path: r.path,
      body: r.body,
      headers: { 'content-type': 'application/json', ...r.headers },
    })),
  })
  return { perSecond: result['2xx'] / result.duration, p99Ms: result.latency.p99, not200: result.non2xx + result.errors }
}

const shapes = {
  'single events, plain JSON': { requests: [{ path: '/i/v0/e/', body: single }], connections: 64, eventsEach: 1 },
  'batches of 50, gzip': {
    requests: batches.map((body) => ({ path: '/batch/', body, headers: { 'content-encoding': 'gzip' } })),
    connections: 32,
    eventsEach: 50,
  },
}

const barePort = await freePort()
const bare = spawn(process.execPath, ['--import', 'tsx', fileURLToPath(new URL('./bare-server.ts', import.meta.url)), String(barePort)], {
  stdio: 'inherit',
})
await sleep(1500)
const bareFigures: Record<string, Figures> = {}
for (const [name, shape] of Object.entries(shapes))
  bareFigures[name] = await measure(`http://127.0.0.1:${barePort}`, shape.requests, shape.connections)
bare.kill('SIGKILL')

console.log(
  '| requests | Hedgerow, events/s | requests/s | p99 ms | not 200 | bare node:http, events/s | ratio |\n| --- | --- | --- | --- | --- | --- | --- |',
)
for (const [name, shape] of Object.entries(shapes)) {
  const hedgerow = await startHedgerow()
  try {
    await measure(hedgerow.url, shape.requests, shape.connections / 2)
    const mine = await measure(hedgerow.url, shape.requests, shape.connections)
    const theirs = bareFigures[name] as Figures
    const row = [
      name,
      Math.round(mine.perSecond * shape.eventsEach),
      Math.round(mine.perSecond),
      mine.p99Ms,
      mine.not200,
      Math.round(theirs.perSecond * shape.eventsEach),
      (mine.perSecond / theirs.perSecond).toFixed(2),
    ]
    console.log(`| ${row.join(' | ')} |`)
  } finally {
    await hedgerow.kill('SIGKILL')
    await hedgerow.stop()
  }
}

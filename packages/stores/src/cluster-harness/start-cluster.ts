import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '../test-servers/ports.ts'
import { findNodeProgram } from './node-program.ts'

/** A ClickHouse node in a process of its own. */
export interface TestNode {
  /** HTTP address without a database, e.g. `http://127.0.0.1:40001`. */
  readonly url: string
  /** Starts it again with the data it had; resolves once it answers. */
  start(): Promise<void>
  /** Ends it like a pulled plug: SIGKILL. */
  kill(): Promise<void>
  /** Halts it without ending it (SIGSTOP), as a machine that hangs; `resume` goes on. */
  suspend(): void
  resume(): void
  readonly processId: number | undefined
}

export interface TestCluster {
  /** Name in `system.clusters`: one shard a node. */
  readonly name: string
  readonly nodes: readonly TestNode[]
  /** What `createClickHouseEventStore` needs to use all nodes. */
  storeOptions(database?: string): { url: string; cluster: string; nodeUrls: string[] }
  /** Kills every node and removes their data. */
  close(): Promise<void>
}

const clusterName = 'test_cluster'
const startPatienceMs = 60_000

/** Why {@link startTestCluster} would fail on this machine; undefined where it works. For a test's skip message. */
export function testClusterMissing(): string | undefined {
  const directory = mkdtempSync(join(tmpdir(), 'hedgerow-cluster-'))
  try {
    const program = findNodeProgram(directory)
    return 'missing' in program ? program.missing : undefined
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** Starts genuine ClickHouse nodes on free ports of this machine, which know each other as shards of one cluster. */
export async function startTestCluster(size = 2): Promise<TestCluster> {
  const directory = mkdtempSync(join(tmpdir(), 'hedgerow-cluster-'))
  const program = findNodeProgram(directory)
  if ('missing' in program) {
    rmSync(directory, { recursive: true, force: true })
    throw new Error(program.missing)
  }
  const places = await Promise.all(
    Array.from({ length: size }, async (_, index) => ({
      directory: join(directory, `node-${index + 1}`),
      httpPort: await freePort(),
      tcpPort: await freePort(),
    })),
  )
  const configFile = join(directory, 'cluster.xml')
  writeFileSync(configFile, clusterConfig(places.map(({ tcpPort }) => tcpPort)))
  const nodes = places.map((place) => createNode(program, configFile, place))
  const close = async () => {
    await Promise.all(nodes.map((node) => node.kill()))
    rmSync(directory, { recursive: true, force: true })
  }
  try {
    await Promise.all(nodes.map((node) => node.start()))
  } catch (error) {
    await close()
    throw error
  }
  return {
    name: clusterName,
    nodes,
    storeOptions: (database = 'hedgerow') => ({
      url: `${nodes[0]?.url}/${database}`,
      cluster: clusterName,
      nodeUrls: nodes.map((node) => node.url),
    }),
    close,
  }
}

function createNode(
  program: { command: string; args: string[] },
  configFile: string,
  { directory, httpPort, tcpPort }: { directory: string; httpPort: number; tcpPort: number },
): TestNode {
  const url = `http://127.0.0.1:${httpPort}`
  const logFile = join(directory, '..', `node-${httpPort}.log`)
  let child: ChildProcess | undefined

  async function kill(): Promise<void> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
    // The lock file of a process that is gone is of no use to the next one.
    rmSync(join(directory, 'status'), { force: true })
  }

  async function start(): Promise<void> {
    mkdirSync(directory, { recursive: true })
    const log = openSync(logFile, 'a')
    const endless =
      'SELECT sleepEachRow(3) FROM numbers(1000000) SETTINGS max_block_size = 1, function_sleep_max_microseconds_per_block = 0 FORMAT Null'
    const args = [
      ...program.args,
      ...['--path', directory, '--config-file', configFile, '--listen_host', '127.0.0.1'],
      ...['--http_port', String(httpPort), '--tcp_port', String(tcpPort)],
      ...['--query', `SYSTEM START LISTEN TCP; SYSTEM START LISTEN HTTP; ${endless}`],
    ]
    const started = spawn(program.command, args, { stdio: ['ignore', log, log], cwd: directory })
    child = started
    const deadline = Date.now() + startPatienceMs
    while (!(await answers(url))) {
      if (started.exitCode !== null || Date.now() > deadline) {
        await kill()
        const said = existsSync(logFile) ? readFileSync(logFile, 'utf8').slice(-2_000) : ''
        throw new Error(`The ClickHouse node at ${url} did not start. It said:\n${said}`)
      }
      await delay(100)
    }
  }

  return {
    url,
    start,
    kill,
    suspend: () => child?.kill('SIGSTOP'),
    resume: () => child?.kill('SIGCONT'),
    get processId() {
      return child?.pid
    },
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/ping`, { signal: AbortSignal.timeout(1_000) })
    return response.ok
  } catch {
    return false
  }
}

function clusterConfig(tcpPorts: number[]): string {
  const shards = tcpPorts.map((port) => `<shard><replica><host>127.0.0.1</host><port>${port}</port></replica></shard>`)
  return `<clickhouse>
  <remote_servers><${clusterName}>${shards.join('')}</${clusterName}></remote_servers>
  <max_server_memory_usage>1500000000</max_server_memory_usage>
  <mark_cache_size>67108864</mark_cache_size>
</clickhouse>
`
}

import { resolve } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { createHedgerow, type Hedgerow, type HedgerowConfig } from '@hedgerow/platform'
import { createServer } from '@hedgerow/server'
import type { Command, Terminal } from './command.ts'
import { fillDemo } from './demo.ts'
import { describeFailure, type FailureContext } from './failure.ts'
import { configFrom, settingOptions } from './settings-options.ts'
import { onStopSignal } from './stop-signals.ts'
import { version } from './version.ts'

export const startCommand: Command = {
  name: 'start',
  summary: 'run Hedgerow until it is stopped',
  description:
    'Opens the stores, changes their tables where a new version needs it, and serves the web app, the API and the addresses that SDKs send to. Stop it with Ctrl-C or SIGTERM: it finishes what it has begun.',
  options: settingOptions,
  async run(values, _args, terminal) {
    // why: on two busy cores a young collection by several threads waits for those that the engine keeps from running: a third more events
    // a second are stored without them (docs/reference/performance.md). Holds for all threads of the process that begin after this.
    setFlagsFromString('--no-parallel-scavenge')
    const config = configFrom(values, terminal)
    const context = { port: config.port, host: config.host, dataDir: resolve(config.dataDir) }
    try {
      return await serve(config, context, terminal)
    } catch (error) {
      const sentence = describeFailure(error, context)
      if (sentence === undefined) throw error
      terminal.err(sentence)
      return 1
    }
  },
}

async function serve(config: HedgerowConfig, context: FailureContext, terminal: Terminal): Promise<number> {
  const stopping = new AbortController()
  const stopped = new Promise<void>((done) => {
    stopping.signal.addEventListener('abort', () => done())
  })
  onStopSignal((reason) => {
    terminal.err(`Stopping (${reason})…`)
    stopping.abort()
  })

  const hedgerow = await createHedgerow(config)
  try {
    const server = await createServer(hedgerow)
    try {
      await hedgerow.start()
      const address = await server.listen({ port: config.port, host: config.host })
      await greet(hedgerow, config, { ...context, port: Number(new URL(address).port) }, terminal)
      void hedgerow.warmUp()
      const demo = config.demo ? fillDemo(hedgerow, terminal, stopping.signal) : undefined
      await stopped
      await demo
    } finally {
      await server.close()
    }
  } finally {
    await hedgerow.stop()
  }
  terminal.err('Stopped.')
  return 0
}

async function greet(
  hedgerow: Hedgerow,
  config: HedgerowConfig,
  { port, host, dataDir }: FailureContext,
  terminal: Terminal,
): Promise<void> {
  const url = config.publicUrl ?? `http://${['0.0.0.0', '::'].includes(host) ? 'localhost' : host}:${port}`
  terminal.out(`Hedgerow ${version()} runs at ${url}`)
  terminal.out(`Data: ${dataDir}${remoteStores(config)}`)
  if (!config.demo && (await hedgerow.accounts.setUpRequired())) terminal.out(`Open ${url} to make the first account and project.`)
}

/** Hosts alone: the addresses hold passwords. */
function remoteStores({ clickhouseUrl, databaseUrl, natsUrl }: HedgerowConfig): string {
  const remote = Object.entries({ ClickHouse: clickhouseUrl, PostgreSQL: databaseUrl, NATS: natsUrl })
  return remote.flatMap(([name, url]) => (url === undefined ? [] : [`; ${name} on ${new URL(url).host}`])).join('')
}

import { resolve } from 'node:path'
import { createHedgerow, type Hedgerow } from '@hedgerow/platform'
import type { Command, Terminal } from './command.ts'
import { describeFailure } from './failure.ts'
import { createProgress } from './progress.ts'
import { configFrom, settingOptions } from './settings-options.ts'
import { onStopSignal } from './stop-signals.ts'

export const demoCommand: Command = {
  name: 'demo',
  summary: 'make and fill the demo project, then end; `start --demo` does it while running',
  description:
    'The demo is ninety days of an invented product, about 200 000 events, sent the way an SDK sends them. It is made once; a fill that was interrupted goes on where it stopped. With the embedded stores, stop a running Hedgerow first.',
  options: settingOptions.filter(({ flag }) => !['port', 'host', 'demo'].includes(flag)),
  async run(values, _args, terminal) {
    const config = configFrom(values, terminal)
    const stopping = new AbortController()
    onStopSignal(() => stopping.abort())
    try {
      const hedgerow = await createHedgerow(config)
      try {
        await hedgerow.start()
        return (await fillDemo(hedgerow, terminal, stopping.signal)) ? 0 : 1
      } finally {
        await hedgerow.stop()
      }
    } catch (error) {
      const sentence = describeFailure(error, { port: config.port, host: config.host, dataDir: resolve(config.dataDir) })
      if (sentence === undefined) throw error
      terminal.err(sentence)
      return 1
    }
  },
}

/** Makes the demo project where there is none, and tells how far it is. Resolves whether it is whole. */
export async function fillDemo(hedgerow: Hedgerow, terminal: Terminal, signal: AbortSignal): Promise<boolean> {
  const progress = createProgress('Demo', terminal)
  const startedAtMs = performance.now()
  try {
    const { project, events } = await hedgerow.demo.createAtStart({
      signal,
      onAccount({ email, password }) {
        terminal.out(`Demo account: ${email}, password: ${password} (it is not shown again)`)
      },
      onProgress({ stored, fraction }) {
        progress.show(fraction, `${grouped(stored)} events stored`)
      },
    })
    progress.end()
    const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1)
    terminal.out(
      events === 0
        ? `The demo project is there already: "${project.name}".`
        : `Demo project "${project.name}": ${grouped(events)} events in ${seconds} s.`,
    )
    return true
  } catch (error) {
    progress.end()
    if (signal.aborted) {
      terminal.err('The demo is not whole yet; the next start with --demo goes on with it.')
    } else {
      terminal.err(`The demo could not be filled: ${error instanceof Error ? error.message : String(error)}`)
    }
    return false
  }
}

const grouped = (count: number): string => count.toLocaleString('en').replaceAll(',', ' ')

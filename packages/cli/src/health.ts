import { type Command, UsageError } from './command.ts'

const defaultUrl = 'http://127.0.0.1:8000'
const defaultTimeoutMs = 5_000

export const healthCommand: Command = {
  name: 'health',
  summary: 'ask a running Hedgerow whether everything works; the exit code is 0 if it does',
  options: [
    { flag: 'url', kind: 'text', placeholder: 'address', help: 'where it runs', defaultText: defaultUrl },
    {
      flag: 'timeout-ms',
      kind: 'text',
      placeholder: 'number',
      help: 'how long to wait for the answer',
      defaultText: String(defaultTimeoutMs),
    },
  ],
  async run(values, _args, terminal) {
    const url = healthUrl(String(values.url ?? defaultUrl))
    const timeoutMs = positiveInteger('timeout-ms', values['timeout-ms'] ?? String(defaultTimeoutMs))
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) })
      const body = (await response.text()).trim()
      if (response.ok) {
        terminal.out(body || 'ok')
        return 0
      }
      terminal.err(`${url} answered ${response.status}: ${body}`)
    } catch (error) {
      terminal.err(`${url} did not answer: ${reason(error, timeoutMs)}`)
    }
    return 1
  },
}

function healthUrl(typed: string): string {
  try {
    return new URL('_health', typed.endsWith('/') ? typed : `${typed}/`).href
  } catch (error) {
    throw new UsageError(`--url needs an address such as ${defaultUrl}; "${typed}" is none.`, { cause: error })
  }
}

function positiveInteger(flag: string, typed: string | boolean): number {
  const value = Number(typed)
  if (Number.isSafeInteger(value) && value > 0) return value
  throw new UsageError(`--${flag} needs a whole number above 0; "${typed}" is none.`)
}

function reason(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return `nothing within ${timeoutMs} ms`
  return error.cause instanceof Error ? error.cause.message : error.message
}

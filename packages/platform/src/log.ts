export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace'

/** `details` hold no secret and no property of an event. */
export type Log = (level: LogLevel, message: string, details?: Record<string, unknown>) => void

/** The numbers by which log collectors know levels (bunyan, pino). */
const numbers: Record<LogLevel | 'silent', number> = { silent: 100, fatal: 60, error: 50, warn: 40, info: 30, debug: 20, trace: 10 }

/** One JSON object a line: `{"level":40,"time":1780000000000,"msg":"…"}`. */
export function createLog(level: string, write: (line: string) => void, nowMs: () => number = Date.now): Log {
  const least = numbers[level as LogLevel] ?? numbers.info
  return (at, message, details = {}) => {
    if (numbers[at] < least) return
    const shown = Object.fromEntries(
      Object.entries(details).map(([name, value]) => [name, value instanceof Error ? errorShown(value) : value]),
    )
    write(`${JSON.stringify({ level: numbers[at], time: nowMs(), msg: message, ...shown })}\n`)
  }
}

const errorShown = (error: Error): Record<string, unknown> => ({
  type: error.name,
  message: error.message,
  stack: error.stack,
  ...('code' in error ? { code: error.code } : {}),
  ...(error.cause instanceof Error ? { cause: errorShown(error.cause) } : {}),
})

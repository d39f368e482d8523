import { EventStoreError, type EventStoreErrorCode } from './event-store.ts'

/** ClickHouse's error numbers that mean something to a caller; every other one is the statement's own fault. */
const codeOfEngineCode: Record<number, EventStoreErrorCode> = {
  158: 'result_too_large',
  307: 'result_too_large',
  396: 'result_too_large',
  159: 'timeout',
  160: 'timeout',
  241: 'memory_limit',
  394: 'cancelled',
  734: 'cancelled',
  202: 'overloaded',
  252: 'overloaded',
  243: 'disk_full',
  3: 'unreachable',
  101: 'unreachable',
  198: 'unreachable',
  209: 'unreachable',
  210: 'unreachable',
  236: 'unreachable',
  279: 'unreachable',
  425: 'unreachable',
  516: 'unreachable',
  519: 'unreachable',
}

const networkCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'])
const networkMessage = /socket hang up|Timeout error|ECONNREFUSED|ECONNRESET|EPIPE/

/** Codes of values that a column does not take, beside those whose message names the row. */
const badValueCodes = new Set([6, 26, 27, 38, 41, 53, 69, 70, 72, 117, 131, 167, 306, 321, 349, 376, 441, 675, 691])

/** Turns whatever the client or the engine threw into an {@link EventStoreError}. */
export function toEventStoreError(error: unknown, doing: 'query' | 'insert' | 'command'): EventStoreError {
  if (error instanceof EventStoreError) return error
  const cause = error instanceof Error ? error : new Error(String(error))
  const message = readable(cause.message)
  const engineCode = engineCodeOf(cause)
  if (/no space left on device|errno: 28\b/i.test(message)) return make('disk_full', message, cause, engineCode)
  if (/read-only file system|errno: 30\b/i.test(message)) return make('disk_full', message, cause, engineCode)
  if (engineCode === undefined) {
    const systemCode = 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
    const isNetwork = networkCodes.has(systemCode) || networkMessage.test(message) || cause.name === 'AggregateError'
    return make(isNetwork ? 'unreachable' : 'bad_query', message || systemCode, cause)
  }
  const known = codeOfEngineCode[engineCode]
  if (known) return make(known, message, cause, engineCode)
  const badRow = doing === 'insert' && (badValueCodes.has(engineCode) || /\(at row \d+\)/.test(message))
  return make(badRow ? 'bad_row' : 'bad_query', message, cause, engineCode)
}

function make(code: EventStoreErrorCode, message: string, cause: Error, engineCode?: number): EventStoreError {
  return new EventStoreError(code, message, engineCode === undefined ? { cause } : { cause, engineCode })
}

/** Without the engine's own wrapping, which the binding repeats. */
function readable(message: string): string {
  return message
    .trim()
    .replace(/^(?:Code: \d+\. DB::Exception: )+/, '')
    .replace(/(?:\.? \([A-Z_]+\)(?: \(version [^)]*\))?\.?)+$/, '')
    .trim()
}

function engineCodeOf(error: Error): number | undefined {
  if ('clickhouseCode' in error && typeof error.clickhouseCode === 'number') return error.clickhouseCode
  if ('code' in error && /^\d+$/.test(String(error.code))) return Number(error.code)
  const inText = /Code: (\d+)\. /.exec(error.message)
  return inText ? Number(inText[1]) : undefined
}

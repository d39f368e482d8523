import type { MessagePort } from 'node:worker_threads'
import { type EventLog, EventLogUnavailable, type LogEntry, type LogEntryHead, type NewLogEntry } from './event-log.ts'

/**
 * An event log that is open in one thread, used from another through a message channel.
 * Every call is a request with a number and is answered once.
 */

type Request =
  | { call: 'append'; entries: readonly NewLogEntry[] }
  | { call: 'read'; after: number; limits: { maxEntries: number; maxBytes: number } }
  | { call: 'heads'; after: number }
  | { call: 'wait'; after: number; timeoutMs: number }
  | { call: 'truncate'; upTo: number }
  | { call: 'head' }
  | { call: 'size' }
  | { call: 'identity' }

type Message = (Request & { id: number }) | { id: number; call: 'abort' }

type Answer = { id: number; value: unknown } | { id: number; error: { code: EventLogUnavailable['code'] | undefined; message: string } }

/** Heads that cross at once. */
const headsAPiece = 10_000

/** Answers what comes in at the port, until it closes. The log stays open. */
export function serveEventLog(log: EventLog, port: MessagePort): void {
  const waits = new Map<number, AbortController>()

  async function answer(message: Request & { id: number }): Promise<unknown> {
    switch (message.call) {
      case 'append':
        return log.append(message.entries)
      case 'read':
        return log.read(message.after, message.limits)
      case 'heads':
        return takeHeads(log.heads(message.after))
      case 'wait': {
        const abort = new AbortController()
        waits.set(message.id, abort)
        return log.waitForEntries(message.after, message.timeoutMs, abort.signal).finally(() => waits.delete(message.id))
      }
      case 'truncate':
        return log.truncate(message.upTo)
      case 'head':
        return log.head()
      case 'size':
        return log.size()
      case 'identity':
        return log.identity()
    }
  }

  port.on('message', (message: Message) => {
    if (message.call === 'abort') {
      waits.get(message.id)?.abort()
      return
    }
    const { id } = message
    answer(message).then(
      (value) => port.postMessage({ id, value } satisfies Answer, payloadBuffers(value)),
      (error: unknown) => port.postMessage({ id, error: plainError(error) } satisfies Answer),
    )
  })
  port.on('close', () => {
    for (const abort of waits.values()) abort.abort()
  })
}

/** The log behind a port that {@link serveEventLog} answers at. Closing it closes the port, not the log. */
export function connectEventLog(port: MessagePort): EventLog {
  const pending = new Map<number, (answer: Answer) => void>()
  let lastId = 0
  let isClosed = false

  function ask<Value>(request: Request, signal?: AbortSignal): Promise<Value> {
    if (isClosed) return Promise.reject(closedError())
    const id = ++lastId
    const onAbort = () => port.postMessage({ id, call: 'abort' } satisfies Message)
    return new Promise<Value>((resolve, reject) => {
      pending.set(id, (answer) => {
        pending.delete(id)
        signal?.removeEventListener('abort', onAbort)
        if ('error' in answer) reject(revivedError(answer.error))
        else resolve(answer.value as Value)
      })
      port.postMessage({ ...request, id } satisfies Message)
      signal?.addEventListener('abort', onAbort, { once: true })
      if (signal?.aborted) onAbort()
    })
  }

  port.on('message', (answer: Answer) => pending.get(answer.id)?.(answer))
  port.on('close', () => {
    isClosed = true
    for (const [id, settle] of pending) settle({ id, error: plainError(closedError()) })
  })

  return {
    append: (entries) => ask({ call: 'append', entries }),
    read: (after, limits) => ask<LogEntry[]>({ call: 'read', after, limits }),
    async *heads(after) {
      for (let position = after; ; ) {
        const heads = await ask<LogEntryHead[]>({ call: 'heads', after: position })
        yield* heads
        if (heads.length < headsAPiece) return
        position = heads.at(-1)?.position ?? position
      }
    },
    waitForEntries: (after, timeoutMs, signal) => ask({ call: 'wait', after, timeoutMs }, signal),
    truncate: (upTo) => ask({ call: 'truncate', upTo }),
    head: () => ask({ call: 'head' }),
    size: () => ask({ call: 'size' }),
    identity: () => ask({ call: 'identity' }),
    async close() {
      port.close()
    },
  }
}

async function takeHeads(heads: AsyncIterable<LogEntryHead>): Promise<LogEntryHead[]> {
  const taken: LogEntryHead[] = []
  for await (const head of heads) {
    taken.push(head)
    if (taken.length === headsAPiece) break
  }
  return taken
}

/** The buffers that entries' payloads lie in, to move instead of copy; the log itself keeps none. */
function payloadBuffers(value: unknown): ArrayBuffer[] {
  if (!Array.isArray(value)) return []
  const buffers = (value as Partial<LogEntry>[]).map(({ payload }) => payload?.buffer)
  // why: a small payload may lie in a buffer that Node shares out, and such a one must not be moved.
  return [...new Set(buffers)].filter(
    (buffer): buffer is ArrayBuffer => buffer instanceof ArrayBuffer && buffer.byteLength > Buffer.poolSize,
  )
}

function plainError(error: unknown): { code: EventLogUnavailable['code'] | undefined; message: string } {
  if (error instanceof EventLogUnavailable) return { code: error.code, message: error.message }
  return { code: undefined, message: error instanceof Error ? error.message : String(error) }
}

function revivedError({ code, message }: { code: EventLogUnavailable['code'] | undefined; message: string }): Error {
  return code === undefined ? new Error(message) : new EventLogUnavailable(code, message)
}

function closedError(): EventLogUnavailable {
  return new EventLogUnavailable('event_log_unreachable', 'The connection to the event log is closed')
}

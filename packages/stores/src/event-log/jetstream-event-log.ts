import {
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamManager,
  type JsMsg,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  type StreamInfo,
} from '@nats-io/jetstream'
import { type ConnectionOptions, connect, headers, type NatsConnection } from '@nats-io/transport-node'
import { StoresError } from '../stores-error.ts'
import { type EventLog, EventLogUnavailable, type LogEntry, type LogEntryHead, maxEntryBytes, type NewLogEntry } from './event-log.ts'
import type { EventLogLimits } from './event-log-limits.ts'
import { JetStreamReader } from './jetstream-reader.ts'

const projectHeader = 'Hedgerow-Project'
const eventsHeader = 'Hedgerow-Events'
/** How often a waiting reader asks, in case that it missed a notice. */
const askAgainMs = 1_000
const reconnectWaitMs = 500
/** A new stream's first answer can take until its leader is chosen. */
const requestTimeoutMs = 10_000

/** By https://github.com/nats-io/nats-server/blob/main/server/errors.json */
const apiErrors = { insufficientResources: 10_023, storageExceeded: 10_047, streamNotFound: 10_059, storeFailed: 10_077 }

export interface JetStreamOptions {
  /** Separates several installations on one server. */
  stream: string
  /** How many servers of a NATS cluster keep the log; only used when the stream is made. */
  replicas: number
}

export const defaultJetStreamOptions: JetStreamOptions = { stream: 'hedgerow', replicas: 1 }

/**
 * Opens the event log in a JetStream stream, which it makes when absent. Positions are the stream's sequence numbers.
 * Any number of processes may append; a lost connection is made again in the background.
 * Throws {@link EventLogUnavailable} `event_log_unreachable`, or {@link StoresError} `invalid_store_url`.
 */
export async function openJetStreamEventLog(
  natsUrl: string,
  limits: EventLogLimits,
  options: JetStreamOptions = defaultJetStreamOptions,
): Promise<EventLog> {
  const connection = await connect(connectionOptions(natsUrl)).catch((error: unknown) => {
    throw unavailable(error)
  })
  try {
    const manager = await jetstreamManager(connection, { timeout: requestTimeoutMs })
    await prepareStream(manager, limits, options)
    return new JetStreamEventLog(connection, manager, limits, options.stream)
  } catch (error) {
    await connection.close()
    throw unavailable(error)
  }
}

class JetStreamEventLog implements EventLog {
  readonly #connection: NatsConnection
  readonly #manager: JetStreamManager
  readonly #limits: EventLogLimits
  readonly #stream: string
  readonly #entries: JetStreamReader
  #reading: Promise<unknown> = Promise.resolve()
  readonly #waiters = new Set<() => void>()
  #isConnected = true
  #isNoticeDue = false

  constructor(connection: NatsConnection, manager: JetStreamManager, limits: EventLogLimits, stream: string) {
    this.#connection = connection
    this.#manager = manager
    this.#limits = limits
    this.#stream = stream
    this.#entries = new JetStreamReader(manager, stream, { headersOnly: false })
    connection.subscribe(noticeSubject(stream), { callback: () => this.#wake() })
    void this.#watchConnection()
  }

  async append(entries: readonly NewLogEntry[]): Promise<void> {
    this.#checkConnection()
    for (const { payload } of entries) {
      if (payload.byteLength > maxEntryBytes) {
        throw new RangeError(`An entry of the event log is at most ${maxEntryBytes} bytes; this one has ${payload.byteLength}`)
      }
    }
    const client = this.#manager.jetstream()
    // why: messages of one connection are stored in the order in which they are sent; only the answers are awaited together.
    const acknowledged = await Promise.allSettled(
      entries.map(({ projectId, eventCount, payload }) => {
        const head = headers()
        head.set(projectHeader, String(projectId))
        head.set(eventsHeader, String(eventCount))
        return client.publish(entrySubject(this.#stream), payload, { headers: head, timeout: this.#limits.appendTimeoutMs })
      }),
    )
    this.#notify()
    const refused = acknowledged.find((result) => result.status === 'rejected')
    if (refused !== undefined) throw unavailable(refused.reason)
  }

  read(after: number, limits: { maxEntries: number; maxBytes: number }): Promise<LogEntry[]> {
    const read = this.#reading.then(async () => {
      const messages = await this.#asking(() => this.#entries.take(after, limits))
      return messages.map((message) => ({ ...headOf(message), payload: message.data }))
    })
    // why: reads take turns at one consumer; how one ended does not concern the next.
    this.#reading = read.catch(() => undefined)
    return read
  }

  async *heads(after: number): AsyncIterable<LogEntryHead> {
    const reader = new JetStreamReader(this.#manager, this.#stream, { headersOnly: true })
    try {
      for (let position = after; ; ) {
        const messages = await this.#asking(() => reader.take(position, { maxEntries: 5_000, maxBytes: Number.POSITIVE_INFINITY }))
        if (messages.length === 0) return
        for (const message of messages) {
          position = message.seq
          yield headOf(message)
        }
      }
    } finally {
      if (this.#isConnected) await reader.close()
    }
  }

  async waitForEntries(after: number, timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
    const deadline = performance.now() + timeoutMs
    for (;;) {
      // why: a notice that comes while the server is being asked must not be missed.
      const noticed = this.#nextNotice(Math.min(askAgainMs, deadline - performance.now()), signal)
      try {
        if ((await this.head()) > after) return true
      } catch (error) {
        if (!(error instanceof EventLogUnavailable)) throw error
      }
      if (signal?.aborted || performance.now() >= deadline || this.#connection.isClosed()) return false
      await noticed
    }
  }

  async truncate(upTo: number): Promise<void> {
    if (upTo <= 0) return
    await this.#asking(() => this.#manager.streams.purge(this.#stream, { seq: upTo + 1 }))
  }

  async head(): Promise<number> {
    const { state } = await this.#info()
    return state.last_seq
  }

  async identity(): Promise<string> {
    const { config, created } = await this.#info()
    return `${config.name}@${created}`
  }

  async size(): Promise<{ usedBytes: number; limitBytes: number }> {
    const { state, config } = await this.#info()
    return { usedBytes: state.bytes, limitBytes: config.max_bytes }
  }

  async close(): Promise<void> {
    await this.#reading
    if (this.#isConnected && !this.#connection.isClosed()) await this.#entries.close()
    this.#wake()
    await this.#connection.close()
  }

  #info(): Promise<StreamInfo> {
    return this.#asking(() => this.#manager.streams.info(this.#stream))
  }

  async #asking<T>(ask: () => Promise<T>): Promise<T> {
    this.#checkConnection()
    try {
      return await ask()
    } catch (error) {
      throw unavailable(error)
    }
  }

  // why: the client would hold a message back until it has a connection again, and whoever sent it with it.
  #checkConnection(): void {
    if (!this.#isConnected) throw new EventLogUnavailable('event_log_unreachable', 'The NATS server is out of reach')
  }

  async #watchConnection(): Promise<void> {
    for await (const { type } of this.#connection.status()) {
      if (type === 'disconnect' || type === 'close' || type === 'staleConnection') this.#isConnected = false
      if (type === 'reconnect') {
        this.#isConnected = true
        this.#wake()
      }
    }
  }

  /** Tells readers, wherever they are, that there is something new; once for all that is appended in one turn. */
  #notify(): void {
    if (this.#isNoticeDue) return
    this.#isNoticeDue = true
    setImmediate(() => {
      this.#isNoticeDue = false
      if (!this.#connection.isClosed()) this.#connection.publish(noticeSubject(this.#stream))
    })
  }

  #wake(): void {
    for (const wake of this.#waiters) wake()
  }

  #nextNotice(timeoutMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const settle = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', settle)
        this.#waiters.delete(settle)
        resolve()
      }
      const timer = setTimeout(settle, Math.max(0, timeoutMs))
      signal?.addEventListener('abort', settle, { once: true })
      this.#waiters.add(settle)
      if (signal?.aborted) settle()
    })
  }
}

const entrySubject = (stream: string) => `${stream}.entries`
const noticeSubject = (stream: string) => `${stream}-notices`

function headOf(message: JsMsg): LogEntryHead {
  return {
    position: message.seq,
    projectId: Number(message.headers?.get(projectHeader)),
    eventCount: Number(message.headers?.get(eventsHeader)),
  }
}

async function prepareStream(manager: JetStreamManager, limits: EventLogLimits, { stream, replicas }: JetStreamOptions): Promise<void> {
  const wanted = { subjects: [entrySubject(stream)], max_bytes: limits.maxBytes, discard: DiscardPolicy.New }
  const found = await manager.streams.info(stream).catch((error: unknown) => {
    if (error instanceof JetStreamApiError && error.code === apiErrors.streamNotFound) return undefined
    throw error
  })
  if (found === undefined) {
    await manager.streams.add({
      ...wanted,
      name: stream,
      storage: StorageType.File,
      retention: RetentionPolicy.Limits,
      num_replicas: replicas,
    })
  } else if (found.config.max_bytes !== limits.maxBytes || found.config.discard !== DiscardPolicy.New) {
    await manager.streams.update(stream, { ...found.config, ...wanted })
  }
}

/** `nats://user:password@host:4222` or `tls://…`, several separated by commas; credentials are taken from the first. */
function connectionOptions(natsUrl: string): ConnectionOptions {
  const urls = natsUrl.split(',').map((text) => text.trim())
  const [first] = urls.map((text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined
    if (url === undefined || !['nats:', 'tls:'].includes(url.protocol) || url.hostname === '') {
      // why: the value may hold a password, so it is not repeated.
      throw new StoresError('invalid_store_url', 'A NATS URL must look like nats://host:4222 (or tls://…), several separated by commas')
    }
    return url
  })
  const user = decodeURIComponent(first?.username ?? '')
  const pass = decodeURIComponent(first?.password ?? '')
  return {
    servers: urls.map((text) => new URL(text).host),
    name: 'hedgerow',
    maxReconnectAttempts: -1,
    reconnectTimeWait: reconnectWaitMs,
    pingInterval: 5_000,
    maxPingOut: 2,
    ...(first?.protocol === 'tls:' && { tls: {} }),
    ...(pass !== '' && { user, pass }),
    ...(pass === '' && user !== '' && { token: user }),
  }
}

function unavailable(error: unknown): Error {
  if (error instanceof EventLogUnavailable || error instanceof StoresError || error instanceof RangeError) return error
  const reason = error instanceof Error ? error.message : String(error)
  if (error instanceof JetStreamApiError) {
    const { insufficientResources, storageExceeded, storeFailed } = apiErrors
    const isFull = [insufficientResources, storageExceeded, storeFailed].includes(error.code)
    const code = isFull ? 'event_log_full' : 'event_log_unwritable'
    return new EventLogUnavailable(code, `JetStream refused: ${reason} (${error.code})`, { cause: error })
  }
  return new EventLogUnavailable('event_log_unreachable', `JetStream cannot be reached: ${reason}`, { cause: error })
}

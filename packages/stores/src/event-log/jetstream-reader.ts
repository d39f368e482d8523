import { AckPolicy, type Consumer, DeliverPolicy, type JetStreamClient, type JetStreamManager, type JsMsg } from '@nats-io/jetstream'

/** Messages asked for at once, until their size is known. */
const firstFetch = 64
const largestFetch = 1_000
/** How long a fetch may wait for messages that the server said there are. */
const fetchTimeoutMs = 2_000
/** The server forgets a consumer that nobody asked this long, nanoseconds. */
const inactiveThresholdNs = 60_000_000_000

interface Cursor {
  consumer: Consumer
  name: string
  /** The last position that was given out. */
  after: number
  /** Fetched, not yet given out. */
  ahead: JsMsg[]
  /** The server has not sent anything yet: where it begins is where the stream begins, or `after`. */
  isFresh: boolean
}

/**
 * Reads a stream's messages in order. Consecutive reads go on with one ephemeral consumer of the server;
 * any other begins a new one.
 */
export class JetStreamReader {
  readonly #manager: JetStreamManager
  readonly #client: JetStreamClient
  readonly #stream: string
  readonly #headersOnly: boolean
  #cursor: Cursor | undefined

  constructor(manager: JetStreamManager, stream: string, options: { headersOnly: boolean }) {
    this.#manager = manager
    this.#client = manager.jetstream()
    this.#stream = stream
    this.#headersOnly = options.headersOnly
  }

  /** Messages behind `after`: at least one if there is any. Call again only when the former call has ended. */
  async take(after: number, limits: { maxEntries: number; maxBytes: number }): Promise<JsMsg[]> {
    const taken = await this.#takeOnce(after, limits)
    if (taken) return taken
    // tricky: what the server sends too late, it takes for sent; a new consumer has it again. Nobody may take what did not come for what is not there.
    await this.close()
    const again = await this.#takeOnce(after, limits)
    if (again) return again
    throw new Error('The server did not send in time what it has')
  }

  /** Undefined where something is missing, or may be. */
  async #takeOnce(after: number, limits: { maxEntries: number; maxBytes: number }): Promise<JsMsg[] | undefined> {
    const { cursor, pending } = await this.#at(after)
    const wasFresh = cursor.isFresh
    try {
      const taken = await takeFrom(cursor, pending, limits)
      return taken.length > 0 || (wasFresh && pending === 0) ? taken : undefined
    } catch (error) {
      this.#cursor = undefined
      throw error
    }
  }

  async close(): Promise<void> {
    const { name } = this.#cursor ?? {}
    this.#cursor = undefined
    // why: a consumer that cannot be deleted now is forgotten by the server after a while.
    if (name !== undefined) await this.#manager.consumers.delete(this.#stream, name).catch(() => undefined)
  }

  async #at(after: number): Promise<{ cursor: Cursor; pending: number }> {
    if (this.#cursor?.after === after) {
      if (this.#cursor.ahead.length > 0) return { cursor: this.#cursor, pending: 0 }
      try {
        const { num_pending: pending } = await this.#manager.consumers.info(this.#stream, this.#cursor.name)
        return { cursor: this.#cursor, pending }
      } catch {
        // why: the server forgot the consumer or was restarted; a new one begins at the same place.
        this.#cursor = undefined
      }
    }
    await this.close()
    const info = await this.#manager.consumers.add(this.#stream, {
      ack_policy: AckPolicy.None,
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: after + 1,
      headers_only: this.#headersOnly,
      inactive_threshold: inactiveThresholdNs,
      mem_storage: true,
      num_replicas: 1,
    })
    const consumer = await this.#client.consumers.get(this.#stream, info.name)
    this.#cursor = { consumer, name: info.name, after, ahead: [], isFresh: true }
    return { cursor: this.#cursor, pending: info.num_pending }
  }
}

async function takeFrom(cursor: Cursor, pending: number, limits: { maxEntries: number; maxBytes: number }): Promise<JsMsg[]> {
  const taken: JsMsg[] = []
  let bytes = 0
  let left = pending
  while (taken.length < limits.maxEntries) {
    if (cursor.ahead.length === 0 && left > 0) {
      const averageBytes = bytes / taken.length
      const fitting = averageBytes > 0 ? Math.ceil((limits.maxBytes - bytes) / averageBytes) : firstFetch
      const size = Math.max(1, Math.min(left, limits.maxEntries - taken.length, fitting, largestFetch))
      const fetched = await cursor.consumer.fetch({ max_messages: size, expires: fetchTimeoutMs })
      for await (const message of fetched) cursor.ahead.push(message)
      left -= cursor.ahead.length
    }
    const [message] = cursor.ahead
    // Positions follow each other, but for what was taken off the beginning.
    if (message !== undefined && message.seq !== cursor.after + 1 && !cursor.isFresh) break
    if (message === undefined || (taken.length > 0 && bytes + message.data.byteLength > limits.maxBytes)) break
    cursor.ahead.shift()
    cursor.after = message.seq
    cursor.isFresh = false
    bytes += message.data.byteLength
    taken.push(message)
  }
  return taken
}

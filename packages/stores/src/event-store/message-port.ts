import type { MessagePort } from 'node:worker_threads'
import { type EventStore, EventStoreError, type EventStoreErrorCode, type QueryOptions, type RowFormat } from './event-store.ts'

/**
 * The event store port over a message channel: the engine lives in one thread, its user in another.
 * Requests carry a number; answers, aborts and the pieces of a stream carry the same one.
 */

type RemoteOptions = Omit<QueryOptions, 'signal'>

type Request =
  | { call: 'query'; sql: string; options: RemoteOptions }
  | { call: 'stream'; sql: string; options: RemoteOptions }
  | { call: 'insert'; table: string; rows: Uint8Array; token: string; format: RowFormat }
  | { call: 'command'; sql: string; options: RemoteOptions }
  | { call: 'cancel'; queryId: string }
  | { call: 'ping' }
  /** More rows of the stream of that number. */
  | { call: 'next' }
  | { call: 'abort' }

type Envelope = Request & { id: number }

interface PlainError {
  code: EventStoreErrorCode | undefined
  message: string
  engineCode: number | undefined
}

type Answer = { id: number; value: unknown } | { id: number; error: PlainError }

interface StreamPiece {
  rows: Record<string, unknown>[]
  done: boolean
}

/** Rows of a stream that cross in one message. */
const rowsAPiece = 500

/** Answers calls that arrive on the port with the store's results. The store stays open when the port closes. */
export function serveEventStore(store: EventStore, port: MessagePort): void {
  const aborts = new Map<number, AbortController>()
  const streams = new Map<number, AsyncIterator<Record<string, unknown>>>()

  function answer(id: number, work: Promise<unknown>): void {
    work
      .then(
        (value): Answer => ({ id, value }),
        (error: unknown): Answer => ({ id, error: toPlain(error) }),
      )
      .then((message) => port.postMessage(message))
  }

  function abortable<Result>(id: number, act: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const abort = new AbortController()
    aborts.set(id, abort)
    return act(abort.signal).finally(() => aborts.delete(id))
  }

  async function nextPiece(id: number): Promise<StreamPiece> {
    const rows: Record<string, unknown>[] = []
    const iterator = streams.get(id)
    while (iterator && rows.length < rowsAPiece) {
      const next = await iterator.next()
      if (next.done) {
        endStream(id)
        return { rows, done: true }
      }
      rows.push(next.value)
    }
    return { rows, done: !iterator }
  }

  function endStream(id: number): void {
    const iterator = streams.get(id)
    streams.delete(id)
    aborts.get(id)?.abort()
    aborts.delete(id)
    iterator?.return?.().catch(forget)
  }

  port.on('message', (message: Envelope) => {
    const { id } = message
    switch (message.call) {
      case 'query':
        return answer(
          id,
          abortable(id, (signal) => store.query(message.sql, { ...message.options, signal })),
        )
      case 'stream': {
        const abort = new AbortController()
        aborts.set(id, abort)
        streams.set(id, store.stream(message.sql, { ...message.options, signal: abort.signal })[Symbol.asyncIterator]())
        return
      }
      case 'next':
        return answer(id, nextPiece(id))
      case 'insert':
        return answer(id, store.insert(message.table, message.rows, { token: message.token, format: message.format }))
      case 'command':
        return answer(id, store.command(message.sql, message.options))
      case 'cancel':
        return answer(id, store.cancel(message.queryId))
      case 'ping':
        return answer(id, store.ping())
      case 'abort':
        if (streams.has(id)) endStream(id)
        else aborts.get(id)?.abort()
    }
  })
  port.on('close', () => {
    for (const abort of aborts.values()) abort.abort()
    for (const id of [...streams.keys()]) endStream(id)
  })
}

/**
 * The other end of {@link serveEventStore}. `running` lists the queries that were begun through this port only.
 * Closing it closes the port, not the store. When the port closes, calls under way fail with `unreachable`.
 */
export function connectEventStore(port: MessagePort): EventStore {
  const waiting = new Map<number, (answer: Answer) => void>()
  const own = new Map<number, ReturnType<EventStore['running']>[number]>()
  let lastId = 0
  let isClosed = false

  function post(envelope: Envelope, transfer: ArrayBuffer[] = []): void {
    port.postMessage(envelope, transfer)
  }

  function ask<Result>(request: Request, id = ++lastId, transfer: ArrayBuffer[] = []): Promise<Result> {
    if (isClosed) return Promise.reject(closedError())
    return new Promise((resolve, reject) => {
      waiting.set(id, (message) => {
        waiting.delete(id)
        if ('error' in message) reject(fromPlain(message.error))
        else resolve(message.value as Result)
      })
      post({ ...request, id }, transfer)
    })
  }

  function note(id: number, sql: string, { lane = 'interactive', projectId, queryId = '' }: RemoteOptions): void {
    own.set(id, { queryId, ...(projectId === undefined ? {} : { projectId }), lane, startedAt: new Date().toISOString(), sql })
  }

  port.on('message', (message: Answer) => waiting.get(message.id)?.(message))
  port.on('close', () => {
    isClosed = true
    for (const [id, settle] of waiting) settle({ id, error: toPlain(closedError()) })
  })

  return {
    async query(sql, options = {}) {
      const { signal, ...sent } = withId(options)
      const id = ++lastId
      if (signal?.aborted) throw new EventStoreError('cancelled', 'The query was cancelled before it began')
      const onAbort = () => post({ call: 'abort', id })
      signal?.addEventListener('abort', onAbort, { once: true })
      note(id, sql, sent)
      try {
        return await ask({ call: 'query', sql, options: sent }, id)
      } finally {
        own.delete(id)
        signal?.removeEventListener('abort', onAbort)
      }
    },

    async *stream(sql, options = {}) {
      const { signal, ...sent } = withId(options)
      const id = ++lastId
      note(id, sql, sent)
      if (isClosed) throw closedError()
      post({ call: 'stream', sql, options: sent, id })
      const cancelled = () => new EventStoreError('cancelled', 'The query was cancelled')
      const onAbort = () => post({ call: 'abort', id })
      signal?.addEventListener('abort', onAbort, { once: true })
      let isDone = false
      try {
        while (!isDone) {
          if (signal?.aborted) throw cancelled()
          const piece = await ask<StreamPiece>({ call: 'next' }, id)
          if (signal?.aborted) throw cancelled()
          isDone = piece.done
          yield* piece.rows
        }
      } finally {
        own.delete(id)
        signal?.removeEventListener('abort', onAbort)
        if (!isDone && !isClosed) post({ call: 'abort', id })
      }
    },

    // limit: whatever makes files runs in the thread that holds the engine.
    cells() {
      throw new EventStoreError('bad_query', 'Cells cannot be read over a message channel')
    },
    async file() {
      throw new EventStoreError('bad_query', 'Files cannot be made over a message channel')
    },

    async insert(table, rows, { token, format = 'JSONEachRow' }) {
      if (rows.buffer instanceof SharedArrayBuffer) {
        await ask({ call: 'insert', table, rows, token, format })
        return
      }
      // why: a copy is transferred, so that the caller can try again with the rows it still holds.
      const copy = new Uint8Array(rows)
      await ask({ call: 'insert', table, rows: copy, token, format }, ++lastId, [copy.buffer])
    },
    command: (sql, options = {}) => ask({ call: 'command', sql, options }),
    running: () => [...own.values()],
    cancel: (queryId) => ask({ call: 'cancel', queryId }),
    ping: () => ask({ call: 'ping' }),
    async close() {
      isClosed = true
      port.close()
    },
  }
}

function withId(options: QueryOptions): QueryOptions {
  return options.queryId === undefined ? { ...options, queryId: crypto.randomUUID() } : options
}

function closedError(): EventStoreError {
  return new EventStoreError('unreachable', 'The connection to the event store is closed')
}

function toPlain(error: unknown): PlainError {
  if (error instanceof EventStoreError) return { code: error.code, message: error.message, engineCode: error.engineCode }
  return { code: undefined, message: error instanceof Error ? error.message : String(error), engineCode: undefined }
}

function fromPlain({ code, message, engineCode }: PlainError): Error {
  if (code === undefined) return new Error(message)
  return new EventStoreError(code, message, engineCode === undefined ? {} : { engineCode })
}

function forget(): void {
  // The stream is over for its reader; how its end failed concerns nobody.
}

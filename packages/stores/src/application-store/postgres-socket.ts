import { createServer, type Server, type Socket } from 'node:net'
import { type ClientMessage, MessageReader, messageType } from './postgres-wire.ts'

/** The one session that all connections share, for instance PGlite. */
export interface PostgresSession {
  /** Runs whole protocol messages and passes on what the engine answers; the bytes are only valid during the call. */
  run(messages: Uint8Array, onData: (bytes: Uint8Array) => void): Promise<void>
  isInTransaction(): boolean
}

export interface PostgresSocketOptions {
  /** A client that keeps a transaction open and silent this long loses its connection, since all others wait for it. */
  idleTransactionTimeoutMs: number
  /** The session can no longer be used. */
  onFatal: (error: unknown) => void
}

interface Turn {
  connection: Connection
  messages: Buffer
  /** Whether the engine will be ready for somebody else's query afterwards, unless a transaction is open. */
  isComplete: boolean
}

const syncMessage = Buffer.from([messageType.sync, 0, 0, 0, 4])
const rollbackMessage = Buffer.from([messageType.query, 0, 0, 0, 13, ...Buffer.from('ROLLBACK\0')])

/**
 * Lets many connections take turns at one session. A turn is everything up to a Sync or a simple query, so that one
 * connection's Parse and Bind never have another's between them; a connection within a transaction keeps its turn.
 *
 * limit: prepared statements with names, `SET`, `LISTEN` and session advisory locks belong to the one session, not to a connection.
 */
export class PostgresSocketServer {
  readonly #session: PostgresSession
  readonly #options: PostgresSocketOptions
  readonly #server: Server
  readonly #connections = new Set<Connection>()
  #waiting: Turn[] = []
  #owner: Connection | undefined
  #isRunning = false
  #isFailed = false
  #ownerTimer: NodeJS.Timeout | undefined

  constructor(session: PostgresSession, options: PostgresSocketOptions) {
    this.#session = session
    this.#options = options
    this.#server = createServer((socket) => {
      const connection: Connection = { socket, reader: new MessageReader(), unsent: [], isGone: false }
      this.#connections.add(connection)
      socket.on('data', (chunk) => this.#receive(connection, chunk))
      // why: 'close' follows every 'error', and there the turn is given back.
      socket.on('error', () => socket.destroy())
      socket.on('close', () => this.#release(connection))
    })
  }

  listen(path: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(path, () => {
        this.#server.off('error', reject)
        resolve()
      })
    })
  }

  /** Ends all connections; resolves when the running turn is over. */
  async close(): Promise<void> {
    clearTimeout(this.#ownerTimer)
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    for (const connection of this.#connections) connection.socket.destroy()
    await closed
    while (this.#isRunning) await new Promise((resolve) => setTimeout(resolve, 5))
  }

  #receive(connection: Connection, chunk: Buffer): void {
    connection.reader.push(chunk)
    try {
      for (let message = connection.reader.next(); message !== undefined; message = connection.reader.next()) {
        this.#accept(connection, message)
      }
    } catch {
      // why: bytes that are no Postgres protocol; there is nothing to answer that such a client would understand.
      connection.socket.destroy()
      return
    }
    void this.#work()
  }

  #accept(connection: Connection, message: ClientMessage): void {
    if (message.kind === 'encryption-request') {
      connection.socket.write('N')
    } else if (message.kind === 'cancel-request') {
      connection.socket.end()
    } else if (message.kind === 'startup') {
      this.#waiting.push({ connection, messages: message.bytes, isComplete: true })
    } else if (message.type === messageType.terminate) {
      connection.socket.end()
    } else {
      connection.unsent.push(message.bytes)
      const isComplete =
        message.type === messageType.sync || message.type === messageType.query || message.type === messageType.functionCall
      const isDue =
        isComplete || message.type === messageType.flush || message.type === messageType.copyDone || message.type === messageType.copyFail
      if (!isDue) return
      this.#waiting.push({ connection, messages: Buffer.concat(connection.unsent), isComplete })
      connection.unsent = []
    }
  }

  #nextTurn(): Turn | undefined {
    const owner = this.#owner
    if (owner === undefined) return this.#waiting.shift()
    const index = this.#waiting.findIndex((turn) => turn.connection === owner)
    return index === -1 ? undefined : this.#waiting.splice(index, 1)[0]
  }

  async #work(): Promise<void> {
    if (this.#isRunning || this.#isFailed) return
    this.#isRunning = true
    clearTimeout(this.#ownerTimer)
    try {
      for (let turn = this.#nextTurn(); turn !== undefined; turn = this.#nextTurn()) {
        await this.#run(turn)
      }
    } catch (error) {
      this.#isFailed = true
      this.#options.onFatal(error)
    }
    this.#isRunning = false
    this.#watchOwner()
  }

  async #run({ connection, messages, isComplete }: Turn): Promise<void> {
    if (connection.isGone && this.#owner !== connection) return
    const answers: Buffer[] = []
    await this.#session.run(messages, (bytes) => {
      if (!connection.isGone) answers.push(Buffer.from(bytes))
    })
    if (answers.length > 0 && connection.socket.writable) connection.socket.write(Buffer.concat(answers))
    this.#owner = isComplete && !this.#session.isInTransaction() ? undefined : connection
    if (connection.isGone && this.#owner === connection) await this.#rollBack()
  }

  async #rollBack(): Promise<void> {
    const ignore = () => undefined
    await this.#session.run(syncMessage, ignore)
    if (this.#session.isInTransaction()) await this.#session.run(rollbackMessage, ignore)
    this.#owner = undefined
  }

  /** A connection has ended: whatever it left open is rolled back, and the others go on. */
  #release(connection: Connection): void {
    connection.isGone = true
    this.#connections.delete(connection)
    this.#waiting = this.#waiting.filter((turn) => turn.connection !== connection)
    if (this.#owner !== connection || this.#isRunning) return
    this.#isRunning = true
    clearTimeout(this.#ownerTimer)
    this.#rollBack().then(
      () => {
        this.#isRunning = false
        return this.#work()
      },
      (error: unknown) => {
        this.#isFailed = true
        this.#isRunning = false
        this.#options.onFatal(error)
      },
    )
  }

  #watchOwner(): void {
    const owner = this.#owner
    if (owner === undefined || this.#isFailed) return
    this.#ownerTimer = setTimeout(() => owner.socket.destroy(), this.#options.idleTransactionTimeoutMs)
    this.#ownerTimer.unref()
  }
}

interface Connection {
  socket: Socket
  reader: MessageReader
  /** Messages since the last Sync. */
  unsent: Buffer[]
  isGone: boolean
}

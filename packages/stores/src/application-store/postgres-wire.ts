/**
 * Cutting a client's byte stream into Postgres protocol messages.
 *
 * Source: https://www.postgresql.org/docs/18/protocol-message-formats.html
 */

const sslRequestCode = 80_877_103
const gssEncryptionRequestCode = 80_877_104
const cancelRequestCode = 80_877_102

export const messageType = {
  query: 0x51, // Q
  sync: 0x53, // S
  flush: 0x48, // H
  terminate: 0x58, // X
  copyDone: 0x63, // c
  copyFail: 0x66, // f
  functionCall: 0x46, // F
} as const

export type ClientMessage =
  | { kind: 'encryption-request' }
  | { kind: 'cancel-request' }
  | { kind: 'startup'; bytes: Buffer }
  | { kind: 'message'; type: number; bytes: Buffer }

/** Collects chunks and gives back whole messages; the first ones of a connection have no type byte. */
export class MessageReader {
  #chunks: Buffer[] = []
  #length = 0
  #started = false

  push(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#length += chunk.length
  }

  /** The next whole message, or undefined until more bytes have come. Throws on a length that cannot be. */
  next(): ClientMessage | undefined {
    if (this.#length < 8 && !(this.#started && this.#length >= 5)) return undefined
    const lengthAt = this.#started ? 1 : 0
    const head = this.#peek(this.#started ? 5 : 8)
    const size = head.readInt32BE(lengthAt) + lengthAt
    if (size < lengthAt + 4) throw new Error(`a Postgres message cannot be ${size} bytes long`)
    if (this.#length < size) return undefined
    const bytes = this.#take(size)
    if (this.#started) return { kind: 'message', type: bytes.readUInt8(0), bytes }
    const code = bytes.readInt32BE(4)
    if (code === sslRequestCode || code === gssEncryptionRequestCode) return { kind: 'encryption-request' }
    if (code === cancelRequestCode) return { kind: 'cancel-request' }
    this.#started = true
    return { kind: 'startup', bytes }
  }

  #peek(size: number): Buffer {
    const [first] = this.#chunks
    if (first !== undefined && first.length >= size) return first
    this.#chunks = [Buffer.concat(this.#chunks)]
    return this.#chunks[0] as Buffer
  }

  // why: chunks are joined once, when the message is whole, not at each arrival: a message may be many megabytes.
  #take(size: number): Buffer {
    const all = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks)
    this.#length -= size
    this.#chunks = this.#length > 0 ? [all.subarray(size)] : []
    return all.subarray(0, size)
  }
}

import { promisify } from 'node:util'
import zlib from 'node:zlib'
import { CaptureRefusal } from './refusal.ts'

export type Compression = 'gzip' | 'deflate' | 'br'

// Below this a body is inflated in place: handing it to the thread pool would cost more than it frees.
const inPlaceBytes = 64 * 1024
const largestChunkBytes = 1024 * 1024

const asynchronous = {
  gzip: promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.gunzip),
  deflate: promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.inflate),
  br: promisify<Buffer, zlib.BrotliOptions, Buffer>(zlib.brotliDecompress),
}
const inPlace = { gzip: zlib.gunzipSync, deflate: zlib.inflateSync, br: zlib.brotliDecompressSync }

export function isGzip(body: Buffer): boolean {
  return body.length > 2 && body[0] === 0x1f && body[1] === 0x8b
}

/** Inflates bodies, no more than `maxConcurrent` large ones at one moment: each may hold `maxBytes` while it is inflated. */
export class Inflater {
  private running = 0
  private readonly waiting: (() => void)[] = []
  private readonly maxBytes: number
  private readonly maxConcurrent: number
  constructor(maxBytes: number, maxConcurrent: number) {
    this.maxBytes = maxBytes
    this.maxConcurrent = maxConcurrent
  }

  /** @throws CaptureRefusal `payload_too_large` as soon as the limit is passed, `request_decoding_error` if malformed. */
  inflate(body: Buffer, compression: Compression): Buffer | Promise<Buffer> {
    if (body.length > inPlaceBytes) return this.inTurn(body, compression)
    try {
      return inPlace[compression](body, { maxOutputLength: this.maxBytes, chunkSize: chunkSize(body, compression) })
    } catch (error) {
      throw this.refusal(error, compression)
    }
  }

  private async inTurn(body: Buffer, compression: Compression): Promise<Buffer> {
    if (this.running < this.maxConcurrent) this.running++
    else await new Promise<void>((resolve) => this.waiting.push(resolve))
    try {
      return await asynchronous[compression](body, { maxOutputLength: this.maxBytes, chunkSize: chunkSize(body, compression) })
    } catch (error) {
      throw this.refusal(error, compression)
    } finally {
      // The turn passes on; only when nobody waits for it is it given up.
      const next = this.waiting.shift()
      if (next === undefined) this.running--
      else next()
    }
  }

  private refusal(error: unknown, compression: Compression): CaptureRefusal {
    const tooLarge = error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
    if (tooLarge) return new CaptureRefusal('payload_too_large', `The body inflates to more than ${this.maxBytes} bytes.`)
    const cause = error instanceof Error ? error.message : String(error)
    return new CaptureRefusal('request_decoding_error', `The body is not valid ${compression}: ${cause}.`)
  }
}

/** A guess at the inflated size, so that it mostly comes as one piece. gzip tells it in its last four bytes. */
function chunkSize(body: Buffer, compression: Compression): number {
  const told = compression === 'gzip' && body.length >= 18 ? body.readUInt32LE(body.length - 4) + 1 : body.length * 8
  return Math.min(Math.max(told, 1024), largestChunkBytes)
}

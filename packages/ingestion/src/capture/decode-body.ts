import type { EncodedBody } from '@hedgerow/protocol'
import { parseFormBody } from './form-body.ts'
import { type Compression, type Inflater, isGzip } from './inflate.ts'
import { decompressLzString } from './lz-string.ts'
import { lossyText } from './parse-json.ts'
import { CaptureRefusal } from './refusal.ts'

export interface DecodedBody {
  /** What should be JSON. */
  text: string
  /** A token given beside the data, in the form or the query. */
  token?: string
}

/**
 * Undoes whatever encoding a client chose: a form around it, base64, gzip found by its magic bytes, LZString, UTF-8 with errors.
 * Hints (`?compression=`, `Content-Encoding`) only decide what the bytes do not tell, since clients send several around one layer.
 *
 * @throws CaptureRefusal if it cannot be decoded or is too large.
 */
export async function decodeBody(request: EncodedBody, inflater: Inflater, maxDecodedBytes: number): Promise<DecodedBody> {
  const body = Buffer.from(request.body.buffer, request.body.byteOffset, request.body.byteLength)
  const queryToken = queryText(request, 'api_key') ?? queryText(request, 'token')
  const decoded: DecodedBody = { text: '' }
  if (queryToken !== undefined) decoded.token = queryToken

  let hint = queryText(request, 'compression')
  let raw = body
  if (body.length === 0) {
    const data = queryText(request, 'data')
    if (data === undefined) throw new CaptureRefusal('empty_body', 'The request has no body and no `data`.')
    raw = Buffer.from(data, 'utf8')
  } else if (isForm(request, body)) {
    const form = parseFormBody(body)
    if (form.data === undefined) throw new CaptureRefusal('empty_body', 'The form has no `data` field.')
    raw = form.data
    hint ??= form.compression
    if (form.token !== undefined) decoded.token ??= form.token
  }
  hint ??= headerText(request, 'content-encoding')

  decoded.text = await decodeText(raw, hint?.toLowerCase() ?? '', inflater, maxDecodedBytes)
  if (decoded.text.length > maxDecodedBytes) throw tooLarge(maxDecodedBytes)
  return decoded
}

async function decodeText(raw: Buffer, hint: string, inflater: Inflater, maxDecodedBytes: number): Promise<string> {
  if (isGzip(raw)) return lossyText(await inflater.inflate(raw, 'gzip'))
  if (looksLikeJson(raw)) return lossyText(raw)
  const other = otherCompression(hint)
  if (other !== undefined) return lossyText(await inflater.inflate(raw, other))
  if (hint === 'lz64' || hint === 'lz-string') return decompressLzString(plainBase64(raw), maxDecodedBytes)
  if (hint === 'base64' || hint === 'b64' || isBase64(raw)) {
    const inner = Buffer.from(plainBase64(raw), 'base64')
    return lossyText(isGzip(inner) ? await inflater.inflate(inner, 'gzip') : inner)
  }
  return lossyText(raw)
}

function otherCompression(hint: string): Compression | undefined {
  if (hint === 'deflate' || hint === 'br') return hint
  if (hint === 'zstd' || hint === 'compress') {
    throw new CaptureRefusal('unsupported_encoding', `The encoding "${hint}" is not supported; gzip, deflate, br or none is.`)
  }
  return undefined
}

/** Base64 less surrounding white space. compat: a form or query decodes `+` into a space, so a space inside stands for `+`. */
function plainBase64(raw: Buffer): string {
  return raw.toString('latin1').trim().replaceAll(' ', '+')
}

const openBrace = 0x7b
const openBracket = 0x5b
const byteOrderMark = 0xef

function looksLikeJson(raw: Buffer): boolean {
  for (const byte of raw) {
    if (byte > 0x20) return byte === openBrace || byte === openBracket || byte === byteOrderMark
  }
  return false
}

function isForm(request: EncodedBody, body: Buffer): boolean {
  if (isGzip(body) || looksLikeJson(body)) return false
  if (body.subarray(0, 5).toString('latin1') === 'data=') return true
  const type = headerText(request, 'content-type') ?? ''
  return type.includes('x-www-form-urlencoded') && body.includes('data=')
}

const base64Characters = new Uint8Array(256)
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_= \t\r\n') {
  base64Characters[character.charCodeAt(0)] = 1
}

function isBase64(raw: Buffer): boolean {
  for (const byte of raw) if (base64Characters[byte] === 0) return false
  return raw.length > 0
}

export function queryText(request: EncodedBody, name: string): string | undefined {
  return firstText(request.query[name])
}

export function headerText(request: EncodedBody, name: string): string | undefined {
  return firstText(request.headers[name])
}

function firstText(value: unknown): string | undefined {
  const first = Array.isArray(value) ? value[0] : value
  return typeof first === 'string' && first !== '' ? first : undefined
}

export function tooLarge(maxBytes: number): CaptureRefusal {
  return new CaptureRefusal('payload_too_large', `The request is larger than ${maxBytes} bytes.`)
}

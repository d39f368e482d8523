import { CaptureRefusal } from './refusal.ts'

export const unsafeNumber = 1
export const tooDeep = 2

/**
 * Looks through a parsed value: {@link unsafeNumber} if it holds a number beyond ±(2^53 − 1) (infinite ones too), {@link tooDeep} if it is
 * nested more than `maxDepth` levels, in which case it looked no further there; 0 for nearly everything.
 */
export function inspectJson(value: unknown, maxDepth: number): number {
  if (typeof value === 'number') return value > Number.MAX_SAFE_INTEGER || value < -Number.MAX_SAFE_INTEGER ? unsafeNumber : 0
  if (typeof value !== 'object' || value === null) return 0
  if (maxDepth === 0) return tooDeep
  let found = 0
  if (Array.isArray(value)) {
    for (const item of value) found |= inspectJson(item, maxDepth - 1)
    return found
  }
  for (const key in value) found |= inspectJson((value as Record<string, unknown>)[key], maxDepth - 1)
  return found
}

/** UTF-8 with U+FFFD for what is malformed, less a byte order mark. */
export function lossyText(bytes: Buffer): string {
  const text = bytes.toString('utf8')
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}

/**
 * `JSON.parse`, and in case of need once more with `NaN` and `Infinity` (which Python writes) as null.
 * Of a repeated key the last one counts. V8 parses without recursion, so that depth does no harm here.
 */
export function parseJson(text: string): unknown {
  if (text.length > longText && nestsBeyond(text, maxLevels)) {
    throw new CaptureRefusal('request_parsing_error', `The body is nested more than ${maxLevels} levels deep.`)
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    if (text.includes('NaN') || text.includes('Infinity')) return parseJsonKeepingNumbers(text)
    throw notJson(error)
  }
}

/** Parses with each integer beyond 2^53 and each number beyond a double as text, digit for digit. */
export function parseJsonKeepingNumbers(text: string): unknown {
  try {
    return JSON.parse(quoteUnfaithfulNumbers(text))
  } catch (error) {
    throw notJson(error)
  }
}

function notJson(error: unknown): CaptureRefusal {
  const detail = error instanceof Error ? error.message.slice(0, 200) : 'unreadable'
  return new CaptureRefusal('request_parsing_error', `The body is not JSON: ${detail}.`)
}

// limit: V8 parses millions of brackets without overflowing, but takes seconds for them, and gzip makes them from a few kilobytes.
const maxLevels = 100_000
const longText = 1_000_000

function nestsBeyond(text: string, maxDepth: number): boolean {
  let depth = 0
  for (let at = 0; at < text.length; ) {
    const unit = text.charCodeAt(at)
    if (unit === quote) {
      at = endOfString(text, at)
      continue
    }
    // `[` and `{` differ from each other, and `]` from `}`, in one bit alone.
    const bracket = unit & ~0x20
    if (bracket === 0x5b && ++depth > maxDepth) return true
    if (bracket === 0x5d) depth--
    at++
  }
  return false
}

const quote = 0x22
const backslash = 0x5c
const minus = 0x2d

/** Rewrites the numbers of a JSON text that a double cannot hold into strings, and `NaN` and `±Infinity` into null. */
function quoteUnfaithfulNumbers(text: string): string {
  const number = /-?(?:\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|NaN|Infinity)/y
  let rewritten = ''
  let copied = 0
  for (let at = 0; at < text.length; ) {
    const unit = text.charCodeAt(at)
    if (unit === quote) {
      at = endOfString(text, at)
      continue
    }
    const mayBegin = (unit >= 0x30 && unit <= 0x39) || unit === minus || unit === 0x4e || unit === 0x49
    number.lastIndex = at
    const token = mayBegin ? number.exec(text)?.[0] : undefined
    if (token === undefined) {
      at++
      continue
    }
    const replacement = faithful(token)
    if (replacement !== token) {
      rewritten += text.slice(copied, at) + replacement
      copied = at + token.length
    }
    at += token.length
  }
  return copied === 0 ? text : rewritten + text.slice(copied)
}

function faithful(token: string): string {
  if (token.endsWith('N') || token.endsWith('y')) return 'null'
  const value = Number(token)
  if (!Number.isFinite(value)) return `"${token}"`
  const isInteger = /^-?\d+$/.test(token)
  if (isInteger && !Number.isSafeInteger(value)) return `"${token}"`
  const vanished = value === 0 && /[1-9]/.test(token.replace(/[eE].*$/, ''))
  return vanished ? `"${token}"` : token
}

/** The index after a string's closing quote, or the text's end. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let escapes = 0
    while (text.charCodeAt(end - 1 - escapes) === backslash) escapes++
    if (escapes % 2 === 0) return end + 1
  }
  return text.length
}

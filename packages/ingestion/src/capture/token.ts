import { CaptureRefusal } from './refusal.ts'

type Json = Record<string, unknown>

/** Characters of a project token; a longer one is none. */
export const maxTokenLength = 64

/** A project token as it may be: 1 to 64 printable ASCII characters, and no personal key. Undefined if it is not. */
export function validToken(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const token = value.trim()
  if (token.length === 0 || token.length > maxTokenLength || token.startsWith('phx_')) return undefined
  for (let i = 0; i < token.length; i++) {
    const unit = token.charCodeAt(i)
    if (unit < 0x20 || unit > 0x7e) return undefined
  }
  return token
}

/** Where a token stands in an envelope or an event, first hit. */
function tokenIn(object: Json): unknown {
  return present(object.api_key) ?? present(object.token) ?? present(object.$token)
}

/** The same for an event, which may carry it among its properties, as posthog-js does. */
function tokenOfEvent(event: Json): unknown {
  const properties = event.properties
  return tokenIn(event) ?? (typeof properties === 'object' && properties !== null ? present((properties as Json).token) : undefined)
}

/**
 * The one token of a request: the envelope's, else the events', else one beside the data.
 *
 * @throws CaptureRefusal if there is none, it cannot be one, or the events name several.
 */
export function requestToken(envelope: Json | undefined, events: readonly unknown[], beside: string | undefined): string {
  let found = envelope === undefined ? undefined : tokenIn(envelope)
  if (found === undefined) {
    for (const event of events) {
      if (typeof event !== 'object' || event === null) continue
      const token = tokenOfEvent(event as Json)
      if (token === undefined || token === found) continue
      if (found !== undefined) {
        throw new CaptureRefusal('conflicting_api_tokens', 'The events of this request name different project tokens; send them apart.')
      }
      found = token
    }
  }
  found ??= beside
  if (found === undefined) {
    throw new CaptureRefusal('missing_api_token', 'No project token: send it as `api_key` beside the events, or as `properties.token`.')
  }
  const token = validToken(found)
  if (token === undefined) throw new CaptureRefusal('invalid_api_token', `${describe(found)} is no project token; one begins with phc_.`)
  return token
}

function present(value: unknown): unknown {
  return value === null || value === '' ? undefined : value
}

function describe(value: unknown): string {
  // A personal key in an answer or a log would be a leak.
  if (typeof value !== 'string' || value.trim().startsWith('phx_')) return 'A value of this kind'
  return JSON.stringify(value.slice(0, 80))
}

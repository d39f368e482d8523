import type { CaptureRequest } from '@hedgerow/protocol'
import type { SdkEvent, Source, SourcedEvent } from './sdk-event.ts'

/** How an SDK sends: its route, and whether its events carry the token and the distinct id among their properties. */
const senders: Record<Source, { endpoint: CaptureRequest['endpoint']; headers: Record<string, string>; idsInProperties: boolean }> = {
  web: { endpoint: '/e/', headers: { 'content-type': 'text/plain' }, idsInProperties: true },
  mobile: {
    endpoint: '/batch/',
    headers: { 'content-type': 'application/json', 'user-agent': 'posthog-react-native/4.78.0' },
    idsInProperties: false,
  },
  server: {
    endpoint: '/batch/',
    headers: { 'content-type': 'application/json', 'user-agent': 'posthog-node/5.70.0' },
    idsInProperties: false,
  },
}

/** Each source apart, as no SDK sends for another; browsers first, since that is where people sign in. */
const sources: readonly Source[] = ['web', 'mobile', 'server']

export interface Envelope {
  request: CaptureRequest
  eventCount: number
}

/** Puts events into requests of at most `maxEvents`, in their order, as an import of history. */
export function* envelopes(
  events: readonly SourcedEvent[],
  options: { token: string; receivedAt: Date; maxEvents: number },
): Generator<Envelope> {
  for (const source of sources) {
    const ofSource = events.filter((event) => event.source === source)
    for (let start = 0; start < ofSource.length; start += options.maxEvents) {
      const batch = ofSource.slice(start, start + options.maxEvents)
      yield { request: encode(source, batch, options), eventCount: batch.length }
    }
  }
}

function encode(source: Source, events: readonly SdkEvent[], { token, receivedAt }: { token: string; receivedAt: Date }): CaptureRequest {
  const { endpoint, headers, idsInProperties } = senders[source]
  const body = {
    api_key: token,
    historical_migration: true,
    sent_at: receivedAt.toISOString(),
    batch: events.map((event) => ({
      uuid: event.uuid,
      event: event.event,
      timestamp: new Date(event.atMs).toISOString(),
      ...(idsInProperties ? {} : { distinct_id: event.distinctId }),
      properties: idsInProperties ? { ...event.properties, token, distinct_id: event.distinctId } : event.properties,
      ...(event.set ? { $set: event.set } : {}),
      ...(event.setOnce ? { $set_once: event.setOnce } : {}),
    })),
  }
  return { endpoint, headers, query: {}, body: new TextEncoder().encode(JSON.stringify(body)), receivedAt }
}

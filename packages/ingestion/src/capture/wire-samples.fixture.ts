import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** A request as a real client sent it, and the events in it (null where it is no request with events). */
export interface WireSample {
  client: string
  method: string
  url: string
  headers: Record<string, string>
  /** Base64 of the bytes on the wire. */
  body: string
  events: { event: string; uuid: string }[] | null
}

/** Requests recorded from 13 clients, all with the token `phc_test`, among them posthog-js 1.80 to 1.449 and posthog-node 3.6 to 5.70. */
export function readWireSamples(): WireSample[] {
  return JSON.parse(gunzipSync(readFileSync(new URL('./wire-samples.json.gz', import.meta.url))).toString('utf8'))
}

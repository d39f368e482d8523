import type { CaptureEndpoint, CaptureOutcome, CaptureRequest, EventsEntry } from '@hedgerow/protocol'
import { captureEndpoints } from '@hedgerow/protocol'
import { maxEntryBytes, type NewLogEntry } from '@hedgerow/stores'
import { parseEntryBody } from '../steps/parse-entry.ts'
import { type CaptureOptions, createCapture } from './capture.ts'

export const receivedAt = new Date('2026-11-22T14:30:00.000Z')

/** A capture that appends to a list, with one project whose tokens are `phc_test` and `phc_other`. */
export function collectingCapture(options: Partial<CaptureOptions> = {}) {
  const appended: NewLogEntry[] = []
  const capture = createCapture({
    log: {
      append: async (entries) => {
        for (const entry of entries)
          if (entry.payload.byteLength > maxEntryBytes) throw new Error(`entry of ${entry.payload.byteLength} bytes`)
        appended.push(...entries)
      },
    },
    findProject: (token) => (token === 'phc_test' ? { id: 1 } : token === 'phc_other' ? { id: 2, anonymizeIps: true } : undefined),
    now: () => receivedAt,
    ...options,
  })
  // What is undefined is as good as absent.
  const entries = (): EventsEntry[] => appended.map((entry) => JSON.parse(JSON.stringify(parseEntryBody(entry.payload))))
  return { capture, appended, entries }
}

export interface SentRequest {
  url?: string
  headers?: Record<string, string>
  body?: Uint8Array | string | object
  ip?: string
}

export function toRequest({ url = '/e/', headers = {}, body = '', ip }: SentRequest): CaptureRequest {
  const { pathname, searchParams } = new URL(url, 'http://localhost')
  const endpoint = captureEndpoints.find((known) => known === pathname || known === `${pathname}/`) as CaptureEndpoint
  const text = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body)
  const bytes = typeof text === 'string' ? Buffer.from(text) : text
  const request: CaptureRequest = { endpoint, query: Object.fromEntries(searchParams), headers, body: bytes }
  if (ip !== undefined) request.ip = ip
  return request
}

/** Sends one request to a fresh capture. */
export async function sendOnce(sent: SentRequest, options: Partial<CaptureOptions> = {}) {
  const { capture, appended, entries } = collectingCapture(options)
  const outcome: CaptureOutcome = await capture.take(toRequest(sent))
  const written = entries()
  return {
    outcome,
    appended,
    entries: written,
    entry: written[0] as EventsEntry,
    events: written.flatMap((entry) => entry.events),
    refused: written.flatMap((entry) => entry.refused ?? []),
  }
}

import { Agent, request } from 'node:http'
import type { Hedgerow } from '@hedgerow/platform'
import { asOf } from './generate.ts'

export const key = 'phx_of_the_benchmark'

export interface Answer {
  is_cached: boolean
  rows_read: number
  timings: { k: string; t: number }[]
  results: unknown
}

export interface Asking {
  hedgerow: Hedgerow
  /** Through HTTP, computed anew unless `more` says otherwise. */
  ask(query: object, more?: object): Promise<Answer>
  /** Any other request of the API. */
  request(method: string, path: string, body?: object): Promise<Record<string, unknown>>
}

/** why: not `fetch`, which costs more than the server's part of a request that is answered from cache. */
function send(agent: Agent, url: string, method: string, body?: object): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${key}`, ...(body ? { 'content-type': 'application/json' } : {}) }
    const sent = request(url, { method, agent, headers }, (response) => {
      const pieces: Buffer[] = []
      response.on('data', (piece: Buffer) => pieces.push(piece))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(pieces).toString() }))
      response.on('error', reject)
    })
    sent.on('error', reject)
    sent.end(body && JSON.stringify(body))
  })
}

export function createAsking(hedgerow: Hedgerow, url: string): Asking {
  const agent = new Agent({ keepAlive: true })
  async function call(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
    const { status, text } = await send(agent, `${url}${path}`, method, body)
    if (status >= 300) throw new Error(`${status}: ${text.slice(0, 300)}`)
    return JSON.parse(text) as Record<string, unknown>
  }
  return {
    hedgerow,
    request: call,
    ask: async (query, more = {}) =>
      (await call('POST', '/api/projects/1/query/', { query, as_of: asOf, refresh: 'force_blocking', ...more })) as unknown as Answer,
  }
}

/** Those who did "upgraded plan" at least twice in the last 30 days; made where it is not there yet. */
export async function cohortOfDoers({ request }: Asking): Promise<number> {
  const name = 'Upgraded twice'
  const { results } = await request('GET', '/api/projects/1/cohorts/')
  const known = (results as { id: number; name: string }[]).find((cohort) => cohort.name === name)
  if (known) return known.id
  const leaf = {
    type: 'behavioral',
    value: 'performed_event_multiple',
    key: 'upgraded plan',
    event_type: 'events',
    operator: 'gte',
    operator_value: 2,
    explicit_datetime: '-30d',
  }
  const made = await request('POST', '/api/projects/1/cohorts/', {
    name,
    filters: { properties: { type: 'AND', values: [{ type: 'AND', values: [leaf] }] } },
  })
  return Number(made.id)
}

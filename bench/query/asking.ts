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

export function createAsking(hedgerow: Hedgerow, url: string): Asking {
  async function request(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${response.status}: ${text.slice(0, 300)}`)
    return JSON.parse(text) as Record<string, unknown>
  }
  return {
    hedgerow,
    request,
    ask: async (query, more = {}) =>
      (await request('POST', '/api/projects/1/query/', { query, as_of: asOf, refresh: 'force_blocking', ...more })) as unknown as Answer,
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

import { expect } from 'vitest'
import { firstToken, type RunningServer, startServer } from '../running-server.fixture.ts'

export const projectUrl = '/api/projects/1'
export const purchases = {
  kind: 'ExperimentMetric',
  metric_type: 'mean',
  name: 'Purchases',
  source: { kind: 'EventsNode', event: 'purchase' },
}
export const revenue = {
  kind: 'ExperimentMetric',
  metric_type: 'mean',
  name: 'Revenue',
  source: { kind: 'EventsNode', event: 'purchase', math: 'sum', math_property: 'amount' },
  upper_bound_percentile: 0.99,
}
export const conversion = {
  kind: 'ExperimentMetric',
  metric_type: 'funnel',
  name: 'Conversion',
  series: [{ kind: 'EventsNode', event: 'purchase' }],
}
const dayMs = 86_400_000
export const started = new Date(Date.now() - 10 * dayMs)
export const at = (days: number) => new Date(started.getTime() + days * dayMs).toISOString()

/** 400 people, half of each variant; of the control every fifth buys, of the test every third; staff and a person of two variants besides. */
function events(): Record<string, unknown>[] {
  const called = (id: string, variant: unknown, day: number) => ({
    event: '$feature_flag_called',
    distinct_id: id,
    timestamp: at(day),
    properties: { $feature_flag: 'checkout', $feature_flag_response: variant },
  })
  const people = Array.from({ length: 400 }, (_, i) => {
    const [id, variant, day] = [`user ${i}`, i % 2 === 0 ? 'control' : 'test', (i % 8) + 0.5]
    const buys = variant === 'control' ? i % 10 === 0 : i % 6 === 1
    const bought = { event: 'purchase', distinct_id: id, timestamp: at(day + 0.1), properties: { amount: 10 + (i % 7) } }
    return [called(id, variant, day), ...(i % 4 === 0 ? [called(id, variant, day + 0.05)] : []), ...(buys ? [bought] : [])]
  }).flat()
  return [
    ...people,
    { event: '$identify', distinct_id: 'staff', timestamp: at(0.1), properties: { $set: { email: 'me@our.company' } } },
    called('staff', 'test', 1),
    called('both', 'control', 1),
    called('both', 'test', 2),
    called('early', 'test', -1),
    called('off', false, 1),
  ]
}

/** A server whose first project has those people, and leaves its staff out. */
export async function startServerWithEvents(): Promise<RunningServer> {
  const server = await startServer()
  await server.call('PATCH', `${projectUrl}/`, {
    test_account_filters: [{ type: 'person', key: 'email', operator: 'not_icontains', value: '@our.company' }],
  })
  await server.send(firstToken, 1, events())
  return server
}

/** What tests of experiments ask of a server, which may start later. */
export function experimentCalls(server: () => RunningServer) {
  return {
    async create(body: Record<string, unknown>) {
      const answer = await server().call('POST', `${projectUrl}/experiments/`, body)
      expect([answer.status, answer.body.detail]).toEqual([201, undefined])
      return answer.body
    },
    post: (id: number, action: string, body: object = {}) => server().call('POST', `${projectUrl}/experiments/${id}/${action}/`, body),
  }
}

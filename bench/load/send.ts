import { Agent, request } from 'node:http'

const agent = new Agent({ keepAlive: true, maxSockets: 64 })

/** Posts one body and answers the status; throws where there is no answer. */
export function post(url: string, body: Buffer, headers: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      { method: 'POST', agent, headers: { 'content-type': 'application/json', 'content-length': body.length, ...headers } },
      (answer) => {
        answer.resume()
        answer.once('end', () => resolve(answer.statusCode ?? 0))
        answer.once('error', reject)
      },
    )
    outgoing.once('error', reject)
    outgoing.end(body)
  })
}

export interface LoadReport {
  seconds: number
  requests: number
  /** Status → how many answers. */
  statuses: Record<number, number>
  latenciesMs: number[]
}

/** Sends bodies in turn from `connections` senders, at most `perSecond` requests a second, for `seconds`. */
export async function load(
  url: string,
  bodies: readonly Buffer[],
  options: { connections: number; seconds: number; perSecond?: number; headers?: Record<string, string> },
): Promise<LoadReport> {
  const report: LoadReport = { seconds: 0, requests: 0, statuses: {}, latenciesMs: [] }
  const beganAt = performance.now()
  const end = beganAt + options.seconds * 1000
  let next = 0
  async function sender() {
    while (performance.now() < end) {
      const turn = next++
      if (options.perSecond) {
        const due = beganAt + (turn / options.perSecond) * 1000
        const wait = due - performance.now()
        if (due > end) return
        if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait))
      }
      const sentAt = performance.now()
      const status = await post(url, bodies[turn % bodies.length] as Buffer, options.headers)
      report.latenciesMs.push(performance.now() - sentAt)
      report.statuses[status] = (report.statuses[status] ?? 0) + 1
      report.requests++
    }
  }
  await Promise.all(Array.from({ length: options.connections }, sender))
  report.seconds = (performance.now() - beganAt) / 1000
  return report
}

/** The value below which `share` (0 to 1) of the list lies. */
export function quantile(list: readonly number[], share: number): number {
  const sorted = [...list].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}

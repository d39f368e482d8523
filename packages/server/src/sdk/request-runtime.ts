import type { EvaluationRuntime } from '@hedgerow/protocol'
import type { FastifyRequest } from 'fastify'

const servers = /^(?:posthog-(?:python|ruby|php|java|go|node|dotnet|elixir|rs|server|edge)|python-requests|curl|node\b|undici)/i
const clients = /^posthog-(?:android|ios|react-native|flutter|js-lite)/i
const browsers = /mozilla|chrome|safari|firefox|opera|okhttp|cfnetwork/i

/** Where a request comes from: what it says, else what its headers tell. Undefined where neither does. */
export function requestRuntime(said: unknown, headers: FastifyRequest['headers']): EvaluationRuntime | undefined {
  if (said === 'server' || said === 'client' || said === 'all') return said
  const agent = headers['user-agent'] ?? ''
  if (servers.test(agent)) return 'server'
  if (clients.test(agent) || browsers.test(agent)) return 'client'
  const isOfPage = headers.origin !== undefined || headers.referer !== undefined || headers['sec-fetch-mode'] !== undefined
  return isOfPage ? 'client' : undefined
}

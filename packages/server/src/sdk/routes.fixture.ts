import { type CaptureOutcome, type CaptureRequest, defaultProjectSettings, type ProjectSettings } from '@hedgerow/protocol'
import fastify, { type FastifyInstance } from 'fastify'
import type { SdkDependencies } from './dependencies.ts'
import { registerSdkRoutes } from './routes.ts'

export interface SdkApp {
  app: FastifyInstance
  /** What the routes handed to capture. */
  taken: CaptureRequest[]
}

/** The routes alone, over one project with the token `phc_test`; capture answers every request with `outcome`. */
export async function openSdkApp(
  given: {
    outcome?: CaptureOutcome
    settings?: Partial<ProjectSettings>
    trustedProxies?: string[]
    failing?: boolean
    ignoreTrailingSlash?: boolean
    maxInFlightBytes?: number
    isOverQuota?: boolean
  } = {},
): Promise<SdkApp> {
  const taken: CaptureRequest[] = []
  const project = { id: 1, apiToken: 'phc_test', settings: { ...defaultProjectSettings, ...given.settings } }
  const dependencies: SdkDependencies = {
    capture: {
      take: async (request) => {
        taken.push(request)
        if (given.failing) throw new Error('a fault of ours, with a secret in it')
        return given.outcome ?? { kind: 'accepted', accepted: 1, refused: 0 }
      },
      decode: async ({ body }) => ({ kind: 'json', value: JSON.parse(Buffer.from(body).toString('utf8')) }),
      limits: { maxBodyBytes: 1000, maxInFlightBytes: given.maxInFlightBytes ?? 1_000_000 },
    },
    findProject: async (token) => (token === 'phc_test' ? project : undefined),
    definitionsAccess: async (key) => {
      if (key === 'phs_secret') return { kind: 'granted', project }
      return key === 'phx_elsewhere' ? { kind: 'forbidden', detail: 'Not yours.' } : { kind: 'unauthenticated', detail: 'Unknown key.' }
    },
    flags: {
      evaluate: async () => ({ flags: [], hasErrors: false }),
      isOverQuota: () => given.isOverQuota ?? false,
      definitions: async () => ({ body: '{"flags":[],"group_type_mapping":{"0":"company","1":"project"},"cohorts":{}}', etag: 'W/"1"' }),
      remoteConfig: async () => undefined,
      earlyAccessFeatures: async () => [],
      listen: async () => () => undefined,
    },
    trustedProxies: given.trustedProxies ?? [],
  }
  const app = fastify({ routerOptions: { ignoreTrailingSlash: given.ignoreTrailingSlash ?? false } })
  await registerSdkRoutes(app, dependencies)
  await app.ready()
  return { app, taken }
}

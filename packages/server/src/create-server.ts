import type { Socket } from 'node:net'
import type { Hedgerow } from '@hedgerow/platform'
import Fastify, { type FastifyInstance, LogController } from 'fastify'
import { errorBody, replyError } from './errors.ts'
import { addAccountRoutes } from './routes/account-routes.ts'
import { addActionRoutes } from './routes/action-routes.ts'
import { addAnnotationRoutes } from './routes/annotation-routes.ts'
import { addCohortRoutes } from './routes/cohort-routes.ts'
import { addDashboardRoutes } from './routes/dashboard-routes.ts'
import { addDefinitionRoutes } from './routes/definition-routes.ts'
import { addEventRoutes } from './routes/event-routes.ts'
import { addExperimentRoutes } from './routes/experiment-routes.ts'
import { addFlagRoutes } from './routes/flag-routes.ts'
import { addGroupRoutes } from './routes/group-routes.ts'
import { addHealthRoutes } from './routes/health-routes.ts'
import { addIngestionRoutes } from './routes/ingestion-routes.ts'
import { addInsightRoutes } from './routes/insight-routes.ts'
import { addLiveRoutes } from './routes/live-routes.ts'
import { addPersonRoutes } from './routes/person-routes.ts'
import { addProjectRoutes } from './routes/project-routes.ts'
import { addQueryRoutes } from './routes/query-routes.ts'
import { addSignInRoutes } from './routes/sign-in-routes.ts'
import { addVariableRoutes } from './routes/variable-routes.ts'
import { registerSdkRoutes } from './sdk/routes.ts'
import { sdkDependencies } from './sdk-dependencies.ts'
import { addSecurityHeaders, contentSecurityPolicy } from './security-headers.ts'
import { serveWebApp } from './web-app.ts'

export interface ServerOptions {
  /** Where the built web app is; found by itself unless given. */
  webAppDir?: string
  /** Told of every route of the API, with the scope that it needs of a personal API key. */
  onRoute?: (route: { methods: string[]; path: string; scope: string | undefined }) => void
}

/** The HTTP server of a Hedgerow that was created; `listen` opens it, `close` lets open requests finish. */
export async function createServer(hedgerow: Hedgerow, options: ServerOptions = {}): Promise<FastifyInstance> {
  const { config } = hedgerow
  const app = Fastify({
    // why: at "info" Fastify tells each address that it listens on, which whoever started it says better.
    logger: { level: config.logLevel === 'info' ? 'warn' : config.logLevel, stream: process.stderr },
    // why: one line for each captured event would cost more than capturing it.
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: config.trustedProxies.length > 0 ? config.trustedProxies : false,
    bodyLimit: config.platform.maxBodyBytes,
    routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true, maxParamLength: 500 },
    forceCloseConnections: 'idle',
  })
  closeInTime(app, config.platform.stopTimeoutMs)
  app.setErrorHandler(replyError)

  await registerSdkRoutes(app, sdkDependencies(hedgerow))
  await app.register(async (own) => {
    const webApp = await serveWebApp(own, options.webAppDir)
    addSecurityHeaders(own, { policy: contentSecurityPolicy(webApp.indexHtml), isHttps: config.publicUrl?.startsWith('https://') ?? false })
    own.addHook('onRoute', ({ method, url, config }) => {
      options.onRoute?.({ methods: [method].flat(), path: url, scope: (config as { scope?: string } | undefined)?.scope })
    })
    addApi(own, hedgerow)
    own.setNotFoundHandler((request, reply) => {
      const path = request.url.split('?')[0] ?? '/'
      const isPage = (request.method === 'GET' || request.method === 'HEAD') && !/^\/+(api|static|array|_[^/]*)(\/|$)/.test(path)
      if (isPage) return webApp.send(path, reply)
      return reply.code(404).send(errorBody('not_found', `There is no ${request.method} ${path.slice(0, 200)}.`))
    })
  })
  return app
}

function addApi(app: FastifyInstance, hedgerow: Hedgerow): void {
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    if (body === '') return done(null, undefined)
    try {
      done(null, JSON.parse(String(body)))
    } catch (error) {
      done(Object.assign(new Error((error as Error).message), { code: 'FST_ERR_CTP_INVALID_JSON_BODY', statusCode: 400 }))
    }
  })
  addHealthRoutes(app, hedgerow)
  addSignInRoutes(app, hedgerow)
  addAccountRoutes(app, hedgerow)
  addProjectRoutes(app, hedgerow)
  addPersonRoutes(app, hedgerow)
  addGroupRoutes(app, hedgerow)
  addFlagRoutes(app, hedgerow)
  addDefinitionRoutes(app, hedgerow)
  addActionRoutes(app, hedgerow)
  addCohortRoutes(app, hedgerow)
  addEventRoutes(app, hedgerow)
  addIngestionRoutes(app, hedgerow)
  addLiveRoutes(app, hedgerow)
  addQueryRoutes(app, hedgerow)
  addVariableRoutes(app, hedgerow)
  addInsightRoutes(app, hedgerow)
  addDashboardRoutes(app, hedgerow)
  addAnnotationRoutes(app, hedgerow)
  addExperimentRoutes(app, hedgerow)
}

const closeIdleIntervalMs = 50

/** Connections end with the request that is under way on them; requests that do not end are cut when a stop has waited long enough. */
function closeInTime(app: FastifyInstance, timeoutMs: number): void {
  const connections = new Set<Socket>()
  app.server.on('connection', (socket) => {
    connections.add(socket)
    socket.once('close', () => connections.delete(socket))
  })
  app.addHook('preClose', async () => {
    const closeIdle = () => {
      app.server.closeIdleConnections()
      // why: browsers open connections ahead of a request that may never come; to Node these are not idle.
      for (const socket of connections) if (socket.bytesRead === 0) socket.destroy()
    }
    // why: a connection that was busy when the server closed stays open for its client's next request, which will be refused.
    const idle = setInterval(closeIdle, closeIdleIntervalMs)
    const timer = setTimeout(() => app.server.closeAllConnections(), timeoutMs)
    app.server.once('close', () => {
      clearInterval(idle)
      clearTimeout(timer)
    })
    idle.unref()
    timer.unref()
  })
}

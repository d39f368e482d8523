import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { SdkDependencies, SdkProject } from './dependencies.ts'
import { sendFailure } from './refusals.ts'
import { remoteConfig, remoteConfigScript } from './remote-config.ts'
import { addRoute } from './route-table.ts'
import { openPosthogScripts, Script } from './scripts.ts'

const forSomeMinutes = 'public, max-age=300'
const forAnHour = 'public, max-age=3600'
const forEver = 'public, max-age=31536000, immutable'
const rememberedScripts = 200

type Params = { token?: string; version?: string; file?: string }

/** Remote config, the SDK itself and the scripts that it loads when a feature needs them. */
export function addScriptRoutes(app: FastifyInstance, dependencies: SdkDependencies): void {
  const posthog = openPosthogScripts()
  const configScripts = new RememberedScripts()

  const withProject =
    (answer: (project: SdkProject, request: FastifyRequest, reply: FastifyReply) => unknown) =>
    async (request: FastifyRequest, reply: FastifyReply) => {
      const { token = '' } = request.params as Params
      const project = await dependencies.findProject(token)
      if (project !== undefined) return answer(project, request, reply)
      return sendFailure(reply, {
        status: 404,
        code: 'not_found',
        detail: `No project has the token ${JSON.stringify(token.slice(0, 80))}.`,
      })
    }
  const sendFile = (name: string, version: string | undefined, request: FastifyRequest, reply: FastifyReply) => {
    const script = version === undefined || servesVersion(version, posthog.version) ? posthog.find(name) : undefined
    // The 404 makes posthog-js fall back to the path without a version.
    if (script === undefined) return sendFailure(reply, { status: 404, code: 'not_found', detail: 'There is no such script.' })
    return script.send(request, reply, version === posthog.version ? forEver : forAnHour)
  }

  addRoute(app, {
    path: '/array/:token/config/',
    get: withProject((project, _, reply) => reply.header('cache-control', forSomeMinutes).send(remoteConfig(project))),
  })
  addRoute(app, {
    path: '/array/:token/config.js/',
    get: withProject((project, request, reply) => {
      const text = remoteConfigScript(remoteConfig(project))
      return configScripts.of(text, () => text).send(request, reply, forSomeMinutes)
    }),
  })
  addRoute(app, {
    path: '/array/:token/array.js/',
    get: withProject((project, request, reply) => {
      const config = remoteConfigScript(remoteConfig(project))
      const script = configScripts.of(`array.js ${config}`, () => `${posthog.find('array')?.text ?? ''}\n${config}`)
      return script.send(request, reply, forSomeMinutes)
    }),
  })
  addRoute(app, {
    path: '/static/:file/',
    get: (request, reply) => sendFile(scriptName(request), undefined, request, reply),
  })
  addRoute(app, {
    path: '/static/:version/:file/',
    get: (request, reply) => sendFile(scriptName(request), (request.params as Params).version ?? '', request, reply),
  })
}

/** Whether the installed scripts serve a page that asks for some version: the same major version, in full or alone. */
export function servesVersion(asked: string, installed: string): boolean {
  const major = /^(\d+)(?:\.\d+){0,2}(?:-[0-9A-Za-z.-]+)?$/.exec(asked)?.[1]
  return major !== undefined && major === installed.split('.')[0]
}

function scriptName(request: FastifyRequest): string {
  const { file = '' } = request.params as Params
  return file.endsWith('.js') ? file.slice(0, -'.js'.length) : ''
}

/** Scripts made of a project's config; the one least recently made is forgotten when there are too many. */
class RememberedScripts {
  private readonly scripts = new Map<string, Script>()
  of(key: string, text: () => string): Script {
    const known = this.scripts.get(key)
    if (known !== undefined) return known
    const made = new Script(Buffer.from(text()))
    this.scripts.set(key, made)
    for (const oldest of this.scripts.keys()) {
      if (this.scripts.size <= rememberedScripts) break
      this.scripts.delete(oldest)
    }
    return made
  }
}

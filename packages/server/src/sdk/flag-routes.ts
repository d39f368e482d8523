import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { createProxyTrust } from './client-address.ts'
import type { SdkDependencies, SdkProject } from './dependencies.ts'
import { decideAnswer, detailedText, type FlagsResult, flagsAnswer } from './flag-answers.ts'
import { type Question, readQuestion, wantsConfig } from './flag-question.ts'
import { queryText } from './query.ts'
import { sendFailure } from './refusals.ts'
import { remoteConfig } from './remote-config.ts'
import { addRoute } from './route-table.ts'

type Json = Record<string, unknown>

/** `/flags/` and its ancestor `/decide/`. */
export function addFlagRoutes(app: FastifyInstance, dependencies: SdkDependencies): void {
  const ok = (_: FastifyRequest, reply: FastifyReply) => reply.code(200).send()
  const isTrusted = createProxyTrust(dependencies.trustedProxies)
  type Write = (request: FastifyRequest, project: SdkProject, result: FlagsResult) => Json | string
  const ask = (write: Write) => async (request: FastifyRequest, reply: FastifyReply) => {
    const asked = await readQuestion(request, dependencies, isTrusted)
    if (asked.kind === 'failure') return sendFailure(reply, asked.failure)
    const written = write(request, asked.project, await answer(asked, dependencies))
    return reply.header('content-type', 'application/json; charset=utf-8').send(written)
  }

  addRoute(app, {
    path: '/flags/',
    head: ok,
    get: (request, reply) => reply.send(flagsAnswer(flagsVersion(request), nothing())),
    post: ask((request, project, result) => {
      const version = flagsVersion(request)
      const config = wantsConfig(request) ? remoteConfig(project) : undefined
      return version >= 2 ? detailedText(result, config) : flagsAnswer(version, result, config)
    }),
  })
  const decide = ask((request, project, result) => decideAnswer(decideVersion(request), result, remoteConfig(project)))
  addRoute(app, { path: '/decide/', head: ok, get: decide, post: decide })
}

const nothing = (): FlagsResult => ({ flags: [], errorsWhileComputingFlags: false, requestId: randomUUID(), evaluatedAt: Date.now() })

async function answer(asked: Extract<Question, { kind: 'question' }>, { flags }: SdkDependencies): Promise<FlagsResult> {
  if (asked.flags === undefined) return nothing()
  // compat: SDKs keep the flags that they have; any status but 200 they would take for a fault.
  if (await flags.isOverQuota(asked.project)) return { ...nothing(), quotaLimited: ['feature_flags'] }
  const { flags: decisions, hasErrors } = await flags.evaluate(asked.project.id, asked.flags)
  return { flags: decisions, errorsWhileComputingFlags: hasErrors, requestId: randomUUID(), evaluatedAt: Date.now() }
}

/** compat: with neither `v` nor `config`, PostHog answers version 2; with `config` alone, version 1. */
function flagsVersion(request: FastifyRequest): number {
  const version = queryText(request, 'v')
  if (version === undefined) return queryText(request, 'config') === undefined ? 2 : 1
  return Number.parseInt(version, 10) || 2
}

function decideVersion(request: FastifyRequest): number {
  return Number.parseInt(queryText(request, 'v') ?? '1', 10) || 1
}

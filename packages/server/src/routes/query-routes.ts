import { type Answered, type Hedgerow, HedgerowError, type Question } from '@hedgerow/platform'
import { exportQuery, type QueryRequestBody, queryHistoryQuery, queryRequest } from '@hedgerow/protocol'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { projectRoute } from '../api-route.ts'
import { goneSignal } from '../gone-signal.ts'
import { page } from '../paging.ts'
import { sendExport } from '../send-export.ts'
import { sendRows } from '../send-rows.ts'

/** Questions: ask, ask later, look how far it is, stop, list, export. A caller that goes away stops its query. */
export function addQueryRoutes(app: FastifyInstance, hedgerow: Hedgerow): void {
  const { questions } = hedgerow

  projectRoute(
    app,
    hedgerow,
    { method: 'POST', path: '/query', scope: 'query:read', body: queryRequest, isQuestion: true },
    async ({ project, principal, body, request, reply }) => {
      const question = { ...questionOf(project.id, principal.userId, body), signal: goneSignal(reply) }
      if (String(request.headers.accept ?? '').includes('application/x-ndjson')) {
        return sendExport(request, reply, await hedgerow.exports.open(question, 'jsonl'))
      }
      return sendAnswered(reply, await questions.ask(question))
    },
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'POST', path: '/query/rows', scope: 'query:read', body: queryRequest, isQuestion: true },
    async ({ project, principal, body, reply }) => {
      const answered = await questions.ask({ ...questionOf(project.id, principal.userId, body), signal: goneSignal(reply) })
      return answered.kind === 'pending' ? sendAnswered(reply, answered) : sendRows(reply, answered.body as Record<string, unknown>)
    },
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'POST', path: '/query/export', scope: 'query:read', query: exportQuery, body: queryRequest, isQuestion: true },
    async ({ project, principal, query, body, request, reply }) => {
      const question = { ...questionOf(project.id, principal.userId, body), signal: goneSignal(reply) }
      return sendExport(request, reply, await hedgerow.exports.open(question, query.format), query.filename ?? body.name ?? undefined)
    },
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'POST', path: '/query/explain', scope: 'query:read', body: queryRequest, isQuestion: true },
    async ({ project, principal, body, reply }) => ({
      results: await questions.explain({ ...questionOf(project.id, principal.userId, body), signal: goneSignal(reply) }),
    }),
  )
  projectRoute(app, hedgerow, { method: 'GET', path: '/query', scope: 'query:read' }, async ({ project }) => ({
    results: await questions.list(project.id),
  }))
  projectRoute(
    app,
    hedgerow,
    { method: 'GET', path: '/query/history', scope: 'query:read', query: queryHistoryQuery },
    async ({ project, principal, query, request }) =>
      page(request, query, await questions.history.list(project.id, principal.userId, query)),
  )
  projectRoute(app, hedgerow, { method: 'GET', path: '/query/:id', scope: 'query:read' }, async ({ project, params }) => ({
    query_status: await questions.status(project.id, params.id ?? ''),
  }))
  projectRoute(app, hedgerow, { method: 'DELETE', path: '/query/:id', scope: 'query:read' }, ({ project, params }) => {
    if (!questions.cancel(project.id, params.id ?? '')) {
      throw new HedgerowError('not_found', `No query ${(params.id ?? '').slice(0, 100)} runs.`)
    }
  })
}

function questionOf(projectId: number, userId: string, body: QueryRequestBody): Question {
  return {
    projectId,
    userId,
    query: body.query,
    refresh: body.refresh ?? (body.async === true ? 'force_async' : 'blocking'),
    asOf: body.as_of ?? undefined,
    clientQueryId: body.client_query_id ?? undefined,
    filtersOverride: body.filters_override ?? undefined,
    variablesOverride: body.variables_override ?? undefined,
    name: body.name ?? undefined,
    isRemembered: body.remember ?? undefined,
  }
}

function sendAnswered(reply: FastifyReply, answered: Answered): unknown {
  if (answered.kind === 'pending') return reply.code(202).send({ query_status: answered.status })
  return answered.body
}

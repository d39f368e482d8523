import { type Hedgerow, HedgerowError, invalidInput } from '@hedgerow/platform'
import {
  blastRadiusQuestion,
  bulkDeleteFlags,
  evaluationReasonsQuery,
  type FlagsQuery,
  flagActivityQuery,
  flagChange,
  flagRestore,
  flagsQuery,
  newFlag,
} from '@hedgerow/protocol'
import type { FastifyInstance } from 'fastify'
import { projectRoute } from '../api-route.ts'
import { page } from '../paging.ts'
import { addFlagChangeRoutes } from './flag-change-routes.ts'

const path = '/feature_flags'

/** Feature flags: made, read, changed, deleted, and what they answer. */
export function addFlagRoutes(app: FastifyInstance, hedgerow: Hedgerow): void {
  const { flags, evaluations, history } = hedgerow.featureFlags
  const read = 'feature_flag:read'
  const write = 'feature_flag:write'

  projectRoute(app, hedgerow, { method: 'GET', path, scope: read, query: flagsQuery }, async ({ project, query, request }) =>
    page(request, query, await flags.list(project, query)),
  )
  projectRoute(app, hedgerow, { method: 'POST', path, scope: write, body: newFlag, status: 201 }, ({ project, body, principal }) =>
    flags.create(project.id, body, { userId: principal.userId }),
  )
  projectRoute(app, hedgerow, { method: 'GET', path: `${path}/:id`, scope: read }, ({ project, params }) =>
    flags.get(project.id, params.id ?? ''),
  )
  projectRoute(
    app,
    hedgerow,
    { method: ['PATCH', 'PUT'], path: `${path}/:id`, scope: write, body: flagChange },
    ({ project, params, body, principal }) => flags.change(project.id, params.id ?? '', body, { userId: principal.userId }),
  )
  projectRoute(app, hedgerow, { method: 'DELETE', path: `${path}/:id`, scope: write }, async ({ project, params, principal }) => {
    await flags.change(project.id, params.id ?? '', { deleted: true }, { userId: principal.userId })
  })
  projectRoute(
    app,
    hedgerow,
    { method: 'POST', path: `${path}/bulk_delete`, scope: write, body: bulkDeleteFlags },
    async ({ project, body, principal }) => {
      const ids = body.ids ?? (await idsOf(hedgerow, project.id, body.filters))
      return deleteMany(hedgerow, project.id, ids, principal.userId)
    },
  )

  projectRoute(
    app,
    hedgerow,
    { method: 'GET', path: `${path}/evaluation_reasons`, scope: read, query: evaluationReasonsQuery },
    ({ project, query }) => evaluations.reasons(project.id, query.distinct_id, groupsIn(query.groups)),
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'GET', path: `${path}/my_flags`, scope: read, query: evaluationReasonsQuery.partial() },
    async ({ project, query, principal }) => {
      const user = await hedgerow.accounts.find(principal.userId)
      return evaluations.valuesFor(project.id, query.distinct_id ?? user?.email ?? principal.userId, groupsIn(query.groups))
    },
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'POST', path: `${path}/user_blast_radius`, scope: read, body: blastRadiusQuestion },
    ({ project, body }) => evaluations.blastRadius(project.id, body.condition, body.group_type_index ?? undefined),
  )
  projectRoute(app, hedgerow, { method: 'GET', path: `${path}/:id/status`, scope: read }, ({ project, params }) =>
    evaluations.status(project.id, params.id ?? ''),
  )
  projectRoute(app, hedgerow, { method: 'GET', path: `${path}/:id/dependent_flags`, scope: read }, ({ project, params }) =>
    flags.dependents(project.id, params.id ?? ''),
  )
  addHistoryRoutes(app, hedgerow, history)
  addFlagChangeRoutes(app, hedgerow)
}

function addHistoryRoutes(app: FastifyInstance, hedgerow: Hedgerow, history: Hedgerow['featureFlags']['history']): void {
  const scope = 'feature_flag:read'
  const query = flagActivityQuery
  projectRoute(app, hedgerow, { method: 'GET', path: `${path}/activity`, scope, query }, async ({ project, query: wanted, request }) =>
    page(request, wanted, await history.activity(project.id, undefined, wanted)),
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'GET', path: `${path}/:id/activity`, scope, query },
    async ({ project, params, query: wanted, request }) =>
      page(request, wanted, await history.activity(project.id, params.id ?? '', wanted)),
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'GET', path: `${path}/:id/versions`, scope, query },
    async ({ project, params, query: wanted, request }) =>
      page(request, wanted, await history.versions(project.id, params.id ?? '', wanted)),
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'POST', path: `${path}/:id/restore`, scope: 'feature_flag:write', body: flagRestore },
    ({ project, params, body: wanted, principal }) =>
      history.restore(project.id, params.id ?? '', wanted.version, { userId: principal.userId }),
  )
}

function groupsIn(text: string | undefined): Record<string, unknown> {
  if (text === undefined || text === '') return {}
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed as Record<string, unknown>
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw invalidInput('groups', 'must be a JSON object of group types and keys, for instance {"company": "acme"}')
}

async function idsOf(hedgerow: Hedgerow, projectId: number, filters: Partial<FlagsQuery> | undefined): Promise<number[]> {
  if (filters === undefined) throw invalidInput('ids', 'or filters must say which flags are meant')
  const { results } = await hedgerow.featureFlags.flags.list({ id: projectId }, { ...filters, limit: 1000, offset: 0 })
  return results.map(({ id }) => id)
}

/** One that cannot be deleted does not keep the others. */
async function deleteMany(hedgerow: Hedgerow, projectId: number, ids: readonly number[], userId: string) {
  const deleted: { id: number; key: string }[] = []
  const errors: { id: number; reason: string }[] = []
  for (const id of ids) {
    try {
      const flag = await hedgerow.featureFlags.flags.change(projectId, String(id), { deleted: true }, { userId })
      deleted.push({ id, key: flag.key })
    } catch (error) {
      if (!(error instanceof HedgerowError) || error.status >= 500) throw error
      errors.push({ id, reason: error.message })
    }
  }
  return { deleted, errors }
}

import type { Hedgerow } from '@hedgerow/platform'
import { filtersOverride, insightChange, insightQuery, insightsQuery, jsonObject, newInsight, pageQuery } from '@hedgerow/protocol'
import type { FastifyInstance } from 'fastify'
import { projectRoute } from '../api-route.ts'
import { goneSignal } from '../gone-signal.ts'
import { jsonParameter } from '../json-parameter.ts'
import { page } from '../paging.ts'

/** Saved questions. Lists and single ones show the answers that are kept; `refresh` asks for more. */
export function addInsightRoutes(app: FastifyInstance, hedgerow: Hedgerow): void {
  const { insights, activity } = hedgerow
  const path = '/insights'

  projectRoute(
    app,
    hedgerow,
    { method: 'GET', path, scope: 'insight:read', query: insightsQuery },
    async ({ project, principal, query, request, reply }) => {
      const found = await insights.list(project.id, principal.userId, query)
      if (query.basic) return page(request, query, found)
      const of = {
        projectId: project.id,
        userId: principal.userId,
        refresh: query.refresh ?? 'force_cache',
        signal: goneSignal(reply),
      } as const
      const results = []
      for (const insight of found.results) results.push(await hedgerow.answerInsight(insight, of))
      return page(request, query, { count: found.count, results })
    },
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'POST', path, scope: 'insight:write', body: newInsight, status: 201 },
    ({ project, principal, body }) => insights.create(project.id, principal.userId, body),
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'GET', path: `${path}/:id`, scope: 'insight:read', query: insightQuery },
    async ({ project, principal, params, query, reply }) => {
      const insight = await insights.get(project.id, params.id ?? '')
      const dashboard =
        query.from_dashboard === undefined ? undefined : await hedgerow.dashboards.get(project.id, String(query.from_dashboard))
      await insights.viewed(project.id, insight.id)
      return hedgerow.answerInsight(insight, {
        projectId: project.id,
        userId: principal.userId,
        refresh: query.refresh ?? 'force_cache',
        filtersOverride: jsonParameter(filtersOverride, 'filters_override', query.filters_override) ?? dashboard?.filters,
        variablesOverride: jsonParameter(jsonObject, 'variables_override', query.variables_override) ?? dashboard?.variables,
        dashboardId: dashboard?.id,
        signal: goneSignal(reply),
      })
    },
  )
  projectRoute(
    app,
    hedgerow,
    { method: ['PATCH', 'PUT'], path: `${path}/:id`, scope: 'insight:write', body: insightChange },
    ({ project, principal, params, body }) => insights.change(project.id, principal.userId, params.id ?? '', body),
  )
  projectRoute(app, hedgerow, { method: 'DELETE', path: `${path}/:id`, scope: 'insight:write' }, async ({ project, principal, params }) => {
    await insights.change(project.id, principal.userId, params.id ?? '', { deleted: true })
  })
  projectRoute(app, hedgerow, { method: 'POST', path: `${path}/:id/viewed`, scope: 'insight:read' }, async ({ project, params }) => {
    const { id } = await insights.get(project.id, params.id ?? '')
    await insights.viewed(project.id, id)
  })
  projectRoute(
    app,
    hedgerow,
    { method: 'GET', path: `${path}/activity`, scope: 'insight:read', query: pageQuery },
    async ({ project, query, request }) => page(request, query, await activity.list(project.id, 'Insight', undefined, query)),
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'GET', path: `${path}/:id/activity`, scope: 'insight:read', query: pageQuery },
    async ({ project, params, query, request }) => {
      const { id } = await insights.get(project.id, params.id ?? '')
      return page(request, query, await activity.list(project.id, 'Insight', id, query))
    },
  )
}

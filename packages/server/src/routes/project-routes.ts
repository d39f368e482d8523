import { type Hedgerow, HedgerowError, type Principal, projectBody } from '@hedgerow/platform'
import { newProject, pageQuery, projectChange } from '@hedgerow/protocol'
import type { FastifyInstance } from 'fastify'
import { accountRoute, projectRoute } from '../api-route.ts'
import { page } from '../paging.ts'

/** Projects, by both of PostHog's names for them. */
export function addProjectRoutes(app: FastifyInstance, hedgerow: Hedgerow): void {
  const { access, projects } = hedgerow

  for (const path of ['/api/projects', '/api/environments']) {
    accountRoute(app, hedgerow, { method: 'GET', path, scope: 'project:read', query: pageQuery }, async ({ principal, query, request }) => {
      const all = await projects.listOf(principal.organizations.map(({ id }) => id))
      const results = all.slice(query.offset, query.offset + query.limit).map(projectBody)
      return page(request, query, { count: all.length, results })
    })
    accountRoute(
      app,
      hedgerow,
      { method: 'POST', path, scope: 'project:write', body: newProject, status: 201 },
      async ({ principal, body }) => projectBody(await projects.create(organizationOf(principal), body)),
    )
  }

  accountRoute(app, hedgerow, { method: 'GET', path: '/api/demo', scope: 'project:read' }, ({ principal }) =>
    hedgerow.demo.standing(organizationOf(principal)),
  )
  accountRoute(app, hedgerow, { method: 'POST', path: '/api/demo', scope: 'project:write', status: 202 }, ({ principal }) =>
    hedgerow.beginDemo(organizationOf(principal)),
  )

  projectRoute(app, hedgerow, { method: 'GET', path: '', scope: 'project:read' }, ({ project }) => projectBody(project))
  projectRoute(
    app,
    hedgerow,
    { method: ['PATCH', 'PUT'], path: '', scope: 'project:write', body: projectChange },
    async ({ project, body }) => projectBody(await projects.change(project.id, body)),
  )
  projectRoute(app, hedgerow, { method: 'DELETE', path: '', scope: 'project:write' }, ({ project, principal }) => {
    access.requireAdmin(principal, project)
    return projects.delete(project.id)
  })
  projectRoute(
    app,
    hedgerow,
    { method: ['PATCH', 'POST'], path: '/reset_token', scope: 'project:write' },
    async ({ project, principal }) => {
      access.requireAdmin(principal, project)
      return projectBody(await projects.resetToken(project.id))
    },
  )
  projectRoute(
    app,
    hedgerow,
    { method: ['PATCH', 'POST'], path: '/rotate_secret_token', scope: 'project:write' },
    async ({ project, principal }) => {
      access.requireAdmin(principal, project)
      const rotated = await projects.rotateSecretKey(project.id)
      // The only answer that ever holds the key.
      return { ...projectBody(rotated.project), secret_api_token: rotated.key }
    },
  )
}

function organizationOf(principal: Principal): string {
  const [organization] = principal.organizations
  if (!organization) throw new HedgerowError('permission_denied', 'This account belongs to no organization.')
  return organization.id
}

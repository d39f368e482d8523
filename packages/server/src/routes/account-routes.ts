import type { Hedgerow, Principal } from '@hedgerow/platform'
import {
  memberChange,
  newMember,
  newPersonalApiKey,
  type OrganizationBody,
  personalApiKeyChange,
  type UserBody,
  userChange,
} from '@hedgerow/protocol'
import type { FastifyInstance } from 'fastify'
import { accountRoute } from '../api-route.ts'

/** Who is signed in, the organisation, personal API keys. */
export function addAccountRoutes(app: FastifyInstance, hedgerow: Hedgerow): void {
  const { access, keys } = hedgerow

  accountRoute(app, hedgerow, { method: 'GET', path: '/api/users/@me', scope: 'user:read' }, ({ principal }) =>
    userBody(hedgerow, principal),
  )

  accountRoute(
    app,
    hedgerow,
    { method: 'PATCH', path: '/api/users/@me', scope: 'user:write', body: userChange },
    async ({ principal, body }) => {
      const project = body.set_current_team === undefined ? undefined : await access.projectFor(principal, String(body.set_current_team))
      const name = body.name ?? body.first_name
      await hedgerow.accounts.change(principal.userId, {
        ...(name === undefined ? {} : { name }),
        ...(project === undefined ? {} : { currentProjectId: project.id }),
      })
      access.forget(principal.userId)
      return userBody(hedgerow, { ...principal, currentProjectId: project?.id ?? principal.currentProjectId })
    },
  )

  accountRoute(app, hedgerow, { method: 'GET', path: '/api/organizations/:id', scope: 'organization:read' }, ({ principal, params }) =>
    organizationBody(hedgerow, principal, params.id ?? ''),
  )
  accountRoute(
    app,
    hedgerow,
    { method: 'GET', path: '/api/organizations/:id/members', scope: 'organization:read' },
    async ({ principal, params }) => {
      const results = await hedgerow.members.list(principal, params.id ?? '')
      return { count: results.length, next: null, previous: null, results }
    },
  )
  accountRoute(
    app,
    hedgerow,
    { method: 'POST', path: '/api/organizations/:id/members', scope: 'organization:write', body: newMember, status: 201 },
    ({ principal, params, body }) => hedgerow.members.add(principal, params.id ?? '', body),
  )
  accountRoute(
    app,
    hedgerow,
    { method: 'PATCH', path: '/api/organizations/:id/members/:user_id', scope: 'organization:write', body: memberChange },
    ({ principal, params, body }) => hedgerow.members.change(principal, params.id ?? '', params.user_id ?? '', body),
  )
  accountRoute(
    app,
    hedgerow,
    { method: 'POST', path: '/api/organizations/:id/members/:user_id/reset_password', scope: 'organization:write' },
    ({ principal, params }) => hedgerow.members.resetPassword(principal, params.id ?? '', params.user_id ?? ''),
  )
  accountRoute(
    app,
    hedgerow,
    { method: 'DELETE', path: '/api/organizations/:id/members/:user_id', scope: 'organization:write' },
    ({ principal, params }) => hedgerow.members.remove(principal, params.id ?? '', params.user_id ?? ''),
  )
  accountRoute(app, hedgerow, { method: 'GET', path: '/api/organizations', scope: 'organization:read' }, async ({ principal }) => {
    const results = await Promise.all(principal.organizations.map(({ id }) => organizationBody(hedgerow, principal, id)))
    return { count: results.length, next: null, previous: null, results }
  })

  // why: a key that could make keys would outlive its own revocation; only a person who is signed in makes and revokes them.
  const sessionOnly = (principal: Principal) => access.requireSession(principal)
  const path = '/api/personal_api_keys'
  accountRoute(app, hedgerow, { method: 'GET', path, scope: 'user:read' }, ({ principal }) => keys.list(principal.userId))
  accountRoute(
    app,
    hedgerow,
    { method: 'POST', path, scope: 'user:write', body: newPersonalApiKey, status: 201 },
    ({ principal, body }) => {
      sessionOnly(principal)
      return keys.create(principal.userId, body.label, body.scopes)
    },
  )
  accountRoute(app, hedgerow, { method: 'GET', path: `${path}/:id`, scope: 'user:read' }, ({ principal, params }) =>
    keys.get(principal.userId, params.id ?? ''),
  )
  accountRoute(
    app,
    hedgerow,
    { method: 'PATCH', path: `${path}/:id`, scope: 'user:write', body: personalApiKeyChange },
    ({ principal, params, body }) => {
      sessionOnly(principal)
      return keys.change(principal.userId, params.id ?? '', body)
    },
  )
  accountRoute(app, hedgerow, { method: 'POST', path: `${path}/:id/roll`, scope: 'user:write' }, ({ principal, params }) => {
    sessionOnly(principal)
    return keys.roll(principal.userId, params.id ?? '')
  })
  accountRoute(app, hedgerow, { method: 'DELETE', path: `${path}/:id`, scope: 'user:write' }, ({ principal, params }) => {
    sessionOnly(principal)
    return keys.revoke(principal.userId, params.id ?? '')
  })
}

async function userBody(hedgerow: Hedgerow, principal: Principal): Promise<UserBody> {
  const user = await hedgerow.accounts.find(principal.userId)
  const [organization] = principal.organizations
  const project = await hedgerow.access.currentProject(principal)
  return {
    id: principal.userId,
    uuid: principal.userId,
    email: user?.email ?? '',
    first_name: user?.name ?? '',
    team: project ? { id: project.id, name: project.name, api_token: project.apiToken } : null,
    organization: organization ? await organizationBody(hedgerow, principal, organization.id) : null,
    scopes: [...principal.scopes],
  }
}

async function organizationBody(hedgerow: Hedgerow, principal: Principal, id: string): Promise<OrganizationBody> {
  const organization = hedgerow.access.organizationFor(principal, id)
  const projects = (await hedgerow.projects.listOf([organization.id])).map(({ id: projectId, name, isDemo, ingestedEvent, timezone }) => ({
    id: projectId,
    name,
    is_demo: isDemo,
    ingested_event: ingestedEvent,
    timezone,
  }))
  return {
    id: organization.id,
    name: organization.name,
    slug: organization.slug,
    created_at: organization.createdAt,
    projects,
    teams: projects,
  }
}

import type { Scope, ScopeObject } from '@hedgerow/protocol'
import { HedgerowError, notFound } from '../errors.ts'
import { ExpiringCache } from '../expiring-cache.ts'
import type { PersonalApiKeys } from '../keys/personal-api-keys.ts'
import { scopesAllow } from '../keys/scopes.ts'
import type { Project } from '../projects/project.ts'
import type { Projects } from '../projects/projects.ts'
import type { Accounts, Organization } from './accounts.ts'
import type { Auth } from './auth.ts'

export type NeededScope = `${ScopeObject}:${'read' | 'write'}`

/** Who asks. */
export interface Principal {
  via: 'session' | 'key'
  userId: string
  /** Of a session everything, of a key what it was given. */
  scopes: readonly Scope[]
  organizations: readonly (Organization & { role: string })[]
  currentProjectId: number | null
}

const rememberedUsers = 10_000

/** Answers who asks, and whether they may. */
export function createAccess(parts: {
  auth: Auth
  accounts: Accounts
  keys: PersonalApiKeys
  projects: Projects
  cacheMs: number
  nowMs: () => number
}) {
  const { auth, accounts, keys, projects } = parts
  const users = new ExpiringCache<Pick<Principal, 'userId' | 'organizations' | 'currentProjectId'>>({
    maxAgeMs: parts.cacheMs,
    maxEntries: rememberedUsers,
    nowMs: parts.nowMs,
  })

  const userOf = (userId: string) =>
    users.get(userId, async () => {
      const user = await accounts.find(userId)
      if (!user) return undefined
      return { userId, currentProjectId: user.currentProjectId, organizations: await accounts.organizationsOf(userId) }
    })

  async function byKey(key: string): Promise<Principal> {
    const found = await keys.find(key)
    const user = found && (await userOf(found.userId))
    if (!found || !user) throw new HedgerowError('invalid_api_key', 'The personal API key is unknown or was revoked.')
    return { via: 'key', scopes: found.scopes, ...user }
  }

  async function bySession(headers: Headers): Promise<Principal> {
    const session = headers.has('cookie') ? await auth.api.getSession({ headers }) : null
    const user = session && (await userOf(session.user.id))
    if (user) return { via: 'session', scopes: ['*'], ...user }
    if (/(^|;\s*)(__Secure-)?hedgerow\.session_token=/.test(headers.get('cookie') ?? '')) {
      throw new HedgerowError('session_expired', 'The session has ended: sign in again.')
    }
    throw new HedgerowError('not_authenticated', 'Sign in, or send a personal API key as "Authorization: Bearer phx_…".')
  }

  const projectById = async (id: string) => (/^\d{1,9}$/.test(id) ? projects.find(Number(id)) : undefined)

  const belongsTo = (principal: Principal, project: Project | undefined): project is Project =>
    project !== undefined && principal.organizations.some((organization) => organization.id === project.organizationId)

  function requireAdminOf(principal: Principal, organizationId: string | null): void {
    const role = principal.organizations.find(({ id }) => id === organizationId)?.role
    if (role === 'owner' || role === 'admin') return
    throw new HedgerowError('permission_denied', 'Only owners and admins of the organization may do this.')
  }

  /** The project chosen last, else the first. */
  async function currentProject(principal: Principal): Promise<Project | undefined> {
    const chosen = principal.currentProjectId === null ? undefined : await projects.find(principal.currentProjectId)
    if (belongsTo(principal, chosen)) return chosen
    const [first] = await projects.listOf(principal.organizations.map((organization) => organization.id))
    return first
  }

  return {
    /** From a request's headers. Throws an error of status 401. */
    async authenticate(headers: Headers): Promise<Principal> {
      const authorization = headers.get('authorization')
      if (authorization === null) return bySession(headers)
      const [, key] = /^Bearer\s+(\S+)\s*$/i.exec(authorization) ?? []
      if (key === undefined) throw new HedgerowError('not_authenticated', 'The Authorization header must be "Bearer phx_…".')
      return byKey(key)
    },

    requireScope(principal: Principal, needed: NeededScope): void {
      if (scopesAllow(principal.scopes, needed)) return
      throw new HedgerowError('missing_scope', `This personal API key lacks the scope ${needed}; it has ${principal.scopes.join(', ')}.`)
    },

    requireSession(principal: Principal): void {
      if (principal.via === 'session') return
      throw new HedgerowError('session_required', 'Only a signed-in session may do this, no personal API key.')
    },

    requireAdminOf,

    /** Owners and admins of the project's organisation. */
    requireAdmin(principal: Principal, project: Project): void {
      requireAdminOf(principal, project.organizationId)
    },

    currentProject,

    /** A project by id or `@current`. Throws `not_found` for one of another organisation as for one that does not exist. */
    async projectFor(principal: Principal, idOrCurrent: string): Promise<Project> {
      const project = idOrCurrent === '@current' ? await currentProject(principal) : await projectById(idOrCurrent)
      if (!belongsTo(principal, project)) throw notFound(`project ${idOrCurrent.slice(0, 40)}`)
      return project
    },

    /** One of the caller's organisations by id, or `@current`. */
    organizationFor(principal: Principal, idOrCurrent: string): Organization {
      const found =
        idOrCurrent === '@current'
          ? principal.organizations[0]
          : principal.organizations.find((organization) => organization.id === idOrCurrent)
      if (!found) throw notFound(`organization ${idOrCurrent.slice(0, 40)}`)
      return found
    },

    /** After an account or a membership changed. */
    forget(userId: string): void {
      users.forget(userId)
    },
  }
}

export type Access = ReturnType<typeof createAccess>

import type { Access } from '../accounts/access.ts'
import { HedgerowError } from '../errors.ts'
import { ExpiringCache } from '../expiring-cache.ts'
import type { Project } from './project.ts'
import type { Projects } from './projects.ts'

export type DefinitionsAccess =
  | { kind: 'granted'; project: Project }
  | { kind: 'unauthenticated'; detail: string }
  | { kind: 'forbidden'; detail: string }

/** Whether a key that a server sends may read a project's flag definitions: its secret key, or a person's key with the scope. */
export function createDefinitionsAccess(parts: { access: Access; projects: Projects; cacheMs: number; nowMs: () => number }) {
  const { access, projects } = parts
  const bySecretKey = new ExpiringCache<Project>({ maxAgeMs: parts.cacheMs, maxEntries: 10_000, nowMs: parts.nowMs })

  async function byPersonalKey(key: string, token: string | undefined, projectId: string): Promise<DefinitionsAccess> {
    const principal = await access.authenticate(new Headers({ authorization: `Bearer ${key}` }))
    access.requireScope(principal, 'feature_flag:read')
    const project = token === undefined ? undefined : await projects.findByToken(token)
    if (token !== undefined && project === undefined) return { kind: 'unauthenticated', detail: 'No project has this token.' }
    return { kind: 'granted', project: await access.projectFor(principal, project === undefined ? projectId : String(project.id)) }
  }

  /** `projectId` is meant where neither a secret key nor a token says which project is. */
  return async (key: string, token: string | undefined, projectId = '@current'): Promise<DefinitionsAccess> => {
    if (key.startsWith('phs_')) {
      const project = await bySecretKey.get(key, () => projects.findBySecretKey(key))
      if (project === undefined) return { kind: 'unauthenticated', detail: 'The project secret key is unknown or was replaced.' }
      if (token !== undefined && token !== project.apiToken)
        return { kind: 'forbidden', detail: 'The secret key is of another project than the token.' }
      return { kind: 'granted', project }
    }
    try {
      return await byPersonalKey(key, token, projectId)
    } catch (error) {
      if (!(error instanceof HedgerowError)) throw error
      if (error.status === 401) return { kind: 'unauthenticated', detail: error.message }
      if (error.status === 403 || error.status === 404) return { kind: 'forbidden', detail: error.message }
      throw error
    }
  }
}

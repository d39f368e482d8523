import type { Hedgerow } from '@hedgerow/platform'
import type { SdkDependencies, SdkProject } from './sdk/dependencies.ts'
import { sdkFlags } from './sdk-flags.ts'

/** The product, as far as the routes that SDKs call need it. */
export function sdkDependencies(hedgerow: Hedgerow): SdkDependencies {
  return {
    capture: hedgerow.capture,
    findProject: lastKnownProjects(hedgerow.projects.findByToken),
    definitionsAccess: hedgerow.definitionsAccess,
    flags: sdkFlags(hedgerow),
    trustedProxies: hedgerow.config.trustedProxies,
  }
}

const rememberedProjects = 10_000

/** Goes on with the project last known under a token while the application store is away: flags in memory need nothing else of it. */
function lastKnownProjects(find: SdkDependencies['findProject']): SdkDependencies['findProject'] {
  const known = new Map<string, SdkProject>()
  return async (token) => {
    try {
      const project = await find(token)
      known.delete(token)
      if (project) known.set(token, project)
      if (known.size > rememberedProjects) known.delete(known.keys().next().value as string)
      return project
    } catch (error) {
      const project = known.get(token)
      if (project) return project
      throw error
    }
  }
}

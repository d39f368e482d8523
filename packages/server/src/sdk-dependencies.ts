import type { Hedgerow } from '@hedgerow/platform'
import type { SdkDependencies } from './sdk/dependencies.ts'

/** The product, as far as the routes that SDKs call need it. */
export function sdkDependencies(hedgerow: Hedgerow): SdkDependencies {
  return {
    capture: hedgerow.capture,
    findProject: hedgerow.projects.findByToken,
    definitionsAccess: hedgerow.definitionsAccess,
    async groupTypes(projectId) {
      const types = await hedgerow.groups.types({ id: projectId })
      return types.map(({ group_type_index, group_type }) => ({ index: group_type_index, type: group_type }))
    },
    trustedProxies: hedgerow.config.trustedProxies,
  }
}

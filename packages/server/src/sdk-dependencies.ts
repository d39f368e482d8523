import type { Hedgerow } from '@hedgerow/platform'
import type { SdkDependencies } from './sdk/dependencies.ts'
import { sdkFlags } from './sdk-flags.ts'

/** The product, as far as the routes that SDKs call need it. */
export function sdkDependencies(hedgerow: Hedgerow): SdkDependencies {
  return {
    capture: hedgerow.capture,
    findProject: hedgerow.projects.findByToken,
    definitionsAccess: hedgerow.definitionsAccess,
    flags: sdkFlags(hedgerow),
    trustedProxies: hedgerow.config.trustedProxies,
  }
}

import { type FlagAnswer, type Hedgerow, HedgerowError } from '@hedgerow/platform'
import type { SdkFlags } from './sdk/dependencies.ts'
import type { FlagDecision } from './sdk/flag-answers.ts'

/** Feature flags of a product, in the shapes that SDKs read. */
export function sdkFlags({ featureFlags }: Hedgerow): SdkFlags {
  const { service, flags, earlyAccess, changes, quota } = featureFlags
  return {
    async evaluate(projectId, request) {
      const answer = await service.evaluate(projectId, request)
      return { flags: decisions(answer), hasErrors: answer.hasErrors }
    },
    isOverQuota: ({ id, settings }) => quota.isUsedUp(id, settings.flag_requests_per_month),
    definitions: (projectId) => service.definitions(projectId),
    async remoteConfig(projectId, key) {
      try {
        return { payload: await flags.remoteConfig(projectId, key) }
      } catch (error) {
        if (error instanceof HedgerowError && error.code === 'not_found') return undefined
        throw error
      }
    },
    earlyAccessFeatures: (projectId, stages) => earlyAccess.offered(projectId, stages),
    listen: (projectId, listener) => changes.listen(projectId, listener),
  }
}

/** By what was evaluated: written once for all who are answered alike. */
const written = new WeakMap<FlagAnswer['results'][number], FlagDecision>()

function decisions({ results, describe, hasExperiment }: FlagAnswer): FlagDecision[] {
  return results.map((result) => {
    const known = written.get(result)
    if (known) return known
    const decision: FlagDecision = {
      key: result.key,
      enabled: result.enabled,
      variant: result.variant,
      reason: { code: result.reason.code, condition_index: result.reason.conditionIndex, description: describe(result) },
      metadata: {
        id: result.id,
        version: result.version,
        description: null,
        payload: result.payload,
        has_experiment: hasExperiment(result.id),
      },
      ...(result.failure === undefined ? {} : { failed: true as const }),
    }
    written.set(result, decision)
    return decision
  })
}

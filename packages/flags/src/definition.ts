import type { BucketingIdentifier, EvaluationRuntime, FlagFilters } from '@hedgerow/protocol'

/** A stored flag, as far as it is evaluated. */
export interface FlagDefinition {
  id: number
  key: string
  name: string
  version: number
  active: boolean
  filters: FlagFilters
  ensureExperienceContinuity: boolean
  bucketingIdentifier: BucketingIdentifier
  evaluationRuntime: EvaluationRuntime
  evaluationContexts: readonly string[]
  isRemoteConfiguration: boolean
  hasEncryptedPayloads: boolean
  hasExperiment: boolean
}

/** A cohort, as far as flags use it. */
export interface CohortDefinition {
  id: number
  isStatic: boolean
  /** A tree of `{type: AND | OR, values}`, whose leaves are conditions; null for none. */
  properties: unknown
}

/** All that the evaluation of a project's flags depends on, but for who asks. */
export interface FlagSource {
  /** Not those that were deleted; inactive ones too, since others may depend on them. */
  flags: readonly FlagDefinition[]
  cohorts: readonly CohortDefinition[]
  /** Name of a group type → its index. */
  groupTypes: ReadonlyMap<string, number>
  /** Of dates that name no zone. */
  timezone: string
}

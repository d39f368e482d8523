import type { FlagCondition, FlagFilter } from '@hedgerow/protocol'
import { cohortsIn, hasBehavior, readCohortTree } from '../cohorts/tree.ts'
import type { CohortDefinition, FlagDefinition, FlagSource } from '../definition.ts'
import { type FlagOrder, orderFlags } from '../evaluate/stages.ts'

type Json = Readonly<Record<string, unknown>>

/**
 * What SDKs read to evaluate flags by themselves. Cohorts that need more than a person's properties are left out, so that an SDK asks
 * the server about flags that use them.
 */
export function localDefinitions(source: FlagSource, projectId: number): Json {
  const order = orderFlags(source.flags)
  const flags = source.flags.filter((flag) => !flag.isRemoteConfiguration)
  return {
    flags: flags.map((flag) => localFlag(flag, projectId, source, order)),
    group_type_mapping: Object.fromEntries([...source.groupTypes].map(([type, index]) => [String(index), type])),
    cohorts: localCohorts(flags, source.cohorts),
    property_matching_version: 2,
  }
}

function localFlag(flag: FlagDefinition, projectId: number, source: FlagSource, order: FlagOrder): Json {
  const { holdout_groups: oldHoldout, ...filters } = flag.filters
  const [old] = oldHoldout ?? []
  const oldId = Number(/^holdout-(\d+)$/.exec(old?.variant ?? '')?.[1])
  const holdout =
    filters.holdout ?? (old && Number.isInteger(oldId) ? { id: oldId, exclusion_percentage: old.rollout_percentage ?? 100 } : null)
  return {
    id: flag.id,
    team_id: projectId,
    name: flag.name,
    key: flag.key,
    active: flag.active,
    deleted: false,
    version: flag.version,
    ensure_experience_continuity: flag.ensureExperienceContinuity,
    has_encrypted_payloads: flag.hasEncryptedPayloads,
    has_experiment: flag.hasExperiment,
    evaluation_runtime: flag.evaluationRuntime,
    evaluation_contexts: flag.evaluationContexts,
    evaluation_tags: flag.evaluationContexts,
    bucketing_identifier: flag.bucketingIdentifier,
    filters: {
      ...filters,
      // why: what only a secret key may read is not in here, even though a secret key asks: SDKs keep it on disk.
      payloads: flag.hasEncryptedPayloads ? {} : (filters.payloads ?? {}),
      multivariate: filters.multivariate ?? null,
      groups: (filters.groups ?? []).map((condition) => localCondition(condition, source, order)),
      holdout,
    },
  }
}

function localCondition(condition: FlagCondition, source: FlagSource, order: FlagOrder): FlagCondition {
  const properties = (condition.properties ?? []).map((filter) =>
    filter.type === 'flag' ? localDependency(filter, source, order) : filter,
  )
  return { ...condition, properties }
}

/** SDKs know flags by key, and want to be told in which order to evaluate what it needs; an empty list says that nobody can. */
function localDependency(filter: FlagFilter, source: FlagSource, order: FlagOrder): FlagFilter {
  const target = source.flags.find((flag) => String(flag.id) === String(filter.key))
  const needed = target && !order.broken.has(target.id) ? order.needs.get(target.id) : undefined
  const chain = target && needed ? [...needed.map((flag) => flag.key), target.key] : []
  return { ...filter, key: target?.key ?? filter.key, dependency_chain: chain }
}

function localCohorts(flags: readonly FlagDefinition[], cohorts: readonly CohortDefinition[]): Json {
  const byId = new Map(cohorts.map((cohort) => [cohort.id, cohort]))
  const found = new Map<number, unknown>()
  const add = (id: number): void => {
    const cohort = byId.get(id)
    const tree = readCohortTree(cohort?.properties)
    if (found.has(id) || !cohort || cohort.isStatic || !tree || hasBehavior(tree)) return
    found.set(id, oneKindPerLevel(cohort.properties))
    for (const inner of cohortsIn(tree)) add(inner)
  }
  const filters = flags.flatMap((flag) => flag.filters.groups ?? []).flatMap((condition) => condition.properties ?? [])
  for (const filter of filters) if (filter.type === 'cohort') add(Number(filter.value))
  return Object.fromEntries(found)
}

/** compat: SDKs look at the first entry of a level to tell whether it holds groups or conditions, so that no level may hold both. */
function oneKindPerLevel(node: unknown): unknown {
  if (!isGroup(node)) return node
  const hasGroups = node.values.some(isGroup)
  const values = node.values.map((value) => (hasGroups && !isGroup(value) ? { type: 'AND', values: [value] } : oneKindPerLevel(value)))
  return { type: node.type, values }
}

const isGroup = (node: unknown): node is { type: unknown; values: unknown[] } =>
  typeof node === 'object' && node !== null && Array.isArray((node as { values?: unknown }).values)

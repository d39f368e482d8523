import { type FlagFilters, flagCondition, flagVariant } from '@hedgerow/protocol'
import { mergeFilters } from './normal-filters.ts'

export interface Changeable {
  active: boolean
  filters: FlagFilters
}

export type ScheduledOutcome =
  | { kind: 'changed'; change: Partial<Changeable> }
  | { kind: 'refused'; code: 'unrecognized_operation' | 'invalid_payload'; message: string }

/** What a scheduled change does to a flag as it is when its time has come. */
export function applyScheduledChange(flag: Changeable, payload: { operation?: unknown; value?: unknown }): ScheduledOutcome {
  const { operation, value } = payload
  switch (operation) {
    case 'update_status':
      if (typeof value !== 'boolean') return refused('value must be true or false')
      return { kind: 'changed', change: { active: value } }
    case 'add_release_condition':
      return addConditions(flag.filters, value)
    case 'update_variants':
      return updateVariants(flag.filters, value)
  }
  const names = 'update_status, add_release_condition or update_variants'
  return { kind: 'refused', code: 'unrecognized_operation', message: `operation must be ${names}, not ${JSON.stringify(operation)}` }
}

const refused = (message: string): ScheduledOutcome => ({ kind: 'refused', code: 'invalid_payload', message })

/** Conditions are appended; payloads and variants, if named, are added to those there. */
function addConditions(filters: FlagFilters, value: unknown): ScheduledOutcome {
  const parsed = flagCondition.array().safeParse(recordOf(value).groups)
  if (!parsed.success) return refused('value.groups must be a list of release conditions')
  const { payloads, multivariate } = recordOf(value)
  const change: FlagFilters = { groups: [...(filters.groups ?? []), ...parsed.data] }
  if (isRecord(payloads) && Object.keys(payloads).length > 0) change.payloads = { ...filters.payloads, ...payloads }
  const variants = flagVariant.array().safeParse(recordOf(multivariate).variants)
  if (variants.success && variants.data.length > 0) change.multivariate = { variants: variants.data }
  return { kind: 'changed', change: { filters: mergeFilters(filters, change) } }
}

function updateVariants(filters: FlagFilters, value: unknown): ScheduledOutcome {
  const parsed = flagVariant.array().safeParse(recordOf(value).variants)
  if (!parsed.success) return refused('value.variants must be a list of variants')
  const { payloads } = recordOf(value)
  const change: FlagFilters = { multivariate: { variants: parsed.data }, payloads: isRecord(payloads) ? payloads : {} }
  return { kind: 'changed', change: { filters: mergeFilters(filters, change) } }
}

const recordOf = (value: unknown): Readonly<Record<string, unknown>> => (isRecord(value) ? value : {})
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

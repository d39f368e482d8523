import type {
  BucketingIdentifier,
  EvaluationRuntime,
  FlagBody,
  FlagChange,
  FlagCondition,
  FlagFilter,
  FlagFilters,
  NewFlag,
} from '@hedgerow/protocol'
import { takesNothing } from './flag-words.ts'

export interface VariantDraft {
  key: string
  name: string
  share: number
  /** JSON as text; empty for none. */
  payload: string
}

/** A release condition. What the form does not show stays as it was. */
export interface SetDraft {
  /** Known to the form alone, so that its parts stay with it when others are taken away. */
  id: number
  filters: FlagFilter[]
  rollout: number
  variant: string | null
  groupTypeIndex: number | null
  kept: FlagCondition
}

/** What the form holds. */
export interface FlagDraft {
  key: string
  name: string
  active: boolean
  tags: string[]
  /** None for a flag that is on or off. */
  variants: VariantDraft[]
  /** Of a flag that is on or off, or that is a configuration. */
  payload: string
  /** A configuration that servers read by its key. */
  isRemote: boolean
  isEncrypted: boolean
  /** Encrypted payloads are not shown: they stay as they are unless they are written anew. */
  keepsPayloads: boolean
  sets: SetDraft[]
  /** Whoever falls outside of a set's rollout is not looked at by later ones. */
  stopsEarly: boolean
  continuity: boolean
  bucketing: BucketingIdentifier
  runtime: EvaluationRuntime
  contexts: string[]
}

export const newSet = (id: number): SetDraft => ({ id, filters: [], rollout: 100, variant: null, groupTypeIndex: null, kept: {} })
export const nextSetId = (sets: readonly SetDraft[]): number => Math.max(0, ...sets.map(({ id }) => id)) + 1

export const emptyFlag: FlagDraft = {
  key: '',
  name: '',
  active: true,
  tags: [],
  variants: [],
  payload: '',
  isRemote: false,
  isEncrypted: false,
  keepsPayloads: false,
  sets: [newSet(1)],
  stopsEarly: false,
  continuity: false,
  bucketing: 'distinct_id',
  runtime: 'all',
  contexts: [],
}

/** A flag as the form shows it. */
export function draftOf(flag: FlagBody): FlagDraft {
  const { filters } = flag
  const payloads = flag.has_encrypted_payloads ? {} : (filters.payloads ?? {})
  const payloadOf = (key: string) => payloadText(Object.hasOwn(payloads, key) ? payloads[key] : undefined)
  return {
    key: flag.key,
    name: flag.name,
    active: flag.active,
    tags: flag.tags,
    variants: (filters.multivariate?.variants ?? []).map(({ key, name, rollout_percentage: share }) => ({
      key,
      name: name ?? '',
      share,
      payload: payloadOf(key),
    })),
    payload: payloadOf('true'),
    isRemote: flag.is_remote_configuration,
    isEncrypted: flag.has_encrypted_payloads,
    keepsPayloads: flag.has_encrypted_payloads,
    sets: (filters.groups ?? []).map((set, index) => ({
      id: index + 1,
      filters: set.properties ?? [],
      rollout: set.rollout_percentage ?? 100,
      variant: set.variant ?? null,
      groupTypeIndex: set.aggregation_group_type_index ?? null,
      kept: set,
    })),
    stopsEarly: filters.early_exit === true,
    continuity: flag.ensure_experience_continuity,
    bucketing: flag.bucketing_identifier,
    runtime: flag.evaluation_runtime,
    contexts: flag.evaluation_contexts,
  }
}

function payloadText(payload: unknown): string {
  if (payload === undefined || payload === null) return ''
  return typeof payload === 'string' ? payload : JSON.stringify(payload)
}

/** One set as the API takes it. */
export function conditionOf({ filters, rollout, variant, groupTypeIndex, kept }: SetDraft): FlagCondition {
  return {
    ...kept,
    properties: filters,
    rollout_percentage: rollout,
    aggregation_group_type_index: groupTypeIndex,
    ...(variant === null && kept.variant === undefined ? {} : { variant }),
  }
}

/** The draft's filters, with what the form does not show (holdouts, early access) left as it was. */
export function filtersOf(draft: FlagDraft, before: FlagFilters = {}): FlagFilters {
  const variants = draft.variants.map(({ key, name, share }) => {
    const old = before.multivariate?.variants.find((variant) => variant.key === key)
    return { ...old, key, rollout_percentage: share, ...(name === '' && !old?.name ? {} : { name: name === '' ? null : name }) }
  })
  const payloads = payloadsOf(draft)
  const groups = draft.sets.map(conditionOf)
  const [first] = groups
  const isCommon = groups.every((set) => set.aggregation_group_type_index === first?.aggregation_group_type_index)
  return {
    ...before,
    groups,
    // why: what was never there is not written as empty, which would stand in the history as a change.
    ...(variants.length > 0 ? { multivariate: { ...before.multivariate, variants } } : before.multivariate ? { multivariate: null } : {}),
    ...(!draft.keepsPayloads && (before.payloads || Object.keys(payloads).length > 0) ? { payloads } : {}),
    ...(draft.stopsEarly !== (before.early_exit === true) ? { early_exit: draft.stopsEarly } : {}),
    aggregation_group_type_index: isCommon ? (first?.aggregation_group_type_index ?? null) : null,
  }
}

function payloadsOf({ variants, payload }: FlagDraft): Record<string, string> {
  const each = variants.length === 0 ? [{ key: 'true', payload }] : variants
  return Object.fromEntries(each.flatMap(({ key, payload: text }) => (text.trim() === '' ? [] : [[key, text.trim()]])))
}

export function newFlagOf(draft: FlagDraft): NewFlag {
  return { key: draft.key, ...fieldsOf(draft), filters: filtersOf(draft) }
}

const fieldsOf = (draft: FlagDraft) => ({
  name: draft.name.trim(),
  active: draft.active,
  tags: draft.tags,
  ensure_experience_continuity: draft.continuity,
  bucketing_identifier: draft.bucketing,
  evaluation_runtime: draft.runtime,
  evaluation_contexts: draft.contexts,
  is_remote_configuration: draft.isRemote,
  has_encrypted_payloads: draft.isEncrypted,
})

/** What differs from the flag, from the version that was opened; undefined where nothing does. */
export function changeOf(draft: FlagDraft, flag: FlagBody): FlagChange | undefined {
  const opened = draftOf(flag)
  const [before, after] = [fieldsOf(opened), fieldsOf(draft)] as [Record<string, unknown>, Record<string, unknown>]
  const changed = Object.keys(after).filter((name) => !isSame(before[name], after[name]))
  const change: FlagChange = Object.fromEntries(changed.map((name) => [name, after[name]]))
  if (draft.key !== opened.key) change.key = draft.key
  const filters = filtersOf(draft, flag.filters)
  // why: hidden payloads come as stars; sent back they would be what apps get.
  if (draft.keepsPayloads) delete filters.payloads
  if (!isSame(filtersOf(opened, flag.filters), filtersOf(draft, flag.filters))) change.filters = filters
  return Object.keys(change).length === 0 ? undefined : { ...change, version: flag.version }
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

export interface FormProblem {
  /** `key`, `variants`, `payload`, or the place of a set: `set 2`. */
  field: string
  text: string
}

/** What is missing or wrong, in the order of the form. */
export function problemsOf(draft: FlagDraft): FormProblem[] {
  return [
    ...keyProblems(draft.key),
    ...variantProblems(draft.variants),
    ...(draft.keepsPayloads ? [] : payloadProblems(draft)),
    ...(draft.bucketing === 'device_id' && draft.continuity
      ? [{ field: 'bucketing', text: 'A device keeps its answer anyway: choose either that, or keeping it across login.' }]
      : []),
    ...(draft.sets.length === 0 ? [{ field: 'sets', text: 'Add a release condition: without one nobody gets the flag.' }] : []),
    ...draft.sets.flatMap((set) => setProblems(set, draft.variants)),
  ]
}

function keyProblems(key: string): FormProblem[] {
  if (key === '') return [{ field: 'key', text: 'Give it a key: your app asks for it by that.' }]
  return /^[a-zA-Z0-9_-]{1,400}$/.test(key) ? [] : [{ field: 'key', text: 'Letters, digits, - and _ only, at most 400.' }]
}

function variantProblems(variants: readonly VariantDraft[]): FormProblem[] {
  if (variants.length === 0) return []
  const keys = variants.map(({ key }) => key)
  const sum = variants.reduce((total, { share }) => total + share, 0)
  return [
    ...(new Set(keys).size === keys.length && keys.every((key) => key !== '')
      ? []
      : [{ field: 'variants', text: 'Each variant needs a key of its own.' }]),
    ...(Math.abs(sum - 100) < 1e-5
      ? []
      : [{ field: 'variants', text: `The shares must sum to 100; they sum to ${Number(sum.toFixed(4))}.` }]),
  ]
}

function payloadProblems({ variants, payload, isRemote }: FlagDraft): FormProblem[] {
  if (isRemote && payload.trim() === '') return [{ field: 'payload', text: 'Give it a payload: the configuration that is read.' }]
  if (variants.length === 0) return jsonProblem(payload) ? [{ field: 'payload', text: jsonProblem(payload) as string }] : []
  return variants.flatMap((variant, index) => {
    const text = jsonProblem(variant.payload)
    return text ? [{ field: `payload ${index}`, text }] : []
  })
}

/** Why a payload is not JSON; nothing where it is, or where there is none. */
function jsonProblem(text: string): string | undefined {
  if (text.trim() === '') return undefined
  try {
    JSON.parse(text)
    return undefined
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return `This is not JSON: ${error.message}. A text stands in "quotes".`
  }
}

function setProblems(set: SetDraft, variants: readonly VariantDraft[]): FormProblem[] {
  const field = `set ${set.id}`
  const isOpen = set.filters.some((filter) => !isFilled(filter))
  const isGone = set.variant !== null && !variants.some(({ key }) => key === set.variant)
  return [
    ...(isOpen ? [{ field, text: 'Choose what each condition compares to.' }] : []),
    ...(isGone ? [{ field, text: `There is no variant "${set.variant}" any more.` }] : []),
  ]
}

/** Whether a condition can be asked: it has all that it compares to. */
export function isFilled({ key, operator, value }: FlagFilter): boolean {
  if (key === '') return false
  if (takesNothing(operator)) return true
  if (operator === 'between' || operator === 'not_between')
    return Array.isArray(value) && value.length === 2 && value.every((end) => end !== '' && Number.isFinite(Number(end)))
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null && value !== ''
}

/** Shares that sum to 100 exactly, the rest to the first. */
export function evenShares(variants: readonly VariantDraft[]): VariantDraft[] {
  const share = Math.floor(100 / variants.length)
  return variants.map((variant, index) => ({ ...variant, share: index === 0 ? 100 - share * (variants.length - 1) : share }))
}

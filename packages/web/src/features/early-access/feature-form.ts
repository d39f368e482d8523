import type { EarlyAccessFeatureBody, EarlyAccessStage } from '@hedgerow/protocol'

/** What a person writes about a feature. */
export interface FeatureDraft {
  name: string
  description: string
  stage: EarlyAccessStage
  documentationUrl: string
  /** JSON as text. */
  payload: string
  /** Of an existing flag; null: one is made. Only of a new feature. */
  flagId: number | null
}

export const emptyFeature: FeatureDraft = { name: '', description: '', stage: 'draft', documentationUrl: '', payload: '', flagId: null }

export const featureDraft = (feature: EarlyAccessFeatureBody): FeatureDraft => ({
  name: feature.name,
  description: feature.description,
  stage: feature.stage,
  documentationUrl: feature.documentation_url,
  payload: isEmpty(feature.payload) ? '' : JSON.stringify(feature.payload, undefined, 2),
  flagId: feature.feature_flag?.id ?? null,
})

export interface FeatureProblem {
  field: 'name' | 'documentationUrl' | 'payload'
  text: string
}

export function featureProblems(draft: FeatureDraft): FeatureProblem[] {
  const problems: FeatureProblem[] = []
  if (draft.name.trim() === '') problems.push({ field: 'name', text: 'A feature needs a name, which people are shown.' })
  if (draft.documentationUrl !== '' && !/^https?:\/\/\S+$/i.test(draft.documentationUrl.trim())) {
    problems.push({ field: 'documentationUrl', text: 'An address begins with https:// or http://.' })
  }
  if (parsed(draft.payload) === undefined) problems.push({ field: 'payload', text: 'This is no JSON.' })
  return problems
}

/** What is written, the flag left out. */
export const featureFields = (draft: FeatureDraft) => ({
  name: draft.name.trim(),
  description: draft.description,
  stage: draft.stage,
  documentation_url: draft.documentationUrl.trim(),
  payload: parsed(draft.payload) ?? {},
})

/** Undefined for what is no JSON; nothing written is an empty object. */
function parsed(text: string): unknown {
  if (text.trim() === '') return {}
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

const isEmpty = (payload: unknown): boolean =>
  payload === null || payload === undefined || (typeof payload === 'object' && Object.keys(payload).length === 0)

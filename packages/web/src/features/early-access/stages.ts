import type { EarlyAccessStage } from '@hedgerow/protocol'

/** What each stage is called, and what it means to people who use the app. */
export const stages: readonly { value: EarlyAccessStage; label: string; about: string }[] = [
  { value: 'draft', label: 'Draft', about: 'Nobody is offered it.' },
  { value: 'concept', label: 'Concept', about: 'People may say that they are interested; there is nothing to use yet.' },
  { value: 'alpha', label: 'Alpha', about: 'People may opt in, and know that it is rough.' },
  { value: 'beta', label: 'Beta', about: 'People may opt in.' },
  { value: 'general-availability', label: 'General availability', about: 'It is there for everyone; who opted out stays out.' },
  { value: 'archived', label: 'Archived', about: 'It is offered no longer.' },
]

export const stageLabel = (stage: EarlyAccessStage): string => stages.find(({ value }) => value === stage)?.label ?? stage

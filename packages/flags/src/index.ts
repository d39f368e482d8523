export type { CohortDefinition, FlagDefinition, FlagSource } from './definition.ts'
export { type Evaluation, type FlagSelection, FlagSet } from './evaluate/flag-set.ts'
export { describeReason, type FlagResult, flagValue } from './evaluate/result.ts'
export { personProperties, type Subject, subjectGroups } from './evaluate/subject.ts'

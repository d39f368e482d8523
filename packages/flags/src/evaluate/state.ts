import type { FlagResult } from './result.ts'
import type { Subject } from './subject.ts'

/** What is known while the flags of one subject are evaluated. */
export interface State {
  readonly subject: Subject
  /** By flag id: what was decided. */
  readonly values: Map<number, string | boolean>
  /** By cohort id: what was decided. */
  readonly cohorts: Map<number, boolean>
  /** Cohorts that are being decided. */
  readonly asking: Set<number>
  readonly results: FlagResult[]
}

export const newState = (subject: Subject): State => ({
  subject,
  values: new Map(),
  cohorts: new Map(),
  asking: new Set(),
  results: [],
})

/** A flag cannot be decided: it is answered as off and failed. */
export class FlagFailure extends Error {}

/** The subject, if what is asked of it is known: a property of the request, or anything while the stores answer. */
export function readable(subject: Subject, key: string | undefined): Subject {
  if (subject.unread === undefined || (key !== undefined && Object.hasOwn(subject.person, key))) return subject
  throw new FlagFailure(subject.unread)
}

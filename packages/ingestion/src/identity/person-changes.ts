import { type DistinctIdState, keyOf, type PersonState } from './person-state.ts'

export interface MergeRecord {
  projectId: number
  person: PersonState
  kind: 'merged' | 'attached' | 'split'
  distinctId: string
  otherPersonId: string | undefined
  eventUuid: string | undefined
  eventName: string | undefined
  occurredAtMs: number
}

/** What a batch changed about persons; written when the batch is. */
export class PersonChanges {
  readonly batch: number
  readonly persons = new Set<PersonState>()
  /** Persons of whom only "last seen" changed. */
  readonly seen = new Set<PersonState>()
  readonly distinctIds = new Map<string, DistinctIdState>()
  /** Distinct ids whose events may be stored under another person. */
  readonly overrides = new Map<string, DistinctIdState>()
  readonly merges: MergeRecord[] = []

  constructor(batch: number) {
    this.batch = batch
  }

  changePerson(person: PersonState): void {
    person.changedIn = this.batch
    this.persons.add(person)
  }

  moveDistinctId(state: DistinctIdState, options: { needsOverride: boolean }): void {
    const key = keyOf(state.projectId, state.distinctId)
    state.changedIn = this.batch
    this.distinctIds.set(key, state)
    if (options.needsOverride) this.overrides.set(key, state)
  }
}

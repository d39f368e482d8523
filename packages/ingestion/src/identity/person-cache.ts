import type { IngestionLimits } from '../limits.ts'
import { type DistinctIdState, keyOf, type PersonState } from './person-state.ts'

/** Bytes of a person beside its properties, roughly. */
const overheadBytes = 400
/** Parsed properties, their text and the text of event rows, for each character of the first text. */
const bytesPerCharacter = 5

/**
 * Persons and distinct ids between batches, in two generations: what is used moves to the younger, the older is
 * dropped when the younger is full. What a batch changed that is not yet committed is never dropped.
 *
 * Invariant: the person of every distinct id in here is in here too, as the same object.
 */
export class PersonCache {
  private youngIds = new Map<string, DistinctIdState>()
  private oldIds = new Map<string, DistinctIdState>()
  private youngPersons = new Map<string, PersonState>()
  private oldPersons = new Map<string, PersonState>()
  private youngBytes = 0
  private readonly limits: Pick<IngestionLimits, 'personCacheCount' | 'personCacheBytes'>

  constructor(limits: Pick<IngestionLimits, 'personCacheCount' | 'personCacheBytes'>) {
    this.limits = limits
  }

  distinctId(projectId: number, distinctId: string): DistinctIdState | undefined {
    const key = keyOf(projectId, distinctId)
    const young = this.youngIds.get(key)
    if (young) return young
    const old = this.oldIds.get(key)
    if (old) this.keepDistinctId(old)
    return old
  }

  person(projectId: number, personId: string): PersonState | undefined {
    const key = keyOf(projectId, personId)
    const young = this.youngPersons.get(key)
    if (young) return young
    const old = this.oldPersons.get(key)
    if (old) this.keepPerson(old)
    return old
  }

  keepDistinctId(state: DistinctIdState): void {
    this.youngIds.set(keyOf(state.projectId, state.distinctId), state)
    this.youngBytes += overheadBytes / 2
    for (let person = state.person; person; person = person.mergedInto) this.keepPerson(person)
  }

  keepPerson(person: PersonState): void {
    const key = keyOf(person.projectId, person.id)
    if (this.youngPersons.get(key) === person) return
    this.youngPersons.set(key, person)
    this.youngBytes += overheadBytes + person.json.length * bytesPerCharacter
  }

  /** After a command changed them behind the cache: a person, and all of its distinct ids with the persons once made from them. */
  forget(projectId: number, personIds: readonly string[], distinctIds: readonly string[]): void {
    for (const personId of personIds) {
      this.youngPersons.delete(keyOf(projectId, personId))
      this.oldPersons.delete(keyOf(projectId, personId))
    }
    for (const distinctId of distinctIds) {
      this.youngIds.delete(keyOf(projectId, distinctId))
      this.oldIds.delete(keyOf(projectId, distinctId))
    }
  }

  /** Forgets the older generation if the younger is full. To be called between batches only. */
  age(committedBatch: number): void {
    const { personCacheCount, personCacheBytes } = this.limits
    const count = Math.max(this.youngIds.size, this.youngPersons.size)
    if (count < personCacheCount / 2 && this.youngBytes < personCacheBytes / 2) return
    const [oldIds, oldPersons] = [this.oldIds, this.oldPersons]
    this.oldIds = this.youngIds
    this.oldPersons = this.youngPersons
    this.youngIds = new Map()
    this.youngPersons = new Map()
    this.youngBytes = 0
    for (const [key, state] of oldIds) if (state.changedIn > committedBatch && !this.oldIds.has(key)) this.keepDistinctId(state)
    for (const [key, person] of oldPersons) if (person.changedIn > committedBatch && !this.oldPersons.has(key)) this.keepPerson(person)
  }

  get personCount(): number {
    return this.youngPersons.size + this.oldPersons.size
  }
}

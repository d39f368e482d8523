import { type WrittenSnapshot, writtenSnapshot } from '@hedgerow/stores'
import type { Properties } from './person-updates.ts'

/** A person as the worker knows it. One object for each person: whoever holds it sees its changes. */
export interface PersonState {
  readonly projectId: number
  readonly id: string
  properties: Properties
  /** JSON text of `properties`. */
  json: string
  /** What event rows hold of this version of the person; see `snapshotOf`. */
  snapshot: { json: string; written: WrittenSnapshot } | undefined
  isIdentified: boolean
  createdAtMs: number
  lastSeenAtMs: number
  /** All distinct ids, where they are known. */
  distinctIds: string[] | undefined
  /** The person that this one was merged into. */
  mergedInto: PersonState | undefined
  /** Not yet in the application store. */
  isNew: boolean
  /** Number of the last batch that changed it. */
  changedIn: number
}

/** Whom a distinct id belongs to; undefined where it has no person. */
export interface DistinctIdState {
  readonly projectId: number
  readonly distinctId: string
  person: PersonState | undefined
  changedIn: number
}

/** The present person of a distinct id, through merges. */
export function personOf(state: DistinctIdState): PersonState | undefined {
  if (state.person === undefined) return undefined
  state.person = survivorOf(state.person)
  return state.person
}

/** The properties as an event's row holds them, made once for each version of the person. */
export function snapshotOf(person: PersonState): WrittenSnapshot {
  if (person.snapshot?.json !== person.json) person.snapshot = { json: person.json, written: writtenSnapshot(person.properties) }
  return person.snapshot.written
}

export function survivorOf(person: PersonState): PersonState {
  let survivor = person
  while (survivor.mergedInto) survivor = survivor.mergedInto
  return survivor
}

export function keyOf(projectId: number, text: string): string {
  return `${projectId}:${text}`
}

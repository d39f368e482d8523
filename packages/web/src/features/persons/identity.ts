import type { PersonMergeBody } from '@hedgerow/protocol'

/** One distinct id of a person, with how it came to be this person's. */
export interface IdentityId {
  distinctId: string
  /** Made by an SDK for someone it did not know yet, rather than by the app. */
  isAnonymous: boolean
  /** What joined it, newest last; empty for the id that the person was made from. */
  history: PersonMergeBody[]
}

const uuid = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i
/** What posthog-js made before it used uuids: five groups of hexadecimal digits of varying length. */
const olderAnonymous = /^[0-9a-f]{10,18}-[0-9a-f]{10,18}-[0-9a-f]{5,10}-[0-9a-f]{4,8}-[0-9a-f]{10,18}$/i

export function looksAnonymous(distinctId: string): boolean {
  return uuid.test(distinctId) || olderAnonymous.test(distinctId)
}

/** The person's ids: those that the app chose first, then the anonymous ones, each with its history. */
export function identityIds(distinctIds: readonly string[], merges: readonly PersonMergeBody[]): IdentityId[] {
  return distinctIds
    .map((distinctId) => ({
      distinctId,
      isAnonymous: looksAnonymous(distinctId),
      history: merges.filter((merge) => merge.distinct_id === distinctId),
    }))
    .sort((one, other) => Number(one.isAnonymous) - Number(other.isAnonymous))
}

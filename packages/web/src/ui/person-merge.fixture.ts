import type { PersonMergeBody } from '@hedgerow/protocol'

/** A step in how a person came together, with what a test cares about. */
export const personMerge = (fields: Partial<PersonMergeBody>): PersonMergeBody => ({
  kind: 'merged',
  distinct_id: 'a',
  other_person_id: null,
  event_uuid: null,
  event: null,
  occurred_at: '2026-03-01T12:00:00Z',
  ...fields,
})

import { quote, reject, truncate } from '../draft.ts'
import type { EventStep } from './event-step.ts'

/** Event names and distinct ids: trimmed ids, neither empty nor longer than the limits. */
export const limitNames: EventStep = {
  name: 'limit-names',
  apply(draft, { limits, warnings }) {
    if (draft.event === '') return reject('invalid_event_name', 'The event has no name.')
    if (draft.event.length > limits.maxEventNameLength) {
      warnings.warn(draft, 'event_name_truncated', `The name ${quote(draft.event)} was cut to ${limits.maxEventNameLength} characters.`)
      draft.event = truncate(draft.event, limits.maxEventNameLength)
    }
    const distinctId = draft.distinctId.trim()
    if (distinctId === '') return reject('invalid_distinct_id', 'The distinct id is blank.')
    if (distinctId.length > limits.maxDistinctIdLength) {
      warnings.warn(
        draft,
        'distinct_id_truncated',
        `The distinct id ${quote(distinctId)} was cut to ${limits.maxDistinctIdLength} characters.`,
      )
    }
    draft.distinctId = truncate(distinctId, limits.maxDistinctIdLength)
    return undefined
  },
}

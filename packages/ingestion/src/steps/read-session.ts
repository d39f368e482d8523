import type { EventStep } from './event-step.ts'

/** Session and window ids, for columns of their own; what is no plausible id stays a property only. */
export const readSession: EventStep = {
  name: 'read-session',
  apply(draft, { limits }) {
    const { $session_id, $window_id } = draft.properties
    if (typeof $session_id === 'string' && $session_id.length <= limits.maxSessionIdLength) draft.sessionId = $session_id.toLowerCase()
    if (typeof $window_id === 'string' && $window_id.length <= limits.maxSessionIdLength) draft.windowId = $window_id
    return undefined
  },
}

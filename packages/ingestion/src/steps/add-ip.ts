import type { EventStep } from './event-step.ts'

/** The client's address, unless the event brought its own `$ip` (null keeps it blank). */
export const addIp: EventStep = {
  name: 'add-ip',
  apply(draft) {
    const { properties, entry } = draft
    if (Object.hasOwn(properties, '$ip')) return undefined
    if (properties.capture_internal) properties.$ip = '127.0.0.1'
    else if (entry.ip !== undefined) properties.$ip = entry.ip
    return undefined
  },
}

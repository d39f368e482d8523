import type { EventStep } from './event-step.ts'

/** Where the project asks for it (`anonymize_ips`), no address is stored; the place found from it stays. */
export const anonymizeIp: EventStep = {
  name: 'anonymize-ip',
  apply(draft) {
    if (draft.entry.settings.anonymizeIps) delete draft.properties.$ip
    return undefined
  },
}

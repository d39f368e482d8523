import { quote, reject } from '../draft.ts'
import type { EventStep } from './event-step.ts'

/** What SDKs send through the same door, but is not an event. */
export const refuseNonEvents: EventStep = {
  name: 'refuse-non-events',
  apply(draft) {
    switch (draft.event) {
      case '$$client_ingestion_warning': {
        const message = draft.properties.$$client_ingestion_warning_message
        return reject('client_ingestion_warning', typeof message === 'string' ? message.slice(0, 500) : `The SDK warned: ${quote(message)}`)
      }
      case '$$heatmap':
        return reject('heatmap_not_stored', 'Heatmap data is not stored.')
      case '$snapshot':
      case '$snapshot_items':
      case '$performance_event':
        return reject('snapshot_not_stored', `Session recordings are not stored (${draft.event}).`)
    }
    return undefined
  },
}

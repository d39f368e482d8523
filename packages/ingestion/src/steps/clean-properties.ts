import { type EventDraft, isRecord } from '../draft.ts'
import type { IngestionLimits } from '../limits.ts'
import type { EventStep } from './event-step.ts'

/** What SDKs send for their own use, is large, and answers no question. */
const leftOut = [
  'token',
  '$heatmap_data',
  'ph_product_tours',
  '$session_recording_remote_config',
  '$product_tours_activated',
  '$product_tours_enabled_server_side',
  '$surveys_activated',
  '$feature_flag_payloads',
  '$override_feature_flag_payloads',
]

/**
 * Brings the properties to what is stored: without the token and the SDKs' ballast, with explicit person
 * updates of the event's root beside them, and no more names and levels than the limits allow.
 */
export const cleanProperties: EventStep = {
  name: 'clean-properties',
  apply(draft, { limits, warnings }) {
    const { properties } = draft
    for (const name of leftOut) if (name in properties) delete properties[name]
    if (properties.distinct_id === draft.captured.distinctId) delete properties.distinct_id
    if (draft.captured.set && draft.set) properties.$set = draft.set
    if (draft.captured.setOnce && draft.setOnce) properties.$set_once = draft.setOnce
    if (draft.captured.unset && draft.unset) properties.$unset = draft.unset
    const dropped = limitProperties(draft, limits)
    if (dropped > 0) {
      warnings.warn(draft, 'too_many_properties', `${dropped} properties beyond the first ${limits.maxPropertiesPerEvent} were left out.`)
    }
    return undefined
  },
}

/** How many names were left out. */
function limitProperties(draft: EventDraft, limits: IngestionLimits): number {
  const budget = { left: limits.maxPropertiesPerEvent, dropped: 0 }
  limitRecord(draft.properties, budget, limits.maxPropertyDepth)
  return budget.dropped
}

interface Budget {
  left: number
  dropped: number
}

function limitRecord(record: Record<string, unknown>, budget: Budget, depthLeft: number): void {
  for (const key in record) {
    if (budget.left <= 0) {
      delete record[key]
      budget.dropped += 1
      continue
    }
    budget.left -= 1
    const value = record[key]
    if (typeof value === 'object' && value !== null) record[key] = limitNested(value, budget, depthLeft - 1)
  }
}

function limitNested(value: object, budget: Budget, depthLeft: number): unknown {
  if (depthLeft <= 0) return JSON.stringify(value)
  if (isRecord(value)) {
    limitRecord(value, budget, depthLeft)
    return value
  }
  return Array.isArray(value)
    ? value.map((item: unknown) => (typeof item === 'object' && item !== null ? limitNested(item, budget, depthLeft - 1) : item))
    : value
}

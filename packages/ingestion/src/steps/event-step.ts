import type { EventDraft, Rejection, WarningSink } from '../draft.ts'
import type { GeoLookup } from '../geo/geo-lookup.ts'
import type { IngestionLimits } from '../limits.ts'

export interface StepContext {
  limits: IngestionLimits
  warnings: WarningSink
  geo: GeoLookup | undefined
}

/** One pure step: changes the draft in place, or says why the event is not stored. */
export interface EventStep {
  name: string
  apply(draft: EventDraft, context: StepContext): Rejection | undefined
}

import type { CapturedEvent, WarningReason } from '@hedgerow/protocol'
import type { EntryContext, EventDraft, Rejection } from '../draft.ts'
import type { GeoLookup } from '../geo/geo-lookup.ts'
import { defaultIngestionLimits, type IngestionLimits } from '../limits.ts'
import { defaultProjectSettings, type ProjectSettings } from '../projects/project-settings.ts'
import type { EventStep } from './event-step.ts'
import { draftEvent } from './parse-entry.ts'

export const receivedAtMs = Date.UTC(2026, 5, 15, 12, 0, 0)

export interface DraftOptions extends Partial<CapturedEvent> {
  entry?: Partial<EntryContext>
  settings?: Partial<ProjectSettings>
}

export function makeDraft({ entry, settings, ...captured }: DraftOptions = {}): EventDraft {
  return draftEvent(
    { uuid: '0190a000-0000-7000-8000-000000000001', event: 'opened', distinctId: 'ann', properties: {}, ...captured },
    {
      projectId: 1,
      settings: { ...defaultProjectSettings(1), ...settings },
      receivedAtMs,
      endpoint: '/batch/',
      mayHoldInvalidText: false,
      ...entry,
    },
  )
}

export interface StepResult {
  draft: EventDraft
  rejection: Rejection | undefined
  warnings: WarningReason[]
}

/** Runs one step on a new draft. */
export function runStep(
  step: EventStep,
  options: DraftOptions = {},
  context: { limits?: Partial<IngestionLimits>; geo?: GeoLookup } = {},
): StepResult {
  const draft = makeDraft(options)
  const warnings: WarningReason[] = []
  const rejection = step.apply(draft, {
    limits: { ...defaultIngestionLimits, ...context.limits },
    geo: context.geo,
    warnings: { warn: (_draft, reason) => warnings.push(reason) },
  })
  return { draft, rejection, warnings }
}

import { addGeoip } from './add-geoip.ts'
import { addIp } from './add-ip.ts'
import { anonymizeIp } from './anonymize-ip.ts'
import { choosePersonMode } from './choose-person-mode.ts'
import { cleanProperties } from './clean-properties.ts'
import type { EventStep } from './event-step.ts'
import { extractElements } from './extract-elements.ts'
import { limitNames } from './limit-names.ts'
import { readSession } from './read-session.ts'
import { refuseBots } from './refuse-bots.ts'
import { refuseNonEvents } from './refuse-non-events.ts'
import { replaceInvalidText } from './replace-invalid-text.ts'
import { resolveTimestamp } from './resolve-timestamp.ts'

/** Before repeats are dropped: what decides whether it is an event at all. */
export const stepsBeforeRepeats: readonly EventStep[] = [refuseBots, refuseNonEvents]

/** After repeats are dropped, so that a retried request costs little. What needs a store comes after these. */
export const stepsAfterRepeats: readonly EventStep[] = [
  replaceInvalidText,
  limitNames,
  resolveTimestamp,
  choosePersonMode,
  addIp,
  addGeoip,
  anonymizeIp,
  extractElements,
  cleanProperties,
  readSession,
]

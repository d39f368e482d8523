import { dayOf, formatInstant } from './time.ts'

/** `2026-03-01T14:05:00`: what clocks show in a zone, as fields for a date and time hold it. */
export const wallClock = (instant: string | number, zone: string): string =>
  `${dayOf(instant, zone)}T${formatInstant(instant, zone, 'time')}`

/** The instant at which clocks in a zone show this; undefined for what is no date and time. */
export function instantOf(text: string, zone: string): string | undefined {
  const shown = Date.parse(`${text}Z`)
  if (text === '' || !Number.isFinite(shown)) return undefined
  const offsetAt = (instantMs: number) => Date.parse(`${wallClock(instantMs, zone)}Z`) - Math.floor(instantMs / 1000) * 1000
  // tricky: the offset is that of the instant, which is not known before; a second look is right but within the hour that a clock skips.
  const near = shown - offsetAt(shown)
  return new Date(shown - offsetAt(near)).toISOString()
}

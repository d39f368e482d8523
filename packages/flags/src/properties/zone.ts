const formats = new Map<string, Intl.DateTimeFormat>()
const dayMs = 86_400_000

/** The instant at which clocks in a time zone show what `wallMs` would be in UTC. */
export function instantInZone(wallMs: number, timezone: string): number {
  if (timezone === 'UTC') return wallMs
  const guess = wallMs - offsetMs(wallMs, timezone)
  // why: the guess may lie on the other side of a change of clocks.
  return wallMs - offsetMs(guess, timezone)
}

/** What clocks in a time zone show at an instant, as if it were UTC. */
export const wallInZone = (instantMs: number, timezone: string): number => instantMs + offsetMs(instantMs, timezone)

/** The number of the day that a time zone has at an instant. */
export const dayIn = (instantMs: number, timezone: string): number => Math.floor((instantMs + offsetMs(instantMs, timezone)) / dayMs)

/** How far a time zone's clocks are ahead of UTC. */
function offsetMs(instantMs: number, timezone: string): number {
  if (timezone === 'UTC' || Math.abs(instantMs) > 8.64e15) return 0
  let format = formats.get(timezone)
  if (!format) {
    const fields = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' } as const
    format = new Intl.DateTimeFormat('en-US', { timeZone: timezone, hourCycle: 'h23', ...fields })
    formats.set(timezone, format)
  }
  const parts = Object.fromEntries(format.formatToParts(instantMs).map(({ type, value }) => [type, Number(value)])) as Record<
    string,
    number
  >
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instantMs / 1000) * 1000
}

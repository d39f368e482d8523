/** `YYYY-MM-DD hh:mm:ss.ffffff` in UTC, as both stores read it. Fractions of a millisecond are kept to the microsecond. */
export function instantText(ms: number): string {
  // why: events of one entry share instants, and persons theirs; formatting is a tenth of all work otherwise.
  if (ms === lastMs) return lastText
  lastText = formatInstant(ms)
  lastMs = ms
  return lastText
}

let lastMs = Number.NaN
let lastText = ''

function formatInstant(ms: number): string {
  const micros = Math.round((ms - Math.floor(ms)) * 1_000)
  // tricky: a fraction may round up to a whole millisecond.
  const whole = Math.floor(ms) + (micros === 1_000 ? 1 : 0)
  const iso = new Date(whole).toISOString()
  return `${iso.slice(0, 10)} ${iso.slice(11, 23)}${String(micros % 1_000).padStart(3, '0')}`
}

/** The same, for microseconds since 1970. */
export function microsText(micros: number): string {
  const ms = Math.floor(micros / 1_000)
  const iso = new Date(ms).toISOString()
  return `${iso.slice(0, 10)} ${iso.slice(11, 23)}${String(micros - ms * 1_000).padStart(3, '0')}`
}

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
  return textOf(whole, micros % 1_000)
}

/** The same, for microseconds since 1970. */
export function microsText(micros: number): string {
  const ms = Math.floor(micros / 1_000)
  return textOf(ms, micros - ms * 1_000)
}

const dayMs = 86_400_000
const twoDigits = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, '0'))
let lastDay = Number.NaN
let lastDayText = ''

// why: events differ in their time of day and seldom in their day, and a Date is several times as slow.
function textOf(ms: number, micros: number): string {
  const day = Math.floor(ms / dayMs)
  if (day !== lastDay) {
    lastDayText = new Date(day * dayMs).toISOString().slice(0, 10)
    lastDay = day
  }
  const seconds = Math.floor((ms - day * dayMs) / 1_000)
  const fraction = 1_000_000 + (ms - day * dayMs - seconds * 1_000) * 1_000 + micros
  return `${lastDayText} ${twoDigits[Math.floor(seconds / 3_600)]}:${twoDigits[Math.floor(seconds / 60) % 60]}:${twoDigits[seconds % 60]}.${String(fraction).slice(1)}`
}

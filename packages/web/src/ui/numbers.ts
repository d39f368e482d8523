const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 })
const compact = new Intl.NumberFormat('en-GB', { notation: 'compact', maximumFractionDigits: 1 })

/** `1,204,311` */
export function formatCount(value: number): string {
  return whole.format(value)
}

/** `940`, `12.4k`, `1.2m`: for places too small for the whole number. */
export function formatCompact(value: number): string {
  return compact.format(value).toLowerCase()
}

/** `1 event`, `1,204 events` */
export function countOf(value: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(value)} ${value === 1 ? singular : plural}`
}

/** ` time`, ` times`: what a field with a number in it says after the number. */
export function unitAfter(value: number | undefined, singular: string): string {
  return value === 1 ? ` ${singular}` : ` ${singular}s`
}

/** A share of a whole as text: `0 %`, `<0.1 %`, `3.4 %`, `>99.9 %`, `100 %`: what is not nothing never reads as nothing. */
export function formatShare(part: number, whole: number): string {
  if (whole <= 0 || part <= 0) return '0 %'
  if (part >= whole) return '100 %'
  const percent = (part / whole) * 100
  if (percent < 0.1) return '<0.1 %'
  if (percent > 99.9) return '>99.9 %'
  return `${percent < 10 ? percent.toFixed(1) : Math.min(99, Math.round(percent))} %`
}

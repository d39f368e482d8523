import type { TrendsFilter } from '../../query-model/nodes.ts'
import { formatCompact } from '../../ui/numbers.ts'

const exact = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 2 })

/** A number as the insight wants it shown: `€1,204.50`, `42 %`, else in full with at most two decimals. */
export function formatValue(value: number | null | undefined, filter?: TrendsFilter): string {
  if (value === null || value === undefined) return '–'
  const places = filter?.decimalPlaces
  const text =
    places === undefined
      ? exact.format(value)
      : value.toLocaleString('en-GB', { minimumFractionDigits: places, maximumFractionDigits: places })
  return `${filter?.aggregationAxisPrefix ?? ''}${text}${filter?.aggregationAxisPostfix ?? ''}`
}

/** For axes. */
export function formatTick(value: number, filter?: TrendsFilter): string {
  return `${filter?.aggregationAxisPrefix ?? ''}${formatCompact(value)}${filter?.aggregationAxisPostfix ?? ''}`
}

/** How much more, as people say it: `+12 %`, `−3.4 %`; undefined when there was nothing before. */
export function changeWords(now: number, before: number): string | undefined {
  if (before === 0) return undefined
  const percent = ((now - before) / Math.abs(before)) * 100
  const size = Math.abs(percent)
  const text = size < 10 ? size.toFixed(1) : String(Math.round(size))
  return `${percent < 0 ? '−' : '+'}${text} %`
}

/** `42.1 %`; what is not nothing never reads as nothing. */
export function formatPercent(share: number): string {
  const percent = share * 100
  if (percent > 0 && percent < 0.1) return '<0.1 %'
  return `${percent >= 99.95 || percent === 0 ? percent.toFixed(0) : percent.toFixed(1)} %`
}

/** Seconds as people say them: `42 s`, `3.2 min`, `5.1 h`, `2.4 d`. */
export function formatSeconds(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) return '–'
  const units: [number, string][] = [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'min'],
  ]
  for (const [size, unit] of units) if (seconds >= size) return `${short(seconds / size)} ${unit}`
  return seconds < 1 && seconds > 0 ? `${Math.round(seconds * 1000)} ms` : `${short(seconds)} s`
}

const short = (value: number) => (value >= 10 || Number.isInteger(value) ? String(Math.round(value)) : value.toFixed(1))

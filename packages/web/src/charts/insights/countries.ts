import type { Line } from './trends-lines.ts'

export interface CountryValue {
  /** ISO 3166-1 alpha-2. */
  code: string
  name: string
  value: number
  line: Line
}

const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })

/** `DE` is `Germany`; undefined when it is no country's code. */
export function countryName(code: string): string | undefined {
  return /^[A-Z]{2}$/.test(code) ? names.of(code) : undefined
}

/** By which the map knows a country. */
export const mapName = (code: string): string => countryName(code) ?? code

/** Lines broken down by country code; whatever is none is not on the map. */
export function countryValues(lines: readonly Line[]): CountryValue[] {
  return lines.flatMap((line) => {
    if (line.isPrevious || line.isHidden) return []
    const code = String(Array.isArray(line.breakdown) ? line.breakdown[0] : line.breakdown).toUpperCase()
    const name = countryName(code)
    return name === undefined ? [] : [{ code, name, value: line.total, line }]
  })
}

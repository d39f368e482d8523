import type { Palette } from './chart.tsx'

// limit: so many colours can be told apart; beyond them the same come again, paler.
const hues = 8

export interface SeriesColour {
  token: string
  /** How much of it is left when it comes again, in per cent. */
  strengthPercent: number
}

function seriesColour(index: number): SeriesColour {
  const round = Math.floor(index / hues)
  return { token: `series-${(index % hues) + 1}`, strengthPercent: Math.max(40, 100 - 30 * round) }
}

/** For elements of the page. */
export function cssColour(index: number): string {
  const { token, strengthPercent } = seriesColour(index)
  return strengthPercent === 100 ? `var(--${token})` : `color-mix(in srgb, var(--${token}) ${strengthPercent}%, var(--surface))`
}

/** For a canvas, which knows no variables. */
export function paintColour(palette: Palette, index: number): string {
  const { token, strengthPercent } = seriesColour(index)
  return mixHex(palette(token), palette('surface'), strengthPercent / 100)
}

/** `share` of one colour and the rest of another; both as `#rrggbb`, or as the build shortens them, `#rgb`. */
export function mixHex(colour: string, other: string, share: number): string {
  const [one, two] = [channels(colour), channels(other)]
  const mixed = one.map((channel, index) => Math.round(channel * share + (two[index] ?? 0) * (1 - share)))
  return `#${mixed.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`
}

function channels(hex: string): number[] {
  const digits = hex.length === 4 ? [...hex.slice(1)].map((digit) => digit + digit).join('') : hex.slice(1)
  return [0, 2, 4].map((at) => Number.parseInt(digits.slice(at, at + 2), 16) || 0)
}

/** Three numbers and a pre-release, compared as Semantic Versioning says. */
export interface Version {
  numbers: readonly [number, number, number]
  /** Empty for a release. */
  preRelease: readonly string[]
}

/** A version, with missing parts as 0 and without a leading `v`; undefined where it is none. */
export function parseVersion(value: unknown): Version | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  const text = String(value).trim().replace(/^[vV]/, '').split('+', 1)[0] as string
  const dash = text.indexOf('-')
  const numbers = (dash < 0 ? text : text.slice(0, dash)).split('.')
  if (numbers.length > 3 || !numbers.every((part) => /^\d{1,15}$/.test(part))) return undefined
  const preRelease = dash < 0 ? [] : text.slice(dash + 1).split('.')
  if (preRelease.some((part) => !/^[0-9A-Za-z-]+$/.test(part))) return undefined
  return { numbers: [Number(numbers[0]), Number(numbers[1] ?? 0), Number(numbers[2] ?? 0)], preRelease }
}

/** Below, at or above 0. */
export function compareVersions(a: Version, b: Version): number {
  for (let i = 0; i < 3; i += 1) {
    const difference = (a.numbers[i] as number) - (b.numbers[i] as number)
    if (difference !== 0) return difference
  }
  return comparePreReleases(a.preRelease, b.preRelease)
}

export interface VersionRange {
  from: Version
  /** Not part of it. */
  to: Version
}

const release = (major: number, minor: number, patch: number): Version => ({ numbers: [major, minor, patch], preRelease: [] })

/** `~1.2.3`: from 1.2.3, below 1.3.0. */
export function tildeRange(value: unknown): VersionRange | undefined {
  const from = parseVersion(value)
  return from && { from, to: release(from.numbers[0], from.numbers[1] + 1, 0) }
}

/** `^1.2.3`: from 1.2.3, below 2.0.0; the first number that is not 0 stays. */
export function caretRange(value: unknown): VersionRange | undefined {
  const from = parseVersion(value)
  if (!from) return undefined
  const [major, minor, patch] = from.numbers
  if (major > 0) return { from, to: release(major + 1, 0, 0) }
  return { from, to: minor > 0 ? release(0, minor + 1, 0) : release(0, 0, patch + 1) }
}

/** `1.*`, `1.2.*`. compat: `1.2.3` means `1.2.*`. */
export function wildcardRange(value: unknown): VersionRange | undefined {
  const bare = String(value)
    .trim()
    .replace(/^[vV]/, '')
    .replace(/(\.\*)+$/, '')
  const from = parseVersion(bare)
  if (!from || from.preRelease.length > 0) return undefined
  const [major, minor] = from.numbers
  return bare.includes('.')
    ? { from: release(major, minor, 0), to: release(major, minor + 1, 0) }
    : { from: release(major, 0, 0), to: release(major + 1, 0, 0) }
}

function comparePreReleases(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return Math.sign(b.length - a.length)
  for (let i = 0; i < Math.min(a.length, b.length); i += 1) {
    const difference = compareIdentifiers(a[i] as string, b[i] as string)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

function compareIdentifiers(a: string, b: string): number {
  const areNumbers = [a, b].map((part) => /^\d+$/.test(part))
  if (areNumbers[0] && areNumbers[1]) return Number(a) - Number(b)
  if (areNumbers[0] !== areNumbers[1]) return areNumbers[0] ? -1 : 1
  return a === b ? 0 : a < b ? -1 : 1
}

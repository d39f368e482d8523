import { sha1Head } from './sha1.ts'

/** An identifier counts up to here, in Unicode scalar values. compat: SDKs that evaluate by themselves do not cut. */
const maxIdentifierLength = 200
/** Fifteen hexadecimal digits `f`, which as float64 are 2^60. */
const scale = 2 ** 60

/** Where an identifier stands in a flag, from 0 to 1; the same for PostHog's servers and SDKs, to the digit. */
export function rolloutHash(flagKey: string, identifier: string): number {
  return identifier === '' ? 0 : sha1Head(`${flagKey}.${cut(identifier)}`) / scale
}

/** Which variant an identifier gets: independent of {@link rolloutHash}. */
export function variantHash(flagKey: string, identifier: string): number {
  return identifier === '' ? 0 : sha1Head(`${flagKey}.${cut(identifier)}variant`) / scale
}

/** Whether an identifier is held out: the same for all flags. compat: the empty identifier is hashed too. */
export function holdoutHash(identifier: string): number {
  return sha1Head(`holdout-${cut(identifier)}`) / scale
}

function cut(identifier: string): string {
  if (identifier.length <= maxIdentifierLength) return identifier
  return [...identifier.slice(0, 2 * maxIdentifierLength)].slice(0, maxIdentifierLength).join('')
}

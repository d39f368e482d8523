import { isRecord } from '../draft.ts'
import type { EventStep } from './event-step.ts'

const surrogates = /\p{Surrogate}/gu
const nul = String.fromCharCode(0)
const replacement = '\ufffd'

/** Neither store can hold a NUL or a lone surrogate: each becomes U+FFFD, in keys and in values. */
export const replaceInvalidText: EventStep = {
  name: 'replace-invalid-text',
  apply(draft, { warnings }) {
    if (!draft.entry.mayHoldInvalidText) return undefined
    const count = { replaced: 0 }
    draft.event = cleanText(draft.event, count)
    draft.distinctId = cleanText(draft.distinctId, count)
    draft.properties = cleanRecord(draft.properties, count)
    if (draft.set) draft.set = cleanRecord(draft.set, count)
    if (draft.setOnce) draft.setOnce = cleanRecord(draft.setOnce, count)
    if (draft.unset) draft.unset = draft.unset.map((name) => cleanText(name, count))
    if (count.replaced > 0) {
      warnings.warn(
        draft,
        'invalid_unicode_replaced',
        `${count.replaced} text(s) held a NUL or half of a surrogate pair; each became U+FFFD.`,
      )
    }
    return undefined
  },
}

interface Count {
  replaced: number
}

function cleanText(text: string, count: Count): string {
  const cleaned = text.replaceAll(nul, replacement).replace(surrogates, replacement)
  if (cleaned !== text) count.replaced += 1
  return cleaned
}

function cleanRecord(record: Record<string, unknown>, count: Count): Record<string, unknown> {
  const cleaned: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(record)) setOwn(cleaned, cleanText(key, count), cleanValue(value, count))
  return cleaned
}

function cleanValue(value: unknown, count: Count): unknown {
  if (typeof value === 'string') return cleanText(value, count)
  if (Array.isArray(value)) return value.map((item) => cleanValue(item, count))
  return isRecord(value) ? cleanRecord(value, count) : value
}

// tricky: assigning to `__proto__` would change the prototype instead of adding a key.
function setOwn(record: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(record, key, { value, enumerable: true, writable: true, configurable: true })
  else record[key] = value
}

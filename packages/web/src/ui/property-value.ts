/** What a property's value is, for showing it: never as markup, only as text. */
export type ValueKind = 'text' | 'number' | 'boolean' | 'instant' | 'nothing' | 'list' | 'object' | 'link'

// limit: a value longer than this is cut in tables (the whole of it is one click away); layout of a megabyte of text blocks the page.
const shownLength = 280

const isoInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/

export function kindOf(value: unknown): ValueKind {
  if (value === null || value === undefined) return 'nothing'
  if (typeof value === 'number' || typeof value === 'bigint') return 'number'
  if (typeof value === 'boolean') return 'boolean'
  if (Array.isArray(value)) return 'list'
  if (typeof value === 'object') return 'object'
  const text = String(value)
  if (safeLink(text)) return 'link'
  return isoInstant.test(text) && !Number.isNaN(Date.parse(text)) ? 'instant' : 'text'
}

/** The value as one line of text, cut at a length that a table can bear. */
export function valueText(value: unknown, maxLength = shownLength): { text: string; cut: boolean } {
  const whole = typeof value === 'string' ? value : value === undefined ? '' : (JSON.stringify(value) ?? String(value))
  return whole.length > maxLength ? { text: sliceWhole(whole, maxLength), cut: true } : { text: whole, cut: false }
}

/** Only http and https addresses become links: `javascript:` and the like stay text. */
export function safeLink(text: string): string | undefined {
  if (text.length > 2000 || !/^https?:\/\//i.test(text)) return undefined
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : undefined
}

/** Never cuts a surrogate pair in two. */
function sliceWhole(text: string, length: number): string {
  const last = text.charCodeAt(length - 1)
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length)
}

export interface PropertyRow {
  name: string
  value: unknown
}

/**
 * Properties in the order people look for them: the app's own first, then the SDK's (`$…`), each by name;
 * filtered by text in the name or the value.
 */
export function propertyRows(properties: Record<string, unknown>, filter = ''): PropertyRow[] {
  const wanted = filter.trim().toLowerCase()
  return Object.entries(properties)
    .map(([name, value]) => ({ name, value }))
    .filter(
      ({ name, value }) => wanted === '' || name.toLowerCase().includes(wanted) || valueText(value).text.toLowerCase().includes(wanted),
    )
    .sort((one, other) => Number(one.name.startsWith('$')) - Number(other.name.startsWith('$')) || compareText(one.name, other.name))
}

function compareText(one: string, other: string): number {
  return one.toLowerCase() < other.toLowerCase() ? -1 : one.toLowerCase() > other.toLowerCase() ? 1 : 0
}

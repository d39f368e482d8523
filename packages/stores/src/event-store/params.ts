import { EventStoreError } from './event-store.ts'

/** Text of a value as ClickHouse reads it for a `{name: Type}` placeholder (tab-separated escaping; text inside arrays quoted). */
export function paramText(name: string, value: unknown): string {
  if (!/^\w+$/.test(name)) throw new EventStoreError('bad_query', `"${name}" is no name of a parameter: letters, digits and _ only`)
  return format(name, value, false)
}

function format(name: string, value: unknown, nested: boolean): string {
  if (value === null || value === undefined) return nested ? 'NULL' : '\\N'
  switch (typeof value) {
    case 'boolean':
      return value ? 'true' : 'false'
    case 'bigint':
      return String(value)
    case 'number':
      if (Number.isNaN(value)) return 'nan'
      if (!Number.isFinite(value)) return value > 0 ? '+inf' : '-inf'
      return String(value)
    case 'string':
      return nested ? `'${escapeText(value).replaceAll("'", "\\'")}'` : escapeText(value)
    case 'object':
      return formatObject(name, value)
  }
  throw new EventStoreError(
    'bad_query',
    `The value of {${name}} is a ${typeof value}; it must be text, a number, a boolean, an instant or a list of them`,
  )
}

function formatObject(name: string, value: object): string {
  if (Array.isArray(value)) return `[${value.map((item) => format(name, item, true)).join(',')}]`
  if (value instanceof Date) return instantText(value)
  const entries = value instanceof Map ? [...value] : Object.entries(value)
  return `{${entries.map(([key, item]) => `${format(name, String(key), true)}:${format(name, item, true)}`).join(',')}}`
}

/** Seconds since 1970, which no time zone changes. */
function instantText(instant: Date): string {
  const seconds = String(Math.floor(instant.getTime() / 1000)).padStart(10, '0')
  const milliseconds = ((instant.getTime() % 1000) + 1000) % 1000
  return milliseconds === 0 ? seconds : `${seconds}.${String(milliseconds).padStart(3, '0')}`
}

function escapeText(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\0', '\\0')
}

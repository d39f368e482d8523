import { z } from 'zod'

/** Names of lists and how far a caller can page: more than this is asked for with a query instead. */
export const listLimits = { defaultRows: 100, maxRows: 1000, maxOffset: 1_000_000 } as const

/** An integer in a query string. */
export const integerText = (min: number, max: number) =>
  z
    .string()
    .regex(/^-?\d+$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be between ${min} and ${max}`)

export const booleanText = z
  .enum(['true', 'false', '1', '0', 'True', 'False'], { error: 'must be true or false' })
  .transform((value) => value === 'true' || value === '1' || value === 'True')

/** `?limit=&offset=` of a list. */
export const pageQuery = z.object({
  limit: integerText(1, listLimits.maxRows).default(listLimits.defaultRows),
  offset: integerText(0, listLimits.maxOffset).default(0),
})
export type PageQuery = z.infer<typeof pageQuery>

/** A list in PostHog's form. `next` and `previous` are addresses on this server, or null. */
export interface Page<Row> {
  count: number
  next: string | null
  previous: string | null
  results: Row[]
}

export function isTimezone(name: string): boolean {
  // why: Intl also takes offsets such as +05:30, which ClickHouse does not know.
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

export const timezone = z
  .string({ error: 'must be the name of a time zone, for instance Europe/Berlin' })
  .refine(isTimezone, 'must be a name of the IANA time zone database, for instance Europe/Berlin')

/** Text in any number of JSON values: what properties hold. */
export const jsonObject = z.record(z.string(), z.unknown())

export const uuidText = z
  .string()
  .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i, 'must be a uuid')
  .transform((value) => value.toLowerCase())

/** An instant in a query string or body, ISO 8601; without a zone it means UTC. */
export const instantText = z
  .string()
  .transform((text) => (/(Z|[+-]\d\d:?\d\d)$/.test(text) || /^\d{4}-\d\d-\d\d$/.test(text) ? text : `${text}Z`))
  .refine((text) => !Number.isNaN(Date.parse(text)), 'must be an ISO 8601 time, for instance 2026-03-01T12:00:00Z')
  .transform((text) => new Date(text).toISOString())

/** What a schema takes and gives; so that others need no import of zod for it. */
export type Schema<Output> = z.ZodType<Output>

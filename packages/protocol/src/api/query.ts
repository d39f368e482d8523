import { z } from 'zod'
import { instantText, jsonObject, pageQuery } from './fields.ts'

/** Whether a kept answer will do, and whether the caller waits for a new one. */
export const refreshModes = [
  'blocking',
  'async',
  'lazy_async',
  'force_blocking',
  'force_async',
  'force_cache',
  'async_except_on_cache_miss',
] as const

/** compat: booleans from the time before the modes had names. */
export const refreshMode = z
  .union([z.enum(refreshModes), z.boolean(), z.enum(['true', 'false'])], {
    error: `must be one of ${refreshModes.join(', ')}`,
  })
  .transform((mode) => {
    if (mode === true || mode === 'true') return 'force_blocking' as const
    if (mode === false || mode === 'false') return 'force_cache' as const
    return mode
  })

const relativeOrAbsoluteDate = z.string({ error: 'must be a date such as 2024-01-31 or -7d' }).max(100).nullish()

/** What a dashboard lays over its tiles' queries: dates replace theirs, conditions are added. */
export const filtersOverride = z.object(
  {
    date_from: relativeOrAbsoluteDate,
    date_to: relativeOrAbsoluteDate,
    explicitDate: z.boolean({ error: 'must be true or false' }).nullish(),
    properties: z.union([z.array(z.unknown()), jsonObject], { error: 'must be a list of property filters, or a group' }).nullish(),
    breakdown_filter: jsonObject.nullish(),
  },
  { error: 'must be an object of date_from, date_to, properties' },
)
export type FiltersOverrideBody = z.infer<typeof filtersOverride>

export const clientQueryId = z
  .string({ error: 'must be text' })
  .min(1, 'must not be empty')
  .max(100, 'must have at most 100 characters')
  .regex(/^[^\s/\\]+$/, 'must not hold blanks or slashes')

const queryNode = jsonObject.refine((query) => typeof query.kind === 'string', {
  path: ['kind'],
  error: 'is required: the kind of the query',
})

/** `POST /query/`: the query itself is read by the engine, which names what is wrong in it. */
export const queryRequest = z.object({
  query: queryNode,
  /** What "now" means in every relative date of the query. */
  as_of: instantText.nullish(),
  client_query_id: clientQueryId.nullish(),
  refresh: refreshMode.nullish(),
  /** compat: the older way to say `force_async` or `blocking`. */
  async: z.boolean({ error: 'must be true or false' }).nullish(),
  filters_override: filtersOverride.nullish(),
  /** By the variables' ids. */
  variables_override: jsonObject.nullish(),
  /** A label for lists; it changes no answer. */
  name: z.string({ error: 'must be text' }).max(400).nullish(),
  /** False: left out of the account's history, as what a page asks by itself is. */
  remember: z.boolean({ error: 'must be true or false' }).nullish(),
})
export type QueryRequestBody = z.infer<typeof queryRequest>

export const exportFormats = ['csv', 'json', 'jsonl', 'parquet'] as const
export type ExportFormat = (typeof exportFormats)[number]

/** `POST /query/export/?format=`; the body is that of `POST /query/`. */
export const exportQuery = z.object({
  format: z.enum(exportFormats, { error: `must be one of ${exportFormats.join(', ')}` }).default('csv'),
  /** Of the file, without its ending. */
  filename: z.string().max(200).optional(),
})

/** `GET /query/history/` */
export const queryHistoryQuery = pageQuery.extend({ search: z.string().max(400).optional() })

/** A question that the account asked. */
export interface QueryHistoryRow {
  id: number
  client_query_id: string | null
  name: string | null
  kind: string
  query: unknown
  started_at: string
  duration_ms: number
  rows_read: number
  bytes_read: number
  is_cached: boolean
  error_code: string | null
  error: string | null
}

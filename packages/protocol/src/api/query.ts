import { z } from 'zod'
import { instantText, jsonObject } from './fields.ts'

/** `POST /query/`: the query itself is read by the engine, which names what is wrong in it. */
export const queryRequest = z.object({
  query: jsonObject.refine((query) => typeof query.kind === 'string', { path: ['kind'], error: 'is required: the kind of the query' }),
  /** What "now" means in every relative date of the query. */
  as_of: instantText.optional(),
  client_query_id: z.string().max(100).optional(),
  /** compat: every query is run when it is asked; accepted and ignored. */
  refresh: z.union([z.string(), z.boolean()]).nullish(),
})

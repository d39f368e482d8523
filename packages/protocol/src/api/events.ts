import { z } from 'zod'
import { instantText, integerText, uuidText } from './fields.ts'

/** `GET /events/`: newest first. */
export const eventsQuery = z.object({
  limit: integerText(1, 1000).default(100),
  event: z.string().max(400).optional(),
  distinct_id: z.string().max(400).optional(),
  person_id: uuidText.optional(),
  /** JSON: a list of property filters. */
  properties: z.string().max(20_000).optional(),
  /** Earlier than this instant; with `before_id` also events of that very instant that come after that one in the list. */
  before: z
    .string()
    .refine((text) => !Number.isNaN(Date.parse(text)), 'must be an ISO 8601 time')
    .optional(),
  before_id: uuidText.optional(),
  after: instantText.optional(),
})

/** `GET /events/values/` and `GET /persons/values/`; the latter has no `event_name`. */
export const eventValuesQuery = z.object({
  key: z.string().min(1).max(400),
  value: z.string().max(400).optional(),
  event_name: z.string().max(400).optional(),
})

/** `GET /live/events/` */
export const liveEventsQuery = z.object({
  event: z.string().max(400).optional(),
  distinct_id: z.string().max(400).optional(),
})

/** An event as the API shows it. */
export interface EventBody {
  /** The uuid. */
  id: string
  distinct_id: string
  event: string
  timestamp: string
  properties: Record<string, unknown>
  elements: unknown[]
  elements_chain: string
  /** Whom it belongs to now; null for an event without a person. */
  person: { id: string; distinct_ids: string[]; properties: Record<string, unknown>; is_identified: boolean; created_at: string } | null
}

/** One `data:` of the live stream. */
export interface LiveEventBody {
  uuid: string
  id: string
  event: string
  distinct_id: string
  person_id: string
  timestamp: string
  /** When capture received it. */
  created_at: string
  /** When a query could first see it. */
  inserted_at: string
  properties: Record<string, unknown>
}

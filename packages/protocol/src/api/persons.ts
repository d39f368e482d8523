import { z } from 'zod'
import { booleanText, jsonObject, pageQuery, uuidText } from './fields.ts'

/** `GET /persons/` */
export const personsQuery = pageQuery.extend({
  /** Part of an e-mail address, name, id or distinct id. */
  search: z.string().max(400).optional(),
  distinct_id: z.string().max(400).optional(),
  email: z.string().max(400).optional(),
  /** JSON: a list of property filters: of the person, of cohorts, or a condition in HogQL. */
  properties: z.string().max(20_000).optional(),
  is_identified: booleanText.optional(),
})

/** `POST /persons/:id/update_property/` */
export const updatePersonProperty = z.object({
  key: z.string({ error: 'must be the name of a property' }).min(1).max(400),
  value: z.unknown().refine((value) => value !== undefined, 'is required'),
})

/** `PATCH /persons/:id/`: properties are set over those that the person has. */
export const personChange = z.object({ properties: jsonObject })

/** `POST /persons/:id/delete_property/`; `$unset` is PostHog's name for it. */
export const deletePersonProperty = z
  .object({ $unset: z.string().min(1).max(400).optional(), key: z.string().min(1).max(400).optional() })
  .refine((body) => body.$unset !== undefined || body.key !== undefined, { path: ['$unset'], error: 'is required: the name of a property' })

/**
 * `POST /persons/:id/split/`: each distinct id but the main one becomes a person of its own; with `distinct_ids_to_split` only
 * these, and the others stay together.
 */
export const splitPerson = z
  .object({
    main_distinct_id: z.string().max(400).nullish(),
    distinct_ids_to_split: z.array(z.string().max(400)).min(1, 'must name an id').max(1000).optional(),
  })
  .refine((body) => !body.main_distinct_id || !body.distinct_ids_to_split, {
    path: ['distinct_ids_to_split'],
    error: 'and main_distinct_id exclude each other',
  })
  .default({})

/** `POST /persons/:id/merge/`: by its id or any of its distinct ids, who becomes part of this person. */
export const mergePerson = z.object({ other: z.string({ error: 'must be the id, or a distinct id, of a person' }).min(1).max(400) })

/** `GET /persons/:id/property_history/` */
export const propertyHistoryQuery = z.object({ key: z.string().min(1).max(400).optional() })

/** `GET /persons/cohorts/` */
export const personCohortsQuery = z.object({ person_id: z.string().min(1).max(400) })

/** `DELETE /persons/:id/` */
export const deletePersonQuery = z.object({ delete_events: booleanText.default(false) })

/** `POST /persons/bulk_delete/` */
export const bulkDeletePersons = z
  .object({
    ids: z.array(uuidText).max(1000).default([]),
    distinct_ids: z.array(z.string().max(400)).max(1000).default([]),
    delete_events: z.boolean({ error: 'must be true or false' }).default(false),
  })
  .refine((body) => body.ids.length + body.distinct_ids.length > 0, { path: ['ids'], error: 'ids or distinct_ids is required' })

/** A person as the API shows it. */
export interface PersonBody {
  /** The uuid once more. */
  id: string
  uuid: string
  /** From the project's `person_display_name_properties`, else a distinct id. */
  name: string
  distinct_ids: string[]
  properties: Record<string, unknown>
  created_at: string
  last_seen_at: string | null
  is_identified: boolean
}

/** How ids came to belong to a person or left it, oldest first. */
export interface PersonMergeBody {
  kind: 'merged' | 'attached' | 'split'
  distinct_id: string
  other_person_id: string | null
  event_uuid: string | null
  event: string | null
  occurred_at: string
}

/** What became of a change that goes through the event log. */
export interface CommandBody {
  command_id: string
  status: 'done' | 'queued'
  outcome: unknown
}

/** A property of a person came to have another value, or was first seen with one. */
export interface PropertyChangeBody {
  key: string
  /** Absent where there was none. */
  before?: unknown
  /** Absent where it was removed. */
  after?: unknown
  at: string
  /** The first event that was stored with it. */
  event_uuid: string
  event: string
  distinct_id: string
}

/** Newest first. */
export interface PropertyHistoryBody {
  results: PropertyChangeBody[]
  /** There were more changes than are answered; the oldest are left out. */
  is_cut: boolean
}

/** A cohort that somebody is in. */
export interface PersonCohortBody {
  id: number
  name: string
  is_static: boolean
  /** People in all, at the last calculation. */
  count: number | null
}

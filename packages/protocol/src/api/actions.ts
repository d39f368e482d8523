import { z } from 'zod'
import type { CreatorBody } from './cohorts.ts'
import { pageQuery } from './fields.ts'

/** How many steps an action may have, and how long its texts may be. */
export const actionLimits = { maxSteps: 100, maxTextLength: 4000, maxTags: 50 } as const

const text = z.string({ error: 'must be text' }).max(actionLimits.maxTextLength).nullish()
const matching = z.enum(['contains', 'regex', 'exact'], { error: 'must be contains, regex or exact' }).nullish()

/** What an event must be like; `properties` are property filters, checked by whoever compiles them. */
export const actionStep = z.object({
  event: text,
  properties: z
    .array(z.looseObject({ key: z.union([z.string(), z.number()]) }))
    .max(100)
    .nullish(),
  selector: text,
  tag_name: text,
  text,
  text_matching: matching,
  href: text,
  href_matching: matching,
  url: text,
  url_matching: matching,
})
export type ActionStep = z.infer<typeof actionStep>

const fields = z.object({
  name: z.string({ error: 'must be text' }).trim().min(1, 'must not be empty').max(400),
  description: z.string({ error: 'must be text' }).max(actionLimits.maxTextLength).nullish(),
  steps: z.array(actionStep).max(actionLimits.maxSteps).optional(),
  tags: z.array(z.string().trim().min(1).max(255)).max(actionLimits.maxTags).optional(),
  /** Any time pins it, null lets it go. */
  pinned_at: z.string().nullish(),
})

/** Body of `POST /actions/`. */
export const newAction = fields
export type NewAction = z.infer<typeof newAction>

/** Body of `PATCH /actions/:id/`. */
export const actionChange = fields.partial().extend({ deleted: z.boolean({ error: 'must be true or false' }).optional() })
export type ActionChange = z.infer<typeof actionChange>

/** `GET /actions/` */
export const actionsQuery = pageQuery.extend({ search: z.string().max(400).optional() })

/** A named kind of event as the API shows it: what fits one of its steps. */
export interface ActionBody {
  id: number
  name: string
  description: string
  tags: string[]
  steps: ActionStep[]
  created_at: string
  created_by: CreatorBody | null
  updated_at: string
  deleted: boolean
  pinned_at: string | null
  /** compat: nothing is precalculated. */
  is_calculating: boolean
  last_calculated_at: string
  team_id: number
  is_action: true
}

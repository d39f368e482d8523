import { z } from 'zod'
import type { CreatorBody } from './cohorts.ts'
import { booleanText, integerText, pageQuery } from './fields.ts'

/** Who looks after it: the id of a member of the organisation; null is nobody. */
const owner = z.string({ error: 'must be the id of a member, or null' }).max(100).nullish()
const tags = z.array(z.string().min(1).max(100)).max(50)

/** `GET /event_definitions/` */
export const eventDefinitionsQuery = pageQuery.extend({
  search: z.string().max(400).optional(),
  /** `event_custom` leaves out names that begin with `$`; `event_posthog` keeps only these. */
  event_type: z.enum(['all', 'event', 'event_custom', 'event_posthog']).default('all'),
  ordering: z.enum(['name', '-name', 'last_seen_at', '-last_seen_at', 'volume', '-volume', 'created_at', '-created_at']).default('name'),
  verified: booleanText.optional(),
  exclude_hidden: booleanText.default(false),
})

export const eventDefinitionChange = z.object({
  description: z.string().max(4000).nullish(),
  tags: tags.optional(),
  verified: z.boolean({ error: 'must be true or false' }).optional(),
  hidden: z.boolean({ error: 'must be true or false' }).optional(),
  owner,
})

export const propertyDefinitionTypes = ['event', 'person', 'group', 'session'] as const
export const propertyTypes = ['String', 'Numeric', 'Boolean', 'DateTime', 'Duration'] as const

const commaList = z.string().transform((text) => text.split(',').filter((part) => part !== ''))
/** A JSON list of names, or one name. */
const nameList = z.string().transform((text, context) => {
  if (!text.startsWith('[')) return text === '' ? [] : [text]
  try {
    const parsed: unknown = JSON.parse(text)
    if (Array.isArray(parsed) && parsed.every((name): name is string => typeof name === 'string')) return parsed
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  context.addIssue({ code: 'custom', message: 'must be a JSON list of names' })
  return z.NEVER
})

/** `GET /property_definitions/` */
export const propertyDefinitionsQuery = pageQuery.extend({
  type: z.enum(propertyDefinitionTypes, { error: `must be one of ${propertyDefinitionTypes.join(', ')}` }).default('event'),
  group_type_index: integerText(0, 4).optional(),
  search: z.string().max(400).optional(),
  /** Only these names, comma-separated. */
  properties: commaList.optional(),
  /** JSON list of names, or comma-separated. */
  excluded_properties: nameList.optional(),
  /** JSON list of event names: those seen with them come with `is_seen_on_filtered_events`. */
  event_names: nameList.optional(),
  filter_by_event_names: booleanText.default(false),
  is_numerical: booleanText.optional(),
  is_feature_flag: booleanText.optional(),
  verified: booleanText.optional(),
  exclude_hidden: booleanText.default(false),
  /** compat: names that the interface never shows, such as `token`. */
  exclude_core_properties: booleanText.optional(),
})

export const propertyDefinitionChange = z.object({
  description: z.string().max(4000).nullish(),
  tags: tags.optional(),
  verified: z.boolean({ error: 'must be true or false' }).optional(),
  hidden: z.boolean({ error: 'must be true or false' }).optional(),
  owner,
  property_type: z.enum(propertyTypes, { error: `must be one of ${propertyTypes.join(', ')}` }).nullish(),
})

export interface EventDefinitionBody {
  id: string
  name: string
  description: string | null
  tags: string[]
  verified: boolean
  hidden: boolean
  owner: CreatorBody | null
  /** Events stored, ever. */
  volume: number
  created_at: string
  last_seen_at: string | null
}

export interface PropertyDefinitionBody {
  id: string
  name: string
  type: (typeof propertyDefinitionTypes)[number]
  group_type_index: number | null
  property_type: (typeof propertyTypes)[number] | null
  is_numerical: boolean
  description: string | null
  tags: string[]
  verified: boolean
  hidden: boolean
  owner: CreatorBody | null
  created_at: string
  last_seen_at: string | null
  is_seen_on_filtered_events: boolean | null
}

/** `GET /event_definitions/:id/used_by/`: what names the event. */
export interface EventUsesBody {
  insights: { id: number; short_id: string; name: string }[]
  actions: { id: number; name: string }[]
  cohorts: { id: number; name: string }[]
  experiments: { id: number; name: string }[]
}

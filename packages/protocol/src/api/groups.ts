import { z } from 'zod'
import { integerText, pageQuery } from './fields.ts'

export const groupTypeIndex = integerText(0, 4)

/** `GET /groups/` */
export const groupsQuery = pageQuery.extend({
  group_type_index: groupTypeIndex,
  /** Part of the key or of the property `name`. */
  search: z.string().max(400).optional(),
})

/** `GET /groups/find/` */
export const findGroupQuery = z.object({ group_type_index: groupTypeIndex, group_key: z.string().min(1).max(400) })

/** `GET /groups/related/`: `id` is a group key, or a person's uuid when `group_type_index` is absent. */
export const relatedGroupsQuery = z.object({ group_type_index: groupTypeIndex.optional(), id: z.string().min(1).max(400) })

/** `POST /groups/update_property/?group_type_index=&group_key=` */
export const updateGroupProperty = z.object({
  key: z.string({ error: 'must be the name of a property' }).min(1).max(400),
  value: z.unknown().refine((value) => value !== undefined, 'is required'),
})

/** `PATCH /groups_types/update_metadata/` */
export const groupTypesChange = z.array(
  z.object({
    group_type_index: z.int().min(0).max(4),
    name_singular: z.string().max(400).nullish(),
    name_plural: z.string().max(400).nullish(),
  }),
)

export interface GroupBody {
  group_type_index: number
  group_key: string
  group_properties: Record<string, unknown>
  created_at: string
}

export interface GroupTypeBody {
  group_type: string
  group_type_index: number
  name_singular: string | null
  name_plural: string | null
  created_at: string
}

/** A person or a group that had events together with another. */
export type RelatedActorBody =
  | {
      type: 'person'
      id: string
      person: { distinct_ids: string[]; properties: Record<string, unknown> }
      name: string
      created_at: string
    }
  | { type: 'group'; id: string; group_type_index: number; group_key: string; properties: Record<string, unknown>; created_at: string }

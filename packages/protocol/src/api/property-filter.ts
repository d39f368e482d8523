import { z } from 'zod'

export const propertyFilterTypes = [
  'event',
  'person',
  'group',
  'session',
  'cohort',
  'element',
  'feature',
  'hogql',
  'event_metadata',
  'person_metadata',
  'recording',
  'log_entry',
] as const

export const propertyOperators = [
  'exact',
  'is_not',
  'icontains',
  'not_icontains',
  'regex',
  'not_regex',
  'gt',
  'gte',
  'lt',
  'lte',
  'is_set',
  'is_not_set',
  'is_date_exact',
  'is_date_before',
  'is_date_after',
  'between',
  'not_between',
  'min',
  'max',
  'in',
  'not_in',
  'is_cleaned_path_exact',
  'flag_evaluates_to',
  'starts_with',
  'ends_with',
] as const

const scalar = z.union([z.string(), z.number(), z.boolean()])

/** One condition on a property, in PostHog's form. */
export const propertyFilter = z.object({
  key: z.union([z.string().min(1), z.number()]),
  type: z.enum(propertyFilterTypes).default('event'),
  value: z.union([scalar, z.array(scalar), z.null()]).optional(),
  operator: z.enum(propertyOperators).nullable().optional(),
  group_type_index: z.int().min(0).max(4).nullable().optional(),
  negation: z.boolean().nullable().optional(),
  label: z.string().nullable().optional(),
  cohort_name: z.string().nullable().optional(),
})
export type PropertyFilter = z.infer<typeof propertyFilter>

import { z } from 'zod'
import { cohortIntervals } from './choices.ts'
import { legacyCriteria, legacyGroup } from './cohort-groups.ts'
import { pageQuery, uuidText } from './fields.ts'

/** How large a cohort's definition may be, and how much one request may bring. */
export const cohortLimits = {
  maxCriteria: 200,
  maxDepth: 20,
  /** Windows of "performed regularly". */
  maxPeriods: 366,
  maxPersonsPerRequest: 100_000,
  maxCsvBytes: 20_000_000,
  maxTextLength: 4000,
} as const

export const behavioralKinds = [
  'performed_event',
  'performed_event_multiple',
  'performed_event_first_time',
  'performed_event_sequence',
  'stopped_performing_event',
  'restarted_performing_event',
  'performed_event_regularly',
] as const
export type BehavioralKind = (typeof behavioralKinds)[number]

const positive = z.union(
  [
    z.int().min(1, 'must be 1 or more').max(1_000_000),
    z
      .string()
      .regex(/^[1-9]\d{0,6}$/)
      .transform(Number),
  ],
  {
    error: 'must be a whole number, 1 or more',
  },
)
const interval = z.enum(cohortIntervals, { error: `must be ${cohortIntervals.join(', ')}` })
const eventType = z.enum(['events', 'actions'], { error: 'must be events or actions' })
const key = z.union([z.string().min(1).max(400), z.number()], { error: 'must be a name' })
const negation = z
  .boolean({ error: 'must be true or false' })
  .nullish()
  .transform((value) => value === true)
const date = z.string({ error: 'must be a date, for instance -30d' }).max(100).nullish()

/** A property of the person, or (`person_metadata`) a column such as `created_at`. Operators are those of property filters. */
const personCriterion = z.object({
  type: z.enum(['person', 'person_metadata']),
  key: z.string().min(1).max(400),
  operator: z.string().max(40).nullish(),
  value: z.unknown().optional(),
  negation,
})
export type PersonCriterion = z.infer<typeof personCriterion>

/** Another cohort's members. */
const cohortCriterion = z.object({
  type: z.literal('cohort'),
  key: z.literal('id').default('id'),
  value: z.union(
    [
      z.int().min(1),
      z
        .string()
        .regex(/^\d{1,9}$/)
        .transform(Number),
    ],
    { error: 'must be the id of a cohort' },
  ),
  operator: z.enum(['in', 'not_in', 'exact', 'is_not']).nullish(),
  negation,
})
export type CohortCriterion = z.infer<typeof cohortCriterion>

/** What a person did, or did not do. Windows end at "now". */
const behavioralCriterion = z.object({
  type: z.literal('behavioral'),
  /** An event's name, or an action's id. */
  key,
  event_type: eventType.default('events'),
  value: z.enum(behavioralKinds, { error: `must be ${behavioralKinds.join(', ')}` }),
  time_value: positive.nullish(),
  time_interval: interval.nullish(),
  /** In the place of `time_value` and `time_interval`: where the window begins and ends. */
  explicit_datetime: date,
  explicit_datetime_to: date,
  operator: z.enum(['gte', 'lte', 'gt', 'lt', 'eq', 'exact'], { error: 'must be gte, lte, gt, lt, eq or exact' }).nullish(),
  operator_value: positive.nullish(),
  /** Property filters on the event. */
  event_filters: z
    .array(z.looseObject({ key: z.union([z.string(), z.number()]) }))
    .max(100)
    .nullish(),
  seq_event: key.nullish(),
  seq_event_type: eventType.nullish(),
  seq_time_value: positive.nullish(),
  seq_time_interval: interval.nullish(),
  total_periods: positive.nullish(),
  min_periods: positive.nullish(),
  negation,
})
export type BehavioralCriterion = z.infer<typeof behavioralCriterion>

/** One condition that a person meets or does not. */
export type CohortLeaf = PersonCriterion | CohortCriterion | BehavioralCriterion
export interface CohortGroup {
  type: 'AND' | 'OR'
  values: CohortCriteria[]
}
/** What makes somebody a member. AND is the intersection, OR the union, a negated leaf everybody else. */
export type CohortCriteria = CohortGroup | CohortLeaf

const leaf = z.discriminatedUnion('type', [personCriterion, cohortCriterion, behavioralCriterion], {
  error: 'type must be AND, OR, person, person_metadata, cohort or behavioral',
})
const group: z.ZodType<CohortGroup> = z.object({
  // compat: "property" is the old word for a group whose conditions must all hold.
  type: z.enum(['AND', 'OR', 'property']).transform((type) => (type === 'OR' ? 'OR' : 'AND')),
  values: z.array(z.lazy(() => cohortCriteria)).max(cohortLimits.maxCriteria),
})

/** A condition or a group of them, to any depth up to the limit. */
export const cohortCriteria: z.ZodType<CohortCriteria> = z.lazy(() =>
  z.unknown().transform((value, issues): CohortCriteria => {
    const isGroup = typeof value === 'object' && value !== null && Array.isArray((value as { values?: unknown }).values)
    const parsed = (isGroup ? group : leaf).safeParse(value)
    if (parsed.success) return parsed.data
    for (const issue of parsed.error.issues) issues.addIssue({ code: 'custom', message: issue.message, path: issue.path })
    return z.NEVER
  }),
)

const filters = z.object({ properties: cohortCriteria.nullish() })

const fields = z.object({
  name: z.string({ error: 'must be text' }).trim().min(1, 'must not be empty').max(400),
  description: z.string({ error: 'must be text' }).max(cohortLimits.maxTextLength).nullish(),
  filters: filters.nullish(),
  /** The old form: or-ed groups of and-ed properties. */
  groups: z.array(legacyGroup).max(cohortLimits.maxCriteria).nullish(),
  /** Of a static cohort: an ActorsQuery, or a HogQLQuery that selects `person_id`, whose people it takes. */
  query: z.looseObject({ kind: z.string() }).nullish(),
})

/** Body of `POST /cohorts/`. */
export const newCohort = fields.extend({
  is_static: z.boolean({ error: 'must be true or false' }).default(false),
  /** CSV text: people of a static cohort. */
  csv: z.string().max(cohortLimits.maxCsvBytes).optional(),
  _create_static_person_ids: z.array(uuidText).max(cohortLimits.maxPersonsPerRequest).optional(),
})
export type NewCohort = z.infer<typeof newCohort>

/** Body of `PATCH /cohorts/:id/`. */
export const cohortChange = fields.partial().extend({
  csv: z.string().max(cohortLimits.maxCsvBytes).optional(),
  deleted: z.boolean({ error: 'must be true or false' }).optional(),
})
export type CohortChange = z.infer<typeof cohortChange>

/** Body of `POST /cohorts/count/`: criteria as they stand in an editor; `id` where they are to be those of a cohort that there is. */
export const cohortCount = z.object({
  id: z.int({ error: 'must be the id of a cohort' }).optional(),
  filters: z.object({ properties: cohortCriteria }),
})
export type CohortCount = z.infer<typeof cohortCount>

/** The people of the project who meet them now, and all of its people. */
export interface CohortCountBody {
  count: number
  total: number
}

/** The criteria of a definition in either form; undefined where it has none. */
export function criteriaOf(definition: Pick<NewCohort, 'filters' | 'groups'>): CohortCriteria | undefined {
  if (definition.filters?.properties) return definition.filters.properties
  return definition.groups?.length ? cohortCriteria.parse(legacyCriteria(definition.groups)) : undefined
}

/** Body of `POST /cohorts/:id/add_persons_to_static_cohort/`. */
export const addPersonsToCohort = z.object({
  person_ids: z.array(uuidText).max(cohortLimits.maxPersonsPerRequest).default([]),
  distinct_ids: z.array(z.string().min(1).max(1000)).max(cohortLimits.maxPersonsPerRequest).default([]),
})

/** Body of `PATCH /cohorts/:id/remove_person_from_static_cohort/`. */
export const removePersonFromCohort = z
  .object({ person_id: uuidText.optional(), distinct_id: z.string().min(1).max(1000).optional() })
  .refine((body) => body.person_id !== undefined || body.distinct_id !== undefined, {
    path: ['person_id'],
    error: 'is required: the id of a person',
  })

/** `GET /cohorts/` */
export const cohortsQuery = pageQuery.extend({ search: z.string().max(400).optional(), type: z.enum(['static', 'dynamic']).optional() })
/** `GET /cohorts/:id/persons/` */
export const cohortPersonsQuery = pageQuery.extend({ search: z.string().max(400).optional() })

/** Who made something. */
export interface CreatorBody {
  id: string
  uuid: string
  first_name: string
  email: string
}

export interface CohortBody {
  id: number
  name: string
  description: string
  groups: unknown[]
  filters: { properties: CohortCriteria } | Record<string, never>
  query: Record<string, unknown> | null
  is_static: boolean
  cohort_type: 'static' | 'person_property' | 'behavioral'
  /** People at the last calculation; null before the first. */
  count: number | null
  /** A calculation runs or will soon; `progress` says how many people it has found. */
  is_calculating: boolean
  progress: { people: number; started_at: string } | null
  last_calculation: string | null
  errors_calculating: number
  last_error_at: string | null
  last_error_message: string | null
  version: number | null
  pending_version: number
  deleted: boolean
  created_by: CreatorBody | null
  created_at: string
}

/** One calculation of a cohort, newest first. */
export interface CohortCalculationBody {
  id: number
  version: number
  filters: Record<string, unknown>
  count: number
  started_at: string
  finished_at: string | null
  error: string | null
}

/** What became of people that were to be added. */
export interface AddedPersonsBody {
  added: number
  /** Entries that are nobody's id, the first of them by name. */
  unknown: number
  unknown_ids: string[]
}

import { z } from 'zod'
import { timezone } from './fields.ts'
import { propertyFilter } from './property-filter.ts'

const flag = z.boolean({ error: 'must be true or false' })
const text = z.string({ error: 'must be text' })

export const pathCleaningFilter = z.object({
  alias: text.max(400),
  regex: text.min(1, 'must be a regular expression').max(1000),
  order: z.number().optional(),
})
export type PathCleaningFilter = z.infer<typeof pathCleaningFilter>

/**
 * What a project can be told beside its name, time zone and week start: the `settings` column, by PostHog's names.
 * A field that is missing in the database has the value of {@link defaultProjectSettings}.
 */
/** What experiments of the project have where they say nothing else. */
export const experimentDefaults = z.object({
  method: z.enum(['bayesian', 'frequentist']).optional(),
  /** Of the intervals: 0.95. */
  confidence_level: z.number().gt(0, 'must be more than 0').lt(1, 'must be less than 1').optional(),
  sequential_testing_enabled: z.boolean().optional(),
  sequential_tuning_parameter: z.number().min(1).max(1e9).optional(),
  cuped_enabled: z.boolean().optional(),
  cuped_lookback_days: z.number().optional(),
  only_count_matured_users: z.boolean().optional(),
  /** Percent; 0 is as if it were not set. */
  minimum_detectable_effect: z.number().min(0).max(1000).optional(),
  multiple_comparison: z.enum(['none', 'holm', 'benjamini_hochberg', 'bonferroni']).optional(),
  /** The hour of the project's day at which the results of running experiments are computed and kept. */
  recalculation_hour: z.int().min(0).max(23).optional(),
})
export type ExperimentDefaults = z.infer<typeof experimentDefaults>

export const projectSettings = z.object({
  test_account_filters: z.array(propertyFilter),
  test_account_filters_default_checked: flag,
  path_cleaning_filters: z.array(pathCleaningFilter).max(100),
  person_display_name_properties: z.array(text.min(1).max(400)).max(20),
  /** Hosts that the toolbar and web analytics know as the product's own. */
  app_urls: z.array(text.max(2000)).max(200),
  /** Attributes of elements that autocapture looks for, e.g. `data-attr`. */
  data_attributes: z.array(text.min(1).max(200)).max(50),
  anonymize_ips: flag,
  drop_bots: flag,
  autocapture_opt_out: flag,
  autocapture_exceptions_opt_in: flag,
  autocapture_web_vitals_opt_in: flag,
  capture_dead_clicks: flag,
  capture_performance_opt_in: flag,
  capture_console_log_opt_in: flag,
  heatmaps_opt_in: flag,
  session_recording_opt_in: flag,
  surveys_opt_in: flag,
  /** Evaluations of feature flags, each 1, and reads of their definitions, each 10; null for no bound. */
  flag_requests_per_month: z.int({ error: 'must be a whole number, or null for no bound' }).min(0, 'must be at least 0').nullable(),
  cookieless_server_hash_mode: z.literal(0, { error: 'must be 0: cookieless mode is not supported' }),
  completed_snippet_onboarding: flag,
  experiment_defaults: experimentDefaults,
})
export type ProjectSettings = z.infer<typeof projectSettings>

export const defaultProjectSettings: ProjectSettings = {
  test_account_filters: [],
  test_account_filters_default_checked: false,
  path_cleaning_filters: [],
  person_display_name_properties: ['email', 'name', 'username'],
  app_urls: [],
  data_attributes: ['data-attr'],
  anonymize_ips: false,
  drop_bots: false,
  autocapture_opt_out: false,
  autocapture_exceptions_opt_in: false,
  autocapture_web_vitals_opt_in: false,
  capture_dead_clicks: false,
  capture_performance_opt_in: false,
  capture_console_log_opt_in: false,
  heatmaps_opt_in: false,
  session_recording_opt_in: false,
  surveys_opt_in: false,
  flag_requests_per_month: null,
  cookieless_server_hash_mode: 0,
  completed_snippet_onboarding: false,
  experiment_defaults: {},
}

const projectFields = z.object({
  name: text.trim().min(1, 'must not be empty').max(200),
  timezone,
  /** 0 is Sunday, 1 is Monday. */
  week_start_day: z.union([z.literal(0), z.literal(1)], { error: 'must be 0 (Sunday) or 1 (Monday)' }),
})

/** Body of `POST /api/projects/`. */
export const newProject = projectFields.partial().extend(projectSettings.partial().shape)
export type NewProject = z.infer<typeof newProject>

/** Body of `PATCH /api/projects/:id/`. Fields that are not named here are ignored, as PostHog does. */
export const projectChange = projectFields.partial().extend(projectSettings.partial().shape)
export type ProjectChange = z.infer<typeof projectChange>

/** A project as the API shows it. */
export interface ProjectBody extends ProjectSettings {
  id: number
  uuid: string
  organization: string | null
  name: string
  /** What SDKs send; not a secret. */
  api_token: string
  /** The last characters of the project secret key, if it has one. */
  secret_api_token_hint: string | null
  timezone: string
  week_start_day: 0 | 1
  is_demo: boolean
  /** Whether an event was ever stored. */
  ingested_event: boolean
  has_group_types: boolean
  created_at: string
  updated_at: string
}

/** `GET` and `POST /api/demo/`: the demo project of the organisation. */
export interface DemoBody {
  /** `interrupted`: begun, but not whole; asking for it again goes on with it. */
  status: 'none' | 'filling' | 'interrupted' | 'ready'
  project_id: number | null
  /** Events stored so far, and the part that is done, from 0 to 1. */
  stored: number
  fraction: number
  /** Why the last attempt failed. */
  error: string | null
}

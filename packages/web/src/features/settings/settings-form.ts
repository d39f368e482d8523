import type { PathCleaningFilter, ProjectBody, ProjectChange, PropertyFilter } from '@hedgerow/protocol'
import { isComplete } from '../../query-model/operators.ts'

/** Settings that the page changes; the names are the API's. */
export interface SettingsForm {
  name: string
  timezone: string
  week_start_day: 0 | 1
  person_display_name_properties: string[]
  test_account_filters: PropertyFilter[]
  test_account_filters_default_checked: boolean
  path_cleaning_filters: PathCleaningFilter[]
  drop_bots: boolean
  anonymize_ips: boolean
  autocapture_opt_out: boolean
  capture_performance_opt_in: boolean
  autocapture_web_vitals_opt_in: boolean
  capture_dead_clicks: boolean
  autocapture_exceptions_opt_in: boolean
  flag_requests_per_month: number | null
}

export function formOf(project: ProjectBody): SettingsForm {
  return {
    name: project.name,
    timezone: project.timezone,
    week_start_day: project.week_start_day,
    person_display_name_properties: project.person_display_name_properties,
    test_account_filters: project.test_account_filters,
    test_account_filters_default_checked: project.test_account_filters_default_checked,
    path_cleaning_filters: project.path_cleaning_filters,
    drop_bots: project.drop_bots,
    anonymize_ips: project.anonymize_ips,
    autocapture_opt_out: project.autocapture_opt_out,
    capture_performance_opt_in: project.capture_performance_opt_in,
    autocapture_web_vitals_opt_in: project.autocapture_web_vitals_opt_in,
    capture_dead_clicks: project.capture_dead_clicks,
    autocapture_exceptions_opt_in: project.autocapture_exceptions_opt_in,
    flag_requests_per_month: project.flag_requests_per_month,
  }
}

/** What differs from the project as it stands: only that is sent, so that two people may change different things. */
export function changesOf(form: SettingsForm, project: ProjectBody): ProjectChange {
  const before = formOf(project)
  const trimmed = { ...form, name: form.name.trim() }
  return Object.fromEntries(
    Object.entries(trimmed).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name as keyof SettingsForm])),
  ) as ProjectChange
}

/** Why the form cannot be saved yet; empty when it can. */
export function problemsOf(form: SettingsForm): string[] {
  return [
    ...(form.name.trim() === '' ? ['The project needs a name.'] : []),
    ...(form.test_account_filters.every(isComplete)
      ? []
      : ['A filter of test accounts has no value yet: choose one, or remove the filter.']),
    ...form.path_cleaning_filters.flatMap(({ regex }, index) =>
      regex === '' ? [`Rule ${index + 1} of paths says nothing that it matches: write a regular expression, or remove the rule.`] : [],
    ),
  ]
}

/** A list written with commas, in the order written, each once. */
export function readNames(text: string): string[] {
  return [
    ...new Set(
      text
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== ''),
    ),
  ]
}

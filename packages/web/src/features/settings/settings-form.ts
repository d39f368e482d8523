import type { ProjectBody, ProjectChange } from '@hedgerow/protocol'

/** Settings that the page changes; the names are the API's. */
export interface SettingsForm {
  name: string
  timezone: string
  week_start_day: 0 | 1
  person_display_name_properties: string[]
  drop_bots: boolean
  anonymize_ips: boolean
  autocapture_opt_out: boolean
  capture_performance_opt_in: boolean
  flag_requests_per_month: number | null
}

export function formOf(project: ProjectBody): SettingsForm {
  return {
    name: project.name,
    timezone: project.timezone,
    week_start_day: project.week_start_day,
    person_display_name_properties: project.person_display_name_properties,
    drop_bots: project.drop_bots,
    anonymize_ips: project.anonymize_ips,
    autocapture_opt_out: project.autocapture_opt_out,
    capture_performance_opt_in: project.capture_performance_opt_in,
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

import { defaultProjectSettings, type ProjectBody, type ProjectSettings } from '@hedgerow/protocol'

export interface Project {
  id: number
  uuid: string
  organizationId: string | null
  name: string
  apiToken: string
  secretKeyHint: string | null
  timezone: string
  /** 0 is Sunday, 1 is Monday. */
  weekStartDay: 0 | 1
  /** Whole: what was never set has its default. */
  settings: ProjectSettings
  isDemo: boolean
  ingestedEvent: boolean
  hasGroupTypes: boolean
  createdAt: string
  updatedAt: string
}

export interface ProjectRow {
  id: number
  uuid: string
  organization_id: string | null
  name: string
  api_token: string
  secret_key_hint: string | null
  timezone: string
  week_start_day: number
  settings: unknown
  is_demo: boolean
  ingested_event: boolean
  has_group_types: boolean
  created_at: Date
  updated_at: Date
}

/** Columns of {@link ProjectRow}, of a table named `projects`. */
export const projectColumns = `projects.id, projects.uuid, projects.organization_id, projects.name, projects.api_token,
  projects.secret_key_hint, projects.timezone, projects.week_start_day, projects.settings, projects.is_demo, projects.ingested_event,
  EXISTS (SELECT 1 FROM group_types WHERE group_types.project_id = projects.id) AS has_group_types,
  projects.created_at, projects.updated_at`

export function projectOf(row: ProjectRow): Project {
  return {
    id: row.id,
    uuid: row.uuid,
    organizationId: row.organization_id,
    name: row.name,
    apiToken: row.api_token,
    secretKeyHint: row.secret_key_hint,
    timezone: row.timezone,
    weekStartDay: row.week_start_day === 1 ? 1 : 0,
    settings: { ...defaultProjectSettings, ...(row.settings as Partial<ProjectSettings>) },
    isDemo: row.is_demo,
    ingestedEvent: row.ingested_event,
    hasGroupTypes: row.has_group_types,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}

export function projectBody(project: Project): ProjectBody {
  return {
    id: project.id,
    uuid: project.uuid,
    organization: project.organizationId,
    name: project.name,
    api_token: project.apiToken,
    secret_api_token_hint: project.secretKeyHint,
    timezone: project.timezone,
    week_start_day: project.weekStartDay,
    is_demo: project.isDemo,
    ingested_event: project.ingestedEvent,
    has_group_types: project.hasGroupTypes,
    created_at: project.createdAt,
    updated_at: project.updatedAt,
    ...project.settings,
  }
}

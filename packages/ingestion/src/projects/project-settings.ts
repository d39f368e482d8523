/** What ingestion needs to know of a project. */
export interface ProjectSettings {
  id: number
  dropBots: boolean
  anonymizeIps: boolean
  timezone: string
}

export const defaultProjectSettings = (id: number): ProjectSettings => ({ id, dropBots: false, anonymizeIps: false, timezone: 'UTC' })

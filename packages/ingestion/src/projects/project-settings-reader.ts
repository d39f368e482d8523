import type { Sql } from '../batch/sql.ts'
import { defaultProjectSettings, type ProjectSettings } from './project-settings.ts'

interface Known {
  settings: ProjectSettings
  readAtMs: number
}

/** Settings of projects, read again once they are older than `maxAgeMs`. */
export class ProjectSettingsReader {
  private readonly known = new Map<number, Known>()
  private readonly sql: Sql
  private readonly maxAgeMs: number

  constructor(sql: Sql, maxAgeMs: number) {
    this.sql = sql
    this.maxAgeMs = maxAgeMs
  }

  async load(projectIds: Iterable<number>, nowMs: number): Promise<void> {
    const stale = [...new Set(projectIds)].filter((projectId) => {
      const known = this.known.get(projectId)
      return !known || nowMs - known.readAtMs >= this.maxAgeMs
    })
    if (stale.length === 0) return
    const { rows } = await this.sql.query<{ id: number; timezone: string; settings: Record<string, unknown> }>(
      'SELECT id, timezone, settings FROM projects WHERE id = ANY($1::int[])',
      [stale],
    )
    for (const projectId of stale) this.known.set(projectId, { settings: defaultProjectSettings(projectId), readAtMs: nowMs })
    for (const row of rows) {
      const settings = {
        id: row.id,
        timezone: row.timezone,
        dropBots: row.settings.drop_bots === true,
        anonymizeIps: row.settings.anonymize_ips === true,
      }
      this.known.set(row.id, { settings, readAtMs: nowMs })
    }
  }

  of(projectId: number): ProjectSettings {
    return this.known.get(projectId)?.settings ?? defaultProjectSettings(projectId)
  }
}

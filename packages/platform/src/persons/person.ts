import type { PersonBody } from '@hedgerow/protocol'

export interface PersonRow {
  id: string
  properties: Record<string, unknown>
  is_identified: boolean
  created_at: Date
  last_seen_at: Date | null
  distinct_ids: string[]
}

export function personBody(row: PersonRow, displayNameProperties: readonly string[]): PersonBody {
  return {
    id: row.id,
    uuid: row.id,
    name: displayName(row, displayNameProperties),
    distinct_ids: row.distinct_ids,
    properties: row.properties,
    created_at: row.created_at.toISOString(),
    last_seen_at: row.last_seen_at?.toISOString() ?? null,
    is_identified: row.is_identified,
  }
}

const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** The first of the wanted properties that has a value, else the distinct id that is most likely to mean something. */
function displayName(row: PersonRow, properties: readonly string[]): string {
  for (const name of properties) {
    const value = row.properties[name]
    if ((typeof value === 'string' && value.trim() !== '') || typeof value === 'number') return String(value)
  }
  return row.distinct_ids.find((id) => !uuidForm.test(id)) ?? row.distinct_ids[0] ?? row.id
}

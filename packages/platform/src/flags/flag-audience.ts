import { flagValue } from '@hedgerow/flags'
import type { ApplicationStore } from '@hedgerow/stores'
import { HedgerowError, invalidInput } from '../errors.ts'
import type { FlagRegistry } from './flag-registry.ts'
import type { FlagService } from './flag-service.ts'
import type { Flags } from './flags.ts'

/** Distinct ids that are evaluated at once. */
const pageRows = 1_000
/** limit: people that one list can have. */
const maxPeople = 1_000_000

/** Everybody for whom a flag is on at the moment, as ids of persons: those of whom any distinct id is answered so. */
export function createFlagAudience(
  { pool }: ApplicationStore,
  parts: {
    flags: Flags
    registry: FlagRegistry
    /** Evaluates with a memory of its own: who is listed shall not push out those who ask. */
    newService(): FlagService
  },
) {
  return async (projectId: number, id: string): Promise<{ key: string; personIds: string[] }> => {
    const { key, filters, bucketing_identifier } = await parts.flags.row(projectId, id)
    if (typeof filters.aggregation_group_type_index === 'number')
      throw invalidInput('id', `names the flag "${key}", which is decided by groups: a cohort is a list of people`)
    if (bucketing_identifier === 'device_id')
      throw invalidInput('id', `names the flag "${key}", which is decided by devices: which ones people have is not stored`)
    const loaded = await parts.registry.get(projectId)
    const service = parts.newService()

    async function isOn(distinctId: string): Promise<boolean> {
      const subject = await service.subjectOf(projectId, { distinctId }, loaded)
      const { results } = loaded.set.evaluate(subject, { keys: [key], runtime: 'all' })
      const result = results.find((each) => each.key === key)
      if (result?.failure !== undefined)
        throw new HedgerowError('store_unavailable', `The flag "${key}" cannot be evaluated for everybody: ${result.failure}`)
      return result !== undefined && flagValue(result) !== false
    }

    const people = new Set<string>()
    for (let after: string | undefined = ''; after !== undefined; ) {
      const { rows }: { rows: { distinct_id: string; person_id: string }[] } = await pool.query(
        `SELECT distinct_id, person_id FROM person_distinct_ids WHERE project_id = $1 AND distinct_id > $2 ORDER BY distinct_id LIMIT ${pageRows}`,
        [projectId, after],
      )
      const answers = await Promise.all(rows.map(async (row) => people.has(row.person_id) || isOn(row.distinct_id)))
      for (const [index, row] of rows.entries()) if (answers[index]) people.add(row.person_id)
      if (people.size > maxPeople)
        throw invalidInput('id', `names the flag "${key}", which is on for more than ${maxPeople} people: a list cannot have more`)
      after = rows.length < pageRows ? undefined : rows.at(-1)?.distinct_id
    }
    return { key, personIds: [...people] }
  }
}

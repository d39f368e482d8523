import type { AddedPersonsBody } from '@hedgerow/protocol'
import type { StaticCohortPersonRow, Stores } from '@hedgerow/stores'

/** Ids that are looked up, and rows that are written, at once. */
const batchSize = 10_000
const unknownShown = 20

export interface People {
  personIds: readonly string[]
  distinctIds: readonly string[]
}

/**
 * The lists of static cohorts. An entry is a distinct id: whoever it belongs to is the member, however persons are merged or
 * split later. The event store answers questions from it, the application store looks up single people (flags).
 */
export function createStaticMembers({ application, events }: Pick<Stores, 'application' | 'events'>) {
  const lookUp = async (projectId: number, column: 'distinct_id' | 'person_id', ids: readonly string[]) => {
    const type = column === 'person_id' ? 'UUID' : 'String'
    const { rows } = await events.query(
      `SELECT toString(${column}), min(distinct_id) FROM person_distinct_ids FINAL
       WHERE project_id = {project: UInt32} AND is_deleted = 0 AND ${column} IN {ids: Array(${type})} GROUP BY ${column}`,
      { params: { project: projectId, ids }, projectId, lane: 'background' },
    )
    return new Map(rows.map(([id, distinctId]) => [String(id), String(distinctId)]))
  }

  async function write(projectId: number, cohortId: number, distinctIds: readonly string[], isDeleted: boolean): Promise<void> {
    const { rows } = await application.pool.query<{ version: number }>("SELECT nextval('static_cohort_versions') AS version")
    const version = rows[0]?.version ?? 1
    const lines = distinctIds.map((distinctId) => {
      const row: StaticCohortPersonRow = {
        project_id: projectId,
        cohort_id: cohortId,
        distinct_id: distinctId,
        is_deleted: isDeleted ? 1 : 0,
        version,
      }
      return `${JSON.stringify(row)}\n`
    })
    // why: the event store first. If the other write fails the caller hears of it and says the same again, which changes nothing twice.
    await events.insert('static_cohort_people', new TextEncoder().encode(lines.join('')), { token: `static cohort ${version}` })
    await application.pool.query(
      isDeleted
        ? 'DELETE FROM static_cohort_members WHERE project_id = $1 AND cohort_id = $2 AND distinct_id = ANY($3::text[])'
        : `INSERT INTO static_cohort_members (project_id, cohort_id, distinct_id) SELECT $1, $2, unnest($3::text[]) ON CONFLICT DO NOTHING`,
      [projectId, cohortId, distinctIds],
    )
  }

  return {
    /** Persons that do not exist are passed over and counted. */
    async add(projectId: number, cohortId: number, people: People): Promise<AddedPersonsBody> {
      const outcome: AddedPersonsBody = { added: 0, unknown: 0, unknown_ids: [] }
      for (const [column, ids] of [
        ['distinct_id', people.distinctIds],
        ['person_id', people.personIds],
      ] as const) {
        const all = [...new Set(ids)]
        for (let start = 0; start < all.length; start += batchSize) {
          const batch = all.slice(start, start + batchSize)
          const usable = column === 'person_id' ? batch.filter((id) => uuidForm.test(id)).map((id) => id.toLowerCase()) : batch
          const found = await lookUp(projectId, column, usable)
          if (found.size > 0) await write(projectId, cohortId, [...found.values()], false)
          const unknown = batch.filter((id) => !found.has(column === 'person_id' ? id.toLowerCase() : id))
          outcome.added += found.size
          outcome.unknown += unknown.length
          outcome.unknown_ids = [...outcome.unknown_ids, ...unknown].slice(0, unknownShown)
        }
      }
      return outcome
    },

    /** All of the person's entries. False for somebody who is no member. */
    async remove(
      projectId: number,
      cohortId: number,
      person: { personId?: string | undefined; distinctId?: string | undefined },
    ): Promise<boolean> {
      const { rows } = await events.query(
        `SELECT distinct_id FROM person_distinct_ids FINAL WHERE project_id = {project: UInt32} AND is_deleted = 0 AND person_id = {person: UUID}`,
        { params: { project: projectId, person: person.personId ?? (await ownerOf(projectId, person.distinctId ?? '')) }, projectId },
      )
      const entries = await application.pool.query<{ distinct_id: string }>(
        'SELECT distinct_id FROM static_cohort_members WHERE project_id = $1 AND cohort_id = $2 AND distinct_id = ANY($3::text[])',
        [projectId, cohortId, rows.map(([distinctId]) => String(distinctId))],
      )
      if (entries.rows.length === 0) return false
      await write(
        projectId,
        cohortId,
        entries.rows.map((row) => row.distinct_id),
        true,
      )
      return true
    },

    /** Every entry of one cohort becomes one of another. */
    async copy(projectId: number, fromId: number, toId: number): Promise<void> {
      const { rows } = await application.pool.query<{ distinct_id: string }>(
        'SELECT distinct_id FROM static_cohort_members WHERE project_id = $1 AND cohort_id = $2',
        [projectId, fromId],
      )
      const all = rows.map((row) => row.distinct_id)
      for (let start = 0; start < all.length; start += batchSize) await write(projectId, toId, all.slice(start, start + batchSize), false)
    },

    /** Which of the static cohorts the person of these distinct ids is in; one look-up by index. */
    async among(projectId: number, cohortIds: readonly number[], distinctIds: readonly string[]): Promise<Set<number>> {
      const { rows } = await application.pool.query<{ cohort_id: number }>(
        `SELECT DISTINCT cohort_id FROM static_cohort_members
         WHERE project_id = $1 AND cohort_id = ANY($2::int[]) AND distinct_id = ANY($3::text[])`,
        [projectId, cohortIds, distinctIds],
      )
      return new Set(rows.map((row) => row.cohort_id))
    },
  }

  async function ownerOf(projectId: number, distinctId: string): Promise<string> {
    const { rows } = await events.query(
      'SELECT toString(person_id) FROM person_distinct_ids FINAL WHERE project_id = {project: UInt32} AND is_deleted = 0 AND distinct_id = {id: String}',
      { params: { project: projectId, id: distinctId }, projectId },
    )
    return String(rows[0]?.[0] ?? nobody)
  }
}

const nobody = '00000000-0000-0000-0000-000000000000'
const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export type StaticMembers = ReturnType<typeof createStaticMembers>

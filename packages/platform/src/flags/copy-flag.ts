import type { Sql } from '@hedgerow/ingestion'
import type { FlagBody } from '@hedgerow/protocol'
import type { ApplicationStore } from '@hedgerow/stores'
import { HedgerowError } from '../errors.ts'
import { fieldsOf } from './flag-row.ts'
import { readFlags } from './flag-source.ts'
import type { Flags } from './flags.ts'
import { renamed } from './portable-flags.ts'
import { type Author, changesBetween, selectFlag } from './write-flag.ts'

/** Flags in other projects, which serve as environments: copied there, and compared with what is there. */
export function createCopyFlag({ pool }: ApplicationStore, flags: Flags) {
  const sql = pool as unknown as Sql

  const cohortNames = async (projectId: number) => {
    const { rows } = await pool.query<{ id: number; name: string }>('SELECT id, name FROM cohorts WHERE project_id = $1 AND NOT deleted', [
      projectId,
    ])
    return rows
  }

  /** The flag as it would be in another project: what it names is found there by key and by name. */
  async function fieldsIn(projectId: number, id: string, targetId: number) {
    const row = await flags.row(projectId, id)
    const [here, there] = [await readFlags(sql, projectId), await readFlags(sql, targetId)]
    const [ownCohorts, theirCohorts] = [await cohortNames(projectId), await cohortNames(targetId)]
    const missing: string[] = []
    const filters = renamed(
      row.filters,
      {
        flag: (flagId) => {
          const key = here.find((flag) => String(flag.id) === flagId)?.key
          return there.find((flag) => flag.key === key)?.id.toString()
        },
        cohort: (cohortId) => {
          const name = ownCohorts.find((cohort) => String(cohort.id) === cohortId)?.name
          return theirCohorts.find((cohort) => cohort.name === name)?.id
        },
      },
      (what) => missing.push(what),
    )
    return { row, fields: { ...fieldsOf(row), filters }, missing }
  }

  return {
    /** Makes the flag in another project, or brings the one with its key there to the same definition. */
    async copy(projectId: number, id: string, targetId: number, author: Author, options: { isDisabled: boolean }): Promise<FlagBody> {
      const { row, fields, missing } = await fieldsIn(projectId, id, targetId)
      if (missing.length > 0) {
        throw new HedgerowError('cannot_change', `Flag ${row.key} cannot be copied: the other project has no ${missing.join(', no ')}.`)
      }
      const wanted = { ...fields, active: fields.active && !options.isDisabled, deleted: false }
      const existing = await selectFlag(sql, targetId, 'f.key = $2 AND NOT f.deleted', [row.key])
      if (existing) return flags.replace(targetId, String(existing.id), wanted, author)
      return flags.create(targetId, wanted, author, 'copied')
    },

    /** What is otherwise in another project. */
    async compare(projectId: number, id: string, targetId: number) {
      const { row, fields, missing } = await fieldsIn(projectId, id, targetId)
      const existing = await selectFlag(sql, targetId, 'f.key = $2 AND NOT f.deleted', [row.key])
      return {
        key: row.key,
        exists: existing !== undefined,
        missing,
        changes: existing ? changesBetween(fieldsOf(existing), fields).map(({ field, before, after }) => ({ field, before, after })) : [],
      }
    },
  }
}

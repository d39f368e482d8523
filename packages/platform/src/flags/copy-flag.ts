import type { Sql } from '@hedgerow/ingestion'
import type { FlagBody, FlagComparisonBody } from '@hedgerow/protocol'
import type { ApplicationStore } from '@hedgerow/stores'
import { HedgerowError } from '../errors.ts'
import { shownPayloads } from './encrypted-payloads.ts'
import { type FlagFields, fieldsOf } from './flag-row.ts'
import { readFlags } from './flag-source.ts'
import type { Flags } from './flags.ts'
import { renamed } from './portable-flags.ts'
import { type Author, changesBetween, selectFlag } from './write-flag.ts'

/** Flags in other projects, which serve as environments: copied there, and compared with what is there. */
export function createCopyFlag({ pool }: ApplicationStore, flags: Flags) {
  const sql = pool as unknown as Sql

  async function namesIn(projectId: number) {
    const { rows: cohorts } = await pool.query<{ id: number; name: string }>(
      'SELECT id, name FROM cohorts WHERE project_id = $1 AND NOT deleted ORDER BY id',
      [projectId],
    )
    const { rows: groupTypes } = await pool.query<{ group_type: string; group_type_index: number }>(
      'SELECT group_type, group_type_index FROM group_types WHERE project_id = $1',
      [projectId],
    )
    return { flags: await readFlags(sql, projectId), cohorts, groupTypes }
  }

  /** The flag as it would be in another project: what it names is found there by key and by name. */
  async function fieldsIn(projectId: number, id: string, targetId: number) {
    const row = await flags.row(projectId, id)
    const [here, there] = [await namesIn(projectId), await namesIn(targetId)]
    const missing = new Set<string>()
    /** What is found, or a note that it is not. */
    const found = <Found>(what: string, name: string | undefined, it: Found | undefined): Found | undefined => {
      if (it === undefined) missing.add(`${what} ${name ?? 'that was deleted'}`)
      return it
    }
    const filters = renamed(
      row.filters,
      {
        flag: (flagId) => {
          const key = here.flags.find((flag) => String(flag.id) === flagId)?.key
          return found('feature flag', key, there.flags.find((flag) => flag.key === key)?.id.toString())
        },
        cohort: (cohortId) => {
          const name = here.cohorts.find((cohort) => String(cohort.id) === cohortId)?.name
          return found('cohort', name, there.cohorts.find((cohort) => cohort.name === name)?.id)
        },
        groupType: (index) => {
          const name = here.groupTypes.find((type) => type.group_type_index === index)?.group_type
          return found('group type', name, there.groupTypes.find((type) => type.group_type === name)?.group_type_index)
        },
      },
      () => undefined,
    )
    return { row, fields: { ...fieldsOf(row), filters }, missing: [...missing] }
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
    async compare(projectId: number, id: string, targetId: number): Promise<FlagComparisonBody> {
      const { row, fields, missing } = await fieldsIn(projectId, id, targetId)
      const existing = await selectFlag(sql, targetId, 'f.key = $2 AND NOT f.deleted', [row.key])
      const changes = existing ? changesBetween(legible(fieldsOf(existing)), legible(fields)) : []
      return {
        key: row.key,
        exists: existing !== undefined,
        flag: existing ? { id: existing.id, version: existing.version, active: existing.active } : null,
        missing,
        changes: changes.map(({ field, before, after }) => ({ field, before, after })),
      }
    },
  }
}

/** Encrypted payloads are not shown, and are written otherwise each time. */
const legible = (fields: FlagFields): FlagFields =>
  fields.has_encrypted_payloads ? { ...fields, filters: { ...fields.filters, payloads: shownPayloads(fields.filters.payloads) } } : fields

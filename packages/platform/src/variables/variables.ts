import type { NewVariable, Page, PageQuery, VariableBody, VariableChange } from '@hedgerow/protocol'
import type { ApplicationStore } from '@hedgerow/stores'
import { type CreatorColumns, creatorBody, creatorColumns, creatorJoin } from '../accounts/creator.ts'
import { HedgerowError, invalidInput, notFound } from '../errors.ts'
import { storedJson } from '../query/stored-json.ts'

interface VariableRow extends CreatorColumns {
  id: string
  name: string
  code_name: string
  type: VariableBody['type']
  default_value: unknown
  values: unknown
  created_at: Date
}

const uniqueViolation = '23505'
const columns = `insight_variables.id, insight_variables.name, insight_variables.code_name, insight_variables.type, insight_variables.default_value,
  insight_variables."values", insight_variables.created_at, ${creatorColumns}`
const from = `insight_variables ${creatorJoin('insight_variables')}`

/** Variables of SQL: `{variables.code_name}`. */
export function createVariables({ pool }: ApplicationStore) {
  async function get(projectId: number, id: string): Promise<VariableRow> {
    const { rows } = await pool.query<VariableRow>(
      `SELECT ${columns} FROM ${from} WHERE insight_variables.project_id = $1 AND insight_variables.id::text = $2`,
      [projectId, id.toLowerCase()],
    )
    if (!rows[0]) throw notFound(`variable ${id.slice(0, 40)}`)
    return rows[0]
  }

  return {
    async list(projectId: number, { limit, offset }: PageQuery): Promise<Pick<Page<VariableBody>, 'count' | 'results'>> {
      const counted = await pool.query<{ count: number }>('SELECT count(*) FROM insight_variables WHERE project_id = $1', [projectId])
      const { rows } = await pool.query<VariableRow>(
        `SELECT ${columns} FROM ${from} WHERE insight_variables.project_id = $1 ORDER BY lower(insight_variables.name), insight_variables.id LIMIT $2 OFFSET $3`,
        [projectId, limit, offset],
      )
      return { count: counted.rows[0]?.count ?? 0, results: rows.map(variableBody) }
    },

    get: async (projectId: number, id: string): Promise<VariableBody> => variableBody(await get(projectId, id)),

    async create(projectId: number, userId: string, wanted: NewVariable): Promise<VariableBody> {
      const { name, type, default_value = null, values = null } = wanted
      const codeName = wanted.code_name ?? codeNameOf(name)
      checkDefault(type, default_value)
      const { rows } = await pool
        .query<{ id: string }>(
          `INSERT INTO insight_variables (project_id, name, code_name, type, default_value, "values", created_by) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`,
          [projectId, name, codeName, type, storedJson(default_value), values === null ? null : storedJson(values), userId],
        )
        .catch((error: unknown) => nameTaken(error, codeName))
      return variableBody(await get(projectId, rows[0]?.id ?? ''))
    },

    async change(projectId: number, id: string, change: VariableChange): Promise<VariableBody> {
      const before = await get(projectId, id)
      const type = change.type ?? before.type
      const codeName = change.code_name ?? (change.name === undefined ? before.code_name : codeNameOf(change.name))
      const defaultValue = change.default_value === undefined ? before.default_value : change.default_value
      checkDefault(type, defaultValue)
      const values = change.values === undefined ? before.values : change.values
      await pool
        .query(
          `UPDATE insight_variables SET name = $3, code_name = $4, type = $5, default_value = $6, "values" = $7 WHERE project_id = $1 AND id = $2`,
          [
            projectId,
            before.id,
            change.name ?? before.name,
            codeName,
            type,
            storedJson(defaultValue),
            values === null ? null : storedJson(values),
          ],
        )
        .catch((error: unknown) => nameTaken(error, codeName))
      return variableBody(await get(projectId, id))
    },

    async delete(projectId: number, id: string): Promise<void> {
      const { id: known } = await get(projectId, id)
      await pool.query('DELETE FROM insight_variables WHERE project_id = $1 AND id = $2', [projectId, known])
    },
  }
}

/** As PostHog makes it: letters, digits and blanks, the blanks as `_`, in lower case. */
function codeNameOf(name: string): string {
  const made = name
    .replace(/[^a-zA-Z0-9\s_]/g, '')
    .trim()
    .replace(/\s+/g, '_')
    .toLowerCase()
  if (made === '') throw invalidInput('code_name', `is required: none can be made of the name "${name.slice(0, 100)}"`)
  return /^\d/.test(made) ? `_${made}` : made
}

function checkDefault(type: VariableBody['type'], value: unknown): void {
  if (value === null) return
  const isRight = {
    String: typeof value === 'string',
    Number: typeof value === 'number' || (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))),
    Boolean: typeof value === 'boolean',
    List: typeof value === 'string' || typeof value === 'number' || Array.isArray(value),
    Date: typeof value === 'string',
  }[type]
  if (!isRight) throw invalidInput('default_value', `is ${JSON.stringify(value).slice(0, 100)}, which is no value of a ${type} variable`)
}

function nameTaken(error: unknown, codeName: string): never {
  if (typeof error === 'object' && error !== null && 'code' in error && error.code === uniqueViolation) {
    throw new HedgerowError('conflict', `Another variable has the code name ${codeName}.`, { attr: 'code_name', cause: error })
  }
  throw error
}

function variableBody(row: VariableRow): VariableBody {
  const { id, name, code_name, type, default_value, values } = row
  return { id, name, code_name, type, default_value, values, created_by: creatorBody(row), created_at: row.created_at.toISOString() }
}

import { tables, type ValueType } from '@hedgerow/hogql'
import { answerWithoutRows } from './account-of-run.ts'
import type { QueryResponse } from './query-response.ts'
import type { QueryRun } from './run-query.ts'

/** `DatabaseSchemaQuery`: the tables that a query can name, with their columns and the tables joined to them. */
export async function answerSchema(run: QueryRun): Promise<QueryResponse> {
  const described = Object.entries(tables).map(([name, table]) => {
    const columns = Object.entries(table.columns)
      .filter(([column]) => !column.includes('.'))
      .map(([column, { type }]) => [column, { name: column, hogql_value: quoted(column), type: fieldType(type), schema_valid: true }])
    const joins = Object.entries(table.joins).map(([join, { table: target }]) => [
      join,
      {
        name: join,
        hogql_value: quoted(join),
        type: 'lazy_table',
        schema_valid: true,
        table: target,
        fields: Object.keys(tables[target].columns),
      },
    ])
    return [name, { id: name, name, type: 'posthog', fields: Object.fromEntries([...columns, ...joins]) }]
  })
  return { ...answerWithoutRows(run, ''), tables: Object.fromEntries(described), joins: [] }
}

const quoted = (name: string) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : `\`${name}\``)

function fieldType(type: ValueType): string {
  return type.name === 'uuid' ? 'string' : type.name
}

import type { InsightBody, Page, QueryHistoryRow, VariableBody } from '@hedgerow/protocol'
import { queryOptions } from '@tanstack/react-query'
import { queryString, request } from './http.ts'
import { runQuery } from './queries.ts'

/** A mistake in a text, at characters of it where the place is known. */
export interface SqlMistake {
  message: string
  start?: number
  end?: number
}

export interface SqlSuggestion {
  label: string
  insertText: string
  kind: string
  detail?: string
  documentation?: string
}

export const completeSql = (projectId: number, query: string, endPosition: number, signal?: AbortSignal) =>
  runQuery<{ suggestions: SqlSuggestion[]; incomplete_list: boolean }>(
    projectId,
    { kind: 'HogQLAutocomplete', language: 'hogQL', query, endPosition },
    { signal },
  )

export const checkSql = (projectId: number, query: string, signal?: AbortSignal) =>
  runQuery<{ isValid: boolean; errors: SqlMistake[] }>(projectId, { kind: 'HogQLMetadata', language: 'hogQL', query }, { signal })

export interface SchemaField {
  name: string
  /** As it is written in a query. */
  hogql_value: string
  type: string
  /** Of a `lazy_table`: the table that is joined. */
  table?: string
}

export interface SchemaTable {
  name: string
  fields: Record<string, SchemaField>
}

export const schemaQuery = (projectId: number) =>
  queryOptions({
    queryKey: ['project', projectId, 'sql-schema'],
    queryFn: async ({ signal }) =>
      (await runQuery<{ tables: Record<string, SchemaTable> }>(projectId, { kind: 'DatabaseSchemaQuery' }, { signal })).tables,
    staleTime: 600_000,
  })

/** What a statement would read, as the engine expects. */
export interface SqlCost {
  rows: number
  tables: { table: string; parts: number; rows: number; marks: number }[]
  plan: string[]
}

export const costOf = async (projectId: number, query: object, signal?: AbortSignal) =>
  (await request<{ results: SqlCost[] }>(`/api/projects/${projectId}/query/explain/`, { method: 'POST', body: { query }, signal })).results

/** Questions in SQL that this account asked, newest first. */
export const sqlHistoryQuery = (projectId: number, search: string | undefined) =>
  queryOptions({
    queryKey: ['project', projectId, 'sql-history', search],
    queryFn: async ({ signal }) => {
      const { results } = await request<Page<QueryHistoryRow>>(
        `/api/projects/${projectId}/query/history/${queryString({ search, limit: 200 })}`,
        { signal },
      )
      return results.filter(({ kind }) => kind === 'HogQLQuery')
    },
    staleTime: 0,
  })

/** Saved questions in SQL. */
export const savedSqlQuery = (projectId: number) =>
  queryOptions({
    queryKey: ['project', projectId, 'insights', 'sql'],
    queryFn: async ({ signal }) => {
      const path = `/api/projects/${projectId}/insights/${queryString({ saved: true, insight: 'HogQLQuery', basic: true, limit: 500 })}`
      return (await request<Page<InsightBody>>(path, { signal })).results
    },
    staleTime: 10_000,
  })

export const variablesQuery = (projectId: number) =>
  queryOptions({
    queryKey: ['project', projectId, 'variables'],
    queryFn: async ({ signal }) =>
      (await request<Page<VariableBody>>(`/api/projects/${projectId}/insight_variables/${queryString({ limit: 500 })}`, { signal }))
        .results,
    staleTime: 30_000,
  })

export const createVariable = (
  projectId: number,
  body: { name: string; code_name: string; type: VariableBody['type']; default_value: unknown; values: string[] | null },
) => request<VariableBody>(`/api/projects/${projectId}/insight_variables/`, { method: 'POST', body })

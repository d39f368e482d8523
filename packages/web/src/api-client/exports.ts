import { requestFile } from './http.ts'

/** The answer of a query as a file, made by the server. */
export const exportQuery = (projectId: number, query: object, format: 'csv' | 'parquet' | 'json') =>
  requestFile(`/api/projects/${projectId}/query/export/?format=${format}`, { method: 'POST', body: { query } })

import { expect, test } from 'vitest'
import { type Pull, pullLines } from './pull-lines.ts'

const hostile = `SELECT '$(touch x) \`id\` "q" \\' AS a,\n'QUERY' AS b\nQUERY\n-- 雪 😀`
const pull: Pull = { host: 'https://hedgerow.example', projectId: 2, node: { kind: 'HogQLQuery', query: hostile, filters: null } }

test.each([
  ['curl', 'csv'],
  ['duckdb', 'parquet'],
] as const)('in a shell, %s sends the query as one line between quoted marks, whatever stands in it', (tool, format) => {
  const lines = pullLines(tool, pull).code.split('\n')
  const from = lines.findIndex((line) => line.endsWith("<<'QUERY'"))
  expect(lines[from + 2]).toBe('QUERY')
  expect(JSON.parse(lines[from + 1] ?? '')).toEqual({ query: pull.node })
  expect(lines[0]).toBe(`curl --fail-with-body -sS 'https://hedgerow.example/api/projects/2/query/export/?format=${format}' \\`)
})

test('for pandas, the query is a text that reads back as it is', () => {
  const { code } = pullLines('pandas', pull)
  const [, literal] = /json\.loads\((.*)\)\n/.exec(code) ?? []
  expect(JSON.parse(JSON.parse(literal ?? ''))).toEqual(pull.node)
  expect(code).toContain('"https://hedgerow.example/api/projects/2/query/export/?format=parquet"')
})

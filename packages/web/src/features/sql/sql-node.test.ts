import type { VariableBody } from '@hedgerow/protocol'
import { expect, test } from 'vitest'
import { placeOf } from './editor-answers.ts'
import { matchingTables, propertyPath } from './schema-search.ts'
import { insightNode, readSqlInsight, sqlNode, variableNames } from './sql-node.ts'

const variable = (code_name: string, type: VariableBody['type'], default_value: unknown): VariableBody => ({
  id: `id-${code_name}`,
  name: code_name,
  code_name,
  type,
  default_value,
  values: null,
  created_by: null,
  created_at: '2026-01-01T00:00:00Z',
})

test('a query names its variables, each once', () => {
  expect(variableNames('SELECT {variables.a}, { variables.b_2 }, {variables.a}, {filters}')).toEqual(['a', 'b_2'])
})

test('variables go beside the text, typed, and only those that it uses', () => {
  const variables = [variable('n', 'Number', 5), variable('t', 'String', 'x'), variable('other', 'String', '')]
  const text = 'SELECT {variables.n}, {variables.t}'
  expect(sqlNode(text, variables, { n: '7' })).toEqual({
    kind: 'HogQLQuery',
    query: text,
    variables: {
      'id-n': { variableId: 'id-n', code_name: 'n', value: 7 },
      'id-t': { variableId: 'id-t', code_name: 't', value: 'x' },
    },
  })
  expect(sqlNode('SELECT 1', variables, {})).toEqual({ kind: 'HogQLQuery', query: 'SELECT 1' })
})

test('what is saved is read back', () => {
  const chart = { shape: 'bar', x: 'day', y: ['n', 'm'] } as const
  const node = insightNode({ kind: 'HogQLQuery', query: 'SELECT 1' }, 'chart', { ...chart, y: [...chart.y] })
  expect(readSqlInsight(node)).toEqual({ text: 'SELECT 1', view: 'chart', chart })
  expect(readSqlInsight({ kind: 'HogQLQuery', query: 'SELECT 1' })).toEqual({ text: 'SELECT 1', view: 'rows', chart: { shape: 'line' } })
  for (const other of [null, 'text', { kind: 'TrendsQuery' }, { kind: 'DataVisualizationNode', source: { kind: 'EventsQuery' } }])
    expect(readSqlInsight(other)).toBeUndefined()
})

test('a mistake is underlined inside the text', () => {
  expect(placeOf({ message: '', start: 2, end: 5 }, 10)).toEqual({ from: 2, to: 5 })
  expect(placeOf({ message: '', start: 10, end: 10 }, 10)).toEqual({ from: 9, to: 10 })
  expect(placeOf({ message: '', start: 4, end: 4 }, 10)).toEqual({ from: 4, to: 5 })
  expect(placeOf({ message: '' }, 10)).toEqual({ from: 0, to: 10 })
})

test('tables are found by their columns, properties by any name', () => {
  const field = (name: string) => ({ name, hogql_value: name, type: 'string' })
  const tables = {
    events: { name: 'events', fields: { event: field('event'), properties: field('properties') } },
    groups: { name: 'groups', fields: { key: field('key') } },
  }
  expect(matchingTables(tables, '').map(({ isOpen }) => isOpen)).toEqual([false, false])
  expect(matchingTables(tables, 'KEY')).toEqual([
    { table: { name: 'events', fields: { properties: field('properties') } }, isOpen: true },
    { table: tables.groups, isOpen: true },
  ])
  expect(propertyPath('plan')).toBe('properties.plan')
  expect(propertyPath('a `b`')).toBe('properties.`a \\`b\\``')
})

import type { VariableBody } from '@hedgerow/protocol'
import { displays, readRowsDisplay } from '../../charts/rows/rows-display.ts'
import { rawOf } from '../../query-model/reading.ts'
import type { SqlChart } from './sql-tabs.ts'

/** Names of the variables that a text uses, each once. */
export function variableNames(text: string): string[] {
  return [...new Set([...text.matchAll(/\{\s*variables\.([A-Za-z_]\w*)/g)].map(([, name]) => name ?? ''))]
}

/** The query node of a text. `values` are those of variables by their code names. */
export function sqlNode(text: string, variables: readonly VariableBody[], values: Readonly<Record<string, string>>) {
  const used = variables.filter(({ code_name: name }) => variableNames(text).includes(name))
  return {
    kind: 'HogQLQuery',
    query: text,
    ...(used.length === 0
      ? {}
      : {
          variables: Object.fromEntries(
            used.map(({ id, code_name, type, default_value: initial }) => [
              id,
              {
                variableId: id,
                code_name,
                ...(values[code_name] === undefined ? { value: initial } : { value: typedValue(values[code_name], type) }),
              },
            ]),
          ),
        }),
  }
}

function typedValue(text: string, type: VariableBody['type']): unknown {
  switch (type) {
    case 'Number':
      return text.trim() === '' || Number.isNaN(Number(text)) ? null : Number(text)
    case 'Boolean':
      return text === 'true'
    case 'String':
    case 'Date':
    case 'List':
      return text
  }
}

/** What is saved as an insight: the text, and how its rows are drawn. */
export function insightNode(source: object, view: 'rows' | 'chart', chart: SqlChart) {
  return {
    kind: 'DataVisualizationNode',
    source,
    display: view === 'rows' ? 'ActionsTable' : displays[chart.shape],
    ...(chart.x === undefined && chart.y === undefined
      ? {}
      : {
          chartSettings: {
            ...(chart.x === undefined ? {} : { xAxis: { column: chart.x } }),
            ...(chart.y === undefined ? {} : { yAxis: chart.y.map((column) => ({ column })) }),
          },
        }),
  }
}

/** The text of a saved question in SQL and how it is drawn; undefined when it is none. */
export function readSqlInsight(query: unknown): { text: string; view: 'rows' | 'chart'; chart: SqlChart } | undefined {
  const raw = rawOf(query)
  const source = raw.kind === 'HogQLQuery' ? raw : rawOf(raw.source)
  if (source.kind !== 'HogQLQuery' || typeof source.query !== 'string') return undefined
  const { isChart, ...chart } = readRowsDisplay(raw)
  return { text: source.query, view: isChart ? 'chart' : 'rows', chart }
}

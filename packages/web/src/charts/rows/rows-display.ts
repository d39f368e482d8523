import { rawOf, textOf } from '../../query-model/reading.ts'

/** What the API calls each way to draw rows. */
export const displays = { line: 'ActionsLineGraph', bar: 'ActionsBar', area: 'ActionsAreaGraph', number: 'BoldNumber' } as const

interface RowsDisplay {
  isChart: boolean
  shape: 'line' | 'bar' | 'area' | 'number'
  x?: string
  y?: string[]
}

/** How the rows of a saved question in SQL are drawn: as the API's `display` and `chartSettings` say, else as a table. */
export function readRowsDisplay(query: unknown): RowsDisplay {
  const { display, chartSettings } = rawOf(query)
  const settings = rawOf(chartSettings)
  const shape = (Object.keys(displays) as (keyof typeof displays)[]).find((each) => displays[each] === display)
  const x = textOf(rawOf(settings.xAxis).column)
  const y = Array.isArray(settings.yAxis) ? settings.yAxis.flatMap((axis) => textOf(rawOf(axis).column) ?? []) : []
  return {
    isChart: shape !== undefined,
    shape: shape ?? 'line',
    ...(x === undefined ? {} : { x }),
    ...(y.length === 0 ? {} : { y }),
  }
}

import { rawOf, textOf } from '../../query-model/reading.ts'

const shapes = { ActionsLineGraph: 'line', ActionsBar: 'bar', ActionsAreaGraph: 'area', BoldNumber: 'number' } as const

export interface RowsDisplay {
  isChart: boolean
  shape: 'line' | 'bar' | 'area' | 'number'
  x?: string
  y?: string[]
}

/** How the rows of a saved question in SQL are drawn: as the API's `display` and `chartSettings` say, else as a table. */
export function readRowsDisplay(query: unknown): RowsDisplay {
  const { display, chartSettings } = rawOf(query)
  const settings = rawOf(chartSettings)
  const name = Object.keys(shapes).find((each) => each === display) as keyof typeof shapes | undefined
  const x = textOf(rawOf(settings.xAxis).column)
  const y = Array.isArray(settings.yAxis) ? settings.yAxis.flatMap((axis) => textOf(rawOf(axis).column) ?? []) : []
  return {
    isChart: name !== undefined,
    shape: name === undefined ? 'line' : shapes[name],
    ...(x === undefined ? {} : { x }),
    ...(y.length === 0 ? {} : { y }),
  }
}

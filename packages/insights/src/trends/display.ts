import { nearMiss } from '@hedgerow/hogql'
import { invalidQuestion } from '../context.ts'

/** What a display asks of the answer. */
export interface Display {
  name: string
  /** One number over the whole range instead of one a bucket. */
  isTotal: boolean
  isCumulative: boolean
  /** Rows of a shape of their own. */
  shape: 'series' | 'box-plot' | 'calendar'
  breakdownLimit: number
}

const line = { isTotal: false, isCumulative: false, shape: 'series', breakdownLimit: 25 } as const
const total = { ...line, isTotal: true } as const

const displays: Record<string, Omit<Display, 'name'>> = {
  Auto: line,
  ActionsLineGraph: line,
  ActionsBar: line,
  ActionsUnstackedBar: line,
  ActionsStackedBar: line,
  ActionsAreaGraph: line,
  ActionsLineGraphCumulative: { ...line, isCumulative: true },
  BoldNumber: total,
  ActionsPie: total,
  ActionsBarValue: total,
  ActionsTable: total,
  // compat: every country, and not only those that are most.
  WorldMap: { ...total, breakdownLimit: 300 },
  BoxPlot: { ...line, shape: 'box-plot' },
  CalendarHeatmap: { ...line, shape: 'calendar' },
}

/** `trendsFilter.display`; a line chart unless given. @throws HogqlError */
export function readDisplay(given: unknown): Display {
  const name = given === undefined || given === null || given === '' ? 'ActionsLineGraph' : given
  const found = typeof name === 'string' && Object.hasOwn(displays, name) ? displays[name] : undefined
  if (!found) {
    const names = Object.keys(displays)
    const hint = nearMiss(String(name), names) || ` There are ${names.join(', ')}.`
    throw invalidQuestion(`Unknown trendsFilter.display ${JSON.stringify(name)}.${hint}`)
  }
  return { name: String(name), ...found }
}

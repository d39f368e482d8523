import type { EChartsCoreOption } from 'echarts/core'
import { useCallback, useMemo } from 'react'
import { formatCompact } from '../../ui/numbers.ts'
import { Empty } from '../../ui/states.tsx'
import { Chart, type Palette } from '../chart.tsx'
import { cssColour, paintColour } from '../colours.ts'
import { tooltipBox, tooltipElement } from '../tooltip.ts'
import { axisWords } from './axis-words.ts'
import { cellText } from './cells.ts'
import classes from './rows.module.css'
import { type ChartColumns, chartColumns } from './rows-chart.ts'
import { Legend } from './rows-legend.tsx'

interface RowsChartProps {
  columns: readonly string[]
  rows: readonly (readonly unknown[])[]
  shape: 'line' | 'bar' | 'area' | 'number'
  x?: string | undefined
  y?: readonly string[] | undefined
  heightPx: number
  /** From this row on the numbers still grow. Bars only. */
  unfinishedFrom?: number
}

const exact = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 4 })
const valueText = (value: unknown) => (typeof value === 'number' ? exact.format(value) : cellText(value) === '' ? '–' : cellText(value))

/** Rows of any query as lines, bars, areas, or as the one number that they are. */
export function RowsChart({ columns, rows, shape, x, y, heightPx, unfinishedFrom = Number.POSITIVE_INFINITY }: RowsChartProps) {
  const chosen = useMemo(() => chartColumns(columns, rows, { x, y }), [columns, rows, x, y])
  const option = useCallback(
    (palette: Palette): EChartsCoreOption => (chosen ? optionOf(columns, rows, chosen, shape, unfinishedFrom, palette) : {}),
    [columns, rows, chosen, shape, unfinishedFrom],
  )
  if (shape === 'number') {
    const place = chosen?.y[0] ?? 0
    return (
      <div className={classes.number} style={{ minHeight: Math.min(heightPx, 260) }}>
        <span className={classes.figure}>{valueText(rows[0]?.[place])}</span>
        <span className={classes.figureLabel}>{columns[place]}</span>
      </div>
    )
  }
  if (!chosen)
    return (
      <Empty title="Nothing to draw">
        A chart needs a column of numbers, for instance <code>count()</code>.
      </Empty>
    )
  const names = chosen.y.map((index) => columns[index] ?? '')
  return (
    <div className={classes.chart}>
      {names.length > 1 && <Legend names={names} />}
      <Chart
        description={`${names.join(', ')} by ${columns[chosen.x] ?? ''}, ${rows.length} points`}
        heightPx={heightPx - (names.length > 1 ? 28 : 0)}
        option={option}
        renderer={rows.length > 400 ? 'canvas' : 'svg'}
      />
    </div>
  )
}

function optionOf(
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
  { x, y }: ChartColumns,
  shape: 'line' | 'bar' | 'area' | 'number',
  unfinishedFrom: number,
  palette: Palette,
): EChartsCoreOption {
  const axisText = { color: palette('ink-faint'), fontSize: 11 }
  return {
    animation: false,
    grid: { left: 8, right: 16, top: 14, bottom: 4, containLabel: true },
    xAxis: {
      type: 'category',
      data: rows.map((row) => cellText(row[x])),
      boundaryGap: shape === 'bar',
      axisTick: { show: false },
      axisLine: { lineStyle: { color: palette('line-strong') } },
      axisLabel: { ...axisText, hideOverlap: true, formatter: axisWords(rows.map((row) => cellText(row[x]))) },
    },
    yAxis: {
      type: 'value',
      splitNumber: 4,
      // why: between counts there are no halves, least of all where there is nothing to count.
      ...(y.every((column) => rows.every((row) => row[column] === null || Number.isInteger(row[column]))) ? { minInterval: 1 } : {}),
      axisLabel: { ...axisText, formatter: (value: number) => formatCompact(value) },
      splitLine: { lineStyle: { color: palette('line') } },
    },
    tooltip: {
      ...tooltipBox,
      trigger: 'axis',
      axisPointer: { type: shape === 'bar' ? 'shadow' : 'line', animation: false },
      formatter: (items: unknown) => {
        const index = (items as { dataIndex: number }[])[0]?.dataIndex ?? 0
        const row = rows[index] ?? []
        return tooltipElement(
          cellText(row[x]),
          y.map((column, place) => ({ colour: cssColour(place), label: columns[column] ?? '', value: valueText(row[column]) })),
          index >= unfinishedFrom ? 'not over yet' : undefined,
        )
      },
    },
    series: y.map((column, place) => ({
      name: columns[column],
      type: shape === 'bar' ? 'bar' : 'line',
      symbol: rows.length === 1 ? 'circle' : 'none',
      barMaxWidth: 48,
      itemStyle: { color: paintColour(palette, place) },
      emphasis: { disabled: true },
      ...(rows.length > 400 && shape !== 'bar' ? { sampling: 'lttb' } : {}),
      ...(shape === 'area' ? { areaStyle: { opacity: 0.2 } } : {}),
      data: rows.map((row, index) =>
        shape === 'bar' && index >= unfinishedFrom ? { value: row[column] ?? null, itemStyle: { opacity: 0.5 } } : (row[column] ?? null),
      ),
    })),
  }
}

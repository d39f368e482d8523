import type { EChartsCoreOption } from 'echarts/core'
import type { TrendsFilter } from '../../query-model/nodes.ts'
import type { Palette } from '../chart.tsx'
import { cssColour, paintColour } from '../colours.ts'
import { tooltipBox, tooltipElement } from '../tooltip.ts'
import { labelWords, shortLabel } from './labels.ts'
import type { Line } from './trends-lines.ts'
import { formatPercent, formatTick, formatValue } from './values.ts'

export interface TimeSeries {
  lines: readonly Line[]
  shape: 'line' | 'area' | 'bar' | 'stacked'
  /** From this bucket on the numbers still grow. */
  unfinishedFrom: number
  filter: TrendsFilter | undefined
  isPercent?: boolean
  /** The top of the value axis. */
  most?: number
  isPreview?: boolean
  /** Why those buckets are not final. */
  unfinishedWords?: string
  /** Notes at buckets. */
  marks?: readonly { index: number; label: string }[]
  formatValue?: (value: number) => string
}

/** Lines, areas or bars over time. What still grows is dashed or pale. */
export function timeSeriesOption(chart: TimeSeries, palette: Palette): EChartsCoreOption {
  const shown = chart.lines.filter(({ isHidden }) => !isHidden)
  const [first] = shown.filter(({ isPrevious }) => !isPrevious).length > 0 ? shown.filter(({ isPrevious }) => !isPrevious) : shown
  const labels = first?.labels ?? []
  const isMany = labels.length > 400
  const isBars = chart.shape === 'bar' || chart.shape === 'stacked'
  return {
    animation: false,
    grid: { left: 8, right: 12, top: chart.isPreview ? 8 : 14, bottom: 4, containLabel: true },
    xAxis: {
      type: 'category',
      data: labels,
      boundaryGap: isBars,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: palette('line-strong') } },
      axisLabel: { color: palette('ink-faint'), fontSize: 11, hideOverlap: true, formatter: shortLabel },
      // why: on a canvas of its own, and with no point of a line marked, so that hovering does not draw thousands of points anew.
      axisPointer: { zlevel: 1, triggerEmphasis: isBars },
    },
    yAxis: valueAxis(chart, palette),
    tooltip: {
      ...tooltipBox,
      trigger: 'axis',
      axisPointer: { type: 'line', lineStyle: { color: palette('line-control'), type: 'solid', width: 1 }, animation: false },
      formatter: (items: unknown) => {
        const [item] = items as { dataIndex: number }[]
        return item ? tooltipOf(chart, shown, item.dataIndex) : ''
      },
    },
    series: shown.flatMap((line) => seriesOf(line, chart, palette, isMany, labels.length, shown)),
  }
}

function valueAxis({ filter, isPercent, most }: TimeSeries, palette: Palette) {
  return {
    type: filter?.yAxisScaleType === 'log10' ? 'log' : 'value',
    ...(isPercent ? { max: 1 } : most === undefined ? {} : { max: most }),
    splitNumber: 4,
    ...(most === undefined ? {} : { interval: most / 4 }),
    axisLabel: {
      color: palette('ink-faint'),
      fontSize: 11,
      formatter: (value: number) => (isPercent ? formatPercent(value) : formatTick(value, filter)),
    },
    splitLine: { lineStyle: { color: palette('line') } },
  }
}

function seriesOf(line: Line, chart: TimeSeries, palette: Palette, isMany: boolean, length: number, shown: readonly Line[]): object[] {
  const colour = paintColour(palette, line.colour)
  const isStacked = chart.shape === 'stacked' || chart.shape === 'area'
  const stack = isStacked && shown.length > 1 ? { stack: line.isPrevious ? 'previous' : 'current' } : {}
  const data = chart.isPercent ? shareOf(line, shown) : logSafe(line.data, chart.filter)
  const marks = line === shown[0] ? markLine(chart, palette) : {}
  if (chart.shape === 'bar' || chart.shape === 'stacked') {
    return [
      {
        id: String(line.index),
        name: line.label,
        type: 'bar',
        ...stack,
        barMaxWidth: 56,
        barGap: '8%',
        itemStyle: { color: colour, opacity: line.isPrevious ? 0.45 : 1 },
        data: data.map((value, index) =>
          index >= chart.unfinishedFrom && !line.isPrevious ? { value, itemStyle: { opacity: 0.5 } } : value,
        ),
        ...showValues(chart, palette),
        ...marks,
      },
    ]
  }
  const isDrawnWhole = line.isPrevious || chart.unfinishedFrom >= length || isStacked
  const common = {
    name: line.label,
    type: 'line',
    symbol: data.length === 1 ? 'circle' : 'none',
    symbolSize: 6,
    showSymbol: data.length === 1,
    ...(isMany ? { sampling: 'lttb' as const, large: true } : {}),
    itemStyle: { color: colour },
    emphasis: { disabled: true },
  }
  const whole = {
    ...common,
    id: String(line.index),
    ...stack,
    lineStyle: {
      color: colour,
      width: line.isPrevious ? 1.5 : 2,
      opacity: line.isPrevious ? 0.8 : 1,
      type: line.isPrevious ? 'dotted' : 'solid',
    },
    ...(chart.shape === 'area' ? { areaStyle: { color: colour, opacity: line.isPrevious ? 0.08 : 0.22 } } : {}),
    data: isDrawnWhole ? data : data.map((value, index) => (index < chart.unfinishedFrom ? value : null)),
    ...showValues(chart, palette),
    ...marks,
    ...(isStacked && line === shown[0] ? paleFrom(chart.unfinishedFrom, length, palette) : {}),
  }
  if (isDrawnWhole) return [whole]
  return [
    whole,
    {
      ...common,
      id: `${line.index} unfinished`,
      lineStyle: { color: colour, width: 2, type: [4, 4] },
      data: data.map((value, index) => (index >= chart.unfinishedFrom - 1 ? value : null)),
      tooltip: { show: false },
    },
  ]
}

/** What still grows, paler. A veil over all, since a stack has to be drawn whole. */
function paleFrom(from: number, length: number, palette: Palette) {
  if (from >= length || length < 2) return {}
  const veil = { color: palette('surface'), opacity: 0.55 }
  return { markArea: { silent: true, z: 3, itemStyle: veil, data: [[{ xAxis: Math.max(0, from - 1) }, { xAxis: length - 1 }]] } }
}

const logSafe = (data: readonly number[], filter: TrendsFilter | undefined) =>
  filter?.yAxisScaleType === 'log10' ? data.map((value) => (value > 0 ? value : null)) : [...data]

function shareOf(line: Line, shown: readonly Line[]): number[] {
  const same = shown.filter(({ isPrevious }) => isPrevious === line.isPrevious)
  return line.data.map((value, index) => {
    const sum = same.reduce((all, { data }) => all + (data[index] ?? 0), 0)
    return sum === 0 ? 0 : value / sum
  })
}

function showValues({ filter }: TimeSeries, palette: Palette) {
  if (!filter?.showValuesOnSeries) return {}
  const format = ({ value }: { value: number | null }) => (value === null ? '' : formatTick(value, filter))
  return { showSymbol: true, label: { show: true, position: 'top', color: palette('ink-soft'), fontSize: 11, formatter: format } }
}

/** Notes at their buckets, drawn over a series. */
export function markLine({ marks = [] }: Pick<TimeSeries, 'marks'>, palette: Palette) {
  if (marks.length === 0) return {}
  return {
    markLine: {
      symbol: ['none', 'circle'],
      symbolSize: 6,
      silent: true,
      lineStyle: { color: palette('bark'), type: 'dashed', width: 1 },
      label: {
        color: palette('ink-soft'),
        fontSize: 11,
        position: 'insideEndTop',
        formatter: ({ dataIndex }: { dataIndex: number }) => (marks[dataIndex]?.label ?? '').slice(0, 28),
      },
      data: marks.map(({ index }) => ({ xAxis: index })),
    },
  }
}

function tooltipOf(chart: TimeSeries, shown: readonly Line[], index: number): HTMLElement {
  const title = shown.find(({ isPrevious }) => !isPrevious)?.labels[index] ?? shown[0]?.labels[index] ?? ''
  const format = chart.formatValue ?? ((value: number) => formatValue(value, chart.filter))
  const sum = shown.filter(({ isPrevious }) => !isPrevious).reduce((all, { data }) => all + (data[index] ?? 0), 0)
  const rows = shown
    .filter(({ data }) => data[index] !== undefined)
    .map((line) => ({
      colour: cssColour(line.colour),
      label: line.isPrevious ? `${line.label} · ${line.labels[index] ?? ''}` : line.label,
      value: format(line.data[index] ?? 0),
      note: chart.isPercent && sum > 0 ? formatPercent((line.data[index] ?? 0) / sum) : undefined,
      at: line.data[index] ?? 0,
    }))
    .sort((one, other) => other.at - one.at)
  const mark = chart.marks?.find((each) => each.index === index)
  const foot = [index >= chart.unfinishedFrom ? (chart.unfinishedWords ?? 'not over yet') : '', mark ? `⚑ ${mark.label}` : '']
    .filter((part) => part !== '')
    .join(' · ')
  const isStacked = chart.shape === 'stacked' || chart.shape === 'area'
  return tooltipElement(
    labelWords(title),
    isStacked && rows.length > 1 ? [...rows, { label: 'Together', value: format(sum), isStrong: true }] : rows,
    foot === '' ? undefined : foot,
  )
}

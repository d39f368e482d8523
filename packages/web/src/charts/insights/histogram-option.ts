import type { EChartsCoreOption } from 'echarts/core'
import { formatCount } from '../../ui/numbers.ts'
import type { Palette } from '../chart.tsx'
import { tooltipBox, tooltipElement } from '../tooltip.ts'
import { formatPercent, formatSeconds, formatTick } from './values.ts'

export interface Histogram {
  /** Where each begins, in seconds, and how many are in it. */
  bins: readonly (readonly [number, number])[]
  averageSeconds: number | null
}

/** How many took how long; a line at the average. */
export function histogramOption({ bins, averageSeconds }: Histogram, palette: Palette): EChartsCoreOption {
  const sum = bins.reduce((all, [, count]) => all + count, 0)
  const average = averageSeconds === null ? -1 : bins.findLastIndex(([from]) => from <= averageSeconds)
  return {
    animation: false,
    grid: { left: 8, right: 16, top: 24, bottom: 4, containLabel: true },
    xAxis: {
      type: 'category',
      data: bins.map(([from]) => formatSeconds(from)),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: palette('line-strong') } },
      axisLabel: { color: palette('ink-faint'), fontSize: 11, hideOverlap: true },
    },
    yAxis: {
      type: 'value',
      splitNumber: 4,
      axisLabel: { color: palette('ink-faint'), fontSize: 11, formatter: (value: number) => formatTick(value) },
      splitLine: { lineStyle: { color: palette('line') } },
    },
    tooltip: {
      ...tooltipBox,
      trigger: 'axis',
      axisPointer: { type: 'shadow', shadowStyle: { color: palette('line'), opacity: 0.4 } },
      formatter: (items: unknown) => {
        const index = (items as { dataIndex: number }[])[0]?.dataIndex ?? 0
        const [from = 0, count = 0] = bins[index] ?? []
        const to = bins[index + 1]?.[0]
        return tooltipElement(to === undefined ? `${formatSeconds(from)} or more` : `${formatSeconds(from)} to ${formatSeconds(to)}`, [
          { colour: 'var(--series-1)', label: 'People', value: formatCount(count), note: formatPercent(sum > 0 ? count / sum : 0) },
        ])
      },
    },
    series: [
      {
        type: 'bar',
        barCategoryGap: '12%',
        itemStyle: { color: palette('series-1'), borderRadius: [3, 3, 0, 0] },
        data: bins.map(([, count]) => count),
        ...(average < 0
          ? {}
          : {
              markLine: {
                symbol: 'none',
                silent: true,
                lineStyle: { color: palette('amber'), type: 'solid', width: 1.5 },
                label: { color: palette('ink-soft'), fontSize: 11, formatter: `average ${formatSeconds(averageSeconds)}` },
                data: [{ xAxis: average }],
              },
            }),
      },
    ],
  }
}

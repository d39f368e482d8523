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
  const [begin = 0, next] = bins.map(([from]) => from)
  const widthSeconds = next === undefined ? 0 : next - begin
  return {
    animation: false,
    grid: { left: 8, right: 16, top: 24, bottom: 4, containLabel: true },
    xAxis: [
      {
        type: 'category',
        data: bins.map(([from], index) => spanWords(from, bins[index + 1]?.[0])),
        axisTick: { show: false },
        axisLine: { lineStyle: { color: palette('line-strong') } },
        axisLabel: { color: palette('ink-faint'), fontSize: 11, hideOverlap: true },
      },
      // Under the bars, in seconds: where the average stands within its bar.
      { type: 'value', show: false, position: 'bottom', min: begin, max: begin + widthSeconds * bins.length },
    ],
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
        return tooltipElement(spanWords(from, bins[index + 1]?.[0]), [
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
      },
      ...(averageSeconds === null || widthSeconds === 0
        ? []
        : [
            {
              type: 'line',
              xAxisIndex: 1,
              data: [],
              markLine: {
                symbol: 'none',
                silent: true,
                lineStyle: { color: palette('amber'), type: 'solid', width: 1.5 },
                label: { color: palette('ink-soft'), fontSize: 11, formatter: `average ${formatSeconds(averageSeconds)}` },
                data: [{ xAxis: averageSeconds }],
              },
            },
          ]),
    ],
  }
}

/** `1.6–3.1 d`, `34 s – 1.6 d`; the last is `9.4 d or more`. */
export function spanWords(from: number, to: number | undefined): string {
  if (to === undefined) return `${formatSeconds(from)} or more`
  const [first, last] = [formatSeconds(from), formatSeconds(to)]
  const [amount, unit] = first.split(' ')
  return unit !== undefined && last.endsWith(` ${unit}`) ? `${amount}–${last}` : `${first} – ${last}`
}

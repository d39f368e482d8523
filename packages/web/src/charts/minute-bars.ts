import type { EChartsCoreOption } from 'echarts/core'
import { formatCount } from '../ui/numbers.ts'
import { formatInstant } from '../ui/time.ts'
import type { Palette } from './chart.tsx'

export interface MinuteCount {
  /** Start of the minute, milliseconds since 1970. */
  atMs: number
  count: number
}

/** Bars, one a minute; the last one is still growing and therefore pale. */
export function minuteBarsOption(minutes: readonly MinuteCount[], zone: string, palette: Palette): EChartsCoreOption {
  const labels = minutes.map(({ atMs }) => formatInstant(atMs, zone, 'minute'))
  return {
    animationDuration: 200,
    grid: { left: 4, right: 4, top: 10, bottom: 20, outerBoundsMode: 'none' },
    xAxis: {
      type: 'category',
      data: labels,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: palette('line-strong') } },
      axisLabel: {
        color: palette('ink-faint'),
        fontSize: 11,
        interval: 9,
      },
    },
    yAxis: { type: 'value', show: false, minInterval: 1, max: 'dataMax' },
    tooltip: {
      trigger: 'axis',
      // why: rich text is drawn as text; an HTML tooltip would be a place for markup out of event names.
      renderMode: 'richText',
      axisPointer: { type: 'shadow', shadowStyle: { color: palette('line'), opacity: 0.5 } },
      backgroundColor: palette('raised'),
      borderColor: palette('line-strong'),
      padding: [6, 10],
      textStyle: { color: palette('ink'), fontSize: 12 },
      formatter: (items: unknown) => {
        const [item] = items as { dataIndex: number }[]
        const minute = item && minutes[item.dataIndex]
        return minute ? `${labels[item.dataIndex]}   ${formatCount(minute.count)} ${minute.count === 1 ? 'event' : 'events'}` : ''
      },
    },
    series: [
      {
        type: 'bar',
        barCategoryGap: '28%',
        data: minutes.map(({ count }, index) => ({
          value: count,
          itemStyle: {
            color: index === minutes.length - 1 ? palette('hedge-line') : palette('series-1'),
            borderRadius: [2, 2, 0, 0],
          },
        })),
      },
    ],
  }
}

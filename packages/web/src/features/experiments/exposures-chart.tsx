import type { EChartsCoreOption } from 'echarts/core'
import { useCallback } from 'react'
import type { ExperimentResults } from '../../api-client/experiments.ts'
import { Chart, type Palette } from '../../charts/chart.tsx'
import { formatCount } from '../../ui/numbers.ts'

const tokens = ['ink-faint', 'hedge', 'sky', 'amber', 'berry']

/** People exposed, cumulative, by variant. */
export function ExposuresChart({ exposures }: Pick<ExperimentResults, 'exposures'>) {
  const option = useCallback((palette: Palette): EChartsCoreOption => lines(exposures.timeseries, palette), [exposures.timeseries])
  const totals = Object.entries(exposures.total_exposures).map(([variant, count]) => `${variant} ${formatCount(count)}`)
  return <Chart heightPx={220} option={option} description={`People exposed so far: ${totals.join(', ')}`} />
}

function lines(timeseries: ExperimentResults['exposures']['timeseries'], palette: Palette): EChartsCoreOption {
  const axis = { axisLabel: { color: palette('ink-faint') }, splitLine: { lineStyle: { color: palette('line') } } }
  return {
    animationDuration: 200,
    grid: { left: 8, right: 12, top: 28, bottom: 4, containLabel: true },
    legend: { top: 0, left: 0, itemWidth: 12, itemHeight: 3, textStyle: { color: palette('ink-soft') } },
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText',
      backgroundColor: palette('raised'),
      borderColor: palette('line'),
      textStyle: { color: palette('ink') },
    },
    xAxis: { type: 'category', data: timeseries[0]?.days ?? [], axisTick: { show: false }, ...axis },
    yAxis: { type: 'value', minInterval: 1, ...axis },
    series: timeseries.map(({ variant, exposure_counts: counts }, i) => ({
      type: 'line',
      name: variant,
      data: counts,
      showSymbol: counts.length < 3,
      lineStyle: { width: 2, color: palette(tokens[i % tokens.length] ?? 'hedge') },
      itemStyle: { color: palette(tokens[i % tokens.length] ?? 'hedge') },
    })),
  }
}

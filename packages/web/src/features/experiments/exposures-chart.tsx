import type { EChartsCoreOption } from 'echarts/core'
import { useCallback } from 'react'
import type { ExperimentResults } from '../../api-client/experiments.ts'
import { Chart, type Palette } from '../../charts/chart.tsx'
import { axisWords } from '../../charts/rows/axis-words.ts'
import { formatCount } from '../../ui/numbers.ts'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './experiments.module.css'

const tokens = ['ink-faint', 'hedge', 'sky', 'amber', 'berry']
const tokenOf = (index: number): string => tokens[index % tokens.length] ?? 'hedge'

/** Those who saw several variants are a line of their own only where they are many enough to matter. */
function isShown(variant: string, totals: Record<string, number>): boolean {
  const all = Object.values(totals).reduce((sum, count) => sum + count, 0)
  return variant !== '$multiple' || (totals[variant] ?? 0) >= 0.005 * all
}

/** People exposed, cumulative, by variant. */
export function ExposuresChart({ exposures: { timeseries, total_exposures: all } }: Pick<ExperimentResults, 'exposures'>) {
  const option = useCallback(
    (palette: Palette): EChartsCoreOption =>
      lines(
        timeseries.filter(({ variant }) => isShown(variant, all)),
        palette,
      ),
    [timeseries, all],
  )
  const shown = Object.entries(all).filter(([variant]) => isShown(variant, all))
  if (shown.length === 0) return <p className={classes.hypothesis}>Nobody has seen a variant yet.</p>
  const totals = shown.map(([variant, count]) => `${variant} ${formatCount(count)}`)
  return (
    <>
      <ul className={classes.legend}>
        {shown.map(([variant, count], i) => (
          <li key={variant}>
            <span className={classes.swatch} style={{ background: `var(--${tokenOf(i)})` }} />
            <Untrusted mono>{variant}</Untrusted> {formatCount(count)}
          </li>
        ))}
      </ul>
      <Chart heightPx={200} option={option} description={`People exposed so far: ${totals.join(', ')}`} />
    </>
  )
}

function lines(timeseries: ExperimentResults['exposures']['timeseries'], palette: Palette): EChartsCoreOption {
  const days = timeseries[0]?.days ?? []
  const axis = { axisLabel: { color: palette('ink-faint') }, splitLine: { lineStyle: { color: palette('line') } } }
  return {
    animationDuration: 200,
    grid: { left: 8, right: 12, top: 8, bottom: 4, containLabel: true },
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText',
      backgroundColor: palette('raised'),
      borderColor: palette('line'),
      textStyle: { color: palette('ink') },
    },
    xAxis: {
      type: 'category',
      data: days,
      axisTick: { show: false },
      ...axis,
      axisLabel: { ...axis.axisLabel, formatter: axisWords(days) },
    },
    yAxis: { type: 'value', minInterval: 1, ...axis },
    series: timeseries.map(({ variant, exposure_counts: counts }, i) => ({
      type: 'line',
      name: variant,
      data: counts,
      showSymbol: counts.length < 3,
      lineStyle: { width: 2, color: palette(tokenOf(i)) },
      itemStyle: { color: palette(tokenOf(i)) },
    })),
  }
}

import { useCallback, useMemo } from 'react'
import type { FunnelTrendRow, TimeToConvertResult } from '../../api-client/insight-results.ts'
import { breakdownLabel } from '../../query-model/breakdown.ts'
import { windowOf } from '../../query-model/funnels.ts'
import type { FunnelsQuery } from '../../query-model/nodes.ts'
import { intervalOf } from '../../query-model/trends.ts'
import { useZone } from '../../ui/zone.tsx'
import { Chart, type ChartHit, type Palette } from '../chart.tsx'
import classes from './funnel-view.module.css'
import { type Histogram, histogramOption } from './histogram-option.ts'
import { labelWords } from './labels.ts'
import { Legend } from './legend.tsx'
import { firstOpenWindow, marksOf } from './periods.ts'
import { timeSeriesOption } from './time-series-option.ts'
import type { Line } from './trends-lines.ts'
import { formatSeconds } from './values.ts'
import type { ViewProps } from './view-props.ts'
import views from './views.module.css'

const none: readonly { at: string; text: string }[] = []

/** How long those who went all the way took. */
export function TimeToConvert({ answer, heightPx, onChart }: ViewProps<FunnelsQuery>) {
  const result = (answer.results ?? { bins: [], average_conversion_time: null }) as TimeToConvertResult
  const histogram = useMemo(
    (): Histogram => ({ bins: result.bins ?? [], averageSeconds: result.average_conversion_time }),
    [result.bins, result.average_conversion_time],
  )
  const option = useCallback((palette: Palette) => histogramOption(histogram, palette), [histogram])
  if (histogram.bins.length === 0) return <p className={classes.nobody}>Nobody got that far in this time.</p>
  return (
    <div className={views.view}>
      <p className={classes.summary}>
        <strong>{formatSeconds(result.average_conversion_time)}</strong> on average
        {result.median_conversion_time !== undefined &&
          result.median_conversion_time !== null &&
          `, ${formatSeconds(result.median_conversion_time)} median`}
        . A bar is the people who took so long.
      </p>
      <Chart
        description={`Times to convert, ${formatSeconds(result.average_conversion_time)} on average.`}
        heightPx={heightPx}
        option={option}
        renderer="canvas"
        onChart={onChart}
      />
    </div>
  )
}

/** The share that went all the way, by when they began. */
export function ConversionOverTime({
  query,
  answer,
  heightPx,
  isPreview = false,
  annotations = none,
  onActors,
  onChart,
}: ViewProps<FunnelsQuery>) {
  const zone = useZone()
  const rows = (answer.results ?? []) as FunnelTrendRow[]
  const lines = useMemo(() => trendLines(rows), [rows])
  const marks = useMemo(() => marksOf(annotations, lines[0]?.days ?? [], zone), [annotations, lines, zone])
  const unfinishedFrom = firstOpenWindow(lines[0]?.days ?? [], intervalOf(query), windowOf(query), answer.as_of, zone)
  const option = useCallback(
    (palette: Palette) =>
      timeSeriesOption(
        {
          lines,
          shape: 'line',
          unfinishedFrom,
          filter: { aggregationAxisPostfix: ' %' },
          isPreview,
          marks,
          formatValue: (value) => `${value.toFixed(value < 10 ? 2 : 1)} %`,
          unfinishedWords: 'the conversion window is still open',
        },
        palette,
      ),
    [lines, unfinishedFrom, isPreview, marks],
  )
  const onHit = ({ index }: ChartHit) => {
    const day = index === undefined ? undefined : lines[0]?.days[index]
    if (day === undefined) return
    onActors?.({
      title: `Went all the way · began ${labelWords(lines[0]?.labels[index ?? 0] ?? day)}`,
      counts: 'people',
      point: { kind: 'FunnelsActorsQuery', funnelTrendsDropOff: false, funnelTrendsEntrancePeriodStart: day.padEnd(19, ' 00:00:00') },
    })
  }
  return (
    <div className={views.view}>
      <Chart
        description="Share of those who began in each period and went all the way."
        heightPx={heightPx}
        option={option}
        renderer="canvas"
        onHit={onActors && onHit}
        onChart={onChart}
      />
      {!isPreview && <Legend lines={lines} />}
    </div>
  )
}

function trendLines(rows: readonly FunnelTrendRow[]): Line[] {
  return rows.map((row, index) => ({
    index,
    label: row.breakdown_value === undefined || row.breakdown_value === null ? 'Conversion' : breakdownLabel(row.breakdown_value),
    colour: index,
    data: row.data,
    days: row.days.map(String),
    labels: row.labels,
    total: row.data.at(-1) ?? 0,
    isPrevious: false,
    isHidden: false,
    series: undefined,
    breakdown: row.breakdown_value ?? undefined,
  }))
}

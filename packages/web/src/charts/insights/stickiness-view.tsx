import { useCallback, useMemo } from 'react'
import type { TrendsRow } from '../../api-client/insight-results.ts'
import type { StickinessQuery } from '../../query-model/nodes.ts'
import { seriesName } from '../../query-model/series.ts'
import { formatCount } from '../../ui/numbers.ts'
import { Chart, type ChartHit, type Palette } from '../chart.tsx'
import { Legend } from './legend.tsx'
import { timeSeriesOption } from './time-series-option.ts'
import { type Line, nearestLine } from './trends-lines.ts'
import { formatPercent } from './values.ts'
import type { ViewProps } from './view-props.ts'
import views from './views.module.css'

/** On how many days (weeks …) people did it: the share of all who did it at all. */
export function StickinessView({ query, answer, heightPx, isPreview = false, onQuery, onActors, onChart }: ViewProps<StickinessQuery>) {
  const lines = useMemo(() => stickinessLines(query, (answer.results ?? []) as TrendsRow[]), [query, answer.results])
  const isBar = query.stickinessFilter?.display === 'ActionsBar'
  const option = useCallback(
    (palette: Palette) =>
      timeSeriesOption(
        {
          lines,
          shape: isBar ? 'bar' : 'line',
          unfinishedFrom: lines[0]?.data.length ?? 0,
          filter: undefined,
          isPreview,
          formatValue: (value) => formatCount(value),
        },
        palette,
      ),
    [lines, isBar, isPreview],
  )
  const onHit = ({ index, value }: ChartHit) => {
    const line = index === undefined || value === undefined ? undefined : nearestLine(lines, index, value, false)
    if (!line || index === undefined) return
    onActors?.({
      title: `${line.label} · ${line.labels[index] ?? ''}`,
      value: line.data[index],
      counts: 'people',
      point: {
        kind: 'StickinessActorsQuery',
        day: index + 1,
        series: line.series,
        compare: query.compareFilter?.compare ? (line.isPrevious ? 'previous' : 'current') : undefined,
      },
    })
  }
  return (
    <div className={views.view}>
      <Chart
        description={lines
          .map(
            ({ label, total, data }) =>
              `${label}: of ${formatCount(total)} people, ${formatPercent(total > 0 ? (data[0] ?? 0) / total : 0)} only once`,
          )
          .join('; ')}
        heightPx={isPreview && lines.length > 1 ? heightPx - 34 : heightPx}
        option={option}
        renderer="canvas"
        onHit={onActors && onHit}
        onChart={onChart}
      />
      <Legend
        lines={lines}
        isShort={isPreview}
        onToggle={
          onQuery &&
          ((index) =>
            onQuery({
              ...query,
              stickinessFilter: { ...query.stickinessFilter, hiddenLegendIndexes: toggledIndex(hiddenOf(query), index) },
            }))
        }
      />
    </div>
  )
}

const hiddenOf = (query: StickinessQuery) => query.stickinessFilter?.hiddenLegendIndexes ?? []
const toggledIndex = (hidden: readonly number[], index: number) =>
  hidden.includes(index) ? hidden.filter((each) => each !== index) : [...hidden, index]

function stickinessLines(query: StickinessQuery, rows: readonly TrendsRow[]): Line[] {
  return rows.map((row, index) => {
    const order = row.action?.order ?? index
    const series = query.series[order]
    const isPrevious = row.compare_label === 'previous'
    return {
      index,
      label: `${series ? seriesName(series) : row.label}${isPrevious ? ' (before)' : ''}`,
      colour: order,
      data: row.data ?? [],
      days: row.days.map(String),
      labels: row.labels,
      total: row.count,
      isPrevious,
      isHidden: hiddenOf(query).includes(index),
      series: order,
      breakdown: undefined,
    }
  })
}

import { useElementSize } from '@mantine/hooks'
import { useCallback, useMemo } from 'react'
import type { TrendsRow } from '../../api-client/insight-results.ts'
import type { ActorsChoice } from '../../query-model/actors.ts'
import type { TrendsQuery } from '../../query-model/nodes.ts'
import { displayOf, intervalOf } from '../../query-model/trends.ts'
import { countOf } from '../../ui/numbers.ts'
import { useZone } from '../../ui/zone.tsx'
import { Chart, type ChartHit, type Palette } from '../chart.tsx'
import { countryValues, mapName } from './countries.ts'
import { Legend } from './legend.tsx'
import { NumberView } from './number-view.tsx'
import { firstUnfinished, marksOf } from './periods.ts'
import { timeSeriesOption } from './time-series-option.ts'
import { TotalsTable } from './totals-table.tsx'
import { actorsOfLine, type Line, linesOf, nearestLine, soloLine, toggleLine } from './trends-lines.ts'
import { formatValue } from './values.ts'
import type { ViewProps } from './view-props.ts'
import classes from './views.module.css'
import { boxCeiling, boxOption, mapOption, pieOption, rankingOption, sharesOf } from './whole-options.ts'

/** Room for a legend of one line. */
const legendHeightPx = 34

type TrendsViewProps = ViewProps<TrendsQuery>

/** The answer to a question of trends, in the display that was chosen. */
export function TrendsView(props: TrendsViewProps) {
  const { query, answer, onQuery } = props
  const lines = useMemo(() => linesOf(query, (answer.results ?? []) as TrendsRow[]), [query, answer.results])
  const display = displayOf(query)
  const hasLegend = display !== 'BoxPlot' && lines.length > 1
  const drawn = { ...props, lines, ...(props.isPreview && hasLegend ? { heightPx: props.heightPx - legendHeightPx } : {}) }
  const legend = hasLegend && (
    <Legend
      lines={lines}
      isShort={props.isPreview ?? false}
      onToggle={onQuery && ((index) => onQuery(toggleLine(query, index)))}
      onSolo={onQuery && ((index) => onQuery(soloLine(query, index, lines.length)))}
      {...(display === 'ActionsPie' ? { note: sharesOf(lines) } : {})}
    />
  )
  switch (display) {
    case 'ActionsLineGraph':
    case 'ActionsLineGraphCumulative':
    case 'ActionsAreaGraph':
    case 'ActionsBar':
    case 'ActionsUnstackedBar':
      return (
        <div className={classes.view}>
          <OverTime {...drawn} />
          {legend}
        </div>
      )
    case 'BoxPlot':
      return <Boxes {...props} lines={lines} />
    case 'BoldNumber':
      return <NumberView {...props} lines={lines} />
    case 'ActionsPie':
      return (
        <div className={classes.view}>
          <Pie {...drawn} />
          {legend}
        </div>
      )
    case 'ActionsBarValue':
      return <Ranking {...props} lines={lines} />
    case 'ActionsTable':
      return <TotalsTable {...props} lines={lines} />
    case 'WorldMap':
      return <WorldMap {...props} lines={lines} />
  }
}

export interface LinesProps extends TrendsViewProps {
  lines: readonly Line[]
}

const shapes = {
  ActionsLineGraph: 'line',
  ActionsLineGraphCumulative: 'line',
  ActionsAreaGraph: 'area',
  ActionsBar: 'stacked',
  ActionsUnstackedBar: 'bar',
} as const

function OverTime({ query, answer, heightPx, isPreview = false, annotations = [], onActors, onChart, lines }: LinesProps) {
  const zone = useZone()
  const display = displayOf(query) as keyof typeof shapes
  const shape = shapes[display]
  const days = lines.find(({ isPrevious }) => !isPrevious)?.days ?? []
  const unfinishedFrom = firstUnfinished(days, intervalOf(query), answer.as_of, zone)
  const marks = useMemo(() => marksOf(annotations, days, zone), [annotations, days, zone])
  const option = useCallback(
    (palette: Palette) =>
      timeSeriesOption(
        {
          lines,
          shape,
          unfinishedFrom,
          filter: query.trendsFilter,
          isPercent: query.trendsFilter?.showPercentStackView === true && (shape === 'stacked' || shape === 'area'),
          isPreview,
          marks,
        },
        palette,
      ),
    [lines, shape, unfinishedFrom, query.trendsFilter, isPreview, marks],
  )
  const onHit = ({ index, value }: ChartHit) => {
    if (index === undefined || value === undefined) return
    const line = nearestLine(lines, index, value, shape === 'stacked' || shape === 'area')
    const choice = line && actorsOfLine(query, line, index)
    if (choice) onActors?.(choice)
  }
  return (
    <Chart
      description={describe(query, lines)}
      heightPx={heightPx}
      option={option}
      renderer="canvas"
      onHit={onActors && onHit}
      onChart={onChart}
    />
  )
}

function Boxes({ query, heightPx, onChart, lines }: LinesProps) {
  const labels = lines[0]?.labels ?? []
  const boxes = useMemo(() => labels.map((_, index) => lines.slice(0, 5).map(({ data }) => data[index] ?? 0)), [labels, lines])
  const option = useCallback(
    (palette: Palette) => boxOption(labels, boxes, query.trendsFilter, palette),
    [labels, boxes, query.trendsFilter],
  )
  const isCut = query.trendsFilter?.yAxisScaleType !== 'log10' && boxCeiling(boxes) !== undefined
  return (
    <div className={classes.view}>
      <Chart
        description="How values are spread in each interval."
        heightPx={heightPx - (isCut ? 22 : 0)}
        option={option}
        renderer="canvas"
        onChart={onChart}
      />
      {isCut && (
        <p className={classes.cut}>
          Lines that reach the top go on above it: a few values lie far from the others. Hovering tells the most.
        </p>
      )}
    </div>
  )
}

function Pie({ query, heightPx, isPreview = false, onActors, onChart, lines }: LinesProps) {
  const option = useCallback(
    (palette: Palette) => pieOption(lines, query.trendsFilter, palette, isPreview),
    [lines, query.trendsFilter, isPreview],
  )
  const onHit = useWholeHit(query, onActors, (name) => lines.find(({ index }) => String(index) === name))
  return (
    <Chart description={describe(query, lines)} heightPx={heightPx} option={option} renderer="canvas" onHit={onHit} onChart={onChart} />
  )
}

function Ranking({ query, heightPx, isPreview = false, onActors, onChart, lines }: LinesProps) {
  const option = useCallback((palette: Palette) => rankingOption(lines, query.trendsFilter, palette), [lines, query.trendsFilter])
  const shown = lines.filter(({ isHidden }) => !isHidden)
  const onHit = ({ value: row }: ChartHit) => {
    const line = row === undefined ? undefined : shown[Math.round(row)]
    const choice = line && actorsOfLine(query, line, undefined)
    if (choice) onActors?.(choice)
  }
  const height = isPreview ? heightPx : Math.max(160, shown.length * 34 + 40)
  return (
    <Chart
      description={describe(query, lines)}
      heightPx={height}
      option={option}
      renderer="canvas"
      onHit={onActors && onHit}
      onChart={onChart}
    />
  )
}

const loadWorld = async () => (await import('./world-map.ts')).registerWorld()

/** Of the map's width. */
const mapHeight = 0.55

function WorldMap({ query, heightPx, isPreview = false, onActors, onChart, lines }: LinesProps) {
  const { ref, width: widthPx } = useElementSize()
  const values = useMemo(() => countryValues(lines), [lines])
  const option = useCallback((palette: Palette) => mapOption(values, query.trendsFilter, palette), [values, query.trendsFilter])
  const onHit = useWholeHit(query, onActors, (name) => values.find(({ code }) => mapName(code) === name)?.line)
  return (
    <div ref={ref}>
      <Chart
        description={`${countOf(values.length, 'country', 'countries')}: ${values
          .slice(0, 8)
          .map(({ name, value }) => `${name} ${formatValue(value)}`)
          .join(', ')}`}
        heightPx={isPreview || widthPx === 0 ? heightPx : Math.min(heightPx, Math.round(widthPx * mapHeight))}
        option={option}
        renderer="canvas"
        prepare={loadWorld}
        onHit={onHit}
        onChart={onChart}
      />
    </div>
  )
}

function useWholeHit(
  query: TrendsQuery,
  onActors: ((choice: ActorsChoice) => void) | undefined,
  lineOf: (name: string) => Line | undefined,
) {
  return (
    onActors &&
    (({ name }: ChartHit) => {
      const line = name === undefined ? undefined : lineOf(name)
      const choice = line && actorsOfLine(query, line, undefined)
      if (choice) onActors(choice)
    })
  )
}

function describe(query: TrendsQuery, lines: readonly Line[]): string {
  const parts = lines
    .slice(0, 8)
    .map(({ label, total, data }) => `${label}: ${formatValue(total, query.trendsFilter)}${data.length > 0 ? ' in all' : ''}`)
  return `${countOf(lines.length, 'series', 'series')}. ${parts.join('; ')}`
}

import type { EChartsCoreOption } from 'echarts/core'
import { useCallback, useMemo } from 'react'
import type { LifecycleRow } from '../../api-client/insight-results.ts'
import { shownStates, stateWords } from '../../query-model/lifecycle.ts'
import { type LifecycleQuery, type LifecycleState, lifecycleStates } from '../../query-model/nodes.ts'
import { intervalOf } from '../../query-model/trends.ts'
import { formatCount } from '../../ui/numbers.ts'
import { useZone } from '../../ui/zone.tsx'
import { Chart, type ChartHit, type Palette } from '../chart.tsx'
import { tooltipBox, tooltipElement } from '../tooltip.ts'
import { labelWords, shortLabel } from './labels.ts'
import { firstUnfinished, marksOf } from './periods.ts'
import { markLine } from './time-series-option.ts'
import { formatTick } from './values.ts'
import type { ViewProps } from './view-props.ts'
import views from './views.module.css'

const none: readonly { at: string; text: string }[] = []

type LifecycleViewProps = ViewProps<LifecycleQuery>

/** Above the line who is here and why, below it who fell asleep. */
export function LifecycleView({
  query,
  answer,
  heightPx,
  isPreview = false,
  annotations = none,
  onQuery,
  onActors,
  onChart,
}: LifecycleViewProps) {
  const zone = useZone()
  const rows = (answer.results ?? []) as LifecycleRow[]
  const states = shownStates(query)
  const shown = useMemo(() => rows.filter(({ status }) => states.includes(status)), [rows, states])
  const days = useMemo(() => rows[0]?.days ?? [], [rows])
  const unfinishedFrom = firstUnfinished(days, intervalOf(query), answer.as_of, zone)
  const marks = useMemo(() => marksOf(annotations, days, zone), [annotations, days, zone])
  const option = useCallback((palette: Palette) => lifecycleOption(shown, unfinishedFrom, marks, palette), [shown, unfinishedFrom, marks])
  const onHit = ({ index, value }: ChartHit) => {
    const found = index === undefined || value === undefined ? undefined : stateAt(shown, index, value)
    if (!found || index === undefined) return
    onActors?.({
      title: `${stateWords[found.status].label} · ${labelWords(found.labels[index] ?? '')}`,
      value: Math.abs(found.data[index] ?? 0),
      counts: 'people',
      point: { kind: 'InsightActorsQuery', day: found.days[index], status: found.status },
    })
  }
  const toggle = (state: LifecycleState) => {
    const next = lifecycleStates.filter((each) => (each === state ? !states.includes(each) : states.includes(each)))
    onQuery?.({
      ...query,
      lifecycleFilter: { ...query.lifecycleFilter, toggledLifecycles: next.length === lifecycleStates.length ? undefined : next },
    })
  }
  return (
    <div className={views.view}>
      <Chart
        description={rows.map(({ status, count }) => `${stateWords[status].label}: ${formatCount(Math.abs(count))} in all`).join('; ')}
        heightPx={isPreview ? heightPx - 34 : heightPx}
        option={option}
        renderer="canvas"
        onHit={onActors && onHit}
        onChart={onChart}
      />
      <ul className={views.legend} data-short={isPreview} aria-label="Legend">
        {lifecycleStates.map((state) => (
          <li key={state}>
            <button
              type="button"
              className={views.legendItem}
              aria-pressed={states.includes(state)}
              data-hidden={!states.includes(state)}
              title={stateWords[state].about}
              disabled={!onQuery}
              onClick={() => toggle(state)}
            >
              <span className={views.dot} style={{ background: `var(--${stateWords[state].token})` }} />
              {stateWords[state].label}
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}

function stateAt(rows: readonly LifecycleRow[], index: number, value: number): LifecycleRow | undefined {
  if (value < 0) return rows.find(({ status }) => status === 'dormant')
  let ground = 0
  for (const row of rows.filter(({ status }) => status !== 'dormant')) {
    ground += row.data[index] ?? 0
    if (value <= ground) return row
  }
  return undefined
}

function lifecycleOption(
  rows: readonly LifecycleRow[],
  unfinishedFrom: number,
  marks: readonly { index: number; label: string }[],
  palette: Palette,
): EChartsCoreOption {
  const labels = rows[0]?.labels ?? []
  return {
    animation: false,
    grid: { left: 8, right: 12, top: 14, bottom: 4, containLabel: true },
    xAxis: {
      type: 'category',
      data: labels,
      axisTick: { show: false },
      axisLine: { onZero: true, lineStyle: { color: palette('line-control') } },
      axisLabel: {
        color: palette('ink-faint'),
        fontSize: 11,
        hideOverlap: true,
        formatter: shortLabel,
      },
    },
    yAxis: {
      type: 'value',
      splitNumber: 5,
      axisLabel: {
        color: palette('ink-faint'),
        fontSize: 11,
        formatter: (value: number) => formatTick(Math.abs(value)),
      },
      splitLine: { lineStyle: { color: palette('line') } },
    },
    tooltip: {
      ...tooltipBox,
      trigger: 'axis',
      axisPointer: { type: 'shadow', shadowStyle: { color: palette('line'), opacity: 0.4 } },
      formatter: (items: unknown) => {
        const index = (items as { dataIndex: number }[])[0]?.dataIndex ?? 0
        return tooltipElement(
          labelWords(labels[index] ?? ''),
          rows.map(({ status, data }) => ({
            colour: `var(--${stateWords[status].token})`,
            label: `${stateWords[status].label}: ${stateWords[status].about}`,
            value: formatCount(Math.abs(data[index] ?? 0)),
          })),
          index >= unfinishedFrom ? 'not over yet' : undefined,
        )
      },
    },
    series: rows.map(({ status, data }, place) => ({
      ...(place === 0 ? markLine({ marks }, palette) : {}),
      id: status,
      type: 'bar',
      stack: 'lifecycle',
      barMaxWidth: 44,
      itemStyle: { color: palette(stateWords[status].token) },
      data: data.map((value, index) => (index >= unfinishedFrom ? { value, itemStyle: { opacity: 0.5 } } : value)),
    })),
  }
}

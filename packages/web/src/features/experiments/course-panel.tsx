import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { EChartsCoreOption } from 'echarts/core'
import { useCallback, useState } from 'react'
import { type Course, type ExperimentResults, experimentCourseQuery } from '../../api-client/experiments.ts'
import { Chart, type Palette } from '../../charts/chart.tsx'
import { axisWords } from '../../charts/rows/axis-words.ts'
import { Panel } from '../../ui/page.tsx'
import { Loaded } from '../../ui/states.tsx'
import classes from './experiments.module.css'
import { effectText, intervalOf } from './words.ts'

interface CoursePanelProps {
  projectId: number
  experimentId: number
  results: ExperimentResults
}

/** How one metric's effect and interval came about, day by day. */
export function CoursePanel({ projectId, experimentId, results }: CoursePanelProps) {
  const metrics = [...results.metrics, ...results.metrics_secondary].filter(({ metric }) => metric.uuid !== undefined)
  const [uuid, setUuid] = useState(metrics[0]?.metric.uuid ?? '')
  const shown = metrics.find(({ metric }) => metric.uuid === uuid)
  const query = useQuery({ ...experimentCourseQuery(projectId, experimentId, uuid), enabled: uuid !== '' })
  if (!shown) return null
  return (
    <Panel
      title="Over time"
      note="The effect with its interval, as it stood at the end of each day."
      actions={
        <Select
          size="xs"
          aria-label="Metric"
          value={uuid}
          onChange={(value) => value && setUuid(value)}
          allowDeselect={false}
          data={metrics.map(({ metric }) => ({ value: metric.uuid ?? '', label: metric.name || metric.metric_type }))}
        />
      }
    >
      <Loaded query={query} compact>
        {(course) => <CourseChart course={course} variant={shown.variant_results[0]?.key ?? ''} results={results} />}
      </Loaded>
    </Panel>
  )
}

/** One variant's effect and interval, day by day. */
export function CourseChart({ course, variant, results }: { course: Course; variant: string; results: ExperimentResults }) {
  const { differenceType } = results.stats
  const days = Object.keys(course.timeseries).sort()
  const points = days.map((day) => {
    const found = course.timeseries[day]?.variant_results.find(({ key }) => key === variant)
    const interval = found ? intervalOf(found) : null
    return { effect: found?.effect ?? null, low: interval?.[0] ?? null, high: interval?.[1] ?? null }
  })
  const option = useCallback((palette: Palette) => band(days, points, differenceType, palette), [days, points, differenceType])
  if (points.every(({ effect }) => effect === null))
    return <p className={classes.hypothesis}>There was nothing to compare on any day so far.</p>
  const last = points.at(-1)
  return (
    <Chart
      heightPx={220}
      option={option}
      description={`${variant} against ${results.baseline_variant_key}: ${effectText(last?.effect, differenceType)} at the end`}
    />
  )
}

interface Point {
  effect: number | null
  low: number | null
  high: number | null
}

function band(days: string[], points: Point[], differenceType: 'relative' | 'absolute', palette: Palette): EChartsCoreOption {
  const format = (value: number) => effectText(value, differenceType)
  const plain = { type: 'line', showSymbol: false, silent: true, lineStyle: { opacity: 0 } }
  return {
    animationDuration: 200,
    grid: { left: 8, right: 12, top: 12, bottom: 4, containLabel: true },
    xAxis: {
      type: 'category',
      data: days,
      axisTick: { show: false },
      axisLabel: { color: palette('ink-faint'), formatter: axisWords(days) },
    },
    yAxis: {
      type: 'value',
      axisLabel: { color: palette('ink-faint'), formatter: format },
      splitLine: { lineStyle: { color: palette('line') } },
    },
    series: [
      // The lower bound carries the band, which is the difference to the upper one.
      { ...plain, name: 'low', stack: 'interval', data: points.map(({ low }) => low), stackStrategy: 'all' },
      {
        ...plain,
        name: 'interval',
        stack: 'interval',
        stackStrategy: 'all',
        data: points.map(({ low, high }) => (low === null || high === null ? null : high - low)),
        areaStyle: { color: palette('hedge-line'), opacity: 0.45 },
      },
      {
        type: 'line',
        name: 'effect',
        showSymbol: points.length < 3,
        data: points.map(({ effect }) => effect),
        lineStyle: { width: 2, color: palette('hedge') },
        itemStyle: { color: palette('hedge') },
        markLine: {
          silent: true,
          symbol: 'none',
          label: { show: false },
          lineStyle: { color: palette('line-control'), type: 'dashed' },
          data: [{ yAxis: 0 }],
        },
      },
    ],
  }
}

import type { EChartsCoreOption } from 'echarts/core'
import type { TrendsFilter } from '../../query-model/nodes.ts'
import type { Palette } from '../chart.tsx'
import { cssColour, mixHex, paintColour } from '../colours.ts'
import { tooltipBox, tooltipElement } from '../tooltip.ts'
import { type CountryValue, mapName } from './countries.ts'
import { shortLabel } from './labels.ts'
import type { Line } from './trends-lines.ts'
import { formatPercent, formatTick, formatValue } from './values.ts'

const sumOf = (lines: readonly Line[]) => lines.reduce((all, { total }) => all + total, 0)

/** What part of all that is shown a line is, in words: `57.5 %`; nothing for one that is hidden. */
export function sharesOf(lines: readonly Line[]): (line: Line) => string {
  const sum = sumOf(lines.filter(({ isHidden }) => !isHidden))
  return ({ total, isHidden }) => (isHidden ? '' : formatPercent(sum > 0 ? total / sum : 0))
}

// limit: below this width, in px, names beside a pie would be cut; the legend below it tells them, with their shares.
const narrowPiePx = 520

/** Slices with their names beside them, where there is room for names. */
export function pieOption(
  lines: readonly Line[],
  filter: TrendsFilter | undefined,
  palette: Palette,
  isPreview: boolean,
): EChartsCoreOption {
  const shown = lines.filter(({ isHidden }) => !isHidden)
  const sum = sumOf(shown)
  return {
    animation: false,
    media: [
      {
        query: { maxWidth: narrowPiePx },
        option: { series: [{ radius: ['46%', '88%'], label: { show: false }, labelLine: { show: false } }] },
      },
    ],
    tooltip: {
      ...tooltipBox,
      trigger: 'item',
      formatter: (item: unknown) => {
        const line = shown[(item as { dataIndex: number }).dataIndex]
        return line
          ? tooltipElement(line.label, [
              { colour: cssColour(line.colour), label: 'Value', value: formatValue(line.total, filter) },
              { label: 'Share', value: formatPercent(sum > 0 ? line.total / sum : 0) },
            ])
          : ''
      },
    },
    series: [
      {
        type: 'pie',
        radius: isPreview ? ['46%', '82%'] : ['44%', '76%'],
        minAngle: 1,
        itemStyle: { borderColor: palette('surface'), borderWidth: 2, borderRadius: 3 },
        label: {
          show: !isPreview,
          color: palette('ink'),
          fontSize: 12,
          formatter: ({ dataIndex }: { dataIndex: number }) => {
            const line = shown[dataIndex]
            return line ? `${line.label.slice(0, 28)}  ${formatPercent(sum > 0 ? line.total / sum : 0)}` : ''
          },
        },
        labelLine: { lineStyle: { color: palette('line-control') } },
        data: shown.map((line) => ({
          name: String(line.index),
          value: Math.max(0, line.total),
          itemStyle: { color: paintColour(palette, line.colour), opacity: line.isPrevious ? 0.5 : 1 },
        })),
      },
    ],
  }
}

/** Horizontal bars, the longest on top. */
export function rankingOption(lines: readonly Line[], filter: TrendsFilter | undefined, palette: Palette): EChartsCoreOption {
  const shown = lines.filter(({ isHidden }) => !isHidden)
  return {
    animation: false,
    grid: { left: 8, right: 64, top: 6, bottom: 4, containLabel: true },
    yAxis: {
      type: 'category',
      inverse: true,
      data: shown.map(({ label }) => label),
      axisTick: { show: false },
      axisLine: { show: false },
      axisLabel: { color: palette('ink'), fontSize: 12, width: 180, overflow: 'truncate' },
    },
    xAxis: {
      type: 'value',
      splitNumber: 4,
      axisLabel: {
        color: palette('ink-faint'),
        fontSize: 11,
        formatter: (value: number) => formatTick(value, filter),
      },
      splitLine: { lineStyle: { color: palette('line') } },
    },
    tooltip: {
      ...tooltipBox,
      trigger: 'axis',
      axisPointer: { type: 'none' },
      formatter: (items: unknown) => {
        const line = shown[(items as { dataIndex: number }[])[0]?.dataIndex ?? -1]
        return line
          ? tooltipElement(line.label, [{ colour: cssColour(line.colour), label: 'Value', value: formatValue(line.total, filter) }])
          : ''
      },
    },
    series: [
      {
        type: 'bar',
        barMaxWidth: 26,
        label: {
          show: true,
          position: 'right',
          color: palette('ink-soft'),
          fontSize: 12,
          formatter: ({ dataIndex }: { dataIndex: number }) => formatValue(shown[dataIndex]?.total, filter),
        },
        data: shown.map((line) => ({
          value: line.total,
          itemStyle: { color: paintColour(palette, line.colour), opacity: line.isPrevious ? 0.5 : 1, borderRadius: [0, 3, 3, 0] },
        })),
      },
    ],
  }
}

/** Countries, the darker the more. */
export function mapOption(values: readonly CountryValue[], filter: TrendsFilter | undefined, palette: Palette): EChartsCoreOption {
  const most = Math.max(1, ...values.map(({ value }) => value))
  const sum = values.reduce((all, { value }) => all + value, 0)
  const byName = new Map(values.map((each) => [mapName(each.code), each]))
  return {
    animation: false,
    tooltip: {
      ...tooltipBox,
      trigger: 'item',
      formatter: (item: unknown) => {
        const { name } = item as { name: string }
        const found = byName.get(name)
        if (!found) return tooltipElement(name, [{ label: 'Nothing from here', value: '' }])
        return tooltipElement(found.name, [
          { colour: 'var(--series-1)', label: 'Value', value: formatValue(found.value, filter) },
          { label: 'Share', value: formatPercent(sum > 0 ? found.value / sum : 0) },
        ])
      },
    },
    visualMap: {
      show: values.length > 0,
      orient: 'horizontal',
      left: 6,
      bottom: 0,
      itemWidth: 8,
      itemHeight: 110,
      text: [formatTick(most, filter), formatTick(0, filter)],
      textGap: 6,
      textStyle: { color: palette('ink-faint'), fontSize: 11 },
      hoverLink: false,
      min: 0,
      // why: a few large countries would leave all others in one shade.
      max: Math.sqrt(most),
      dimension: 0,
      inRange: { color: [mixHex(palette('series-1'), palette('surface'), 0.16), palette('series-1')] },
    },
    series: [
      {
        type: 'map',
        map: 'world',
        roam: false,
        left: 4,
        right: 4,
        top: 6,
        bottom: 30,
        preserveAspect: 'contain',
        selectedMode: false,
        itemStyle: { areaColor: palette('sunken'), borderColor: palette('line-strong'), borderWidth: 0.6 },
        emphasis: { label: { show: false }, itemStyle: { areaColor: palette('hedge-line') } },
        data: values.map(({ code, value }) => ({ name: mapName(code), value: Math.sqrt(value) })),
      },
    ],
  }
}

/** The shortest of 1, 2, 5, 10, 20, … that reaches a ceiling in at most five steps. */
function tickStep(ceiling: number): number {
  const power = 10 ** Math.floor(Math.log10(ceiling / 5))
  return ([1, 2, 5].find((step) => step * power * 5 >= ceiling) ?? 10) * power
}

/**
 * Where the axis of boxes ends, when a few far values would press all boxes flat: at thrice the height of a common box above it, where every
 * box is still whole, on a tick. Undefined where everything can be seen as it is. Boxes are least, quarter, middle, three quarters, most.
 */
export function boxCeiling(boxes: readonly (readonly number[])[]): number | undefined {
  const most = Math.max(0, ...boxes.map((box) => box[4] ?? 0))
  const highest = Math.max(0, ...boxes.map((box) => box[3] ?? 0))
  const fences = boxes.map(([, low = 0, , high = 0]) => high + 3 * (high - low)).filter((fence) => fence > 0)
  const fence = Math.max(highest, fences.sort((one, other) => one - other)[Math.floor(fences.length / 2)] ?? 0)
  if (fence === 0 || most <= 2 * fence) return undefined
  const step = tickStep(fence)
  return Math.ceil(fence / step) * step
}

/** A box for each interval: least, quarter, middle, three quarters, most. */
export function boxOption(
  labels: readonly string[],
  boxes: readonly (readonly number[])[],
  filter: TrendsFilter | undefined,
  palette: Palette,
): EChartsCoreOption {
  const isLog = filter?.yAxisScaleType === 'log10'
  const ceiling = isLog ? undefined : boxCeiling(boxes)
  const names = ['Least', 'Quarter below', 'Median', 'Quarter above', 'Most']
  return {
    animation: false,
    grid: { left: 8, right: 12, top: 14, bottom: 4, containLabel: true },
    xAxis: {
      type: 'category',
      data: labels.map(shortLabel),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: palette('line-strong') } },
      axisLabel: { color: palette('ink-faint'), fontSize: 11, hideOverlap: true },
    },
    yAxis: {
      type: isLog ? 'log' : 'value',
      splitNumber: 4,
      ...(ceiling === undefined ? {} : { max: ceiling, interval: tickStep(ceiling) }),
      axisLabel: {
        color: palette('ink-faint'),
        fontSize: 11,
        formatter: (value: number) => formatTick(value, filter),
      },
      splitLine: { lineStyle: { color: palette('line') } },
    },
    tooltip: {
      ...tooltipBox,
      trigger: 'axis',
      axisPointer: { type: 'shadow', shadowStyle: { color: palette('line'), opacity: 0.4 } },
      formatter: (items: unknown) => {
        const index = (items as { dataIndex: number }[])[0]?.dataIndex ?? -1
        const box = boxes[index]
        return box
          ? tooltipElement(labels[index] ?? '', names.map((label, place) => ({ label, value: formatValue(box[place], filter) })).reverse())
          : ''
      },
    },
    series: [
      {
        type: 'boxplot',
        itemStyle: { color: mixHex(palette('series-1'), palette('surface'), 0.25), borderColor: palette('series-1'), borderWidth: 1.5 },
        boxWidth: [6, 34],
        data: boxes.map((box) => (ceiling === undefined ? [...box] : box.map((value) => Math.min(value, ceiling)))),
      },
    ],
  }
}

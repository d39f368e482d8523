import type { TrendsRow } from '../../api-client/insight-results.ts'
import type { ActorsChoice } from '../../query-model/actors.ts'
import { breakdownLabel, breakdownsIn } from '../../query-model/breakdown.ts'
import { mathOf, mathWords } from '../../query-model/math.ts'
import type { TrendsQuery } from '../../query-model/nodes.ts'
import { seriesName } from '../../query-model/series.ts'
import { countryCode, displayOf, isTotal } from '../../query-model/trends.ts'
import { countryName } from './countries.ts'
import { labelWords } from './labels.ts'

/** One line, bar colour or slice: a row of the answer as it is drawn. */
export interface Line {
  /** Its place in the answer, by which it is hidden and shown. */
  index: number
  label: string
  /** Of the colours of series; a period before has the colour of its present. */
  colour: number
  data: number[]
  days: string[]
  labels: string[]
  /** The sum, or the one value for the whole range. */
  total: number
  isPrevious: boolean
  isHidden: boolean
  /** Which series of the question; undefined for a formula. */
  series: number | undefined
  breakdown: string | number | (string | number)[] | undefined
}

/** The rows of an answer as lines, named as people would: what tells them apart, and nothing more. */
export function linesOf(query: TrendsQuery, rows: readonly TrendsRow[]): Line[] {
  const hidden = new Set(query.trendsFilter?.hiddenLegendIndexes)
  const hasBreakdown = breakdownsIn(query.breakdownFilter).length > 0
  const isWhole = isTotal(displayOf(query))
  const severalSeries = query.series.length > 1 && !hasFormula(query)
  const colours = new Map<string, number>()
  return rows.map((row, index) => {
    const isPrevious = row.compare_label === 'previous'
    const identity = `${row.action?.order ?? `f${row.order ?? row.label}`}|${JSON.stringify(row.breakdown_value ?? null)}`
    const colour = colours.get(identity) ?? colours.size
    colours.set(identity, colour)
    return {
      index,
      label: lineLabel(query, row, hasBreakdown, severalSeries) + (isPrevious ? ' (before)' : ''),
      colour,
      data: row.data ?? [],
      days: row.days.map(String),
      labels: row.labels,
      total: isWhole ? (row.aggregated_value ?? 0) : row.count,
      isPrevious,
      isHidden: hidden.has(index),
      series: row.action?.order,
      breakdown: row.breakdown_value ?? undefined,
    }
  })
}

const hasFormula = (query: TrendsQuery) => (query.trendsFilter?.formulaNodes ?? []).some(({ formula }) => formula.trim() !== '')

function lineLabel(query: TrendsQuery, row: TrendsRow, hasBreakdown: boolean, severalSeries: boolean): string {
  const series = row.action?.order === undefined ? undefined : query.series[row.action.order]
  // why: two series of the same event differ only in what is measured of it.
  const twins = series && query.series.filter((each) => seriesName(each) === seriesName(series)).length > 1
  const name = series
    ? twins && !series.custom_name
      ? `${seriesName(series)}: ${mathWords(series).toLowerCase()}`
      : seriesName(series)
    : row.label
  if (!hasBreakdown) return name
  const value = breakdownValue(query, row.breakdown_value)
  const known = row.breakdown_value !== undefined && typeof row.breakdown_value === 'number' ? row.label : value
  return severalSeries ? `${name} · ${known}` : known
}

/** Countries are read by their names. */
function breakdownValue(query: TrendsQuery, value: TrendsRow['breakdown_value']): string {
  const properties = breakdownsIn(query.breakdownFilter)
  const values = Array.isArray(value) ? value : [value]
  return values
    .map((each, index) => (properties[index]?.property === countryCode ? countryName(String(each)) : undefined) ?? breakdownLabel(each))
    .join(' · ')
}

/** Hides a line that is shown, shows one that is hidden. */
export function toggleLine(query: TrendsQuery, index: number): TrendsQuery {
  const hidden = new Set(query.trendsFilter?.hiddenLegendIndexes)
  if (!hidden.delete(index)) hidden.add(index)
  return withHidden(query, [...hidden])
}

/** Shows one alone; or, when it is alone already, all of them. */
export function soloLine(query: TrendsQuery, index: number, count: number): TrendsQuery {
  const others = Array.from({ length: count }, (_, each) => each).filter((each) => each !== index)
  const hidden = new Set(query.trendsFilter?.hiddenLegendIndexes)
  const isAlone = others.every((each) => hidden.has(each)) && !hidden.has(index)
  return withHidden(query, isAlone ? [] : others)
}

export function withHidden(query: TrendsQuery, hidden: readonly number[]): TrendsQuery {
  return {
    ...query,
    trendsFilter: { ...query.trendsFilter, hiddenLegendIndexes: hidden.length > 0 ? [...hidden].sort((a, b) => a - b) : undefined },
  }
}

/** The line nearest to a value at a place of the axis; stacked charts are read from the ground up. */
export function nearestLine(lines: readonly Line[], index: number, value: number, isStacked: boolean): Line | undefined {
  const shown = lines.filter(({ isHidden, data }) => !isHidden && data[index] !== undefined)
  if (!isStacked)
    return shown.reduce<Line | undefined>(
      (best, line) =>
        best === undefined || Math.abs((line.data[index] ?? 0) - value) < Math.abs((best.data[index] ?? 0) - value) ? line : best,
      undefined,
    )
  let ground = 0
  for (const line of shown.filter(({ isPrevious }) => !isPrevious)) {
    ground += line.data[index] ?? 0
    if (value <= ground) return line
  }
  return shown.at(-1)
}

/** The people behind a number of a line: in one bucket, or in all. Formulas are made of several numbers and have none of their own. */
export function actorsOfLine(query: TrendsQuery, line: Line, index: number | undefined): ActorsChoice | undefined {
  const isWhole = isTotal(displayOf(query))
  if (line.series === undefined || (!isWhole && index === undefined)) return undefined
  const series = query.series[line.series]
  if (!series) return undefined
  const math = mathOf(series.math)
  const value = isWhole ? line.total : line.data[index ?? 0]
  return {
    title: index === undefined || isWhole ? line.label : `${line.label} · ${labelWords(line.labels[index] ?? '')}`,
    value,
    counts: math.id === 'total' ? 'events' : math.group === 'Persons' ? 'people' : undefined,
    point: {
      kind: 'InsightActorsQuery',
      series: line.series,
      day: isWhole || index === undefined ? undefined : line.days[index],
      breakdown: line.breakdown,
      compare: query.compareFilter?.compare ? (line.isPrevious ? 'previous' : 'current') : undefined,
    },
  }
}

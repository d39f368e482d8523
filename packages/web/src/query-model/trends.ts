import { breakdownsIn, breakdownWords, readBreakdown } from './breakdown.ts'
import { defaultRange } from './date-range.ts'
import { formulaProblem, readFormulas } from './formula.ts'
import type { Kind } from './kind.ts'
import { mathOf } from './math.ts'
import {
  type InsightQuery,
  type Interval,
  intervals,
  type SeriesNode,
  type TrendsDisplay,
  type TrendsQuery,
  trendsDisplays,
} from './nodes.ts'
import { propertyLabel } from './operators.ts'
import { choiceOf, numberOf, type Raw, rawOf, textOf } from './reading.ts'
import { askedFilters, keepScope, readScope } from './scope.ts'
import { pageviews, readSeries, seriesName } from './series.ts'

export interface DisplayChoice {
  id: TrendsDisplay
  label: string
  group: 'Over time' | 'In all'
}

export const displayChoices: readonly DisplayChoice[] = [
  { id: 'ActionsLineGraph', label: 'Lines', group: 'Over time' },
  { id: 'ActionsLineGraphCumulative', label: 'Cumulative lines', group: 'Over time' },
  { id: 'ActionsAreaGraph', label: 'Areas', group: 'Over time' },
  { id: 'ActionsBar', label: 'Stacked bars', group: 'Over time' },
  { id: 'ActionsUnstackedBar', label: 'Bars', group: 'Over time' },
  { id: 'BoxPlot', label: 'Box plot', group: 'Over time' },
  { id: 'BoldNumber', label: 'Number', group: 'In all' },
  { id: 'ActionsBarValue', label: 'Ranking', group: 'In all' },
  { id: 'ActionsPie', label: 'Pie', group: 'In all' },
  { id: 'ActionsTable', label: 'Table', group: 'In all' },
  { id: 'WorldMap', label: 'World map', group: 'In all' },
]

export const displayOf = (query: TrendsQuery): TrendsDisplay => query.trendsFilter?.display ?? 'ActionsLineGraph'
export const intervalOf = (query: { interval?: Interval | undefined }): Interval => query.interval ?? 'day'
/** One number for the whole range instead of one for each interval. */
export const isTotal = (display: TrendsDisplay): boolean => displayChoices.find(({ id }) => id === display)?.group === 'In all'

/** By which the world map is broken down. */
export const countryCode = '$geoip_country_code'
// limit: more values than there are countries.
const mostCountries = 300

/** The question in another display. A map needs countries, and asks for them where the question does not yet. */
export function withDisplay(query: TrendsQuery, display: TrendsDisplay): TrendsQuery {
  const trendsFilter = {
    ...query.trendsFilter,
    display: display === 'ActionsLineGraph' ? undefined : display,
    hiddenLegendIndexes: undefined,
  }
  const hasCountries = breakdownsIn(query.breakdownFilter).some(({ property }) => property === countryCode)
  if (display !== 'WorldMap' || hasCountries) return { ...query, trendsFilter }
  return {
    ...query,
    trendsFilter,
    breakdownFilter: { breakdowns: [{ property: countryCode, type: 'event' }], breakdown_limit: mostCountries },
  }
}

/** The statistics that a box is drawn of, in this order. */
const boxStatistics = ['min', 'p25', 'median', 'p75', 'max'] as const

export const trends: Kind<TrendsQuery> = {
  kind: 'TrendsQuery',
  slug: 'trends',
  label: 'Trends',
  about: 'How often something happens, and how that changes.',
  initial: () => ({ kind: 'TrendsQuery', series: [{ ...pageviews }], dateRange: { ...defaultRange } }),
  read: (raw) => ({
    ...raw,
    ...readScope(raw),
    kind: 'TrendsQuery',
    series: readSeries(raw.series),
    interval: choiceOf(raw.interval, intervals),
    trendsFilter: readTrendsFilter(rawOf(raw.trendsFilter)),
    breakdownFilter: readBreakdown(raw.breakdownFilter),
    compareFilter: readCompare(rawOf(raw.compareFilter)),
  }),
  from: (other) => ({
    kind: 'TrendsQuery',
    series: seriesFrom(other),
    interval: 'interval' in other ? other.interval : undefined,
    breakdownFilter: 'breakdownFilter' in other ? other.breakdownFilter : undefined,
    ...keepScope(other),
  }),
  problems: (query) => [
    ...(query.series.length === 0 ? ['Choose at least one event.'] : []),
    ...query.series.flatMap(seriesProblem),
    ...(query.trendsFilter?.formulaNodes ?? []).flatMap(({ formula }) => formulaProblem(formula, query.series.length) ?? []),
    ...(displayOf(query) === 'BoxPlot' && !query.series[0]?.math_property
      ? ['A box plot needs a numeric property: choose “Median” of a property as what is measured.']
      : []),
  ],
  asked: (query) => {
    const display = displayOf(query)
    const { smoothingIntervals, formulaNodes } = query.trendsFilter ?? {}
    return {
      ...query,
      series: display === 'BoxPlot' ? boxSeries(query.series) : query.series.map(askedSeries),
      properties: askedFilters(query.properties),
      trendsFilter: {
        display: askedDisplay(display),
        smoothingIntervals,
        formulaNodes: formulaNodes?.filter(({ formula }) => formula.trim() !== ''),
      },
    }
  },
  words: (query) => {
    const what = query.series.map(seriesWords).join(', ')
    const [formula] = query.trendsFilter?.formulaNodes ?? []
    const by = breakdownWords(query.breakdownFilter)
    return `${formula ? (formula.custom_name ?? `${formula.formula} of ${what}`) : what}${by ? ` by ${by}` : ''}`
  },
}

/** Displays that differ only in how the same numbers are drawn are one question. */
function askedDisplay(display: TrendsDisplay): TrendsDisplay | undefined {
  switch (display) {
    case 'ActionsLineGraph':
    case 'ActionsAreaGraph':
    case 'ActionsBar':
    case 'ActionsUnstackedBar':
    case 'BoxPlot':
      return undefined
    case 'ActionsLineGraphCumulative':
    case 'WorldMap':
      return display
    case 'BoldNumber':
    case 'ActionsPie':
    case 'ActionsBarValue':
    case 'ActionsTable':
      return 'ActionsBarValue'
  }
}

/** A box is five statistics of one property: the first series, asked five times. */
function boxSeries([first]: readonly SeriesNode[]): SeriesNode[] {
  if (!first) return []
  return boxStatistics.map((math) =>
    math === 'p25'
      ? { ...askedSeries(first), math: 'hogql', math_hogql: quartile(first.math_property ?? ''), math_property: undefined }
      : { ...askedSeries(first), math },
  )
}

const quartile = (property: string) => `quantile(0.25)(toFloat(properties.\`${property.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\`))`

function askedSeries(series: SeriesNode): SeriesNode {
  return { ...series, properties: askedFilters(series.properties) as SeriesNode['properties'] }
}

function seriesProblem(series: SeriesNode): string[] {
  const math = mathOf(series.math)
  if (math.ofProperty && !series.math_property) return [`${math.label} needs a numeric property: choose one for “${seriesName(series)}”.`]
  if (math.id === 'hogql' && !series.math_hogql?.trim()) return [`Write the SQL expression of “${seriesName(series)}”.`]
  return []
}

function seriesWords(series: SeriesNode): string {
  if (series.custom_name) return series.custom_name
  const math = mathOf(series.math)
  if (math.ofProperty && series.math_property) return `${math.label} of ${propertyLabel(series.math_property)}`
  return math.id === 'total' ? seriesName(series) : sentence(`${math.phrase} ${seriesName(series)}`)
}

const sentence = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`

/** The events that another kind of question is about. */
export function seriesFrom(other: InsightQuery): SeriesNode[] {
  switch (other.kind) {
    case 'TrendsQuery':
    case 'FunnelsQuery':
    case 'LifecycleQuery':
    case 'StickinessQuery':
      return other.series.length > 0 ? other.series.map(({ optionalInFunnel: _, ...series }) => series) : [{ ...pageviews }]
    case 'RetentionQuery': {
      const target = other.retentionFilter?.targetEntity
      if (target?.type === 'actions') return [{ kind: 'ActionsNode', id: Number(target.id), name: target.name }]
      return [target?.id === undefined ? { ...pageviews } : { kind: 'EventsNode', event: target.id === null ? null : String(target.id) }]
    }
    case 'PathsQuery':
      return [{ ...pageviews }]
  }
}

function readTrendsFilter(raw: Raw): TrendsQuery['trendsFilter'] {
  return {
    ...raw,
    display: choiceOf(raw.display, trendsDisplays) ?? (raw.display === 'ActionsStackedBar' ? 'ActionsBar' : undefined),
    formulaNodes: readFormulas(raw),
    smoothingIntervals: numberOf(raw.smoothingIntervals),
    showValuesOnSeries: raw.showValuesOnSeries === true ? true : undefined,
    showPercentStackView: raw.showPercentStackView === true ? true : undefined,
    yAxisScaleType: raw.yAxisScaleType === 'log10' ? 'log10' : undefined,
    decimalPlaces: numberOf(raw.decimalPlaces),
    aggregationAxisPrefix: textOf(raw.aggregationAxisPrefix),
    aggregationAxisPostfix: textOf(raw.aggregationAxisPostfix),
    hiddenLegendIndexes: Array.isArray(raw.hiddenLegendIndexes)
      ? raw.hiddenLegendIndexes.filter((each): each is number => typeof each === 'number')
      : undefined,
  }
}

export function readCompare(raw: Raw): TrendsQuery['compareFilter'] {
  return raw.compare === true ? { compare: true, compare_to: textOf(raw.compare_to) } : undefined
}

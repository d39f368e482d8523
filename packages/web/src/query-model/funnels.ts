import { breakdownWords, readBreakdown } from './breakdown.ts'
import { defaultRange } from './date-range.ts'
import type { Kind } from './kind.ts'
import {
  type FunnelExclusion,
  type FunnelsFilter,
  type FunnelsQuery,
  funnelOrderTypes,
  funnelVizTypes,
  intervals,
  type SeriesNode,
  windowUnits,
} from './nodes.ts'
import { choiceOf, listOf, numberOf, type Raw, rawOf, textOf, textsOf } from './reading.ts'
import { askedFilters, keepScope, readScope } from './scope.ts'
import { pageviews, readSeries, seriesName } from './series.ts'
import { seriesFrom } from './trends.ts'

export const vizOf = (query: FunnelsQuery) => query.funnelsFilter?.funnelVizType ?? 'steps'
export const orderOf = (query: FunnelsQuery) => query.funnelsFilter?.funnelOrderType ?? 'ordered'
export const windowOf = ({ funnelsFilter }: FunnelsQuery) => ({
  length: funnelsFilter?.funnelWindowInterval ?? 14,
  unit: funnelsFilter?.funnelWindowIntervalUnit ?? 'day',
})

export const vizWords = { steps: 'Steps', time_to_convert: 'Time to convert', trends: 'Conversion over time' } as const
export const orderWords = {
  ordered: { label: 'In this order', about: 'Other events may come between the steps.' },
  strict: { label: 'Directly after each other', about: 'Nothing else may come between the steps.' },
  unordered: { label: 'In any order', about: 'All the steps, whichever comes first.' },
} as const
export const attributionWords = {
  first_touch: 'First value that it had',
  last_touch: 'Last value that it had',
  all_events: 'Same value at every step',
  step: 'Value at one step',
} as const

export const funnels: Kind<FunnelsQuery> = {
  kind: 'FunnelsQuery',
  slug: 'funnel',
  label: 'Funnel',
  about: 'How many go all the way through steps, and where they stop.',
  initial: () => ({ kind: 'FunnelsQuery', series: [{ ...pageviews }], dateRange: { date_from: '-30d' } }),
  read: (raw) => ({
    ...raw,
    ...readScope(raw),
    kind: 'FunnelsQuery',
    series: readSeries(raw.series),
    interval: choiceOf(raw.interval, intervals),
    funnelsFilter: readFunnelsFilter(rawOf(raw.funnelsFilter)),
    breakdownFilter: readBreakdown(raw.breakdownFilter),
  }),
  from: (other) => ({
    kind: 'FunnelsQuery',
    series: seriesFrom(other).map(({ math: _math, math_property: _property, math_hogql: _hogql, ...step }) => step),
    breakdownFilter: other.kind === 'TrendsQuery' ? other.breakdownFilter : undefined,
    ...keepScope(other),
    dateRange: other.dateRange ?? defaultRange,
  }),
  problems: (query) => [
    ...(query.series.length < 2 ? ['A funnel needs two steps or more: add the step that comes next.'] : []),
    ...(query.funnelsFilter?.exclusions ?? []).flatMap((each) => exclusionProblem(each, query) ?? []),
  ],
  asked: (query) => ({
    ...query,
    series: query.series.map(askedStep),
    properties: askedFilters(query.properties),
    funnelsFilter: askedFunnel(query.funnelsFilter),
  }),
  words: ({ series, breakdownFilter }) => {
    const by = breakdownWords(breakdownFilter)
    return `${series.map(seriesName).join(' → ')}${by ? ` by ${by}` : ''}`
  },
}

function askedStep<Step extends SeriesNode>(step: Step): Step {
  return { ...step, properties: askedFilters(step.properties) as Step['properties'] }
}

/** Layout and what the percentages refer to are drawn, not asked. */
function askedFunnel(filter: FunnelsFilter | undefined): FunnelsFilter | undefined {
  if (!filter) return undefined
  const { funnelStepReference: _reference, layout: _layout, hiddenLegendBreakdowns: _hidden, ...rest } = filter
  return { ...rest, exclusions: rest.exclusions?.map(askedStep) }
}

function exclusionProblem(exclusion: FunnelExclusion, query: FunnelsQuery): string | undefined {
  const name = seriesName(exclusion)
  if (exclusion.funnelFromStep >= exclusion.funnelToStep) return `“${name}” is to be left out between a step and itself.`
  if (exclusion.funnelToStep >= query.series.length) return `“${name}” is to be left out up to a step that there is not.`
  if (orderOf(query) === 'unordered' && (exclusion.funnelFromStep !== 0 || exclusion.funnelToStep !== query.series.length - 1))
    return `In any order, “${name}” can only be left out over the whole funnel.`
  return undefined
}

/** The steps in another order, or fewer or more of them; exclusions beyond the last step go. */
export function withSteps(query: FunnelsQuery, series: SeriesNode[]): FunnelsQuery {
  const last = series.length - 1
  const exclusions = query.funnelsFilter?.exclusions?.filter(({ funnelFromStep }) => funnelFromStep < last)
  return {
    ...query,
    series,
    funnelsFilter: {
      ...query.funnelsFilter,
      funnelFromStep: undefined,
      funnelToStep: undefined,
      exclusions: exclusions?.map((each) => ({ ...each, funnelToStep: Math.min(each.funnelToStep, last) })),
    },
  }
}

function readFunnelsFilter(raw: Raw): FunnelsFilter {
  return {
    ...raw,
    funnelVizType: choiceOf(raw.funnelVizType, funnelVizTypes),
    funnelOrderType: choiceOf(raw.funnelOrderType, funnelOrderTypes),
    funnelWindowInterval: numberOf(raw.funnelWindowInterval),
    funnelWindowIntervalUnit: choiceOf(raw.funnelWindowIntervalUnit, windowUnits),
    funnelFromStep: numberOf(raw.funnelFromStep),
    funnelToStep: numberOf(raw.funnelToStep),
    exclusions: readExclusions(raw.exclusions),
    breakdownAttributionType: choiceOf(raw.breakdownAttributionType, ['first_touch', 'last_touch', 'all_events', 'step'] as const),
    breakdownAttributionValue: numberOf(raw.breakdownAttributionValue),
    funnelStepReference: choiceOf(raw.funnelStepReference, ['total', 'previous'] as const),
    layout: choiceOf(raw.layout, ['vertical', 'horizontal'] as const),
    binCount: numberOf(raw.binCount),
    funnelAggregateByHogQL: textOf(raw.funnelAggregateByHogQL),
    hiddenLegendBreakdowns: textsOf(raw.hiddenLegendBreakdowns),
  }
}

function readExclusions(value: unknown): FunnelExclusion[] {
  return listOf(value).flatMap((raw) =>
    readSeries([raw]).map((node) => ({
      ...node,
      funnelFromStep: numberOf(raw.funnelFromStep) ?? 0,
      funnelToStep: numberOf(raw.funnelToStep) ?? 1,
    })),
  )
}

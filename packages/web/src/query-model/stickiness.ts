import type { Kind } from './kind.ts'
import { intervals, type StickinessQuery } from './nodes.ts'
import { choiceOf, numberOf, rawOf } from './reading.ts'
import { askedFilters, keepScope, readScope } from './scope.ts'
import { pageviews, readSeries, seriesName } from './series.ts'
import { intervalOf, readCompare, seriesFrom } from './trends.ts'

export const stickiness: Kind<StickinessQuery> = {
  kind: 'StickinessQuery',
  slug: 'stickiness',
  label: 'Stickiness',
  about: 'On how many days people use something.',
  initial: () => ({ kind: 'StickinessQuery', series: [{ ...pageviews }], dateRange: { date_from: '-30d' } }),
  read: (raw) => {
    const filter = rawOf(raw.stickinessFilter)
    const criteria = rawOf(filter.stickinessCriteria)
    const operator = choiceOf(criteria.operator, ['gte', 'lte', 'exact'] as const)
    const value = numberOf(criteria.value)
    return {
      ...raw,
      ...readScope(raw),
      kind: 'StickinessQuery',
      series: readSeries(raw.series),
      interval: choiceOf(raw.interval, intervals),
      intervalCount: numberOf(raw.intervalCount),
      stickinessFilter: {
        ...filter,
        computedAs: filter.computedAs === 'cumulative' ? 'cumulative' : undefined,
        stickinessCriteria: operator && value !== undefined ? { operator, value } : undefined,
        display: filter.display === 'ActionsBar' ? 'ActionsBar' : undefined,
        hiddenLegendIndexes: Array.isArray(filter.hiddenLegendIndexes)
          ? filter.hiddenLegendIndexes.filter((each): each is number => typeof each === 'number')
          : undefined,
      },
      compareFilter: readCompare(rawOf(raw.compareFilter)),
    }
  },
  from: (other) => ({
    kind: 'StickinessQuery',
    series: seriesFrom(other).map(({ math: _math, math_property: _property, math_hogql: _hogql, ...series }) => series),
    ...keepScope(other),
    dateRange: other.dateRange ?? { date_from: '-30d' },
  }),
  problems: ({ series }) => (series.length === 0 ? ['Choose at least one event.'] : []),
  asked: (query) => ({
    ...query,
    properties: askedFilters(query.properties),
    stickinessFilter: { ...query.stickinessFilter, display: undefined, hiddenLegendIndexes: undefined },
  }),
  words: (query) => `${query.series.map(seriesName).join(', ')}: on how many ${intervalOf(query)}s`,
}

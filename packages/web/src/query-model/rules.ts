import { breakdownWords } from './breakdown.ts'
import { countedBy } from './counted.ts'
import { orderOf, orderWords, windowOf } from './funnels.ts'
import { mathOf } from './math.ts'
import type { InsightQuery } from './nodes.ts'
import { filtersWords } from './operators.ts'
import { funnelPathWords } from './paths.ts'
import { entityName, retentionOf, retentionTypeWords } from './retention.ts'
import { letterOf, seriesName } from './series.ts'

export interface Rule {
  name: string
  words: string
}

/** By which rules the numbers of a question are counted, one at a time, in words. */
export function questionRules(query: InsightQuery): Rule[] {
  switch (query.kind) {
    case 'TrendsQuery':
      return [
        ...query.series.map((series, index) => ({
          name: `Series ${letterOf(index)}`,
          words: joined([
            `${seriesName(series)}: ${mathOf(series.math).label.toLowerCase()}`,
            mathOf(series.math).about,
            filtersWords(series.properties),
          ]),
        })),
        ...(query.trendsFilter?.formulaNodes ?? []).map(({ formula }) => ({
          name: 'Formula',
          words: `${formula}; a division by nothing gives 0`,
        })),
        ...((query.trendsFilter?.smoothingIntervals ?? 1) > 1
          ? [{ name: 'Smoothed', words: `mean of the last ${query.trendsFilter?.smoothingIntervals} intervals, rounded down` }]
          : []),
        ...breakdownRule(query.breakdownFilter),
      ]
    case 'FunnelsQuery': {
      const { length, unit } = windowOf(query)
      return [
        { name: 'Counted are', words: countedWords(query) },
        ...query.series.map((step, index) => ({
          name: `Step ${index + 1}`,
          words: joined([seriesName(step), filtersWords(step.properties)]),
        })),
        { name: 'Order', words: `${orderWords[orderOf(query)].label}. ${orderWords[orderOf(query)].about}` },
        { name: 'Within', words: `${length} ${unit}${length === 1 ? '' : 's'} of the first step` },
        ...(query.funnelsFilter?.exclusions ?? []).map((each) => ({
          name: 'Left out',
          words: `whoever did ${seriesName(each)} between the steps`,
        })),
        ...breakdownRule(query.breakdownFilter),
      ]
    }
    case 'RetentionQuery': {
      const { targetEntity, returningEntity, retentionType, cumulative, period, timeWindowMode } = retentionOf(query)
      return [
        {
          name: 'Begins',
          words: joined([
            `${entityName(targetEntity)} ${retentionTypeWords[retentionType].label}`,
            retentionTypeWords[retentionType].about,
          ]),
        },
        { name: 'Comes back', words: `${entityName(returningEntity)}${cumulative ? ', then or later' : ''}` },
        {
          name: 'A period',
          words:
            timeWindowMode === '24_hour_windows' ? 'is counted from each person’s first event' : `is a calendar ${period.toLowerCase()}`,
        },
        ...breakdownRule(query.breakdownFilter),
      ]
    }
    case 'PathsQuery':
      return [
        ...(query.funnelPathsFilter?.funnelSource
          ? [{ name: 'Only', words: `what people did ${funnelPathWords(query.funnelPathsFilter)}` }]
          : []),
        { name: 'A way', words: 'ends where 30 minutes pass without an event; the same step twice in a row is one' },
        { name: 'A ribbon', words: 'counts how often it was taken, not how many people took it' },
      ]
    case 'LifecycleQuery':
      return [
        { name: 'New', words: 'first seen by the project in this period' },
        { name: 'Returning', words: 'active in the period before, too' },
        { name: 'Resurrecting', words: 'active, not in the period before, and not new' },
        { name: 'Dormant', words: 'active in the period before, not in this one' },
      ]
    case 'StickinessQuery':
      return query.series.map((series, index) => ({
        name: `Series ${letterOf(index)}`,
        words: joined([`people with ${seriesName(series)}, by on how many intervals they did it`, filtersWords(series.properties)]),
      }))
  }
}

function countedWords(query: InsightQuery): string {
  const { kind, expression } = countedBy(query)
  if (kind === 'sessions') return 'sessions, each once'
  if (expression !== undefined) return `values of ${expression}, each once`
  return kind === 'persons' ? 'persons, each once' : 'groups, each once, by what all of their people do'
}

const joined = (parts: string[]) => parts.filter((part) => part !== '').join('. ')

function breakdownRule(filter: Parameters<typeof breakdownWords>[0]): Rule[] {
  const words = breakdownWords(filter)
  return words === ''
    ? []
    : [{ name: 'Broken down by', words: `${words}; beyond ${filter?.breakdown_limit ?? 25} values the rest is one row` }]
}

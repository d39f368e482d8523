import { eventLabel } from '../ui/event-name.ts'
import { readBreakdown } from './breakdown.ts'
import { filtersIn } from './filters.ts'
import type { Kind } from './kind.ts'
import {
  type InsightQuery,
  type RetentionEntity,
  type RetentionFilter,
  type RetentionQuery,
  retentionPeriods,
  retentionTypes,
  type SeriesNode,
} from './nodes.ts'
import { choiceOf, numberOf, type Raw, rawOf, textOf } from './reading.ts'
import { askedFilters, keepScope, readScope } from './scope.ts'
import { seriesFrom } from './trends.ts'

export const retentionTypeWords = {
  retention_recurring: { label: 'each time', about: 'Whoever did it in a period is in the row of that period; one may be in several.' },
  retention_first_time: { label: 'for the first time', about: 'Only the first such event that passes the filters counts, of all time.' },
  retention_first_ever_occurrence: {
    label: 'for the first time ever',
    about: 'Only the very first such event counts, and it has to pass the filters.',
  },
} as const

const defaults = {
  period: 'Day',
  totalIntervals: 8,
  retentionType: 'retention_recurring',
  timeWindowMode: 'strict_calendar_dates',
} as const
const pageview: RetentionEntity = { id: '$pageview', name: '$pageview', type: 'events' }

/** The filter with the API's own defaults filled in. */
export function retentionOf(query: RetentionQuery) {
  const filter = query.retentionFilter ?? {}
  return {
    ...filter,
    period: filter.period ?? defaults.period,
    totalIntervals: filter.totalIntervals ?? defaults.totalIntervals,
    retentionType: filter.retentionType ?? defaults.retentionType,
    timeWindowMode: filter.timeWindowMode ?? defaults.timeWindowMode,
    targetEntity: filter.targetEntity ?? pageview,
    returningEntity: filter.returningEntity ?? pageview,
    reference: filter.retentionReference ?? 'total',
    mean: filter.meanRetentionCalculation ?? 'weighted',
  }
}

export function entityName({ id, name, type }: RetentionEntity): string {
  if (type === 'actions') return name ?? `Action ${id ?? '?'}`
  return id === null || id === undefined ? 'any event' : eventLabel(String(id))
}

/** What the pickers and the filters work on. */
export function entityAsSeries({ id, name, type, properties }: RetentionEntity): SeriesNode {
  return type === 'actions'
    ? { kind: 'ActionsNode', id: Number(id), name, properties }
    : { kind: 'EventsNode', event: id === null || id === undefined ? null : String(id), name, properties }
}

export function seriesAsEntity({ kind, event, id, name, properties }: SeriesNode): RetentionEntity {
  return kind === 'ActionsNode'
    ? { id, name, type: 'actions', properties }
    : { id: event ?? null, name: event ?? undefined, type: 'events', properties }
}

export const retention: Kind<RetentionQuery> = {
  kind: 'RetentionQuery',
  slug: 'retention',
  label: 'Retention',
  about: 'Of those who begin, how many come back, and for how long.',
  initial: () => ({ kind: 'RetentionQuery', retentionFilter: { period: 'Week', totalIntervals: 8 } }),
  read: (raw) => ({
    ...raw,
    ...readScope(raw),
    kind: 'RetentionQuery',
    retentionFilter: readRetentionFilter(rawOf(raw.retentionFilter)),
    breakdownFilter: readBreakdown(raw.breakdownFilter),
  }),
  from: (other) => {
    const [first, last] = [seriesFrom(other)[0], seriesFrom(other).at(-1)]
    const { dateRange: _, ...scope } = keepScope(other)
    return {
      kind: 'RetentionQuery',
      retentionFilter: {
        period: 'Week',
        totalIntervals: 8,
        targetEntity: first && seriesAsEntity(first),
        returningEntity: last && seriesAsEntity(last),
      },
      ...scope,
    }
  },
  problems: (query) => {
    const { cumulative, timeWindowMode, totalIntervals, aggregationType, aggregationProperty } = retentionOf(query)
    return [
      ...(cumulative && timeWindowMode === '24_hour_windows'
        ? ['“On or after” cannot be counted in windows of 24 hours: choose calendar periods.']
        : []),
      ...(aggregationType !== undefined && !aggregationProperty
        ? ['Choose the property of which the returning events bring a sum or an average.']
        : []),
      ...(totalIntervals < 2 ? ['Two periods or more show whether people return.'] : []),
    ]
  },
  asked: (query) => {
    const { retentionReference: _reference, meanRetentionCalculation: _mean, ...filter } = query.retentionFilter ?? {}
    return { ...query, properties: askedFilters(query.properties), retentionFilter: filter }
  },
  words: (query) => {
    const { targetEntity, returningEntity, period } = retentionOf(query)
    const [begin, back] = [entityName(targetEntity), entityName(returningEntity)]
    return begin === back ? `${begin}: who does it again, by ${period.toLowerCase()}` : `${begin}, then ${back}, by ${period.toLowerCase()}`
  },
}

/** Who of a cohort comes back at all, beside everyone: both begin with what the question began with. */
export function retentionOfCohort(source: InsightQuery, cohortId: number): RetentionQuery {
  const { retentionFilter, ...rest } = retention.from(source)
  return {
    ...rest,
    retentionFilter: { ...retentionFilter, returningEntity: { id: null, type: 'events' } },
    breakdownFilter: { breakdown: ['all', cohortId], breakdown_type: 'cohort' },
  }
}

function readRetentionFilter(raw: Raw): RetentionFilter {
  return {
    ...raw,
    period: choiceOf(raw.period, retentionPeriods),
    totalIntervals: numberOf(raw.totalIntervals),
    targetEntity: readEntity(raw.targetEntity),
    returningEntity: readEntity(raw.returningEntity),
    retentionType: choiceOf(raw.retentionType, retentionTypes),
    cumulative: raw.cumulative === true ? true : undefined,
    minimumOccurrences: numberOf(raw.minimumOccurrences),
    timeWindowMode: raw.timeWindowMode === '24_hour_windows' ? '24_hour_windows' : undefined,
    retentionReference: choiceOf(raw.retentionReference, ['total', 'previous'] as const),
    meanRetentionCalculation: choiceOf(raw.meanRetentionCalculation, ['simple', 'weighted', 'none'] as const),
    retentionCustomBrackets: readBrackets(raw.retentionCustomBrackets),
    aggregationType: choiceOf(raw.aggregationType, ['sum', 'avg'] as const),
    aggregationProperty: textOf(raw.aggregationProperty),
    aggregationPropertyType: choiceOf(raw.aggregationPropertyType, ['person'] as const),
  }
}

function readBrackets(value: unknown): number[] | undefined {
  const widths = Array.isArray(value) ? value.filter((each): each is number => Number.isInteger(each) && each > 0) : []
  return widths.length > 0 ? widths : undefined
}

/** `1, 3, 7` as widths of columns; undefined for what is no such list. */
export function bracketsOf(text: string): number[] | undefined {
  const parts = text.split(/[\s,;]+/).filter((part) => part !== '')
  return parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) > 0) ? parts.map(Number) : undefined
}

function readEntity(value: unknown): RetentionEntity | undefined {
  if (value === undefined || value === null || typeof value !== 'object') return undefined
  const raw = rawOf(value)
  const id = typeof raw.id === 'string' || typeof raw.id === 'number' ? raw.id : null
  return { id, name: textOf(raw.name), type: raw.type === 'actions' ? 'actions' : 'events', properties: filtersIn(raw.properties) }
}

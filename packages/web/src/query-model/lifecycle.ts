import { defaultRange } from './date-range.ts'
import type { Kind } from './kind.ts'
import { intervals, type LifecycleQuery, type LifecycleState, lifecycleStates } from './nodes.ts'
import { choiceOf, rawOf, textsOf } from './reading.ts'
import { askedFilters, keepScope, readScope } from './scope.ts'
import { pageviews, readSeries, seriesName } from './series.ts'
import { seriesFrom } from './trends.ts'

export const stateWords: Record<LifecycleState, { label: string; about: string; token: string }> = {
  new: { label: 'New', about: 'first seen in this period', token: 'series-2' },
  returning: { label: 'Returning', about: 'here in the period before, too', token: 'series-1' },
  resurrecting: { label: 'Resurrecting', about: 'back after a period away', token: 'series-4' },
  dormant: { label: 'Dormant', about: 'here in the period before, no longer now', token: 'series-3' },
}

export const shownStates = (query: LifecycleQuery): readonly LifecycleState[] => query.lifecycleFilter?.toggledLifecycles ?? lifecycleStates

export const lifecycle: Kind<LifecycleQuery> = {
  kind: 'LifecycleQuery',
  slug: 'lifecycle',
  label: 'Lifecycle',
  about: 'Who is new, stays, comes back or falls asleep.',
  initial: () => ({ kind: 'LifecycleQuery', series: [{ ...pageviews }], interval: 'week', dateRange: { date_from: '-90d' } }),
  read: (raw) => {
    const filter = rawOf(raw.lifecycleFilter)
    const toggled = Array.isArray(filter.toggledLifecycles)
      ? textsOf(filter.toggledLifecycles).flatMap((each) => choiceOf(each, lifecycleStates) ?? [])
      : undefined
    return {
      ...raw,
      ...readScope(raw),
      kind: 'LifecycleQuery',
      series: readSeries(raw.series).slice(0, 1),
      interval: choiceOf(raw.interval, intervals),
      lifecycleFilter: { ...filter, toggledLifecycles: toggled },
    }
  },
  from: (other) => ({
    kind: 'LifecycleQuery',
    series: seriesFrom(other)
      .slice(0, 1)
      .map(({ kind, event, id, name, properties }) => ({ kind, event, id, name, properties })),
    ...keepScope(other),
    dateRange: other.dateRange ?? { ...defaultRange },
    interval: 'interval' in other ? other.interval : undefined,
  }),
  problems: ({ series }) => (series.length === 0 ? ['Choose the event that counts as being active.'] : []),
  asked: ({ lifecycleFilter: _, ...query }) => ({ ...query, properties: askedFilters(query.properties) }),
  words: ({ series: [series] }) => (series ? `Lifecycle of those with ${seriesName(series)}` : 'Lifecycle'),
}

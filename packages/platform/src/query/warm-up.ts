import { setTimeout as pause } from 'node:timers/promises'
import { defaultProjectSettings } from '@hedgerow/protocol'
import type { EventStore } from '@hedgerow/stores'
import type { Log } from '../log.ts'
import type { ProjectFacts } from './project-facts.ts'
import type { QueryEngine } from './query-engine.ts'

/** Of each: by then the JavaScript engine has made machine code of most that builds and compiles queries. */
const usualRounds = 12

const dateRange = { date_from: '-30d' }
const seen = { kind: 'EventsNode', event: '$pageview' }
const clicked = { kind: 'EventsNode', event: '$autocapture' }
const entity = { id: '$pageview', type: 'events' }

/** One of each kind of insight, in the forms that are asked for most. */
const questions: Record<string, unknown>[] = [
  { kind: 'FunnelsQuery', dateRange, series: [seen, clicked, { ...seen, event: 'signed up' }, { ...clicked, event: 'paid' }] },
  { kind: 'TrendsQuery', dateRange, series: [seen, { ...clicked, math: 'dau' }] },
  {
    kind: 'TrendsQuery',
    dateRange,
    series: [{ ...seen, math: 'dau' }],
    breakdownFilter: { breakdown: '$browser', breakdown_type: 'event' },
  },
  { kind: 'TrendsQuery', dateRange, series: [seen], properties: [{ key: 'plan', value: 'pro', operator: 'exact', type: 'person' }] },
  {
    kind: 'RetentionQuery',
    dateRange,
    retentionFilter: { period: 'Week', totalIntervals: 8, targetEntity: entity, returningEntity: entity },
  },
  { kind: 'PathsQuery', dateRange, pathsFilter: { includeEventTypes: ['$pageview'], stepLimit: 5 } },
  { kind: 'LifecycleQuery', dateRange, interval: 'week', series: [seen] },
  { kind: 'StickinessQuery', dateRange, series: [seen] },
  {
    kind: 'HogQLQuery',
    query: "select event, count() from events where timestamp > now() - interval 7 day and properties.plan = 'pro' group by event",
  },
]

/** Of no project: the largest id that the application store has room for, so that nothing of anybody's is read. */
const factsIn = (timezone: string): ProjectFacts => ({
  id: 2 ** 31 - 1,
  timezone,
  weekStartDay: 0,
  settings: defaultProjectSettings,
  groupTypes: {},
  hasPersonOverrides: true,
  includedUntil: null,
  knownTypes: new Map(),
  knownDefinitions: new Map(),
})

/** The same store, that is not asked and answers no rows. */
export const silentEventStore = (events: EventStore): EventStore => ({
  ...events,
  query: async () => ({ columns: [], rows: [], statistics: { elapsedMs: 0, rowsRead: 0, bytesRead: 0 } }),
})

/**
 * Builds and compiles questions that nobody asked, so that the first ones that somebody asks of this process are not several times as slow as
 * all others. The event store is not asked. At most half of the thread's time, and none of anybody's answer: it can be left to itself.
 */
export async function warmUp(
  engine: Pick<QueryEngine, 'rehearse'>,
  options: { signal: AbortSignal; log: Log; rounds?: number },
): Promise<void> {
  const { signal, rounds = usualRounds } = options
  const projects = [factsIn('UTC'), factsIn('America/New_York')]
  try {
    for (let round = 0; round < rounds; round++) {
      for (const query of questions) {
        const startedMs = performance.now()
        await engine.rehearse(query, projects[round % projects.length] as ProjectFacts)
        await pause(performance.now() - startedMs, undefined, { signal, ref: false })
      }
    }
  } catch (error) {
    if (!signal.aborted) options.log('warn', 'queries could not be rehearsed; the first ones will take longer', { error })
  }
}

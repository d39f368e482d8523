import { eventLabel } from '../ui/event-name.ts'
import { defaultRange } from './date-range.ts'
import { funnels } from './funnels.ts'
import type { Kind } from './kind.ts'
import { type FunnelPathsFilter, type FunnelsQuery, funnelPathTypes, type PathsFilter, type PathsQuery, pathEventTypes } from './nodes.ts'
import { choiceOf, listOf, numberOf, type Raw, rawOf, textOf, textsOf } from './reading.ts'
import { askedFilters, keepScope, readScope } from './scope.ts'
import { seriesName } from './series.ts'

export const pathTypeWords: Record<(typeof pathEventTypes)[number], string> = {
  $pageview: 'Page views',
  $screen: 'Screens',
  custom_event: 'Your own events',
}

// limit: more steps do not fit on a screen.
export const mostSteps = 20

export const paths: Kind<PathsQuery> = {
  kind: 'PathsQuery',
  slug: 'paths',
  label: 'Paths',
  about: 'Which ways people take, from a start or to an end.',
  initial: () => ({ kind: 'PathsQuery', dateRange: { ...defaultRange }, pathsFilter: { includeEventTypes: ['$pageview'], stepLimit: 5 } }),
  read: (raw) => ({
    ...raw,
    ...readScope(raw),
    kind: 'PathsQuery',
    pathsFilter: readPathsFilter(rawOf(raw.pathsFilter)),
    funnelPathsFilter: readFunnelPaths(raw.funnelPathsFilter),
  }),
  from: (other) => ({ ...paths.initial(), ...keepScope(other) }),
  problems: ({ pathsFilter, funnelPathsFilter }) => [
    ...(pathsFilter?.includeEventTypes?.includes('hogql') && !pathsFilter.pathsHogQLExpression
      ? ['Write the SQL expression that steps are named by.']
      : []),
    ...((pathsFilter?.localPathCleaningFilters ?? []).some(({ regex }) => regex === '') ? ['A rule that shortens steps is empty.'] : []),
    ...(funnelPathsFilter?.funnelPathType === 'funnel_path_between_steps' && (funnelPathsFilter.funnelStep ?? 1) < 2
      ? ['The way between two steps leads to the second step or a later one.']
      : []),
    ...((pathsFilter?.stepLimit ?? 5) > mostSteps ? [`Up to ${mostSteps} steps can be shown.`] : []),
    ...((pathsFilter?.minEdgeWeight ?? 0) > (pathsFilter?.maxEdgeWeight ?? Number.POSITIVE_INFINITY)
      ? ['The least number of people on a way is above the greatest.']
      : []),
  ],
  asked: (query) => ({
    ...query,
    properties: askedFilters(query.properties),
    ...(query.funnelPathsFilter?.funnelSource
      ? { funnelPathsFilter: { ...query.funnelPathsFilter, funnelSource: funnels.asked(query.funnelPathsFilter.funnelSource) } }
      : {}),
  }),
  words: ({ pathsFilter, funnelPathsFilter }) => {
    if (funnelPathsFilter?.funnelSource) return `Paths ${funnelPathWords(funnelPathsFilter)}`
    const { startPoint, endPoint } = pathsFilter ?? {}
    if (startPoint && endPoint) return `Paths from ${startPoint} to ${endPoint}`
    if (startPoint) return `Paths from ${startPoint}`
    return endPoint ? `Paths to ${endPoint}` : 'Paths that people take'
  },
}

/** A step of a path: an address without its host where that is all the same, or an event in words. */
export function pathItemLabel(item: string): string {
  const url = /^https?:\/\/([^/]+)(\/.*)?$/.exec(item)
  return url ? `${url[1]}${url[2] ?? '/'}` : eventLabel(item)
}

/** The same in two: what tells it apart, and the host where it is an address. */
export function pathItemParts(item: string): { name: string; host?: string } {
  if (item === '') return { name: '(no name)' }
  const url = /^https?:\/\/([^/]+)(\/.*)?$/.exec(item)
  return url?.[1] === undefined ? { name: pathItemLabel(item) } : { name: url[2] ?? '/', host: url[1] }
}

/** Steps of a clicked way as a funnel: page views by their address, events by their name. */
export function funnelOfPath(query: PathsQuery, items: readonly string[]): FunnelsQuery {
  return {
    kind: 'FunnelsQuery',
    ...keepScope(query),
    series: items
      .filter((item) => item !== '...')
      .map((item) =>
        /^https?:\/\//.test(item)
          ? {
              kind: 'EventsNode',
              event: '$pageview',
              name: '$pageview',
              custom_name: pathItemLabel(item),
              // why: paths drop one slash at the end of an address, so both forms are that step.
              properties: [
                { type: 'event', key: '$current_url', operator: 'exact', value: item.endsWith('/') ? [item] : [item, `${item}/`] },
              ],
            }
          : { kind: 'EventsNode', event: item, name: item },
      ),
  }
}

function readFunnelPaths(value: unknown): FunnelPathsFilter | undefined {
  const raw = rawOf(value)
  const source = rawOf(raw.funnelSource)
  if (source.kind !== 'FunnelsQuery') return undefined
  return {
    ...raw,
    funnelPathType: choiceOf(raw.funnelPathType, funnelPathTypes),
    funnelSource: funnels.read(source),
    funnelStep: numberOf(raw.funnelStep),
  }
}

/** Ways of those who reached a step of a funnel; a negative step: of those who stopped before it. */
export function pathsOfFunnel(funnel: FunnelsQuery, type: NonNullable<FunnelPathsFilter['funnelPathType']>, step: number): PathsQuery {
  return {
    ...paths.initial(),
    ...keepScope(funnel),
    pathsFilter: { includeEventTypes: [...pathEventTypes], stepLimit: 5 },
    funnelPathsFilter: { funnelPathType: type, funnelSource: funnel, funnelStep: step },
  }
}

/** `before step 2: invited`, `after step 1: signed_up, of those who stopped before step 2`. */
export function funnelPathWords({ funnelPathType, funnelSource, funnelStep = 1 }: FunnelPathsFilter): string {
  const named = (step: number) => {
    const series = funnelSource?.series[step - 1]
    return `step ${step}${series ? `: ${seriesName(series)}` : ''}`
  }
  const of = funnelStep < 0 ? `, of those who stopped before ${named(-funnelStep)}` : ''
  const at = funnelStep < 0 ? -funnelStep - 1 : funnelStep
  switch (funnelPathType) {
    case 'funnel_path_before_step':
      return `before ${named(at)}${of}`
    case 'funnel_path_between_steps':
      return `between ${named(at - 1)} and ${named(at)}${of}`
    case 'funnel_path_after_step':
    case undefined:
      return `after ${named(at)}${of}`
  }
}

function readPathsFilter(raw: Raw): PathsFilter {
  return {
    ...raw,
    includeEventTypes: textsOf(raw.includeEventTypes),
    excludeEvents: textsOf(raw.excludeEvents),
    startPoint: textOf(raw.startPoint),
    endPoint: textOf(raw.endPoint),
    stepLimit: numberOf(raw.stepLimit),
    edgeLimit: numberOf(raw.edgeLimit),
    minEdgeWeight: numberOf(raw.minEdgeWeight),
    maxEdgeWeight: numberOf(raw.maxEdgeWeight),
    pathGroupings: textsOf(raw.pathGroupings),
    pathsHogQLExpression: textOf(raw.pathsHogQLExpression),
    pathReplacements: raw.pathReplacements === true ? true : undefined,
    localPathCleaningFilters: listOf(raw.localPathCleaningFilters).map(({ alias, regex }) => ({
      alias: textOf(alias) ?? '',
      regex: textOf(regex) ?? '',
    })),
  }
}

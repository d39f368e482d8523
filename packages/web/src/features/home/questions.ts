import type { ProjectBody } from '@hedgerow/protocol'
import type { TrendsQuery } from '../../query-model/nodes.ts'

/** Beside every figure of the home page is the question that it answers, which opens as an insight. */
export interface HomeFigure {
  label: string
  query: TrendsQuery
}

type Beginning = Pick<ProjectBody, 'test_account_filters'>

const week = { date_from: '-7d' }

/** Without test accounts wherever the project says who they are: nobody begins the day with the team's own visits. */
function asked(project: Beginning, query: Omit<TrendsQuery, 'kind'>): TrendsQuery {
  return { kind: 'TrendsQuery', ...query, ...(project.test_account_filters.length > 0 ? { filterTestAccounts: true } : {}) }
}

/** What stands on top: of the last seven days, compared with the same days a week before. */
export function homeFigures(project: Beginning): HomeFigure[] {
  const figure = (math: string | undefined): TrendsQuery =>
    asked(project, {
      series: [{ kind: 'EventsNode', event: null, ...(math === undefined ? {} : { math }) }],
      dateRange: week,
      compareFilter: { compare: true },
      trendsFilter: { display: 'BoldNumber' },
    })
  return [
    { label: 'People', query: figure('dau') },
    { label: 'Sessions', query: figure('unique_session') },
    { label: 'Events', query: figure(undefined) },
  ]
}

/** The course below them. */
export const homeCourse = (project: Beginning): TrendsQuery =>
  asked(project, { series: [{ kind: 'EventsNode', event: null, math: 'dau' }], dateRange: { date_from: '-30d' } })

export interface FirstStep {
  label: string
  about: string
  /** Below `/project/:id/`. */
  to: string
  isDone: boolean
}

/** The way from an empty project to a dashboard that others look at. */
export function firstSteps(there: { hasEvents: boolean; insights: number; dashboards: number }): FirstStep[] {
  return [
    {
      label: 'Connect your app',
      about: 'Point a PostHog SDK at this server: a snippet for each is there to copy.',
      to: 'connect',
      isDone: there.hasEvents,
    },
    {
      label: 'Ask the first question',
      about: 'How many come, where they stop, who comes back. Save what you want to see again.',
      to: 'insights/new?kind=trends',
      isDone: there.insights > 0,
    },
    {
      label: 'Put it on a dashboard',
      about: 'Several answers on one page, for everybody in the project.',
      to: 'dashboards',
      isDone: there.dashboards > 0,
    },
  ]
}

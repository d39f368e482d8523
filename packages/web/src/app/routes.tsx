import type { QueryClient } from '@tanstack/react-query'
import { createRootRouteWithContext, createRoute, lazyRouteComponent, notFound, Outlet, redirect } from '@tanstack/react-router'
import { accountQuery, preflightQuery } from '../api-client/account.ts'
import { ApiError } from '../api-client/errors.ts'
import { projectQuery } from '../api-client/projects.ts'
import type { ActionsSearch } from '../features/actions/actions-page.tsx'
import type { CohortsSearch } from '../features/cohorts/cohorts-page.tsx'
import type { DashboardsSearch } from '../features/dashboards/dashboards-page.tsx'
import type { DashboardSearch } from '../features/dashboards/override.ts'
import type { EventDefinitionSearch } from '../features/data/event-definition-page.tsx'
import type { EventDefinitionsSearch } from '../features/data/event-definitions-page.tsx'
import { eventOrders } from '../features/data/ordering.ts'
import type { PropertyDefinitionsSearch } from '../features/data/property-definitions-page.tsx'
import type { ExperimentsSearch } from '../features/experiments/experiments-page.tsx'
import { type FlagSearch, type FlagsSearch, flagStates, flagTabs, flagTypes } from '../features/flags/flags-search.ts'
import type { GroupSearch } from '../features/groups/group-page.tsx'
import type { GroupsSearch } from '../features/groups/groups-page.tsx'
import type { IngestionSearch } from '../features/ingestion/ingestion-page.tsx'
import type { InsightSearch } from '../features/insights/insight-page.tsx'
import type { InsightsSearch } from '../features/insights/insights-page.tsx'
import type { LiveSearch } from '../features/live/live-page.tsx'
import type { PersonSearch } from '../features/persons/person-page.tsx'
import type { PersonsSearch } from '../features/persons/persons-search.ts'
import type { SqlSearch } from '../features/sql/sql-page.tsx'
import { choiceIn, pathIn, textIn } from '../ui/search-params.ts'
import { Frame } from './frame/frame.tsx'
import { chooseProject, rememberedProject } from './last-project.ts'
import { NotFound, NotFoundAlone } from './not-found.tsx'
import { ProjectPages } from './project-pages.tsx'

const rootRoute = createRootRouteWithContext<{ queryClient: QueryClient }>()({ component: Outlet, notFoundComponent: NotFoundAlone })

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { next?: string | undefined } => ({ next: pathIn(search, 'next') }),
  beforeLoad: async ({ context, search }) => {
    const { setup_required: setupRequired } = await context.queryClient.ensureQueryData(preflightQuery)
    if (setupRequired) throw redirect({ to: '/setup' })
    if (await context.queryClient.ensureQueryData(accountQuery)) throw redirect({ href: search.next ?? '/' })
  },
  component: lazyRouteComponent(() => import('./pages/sign-in.tsx'), 'SignInRoute'),
})

const newPasswordRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/new-password',
  component: lazyRouteComponent(() => import('./pages/new-password.tsx'), 'NewPasswordRoute'),
})

const setupRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/setup',
  beforeLoad: async ({ context }) => {
    const { setup_required: setupRequired } = await context.queryClient.ensureQueryData(preflightQuery)
    if (!setupRequired) throw redirect({ to: '/' })
  },
  component: lazyRouteComponent(() => import('./pages/first-run.tsx'), 'FirstRunRoute'),
})

/** Everything below needs an account; without one it goes to sign-in and comes back. */
const signedInRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'signed-in',
  beforeLoad: async ({ context, location }) => {
    const account = await context.queryClient.ensureQueryData(accountQuery)
    if (account) return { account }
    const { setup_required: setupRequired } = await context.queryClient.ensureQueryData(preflightQuery)
    if (setupRequired) throw redirect({ to: '/setup' })
    throw redirect({ to: '/sign-in', search: { next: location.href === '/' ? undefined : location.href } })
  },
  component: Frame,
  notFoundComponent: NotFound,
})

const startRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/',
  beforeLoad: ({ context }) => {
    const projects = context.account.organization?.projects ?? []
    const projectId = chooseProject(
      projects.map(({ id }) => id),
      rememberedProject() ?? context.account.team?.id,
    )
    if (projectId === undefined) throw redirect({ to: '/projects/new' })
    const isConnected = projects.find(({ id }) => id === projectId)?.ingested_event
    throw redirect({ to: isConnected ? '/project/$projectId/home' : '/project/$projectId/connect', params: { projectId } })
  },
})

const newProjectRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/projects/new',
  component: lazyRouteComponent(() => import('./pages/new-project.tsx'), 'NewProjectRoute'),
})

/** Any other address of somebody who is signed in. */
const nowhereRoute = createRoute({ getParentRoute: () => signedInRoute, path: '$', component: NotFound })

const accountRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/account',
  component: lazyRouteComponent(() => import('./pages/account.tsx'), 'AccountRoute'),
})

const apiKeysRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/account/api-keys',
  component: lazyRouteComponent(() => import('./pages/api-keys.tsx'), 'ApiKeysRoute'),
})

const membersRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/account/members',
  component: lazyRouteComponent(() => import('./pages/members.tsx'), 'MembersRoute'),
})

const projectRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/project/$projectId',
  params: {
    parse: ({ projectId }) => ({ projectId: readProjectId(projectId) }),
    stringify: ({ projectId }) => ({ projectId: String(projectId) }),
  },
  loader: async ({ context, params }) => {
    try {
      await context.queryClient.ensureQueryData(projectQuery(params.projectId))
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) throw notFound()
      throw error
    }
  },
  component: ProjectPages,
  notFoundComponent: NotFound,
})

function readProjectId(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw notFound()
  return Number(text)
}

const projectStartRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/project/$projectId/home', params })
  },
})

const homeRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/home',
  component: lazyRouteComponent(() => import('./pages/home.tsx'), 'HomeRoute'),
})

const experimentsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/experiments',
  validateSearch: (search: Record<string, unknown>): ExperimentsSearch => ({
    q: textIn(search, 'q'),
    status: choiceIn(search, 'status', ['draft', 'running', 'paused', 'stopped'] as const),
  }),
  component: lazyRouteComponent(() => import('./pages/experiments.tsx'), 'ExperimentsRoute'),
})

const newExperimentRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/experiments/new',
  component: lazyRouteComponent(() => import('./pages/new-experiment.tsx'), 'NewExperimentRoute'),
})

const experimentsSharedRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/experiments/shared',
  component: lazyRouteComponent(() => import('./pages/experiments-shared.tsx'), 'ExperimentsSharedRoute'),
})

const calculatorsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/experiments/calculators',
  component: lazyRouteComponent(() => import('./pages/calculators.tsx'), 'CalculatorsRoute'),
})

const experimentRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/experiments/$experimentId',
  component: lazyRouteComponent(() => import('./pages/experiment.tsx'), 'ExperimentRoute'),
})

const flagsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/flags',
  validateSearch: (search: Record<string, unknown>): FlagsSearch => ({
    q: textIn(search, 'q'),
    state: choiceIn(search, 'state', flagStates),
    type: choiceIn(search, 'type', flagTypes),
    tag: textIn(search, 'tag'),
  }),
  component: lazyRouteComponent(() => import('./pages/flags.tsx'), 'FlagsRoute'),
})

const newFlagRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/flags/new',
  component: lazyRouteComponent(() => import('./pages/new-flag.tsx'), 'NewFlagRoute'),
})

const explainFlagsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/flags/explain',
  validateSearch: (search: Record<string, unknown>) => ({
    person: textIn(search, 'person'),
    at: textIn(search, 'at'),
    groups: textIn(search, 'groups'),
  }),
  component: lazyRouteComponent(() => import('./pages/explain-flags.tsx'), 'ExplainFlagsRoute'),
})

const flagRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/flags/$flagId',
  validateSearch: (search: Record<string, unknown>): FlagSearch => ({
    tab: choiceIn(search, 'tab', flagTabs),
    person: textIn(search, 'person'),
    at: textIn(search, 'at'),
    groups: textIn(search, 'groups'),
  }),
  component: lazyRouteComponent(() => import('./pages/flag.tsx'), 'FlagRoute'),
})

const earlyAccessRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/early-access',
  component: lazyRouteComponent(() => import('./pages/early-access.tsx'), 'EarlyAccessRoute'),
})

const newEarlyAccessRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/early-access/new',
  component: lazyRouteComponent(() => import('./pages/early-access.tsx'), 'NewEarlyAccessRoute'),
})

const earlyAccessFeatureRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/early-access/$featureId',
  component: lazyRouteComponent(() => import('./pages/early-access.tsx'), 'EarlyAccessFeatureRoute'),
})

const insightsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/insights',
  validateSearch: (search: Record<string, unknown>): InsightsSearch => ({
    q: textIn(search, 'q'),
    kind: textIn(search, 'kind'),
    tag: textIn(search, 'tag'),
    only: choiceIn(search, 'only', ['favourites'] as const),
  }),
  component: lazyRouteComponent(() => import('./pages/insights.tsx'), 'InsightsRoute'),
})

const insightSearch = (search: Record<string, unknown>): InsightSearch => ({
  q: textIn(search, 'q'),
  kind: textIn(search, 'kind'),
  name: textIn(search, 'name'),
  who: textIn(search, 'who'),
  explain: choiceIn(search, 'explain', ['yes'] as const),
  onto: textIn(search, 'onto'),
})

const newInsightRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/insights/new',
  validateSearch: insightSearch,
  component: lazyRouteComponent(() => import('./pages/insight.tsx'), 'NewInsightRoute'),
})

const insightRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/insights/$shortId',
  validateSearch: insightSearch,
  component: lazyRouteComponent(() => import('./pages/insight.tsx'), 'SavedInsightRoute'),
})

const dashboardsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/dashboards',
  validateSearch: (search: Record<string, unknown>): DashboardsSearch => ({ q: textIn(search, 'q') }),
  component: lazyRouteComponent(() => import('./pages/dashboards.tsx'), 'DashboardsRoute'),
})

const dashboardRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/dashboards/$dashboardId',
  validateSearch: (search: Record<string, unknown>): DashboardSearch => ({
    from: textIn(search, 'from'),
    to: textIn(search, 'to'),
    where: textIn(search, 'where'),
    vars: textIn(search, 'vars'),
    edit: choiceIn(search, 'edit', ['yes'] as const),
  }),
  component: lazyRouteComponent(() => import('./pages/dashboards.tsx'), 'DashboardRoute'),
})

const sqlRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/sql',
  validateSearch: (search: Record<string, unknown>): SqlSearch => ({
    query: textIn(search, 'query'),
    insight: textIn(search, 'insight'),
    onto: textIn(search, 'onto'),
  }),
  component: lazyRouteComponent(() => import('./pages/sql.tsx'), 'SqlRoute'),
})

const liveRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/live',
  validateSearch: (search: Record<string, unknown>): LiveSearch => ({
    event: textIn(search, 'event'),
    q: textIn(search, 'q'),
    verdict: choiceIn(search, 'verdict', ['stored', 'warning', 'repeated', 'rejected'] as const),
    open: textIn(search, 'open'),
    view: choiceIn(search, 'view', ['properties', 'person', 'json'] as const),
  }),
  component: lazyRouteComponent(() => import('./pages/live.tsx'), 'LiveRoute'),
})

const personsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/persons',
  validateSearch: (search: Record<string, unknown>): PersonsSearch => ({
    q: textIn(search, 'q'),
    identified: choiceIn(search, 'identified', ['yes', 'no'] as const),
    where: textIn(search, 'where'),
    columns: textIn(search, 'columns'),
  }),
  component: lazyRouteComponent(() => import('./pages/persons.tsx'), 'PersonsRoute'),
})

const personRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/persons/$personId',
  validateSearch: (search: Record<string, unknown>): PersonSearch => ({
    tab: choiceIn(search, 'tab', ['timeline', 'properties', 'ids', 'groups', 'cohorts', 'flags', 'experiments'] as const),
    event: textIn(search, 'event'),
    open: textIn(search, 'open'),
    view: choiceIn(search, 'view', ['properties', 'person', 'json'] as const),
    past: choiceIn(search, 'past', ['all'] as const),
    of: textIn(search, 'of'),
    at: textIn(search, 'at'),
  }),
  component: lazyRouteComponent(() => import('./pages/person.tsx'), 'PersonRoute'),
})

const cohortsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/cohorts',
  validateSearch: (search: Record<string, unknown>): CohortsSearch => ({
    q: textIn(search, 'q'),
    type: choiceIn(search, 'type', ['static', 'dynamic'] as const),
  }),
  component: lazyRouteComponent(() => import('./pages/cohorts.tsx'), 'CohortsRoute'),
})

const newCohortRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/cohorts/new',
  component: lazyRouteComponent(() => import('./pages/cohorts.tsx'), 'NewCohortRoute'),
})

const cohortRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/cohorts/$cohortId',
  component: lazyRouteComponent(() => import('./pages/cohorts.tsx'), 'CohortRoute'),
})

const groupsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/groups',
  validateSearch: (search: Record<string, unknown>): GroupsSearch => ({ q: textIn(search, 'q'), type: textIn(search, 'type') }),
  component: lazyRouteComponent(() => import('./pages/groups.tsx'), 'GroupsRoute'),
})

const groupRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/groups/$typeIndex/$groupKey',
  validateSearch: (search: Record<string, unknown>): GroupSearch => ({
    tab: choiceIn(search, 'tab', ['events'] as const),
    open: textIn(search, 'open'),
    view: choiceIn(search, 'view', ['properties', 'person', 'json'] as const),
  }),
  component: lazyRouteComponent(() => import('./pages/groups.tsx'), 'GroupRoute'),
})

const actionsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/actions',
  validateSearch: (search: Record<string, unknown>): ActionsSearch => ({ q: textIn(search, 'q') }),
  component: lazyRouteComponent(() => import('./pages/actions.tsx'), 'ActionsRoute'),
})

const newActionRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/actions/new',
  component: lazyRouteComponent(() => import('./pages/actions.tsx'), 'NewActionRoute'),
})

const actionRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/actions/$actionId',
  component: lazyRouteComponent(() => import('./pages/actions.tsx'), 'ActionRoute'),
})

const eventDefinitionsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/data/events',
  validateSearch: (search: Record<string, unknown>): EventDefinitionsSearch => ({
    q: textIn(search, 'q'),
    kind: choiceIn(search, 'kind', ['own', 'sdk'] as const),
    order: choiceIn(search, 'order', eventOrders),
    state: choiceIn(search, 'state', ['verified', 'hidden'] as const),
  }),
  component: lazyRouteComponent(() => import('./pages/event-definitions.tsx'), 'EventDefinitionsRoute'),
})

const eventDefinitionRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/data/events/$definitionId',
  validateSearch: (search: Record<string, unknown>): EventDefinitionSearch => ({
    open: textIn(search, 'open'),
    view: choiceIn(search, 'view', ['properties', 'person', 'json'] as const),
  }),
  component: lazyRouteComponent(() => import('./pages/event-definition.tsx'), 'EventDefinitionRoute'),
})

const propertyDefinitionRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/data/properties/$definitionId',
  component: lazyRouteComponent(() => import('./pages/property-definition.tsx'), 'PropertyDefinitionRoute'),
})

const propertyDefinitionsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/data/properties',
  validateSearch: (search: Record<string, unknown>): PropertyDefinitionsSearch => ({
    q: textIn(search, 'q'),
    of: choiceIn(search, 'of', ['person', 'group', 'session'] as const),
    state: choiceIn(search, 'state', ['verified', 'hidden'] as const),
  }),
  component: lazyRouteComponent(() => import('./pages/property-definitions.tsx'), 'PropertyDefinitionsRoute'),
})

const ingestionRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/ingestion',
  validateSearch: (search: Record<string, unknown>): IngestionSearch => ({
    reason: textIn(search, 'reason'),
    kind: choiceIn(search, 'kind', ['rejected', 'altered'] as const),
    open: textIn(search, 'open'),
  }),
  component: lazyRouteComponent(() => import('./pages/ingestion.tsx'), 'IngestionRoute'),
})

const connectRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/connect',
  validateSearch: (search: Record<string, unknown>): { with?: string | undefined } => ({ with: textIn(search, 'with') }),
  component: lazyRouteComponent(() => import('./pages/connect.tsx'), 'ConnectRoute'),
})

const settingsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/settings',
  component: lazyRouteComponent(() => import('./pages/settings.tsx'), 'SettingsRoute'),
})

const keysRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/keys',
  component: lazyRouteComponent(() => import('./pages/keys.tsx'), 'KeysRoute'),
})

export const routeTree = rootRoute.addChildren([
  signInRoute,
  newPasswordRoute,
  setupRoute,
  signedInRoute.addChildren([
    startRoute,
    nowhereRoute,
    newProjectRoute,
    accountRoute,
    apiKeysRoute,
    membersRoute,
    projectRoute.addChildren([
      projectStartRoute,
      insightsRoute,
      flagsRoute,
      newFlagRoute,
      explainFlagsRoute,
      flagRoute,
      earlyAccessRoute,
      newEarlyAccessRoute,
      earlyAccessFeatureRoute,
      homeRoute,
      experimentsRoute,
      newExperimentRoute,
      experimentsSharedRoute,
      calculatorsRoute,
      experimentRoute,
      newInsightRoute,
      insightRoute,
      sqlRoute,
      dashboardsRoute,
      dashboardRoute,
      liveRoute,
      personsRoute,
      personRoute,
      cohortsRoute,
      newCohortRoute,
      cohortRoute,
      groupsRoute,
      groupRoute,
      actionsRoute,
      newActionRoute,
      actionRoute,
      eventDefinitionsRoute,
      propertyDefinitionsRoute,
      eventDefinitionRoute,
      propertyDefinitionRoute,
      ingestionRoute,
      connectRoute,
      settingsRoute,
      keysRoute,
    ]),
  ]),
])

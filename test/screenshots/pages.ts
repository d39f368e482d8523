/** What is pictured. `{project}`, `{person}`, `{event}`, `{property}`, `{action}`, `{cohort}`, `{experiment}`, `{group}` and `{dashboard}` are filled in from the server that is looked at. */
export interface PictureOf {
  name: string
  path: string
  /** Done on the page before the picture, in this order: a selector that is clicked. */
  clicks?: string[]
  /** Clicked before those on a phone, where a part of the page has to be opened first. */
  narrowClicks?: string[]
  /** Pressed on the page after that. */
  keys?: string
  /** Needs events, and is left out of a project without any. */
  needsEvents?: boolean
}

export const signedOutPages: PictureOf[] = [
  { name: 'sign-in', path: '/sign-in' },
  { name: 'new-password', path: '/new-password#a-token-that-nobody-made' },
]

/** The address of a new insight that asks this. */
const asking = (query: object, more: Record<string, string> = {}) =>
  `/project/{project}/insights/new?${new URLSearchParams({ q: JSON.stringify(query), ...more })}`
const series = (...events: string[]) => events.map((event) => ({ kind: 'EventsNode', event }))
const month = { date_from: '-30d' }
const views = { kind: 'TrendsQuery', series: series('$pageview', 'signed_up'), dateRange: month }
const byCountry = { breakdowns: [{ property: '$geoip_country_code', type: 'event' }] }
const byBrowser = { breakdowns: [{ property: '$browser', type: 'event' }] }
const people = { kind: 'TrendsQuery', series: [{ kind: 'EventsNode', event: '$pageview', math: 'dau' }], dateRange: month }
const onboarding = {
  kind: 'FunnelsQuery',
  series: series('signed_up', 'workspace_created', 'onboarding_completed', 'item_created'),
  dateRange: month,
}

/** What only a phone opens over the page. */
const onPhone: PictureOf[] = [
  { name: 'phone-navigation', path: '/project/{project}/home', clicks: ['button[aria-label="Menu"]'] },
  { name: 'phone-insight-question', path: asking(onboarding), clicks: ['button:has-text("change the question")'] },
]

const insightPages: PictureOf[] = [
  { name: 'insights', path: '/project/{project}/insights' },
  {
    name: 'insights-palette',
    path: '/project/{project}/insights',
    clicks: ['button:has-text("Find or do anything"), [aria-label="Find or do anything"]'],
  },
  { name: 'insight-new', path: '/project/{project}/insights/new?kind=trends' },
  {
    name: 'insight-event-picker',
    path: '/project/{project}/insights/new?kind=trends',
    clicks: ['button:has-text("Add a series")'],
    narrowClicks: ['button:has-text("change the question")'],
    needsEvents: true,
  },
  { name: 'insight-lines', path: asking(views), needsEvents: true },
  {
    name: 'insight-areas',
    path: asking({ ...people, breakdownFilter: byBrowser, trendsFilter: { display: 'ActionsAreaGraph' } }),
    needsEvents: true,
  },
  {
    name: 'insight-bars',
    path: asking({ ...people, breakdownFilter: byBrowser, trendsFilter: { display: 'ActionsBar' } }),
    needsEvents: true,
  },
  { name: 'insight-compare', path: asking({ ...views, compareFilter: { compare: true } }), needsEvents: true },
  {
    name: 'insight-number',
    path: asking({ ...views, series: series('signed_up'), compareFilter: { compare: true }, trendsFilter: { display: 'BoldNumber' } }),
    needsEvents: true,
  },
  {
    name: 'insight-pie',
    path: asking({ ...people, breakdownFilter: byBrowser, trendsFilter: { display: 'ActionsPie' } }),
    needsEvents: true,
  },
  {
    name: 'insight-ranking',
    path: asking({ ...people, breakdownFilter: byBrowser, trendsFilter: { display: 'ActionsBarValue' } }),
    needsEvents: true,
  },
  {
    name: 'insight-table',
    path: asking({ ...people, breakdownFilter: byBrowser, trendsFilter: { display: 'ActionsTable' } }),
    needsEvents: true,
  },
  {
    name: 'insight-map',
    path: asking({ ...people, breakdownFilter: byCountry, trendsFilter: { display: 'WorldMap' } }),
    needsEvents: true,
  },
  {
    name: 'insight-box',
    path: asking({
      kind: 'TrendsQuery',
      series: [{ kind: 'EventsNode', event: 'invoice_paid', math: 'median', math_property: 'revenue' }],
      dateRange: { date_from: '-90d' },
      interval: 'week',
      trendsFilter: { display: 'BoxPlot' },
    }),
    needsEvents: true,
  },
  { name: 'insight-funnel', path: asking(onboarding) },
  {
    name: 'insight-funnel-long',
    path: asking({
      ...onboarding,
      series: series(
        'signed_up',
        'workspace_created',
        'onboarding_step_completed',
        'onboarding_completed',
        'item_created',
        'plans_viewed',
        'subscription_started',
      ),
    }),
    needsEvents: true,
  },
  {
    name: 'insight-funnel-by',
    path: asking({ ...onboarding, breakdownFilter: { breakdown: '$browser', breakdown_type: 'event' } }),
    needsEvents: true,
  },
  { name: 'insight-funnel-time', path: asking({ ...onboarding, funnelsFilter: { funnelVizType: 'time_to_convert' } }), needsEvents: true },
  { name: 'insight-funnel-trend', path: asking({ ...onboarding, funnelsFilter: { funnelVizType: 'trends' } }), needsEvents: true },
  {
    name: 'insight-funnel-correlation',
    path: asking(onboarding),
    clicks: ['button:has-text("What goes with converting?")'],
    needsEvents: true,
  },
  {
    name: 'insight-paths-around-funnel',
    path: asking({
      kind: 'PathsQuery',
      dateRange: month,
      pathsFilter: {},
      funnelPathsFilter: { funnelPathType: 'funnel_path_after_step', funnelSource: onboarding, funnelStep: -3 },
    }),
    needsEvents: true,
  },
  {
    name: 'insight-onto-dashboard',
    path: asking(views),
    clicks: ['[aria-label="More to do with this insight"]', '[role=menuitem]:has-text("Put on a dashboard")'],
  },
  { name: 'insight-people', path: asking(onboarding), clicks: ['button[aria-label*="stopped before step 3"]'], needsEvents: true },
  { name: 'insight-explained', path: asking(onboarding, { explain: 'yes' }), needsEvents: true },
  {
    name: 'insight-retention',
    path: asking({
      kind: 'RetentionQuery',
      retentionFilter: {
        period: 'Week',
        totalIntervals: 8,
        targetEntity: { id: 'signed_up', type: 'events' },
        returningEntity: { id: null, type: 'events' },
      },
    }),
  },
  {
    name: 'insight-paths',
    path: asking({ kind: 'PathsQuery', dateRange: { date_from: '-7d' }, pathsFilter: { includeEventTypes: ['$pageview'] } }),
  },
  {
    name: 'insight-lifecycle',
    path: asking({ kind: 'LifecycleQuery', series: series('$pageview'), interval: 'week', dateRange: { date_from: '-90d' } }),
  },
  { name: 'insight-stickiness', path: asking({ kind: 'StickinessQuery', series: series('item_created'), dateRange: month }) },
]

const sql = (query: string) => `/project/{project}/sql?${new URLSearchParams({ query })}`
const byDay = 'SELECT toDate(timestamp) AS day, count() AS events, uniq(person_id) AS people\nFROM events\nGROUP BY day\nORDER BY day'
const run = 'button:has-text("Run")'

const sqlPages: PictureOf[] = [
  { name: 'sql', path: '/project/{project}/sql', clicks: [run] },
  { name: 'sql-chart', path: sql(byDay), clicks: [run, 'label:has-text("Chart")'], needsEvents: true },
  {
    name: 'sql-pull',
    path: sql(byDay),
    clicks: [run, 'button:has-text("Export")', '[role=menuitem]:has-text("Pull to a laptop")'],
    needsEvents: true,
  },
  {
    name: 'sql-metric',
    path: sql(byDay),
    clicks: [run, 'button:has-text("Export")', '[role=menuitem]:has-text("Metric of experiments")'],
    needsEvents: true,
  },
  { name: 'sql-cost', path: sql(byDay), clicks: ['button:has-text("Estimate")'], needsEvents: true },
  { name: 'sql-mistake', path: sql('SELECT evnt, count() FROM events GROUP BY evnt'), clicks: [run] },
  {
    name: 'sql-variable',
    path: sql('SELECT count() FROM events WHERE event = {variables.picture}'),
    clicks: ['button:has-text("Create variable")'],
  },
  { name: 'sql-history', path: '/project/{project}/sql', clicks: ['button:has-text("Queries")', '[role=tab]:has-text("History")'] },
]

const dashboardPages: PictureOf[] = [
  { name: 'dashboards', path: '/project/{project}/dashboards' },
  { name: 'dashboard', path: '/project/{project}/dashboards/{dashboard}', needsEvents: true },
  { name: 'dashboard-week', path: '/project/{project}/dashboards/{dashboard}?from=-7d', needsEvents: true },
  { name: 'dashboard-layout', path: '/project/{project}/dashboards/{dashboard}?edit=yes', needsEvents: true },
  {
    name: 'dashboard-add',
    path: '/project/{project}/dashboards/{dashboard}',
    clicks: ['button:has-text("Add")', '[role=menuitem]:has-text("Saved insight")'],
    needsEvents: true,
  },
  {
    name: 'dashboard-yaml',
    path: '/project/{project}/dashboards/{dashboard}',
    clicks: ['[aria-label="More to do with this dashboard"]', '[role=menuitem]:has-text("As YAML")'],
    needsEvents: true,
  },
  { name: 'dashboard-unknown', path: '/project/{project}/dashboards/999999' },
]

export const pages: PictureOf[] = [
  { name: 'home', path: '/project/{project}/home' },
  ...insightPages,
  ...onPhone,
  { name: 'live', path: '/project/{project}/live' },
  { name: 'live-nothing-matches', path: '/project/{project}/live?q=zebra+crossing', needsEvents: true },
  { name: 'live-open', path: '/project/{project}/live', clicks: ['tbody tr:nth-child(3) button'], needsEvents: true },
  { name: 'live-open-json', path: '/project/{project}/live?view=json', clicks: ['tbody tr:nth-child(3) button'], needsEvents: true },
  { name: 'persons', path: '/project/{project}/persons' },
  {
    name: 'persons-filtered',
    path: `/project/{project}/persons?${new URLSearchParams({
      where: JSON.stringify([{ type: 'person', key: 'plan', operator: 'exact', value: ['team'] }]),
      columns: '["plan","role"]',
    })}`,
    needsEvents: true,
  },
  {
    name: 'persons-make-cohort',
    path: `/project/{project}/persons?${new URLSearchParams({ where: JSON.stringify([{ type: 'person', key: 'plan', operator: 'is_set' }]) })}`,
    clicks: ['button:has-text("Make a cohort")'],
    needsEvents: true,
  },
  { name: 'persons-nobody', path: '/project/{project}/persons?q=zebra+crossing', needsEvents: true },
  { name: 'person', path: '/project/{project}/persons/{person}', needsEvents: true },
  { name: 'person-properties', path: '/project/{project}/persons/{person}?tab=properties', needsEvents: true },
  {
    name: 'person-property-edit',
    path: '/project/{project}/persons/{person}?tab=properties',
    clicks: ['[aria-label^="Edit: plan"], [aria-label^="Edit: "]'],
    needsEvents: true,
  },
  { name: 'person-over-time', path: '/project/{project}/persons/{person}?tab=properties&past=all', needsEvents: true },
  { name: 'person-groups', path: '/project/{project}/persons/{person}?tab=groups', needsEvents: true },
  { name: 'person-cohorts', path: '/project/{project}/persons/{person}?tab=cohorts', needsEvents: true },
  { name: 'person-experiments', path: '/project/{project}/persons/{person}?tab=experiments', needsEvents: true },
  { name: 'person-flags', path: '/project/{project}/persons/{person}?tab=flags', needsEvents: true },
  {
    name: 'person-split-off',
    path: '/project/{project}/persons/{person}?tab=ids',
    clicks: ['[aria-label^="Split off"]'],
    needsEvents: true,
  },
  { name: 'person-ids', path: '/project/{project}/persons/{person}?tab=ids', needsEvents: true },
  {
    name: 'person-merge',
    path: '/project/{project}/persons/{person}',
    clicks: ['[aria-label="More to do with this person"]', '[role=menuitem]:has-text("Merge with another")'],
    needsEvents: true,
  },
  {
    name: 'person-delete',
    path: '/project/{project}/persons/{person}',
    clicks: ['[aria-label="More to do with this person"]', '[role=menuitem]:last-child'],
    needsEvents: true,
  },
  { name: 'person-unknown', path: '/project/{project}/persons/00000000-0000-0000-0000-000000000000' },
  { name: 'events', path: '/project/{project}/data/events' },
  { name: 'event-definition', path: '/project/{project}/data/events/{event}', needsEvents: true },
  { name: 'properties', path: '/project/{project}/data/properties' },
  { name: 'property-definition', path: '/project/{project}/data/properties/{property}', needsEvents: true },
  { name: 'ingestion', path: '/project/{project}/ingestion' },
  { name: 'ingestion-reason', path: '/project/{project}/ingestion', clicks: ['details summary'], needsEvents: true },
  { name: 'flags', path: '/project/{project}/flags' },
  { name: 'flag', path: '/project/{project}/flags', clicks: ['tbody a[href*="/flags/"]'] },
  { name: 'flag-edit', path: '/project/{project}/flags', clicks: ['tbody a[href*="/flags/"]', '[role=tab]:has-text("Edit")'] },
  { name: 'flag-history', path: '/project/{project}/flags', clicks: ['tbody a[href*="/flags/"]', '[role=tab]:has-text("History")'] },
  { name: 'flag-projects', path: '/project/{project}/flags', clicks: ['tbody a[href*="/flags/"]', '[role=tab]:has-text("Projects")'] },
  { name: 'flag-new', path: '/project/{project}/flags/new' },
  { name: 'flags-explain', path: '/project/{project}/flags/explain' },
  { name: 'experiments', path: '/project/{project}/experiments' },
  { name: 'experiment', path: '/project/{project}/experiments/{experiment}', needsEvents: true },
  { name: 'experiment-new', path: '/project/{project}/experiments/new' },
  { name: 'experiments-shared', path: '/project/{project}/experiments/shared' },
  { name: 'experiments-calculators', path: '/project/{project}/experiments/calculators' },
  { name: 'early-access', path: '/project/{project}/early-access' },
  { name: 'early-access-new', path: '/project/{project}/early-access/new' },
  ...sqlPages,
  ...dashboardPages,
  { name: 'cohorts', path: '/project/{project}/cohorts' },
  { name: 'cohort', path: '/project/{project}/cohorts/{cohort}', needsEvents: true },
  { name: 'cohort-new', path: '/project/{project}/cohorts/new' },
  { name: 'actions', path: '/project/{project}/actions' },
  { name: 'action-new', path: '/project/{project}/actions/new' },
  {
    name: 'action-element-picker',
    path: '/project/{project}/actions/new',
    clicks: ['[aria-label^="Choose an element"]'],
    needsEvents: true,
  },
  { name: 'action', path: '/project/{project}/actions/{action}', needsEvents: true },
  { name: 'groups', path: '/project/{project}/groups' },
  { name: 'group', path: '/project/{project}/groups/0/{group}', needsEvents: true },
  { name: 'group-events', path: '/project/{project}/groups/0/{group}?tab=events', needsEvents: true },
  { name: 'shortcuts', path: '/project/{project}/persons', keys: '?' },
  { name: 'connect', path: '/project/{project}/connect' },
  { name: 'connect-nextjs', path: '/project/{project}/connect?with=nextjs' },
  { name: 'settings', path: '/project/{project}/settings' },
  { name: 'keys', path: '/project/{project}/keys' },
  { name: 'api-keys', path: '/account/api-keys' },
  { name: 'api-keys-new', path: '/account/api-keys', clicks: ['button:has-text("New key")'] },
  { name: 'account', path: '/account' },
  { name: 'members', path: '/account/members' },
  { name: 'members-add', path: '/account/members', clicks: ['button:has-text("Add a member")'] },
  { name: 'new-project', path: '/projects/new' },
  { name: 'not-found', path: '/nowhere' },
]

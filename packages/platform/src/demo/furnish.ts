import type { ApplicationStore } from '@hedgerow/stores'
import type { Actions } from '../actions/actions.ts'
import type { Cohorts } from '../cohorts/cohorts.ts'
import type { Dashboards } from '../dashboards/dashboards.ts'
import type { Experiments } from '../experiments/experiments.ts'
import type { Insights } from '../insights/insights.ts'
import type { Project } from '../projects/project.ts'
import { createCalendar } from './calendar.ts'
import { onboardingExperiment, pricingExperiment } from './effects.ts'

export interface FurnishParts {
  stores: { application: ApplicationStore }
  insights: Pick<Insights, 'create'>
  dashboards: Pick<Dashboards, 'create'>
  experiments: Pick<Experiments, 'create'>
  cohorts: Pick<Cohorts, 'create'>
  actions: Pick<Actions, 'create'>
}

const events = (event: string, more: object = {}) => ({ kind: 'EventsNode', event, name: event, ...more })
const last = (date_from: string) => ({ dateRange: { date_from } })
const real = { filterTestAccounts: true }

/** What a team would have made by now, so that no page of the demo is empty: insights, cohorts, an action, the two experiments, and a dashboard of them. */
export async function furnish(project: Project, days: number, parts: FurnishParts): Promise<void> {
  const userId = await firstUser(parts.stores.application, project)
  // Each once, also where a fill was interrupted while they were made.
  const isEmpty = async (table: 'actions' | 'cohorts' | 'dashboards' | 'experiments') => {
    const { rows } = await parts.stores.application.pool.query(`SELECT 1 FROM ${table} WHERE project_id = $1 LIMIT 1`, [project.id])
    return rows.length === 0
  }
  if (await isEmpty('actions')) await addAction(project, userId, parts)
  if (await isEmpty('cohorts')) await addCohort(project, userId, parts)
  if (await isEmpty('experiments')) await addExperiments(project, days, userId, parts)
  if (await isEmpty('dashboards')) await addDashboard(project, userId, parts)
}

async function addAction(project: Project, userId: string, { actions }: FurnishParts): Promise<void> {
  await actions.create(project.id, userId, {
    name: 'Used an item',
    description: 'Made, shared or exported one',
    steps: [{ event: 'item_created' }, { event: 'item_shared' }, { event: 'item_exported' }],
  })
}

async function addCohort(project: Project, userId: string, { cohorts }: FurnishParts): Promise<void> {
  const paying = { type: 'person' as const, key: 'plan', operator: 'exact', value: ['starter', 'team', 'business'], negation: false }
  await cohorts.create(project.id, userId, {
    name: 'Paying accounts',
    is_static: false,
    filters: { properties: { type: 'AND', values: [paying] } },
  })
}

async function addDashboard(project: Project, userId: string, parts: FurnishParts): Promise<void> {
  const tiles: ({ insight: number } | { experiment: number } | { feature_flag: number })[] = []
  for (const { name, description, source } of insights) {
    const made = await parts.insights.create(project.id, userId, {
      name,
      description,
      saved: true,
      query: { kind: 'InsightVizNode', source },
    })
    tiles.push({ insight: made.id })
  }
  const { rows } = await parts.stores.application.pool.query<{ id: number; flag_id: number }>(
    'SELECT id, flag_id FROM experiments WHERE project_id = $1 AND flag_key = $2 AND NOT deleted',
    [project.id, onboardingExperiment.flagKey],
  )
  for (const { id, flag_id: flagId } of rows) tiles.push({ experiment: id }, { feature_flag: flagId })
  await parts.dashboards.create(project.id, userId, {
    name: 'Meadow at a glance',
    description: 'How many come, who stays, who pays',
    pinned: true,
    tiles: tiles.map((tile, i) => ({ ...tile, layouts: { sm: { x: (i % 2) * 6, y: Math.floor(i / 2) * 5, w: 6, h: 5 } } })),
  })
}

const insights = [
  {
    name: 'Active people a week',
    description: 'Distinct people with any event',
    source: {
      kind: 'TrendsQuery',
      interval: 'week',
      ...last('-90d'),
      ...real,
      series: [{ kind: 'EventsNode', event: null, name: 'All events', math: 'dau' }],
    },
  },
  {
    name: 'Sign-ups by source',
    description: 'By the first page that referred them',
    source: {
      kind: 'TrendsQuery',
      interval: 'week',
      ...last('-90d'),
      ...real,
      series: [events('signed_up')],
      breakdownFilter: { breakdown: '$initial_referring_domain', breakdown_type: 'person', breakdown_limit: 6 },
      trendsFilter: { display: 'ActionsBar' },
    },
  },
  {
    name: 'From sign-up to subscription',
    description: 'Within thirty days',
    source: {
      kind: 'FunnelsQuery',
      ...last('-90d'),
      ...real,
      series: [
        events('signed_up'),
        events('onboarding_completed'),
        events('item_created'),
        events('plans_viewed'),
        events('subscription_started'),
      ],
      funnelsFilter: { funnelWindowInterval: 30, funnelWindowIntervalUnit: 'day' },
    },
  },
  {
    name: 'Who comes back',
    description: 'Weeks after the sign-up in which people made an item',
    source: {
      kind: 'RetentionQuery',
      ...real,
      retentionFilter: {
        period: 'Week',
        totalIntervals: 9,
        retentionType: 'retention_first_time',
        targetEntity: { id: 'signed_up', name: 'signed_up', type: 'events' },
        returningEntity: { id: 'item_created', name: 'item_created', type: 'events' },
      },
    },
  },
  {
    name: 'New, returning, resurrecting, dormant',
    description: 'People with an item made, by week',
    source: { kind: 'LifecycleQuery', interval: 'week', ...last('-60d'), ...real, series: [events('item_created')] },
  },
  {
    name: 'Days with an item made',
    description: 'In the last two weeks',
    source: { kind: 'StickinessQuery', interval: 'day', ...last('-13d'), ...real, series: [events('item_created')] },
  },
]

async function addExperiments(project: Project, days: number, userId: string | null, { experiments }: FurnishParts): Promise<void> {
  const calendar = createCalendar(new Date(project.createdAt), days)
  const start = (day: number) => new Date(calendar.dayStartMs(Math.min(day, days - 1))).toISOString()
  const author = { userId }
  const exposure_criteria = { filterTestAccounts: true }
  const subscription = events(pricingExperiment.subscriptionEvent)
  await experiments.create(
    project.id,
    {
      name: 'Onboarding checklist',
      description: 'A checklist after the sign-up helps owners to finish the onboarding.',
      feature_flag_key: onboardingExperiment.flagKey,
      start_date: start(onboardingExperiment.firstDay),
      exposure_criteria,
      parameters: { feature_flag_variants: equally(onboardingExperiment.variants), minimum_detectable_effect: 20 },
      metrics: [
        {
          kind: 'ExperimentMetric',
          metric_type: 'funnel',
          name: 'Onboarding completed',
          series: [events(onboardingExperiment.activationEvent)],
          conversion_window: onboardingExperiment.activationWithinDays,
          conversion_window_unit: 'day',
        },
      ],
      metrics_secondary: [
        {
          kind: 'ExperimentMetric',
          metric_type: 'mean',
          name: 'Items created',
          source: events('item_created'),
          conversion_window: 14,
          conversion_window_unit: 'day',
        },
      ],
    },
    author,
  )
  await experiments.create(
    project.id,
    {
      name: pricingExperiment.name,
      description: 'Showing yearly prices first, or usage first, makes more owners subscribe.',
      feature_flag_key: pricingExperiment.name,
      start_date: start(0),
      parameters: { feature_flag_variants: equally(pricingExperiment.variants) },
      exposure_criteria: {
        ...exposure_criteria,
        exposure_config: {
          kind: 'ExperimentEventExposureConfig',
          event: '$experiment_started',
          properties: [],
          experiment_name_property: '$experiment_name',
          variant_property: '$experiment_variant',
        },
      },
      metrics: [
        {
          kind: 'ExperimentMetric',
          metric_type: 'funnel',
          name: 'Subscribed',
          series: [subscription],
          conversion_window: pricingExperiment.subscriptionWithinDays,
          conversion_window_unit: 'day',
        },
      ],
      metrics_secondary: [
        {
          kind: 'ExperimentMetric',
          metric_type: 'mean',
          name: 'Monthly revenue',
          source: events(pricingExperiment.subscriptionEvent, { math: 'sum', math_property: 'mrr' }),
          conversion_window: pricingExperiment.subscriptionWithinDays,
          conversion_window_unit: 'day',
        },
      ],
    },
    author,
  )
}

/** Shares that sum to exactly 100. */
function equally(keys: readonly string[]): { key: string; rollout_percentage: number }[] {
  const share = Math.floor(100 / keys.length)
  return keys.map((key, i) => ({ key, rollout_percentage: i === 0 ? 100 - share * (keys.length - 1) : share }))
}

async function firstUser({ pool }: ApplicationStore, { organizationId }: Project): Promise<string> {
  const { rows } = await pool.query<{ user_id: string }>(
    'SELECT user_id FROM organization_members WHERE organization_id = $1 ORDER BY created_at, user_id LIMIT 1',
    [organizationId],
  )
  return rows[0]?.user_id ?? ''
}

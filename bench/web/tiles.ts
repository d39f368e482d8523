import { firstDay, funnelSteps, lastDay } from '../query/generate.ts'

const dateRange = { date_from: firstDay, date_to: lastDay }
const pageviews = { kind: 'EventsNode', event: '$pageview' }
const people = { ...pageviews, math: 'dau' }
const byBrowser = { breakdown: '$browser', breakdown_type: 'event' }
const trend = (series: object[], more: object = {}) => ({ kind: 'TrendsQuery', dateRange, series, ...more })

/** The twelve tiles of a dashboard as people make them: every kind of insight over all 92 days, numbers, a ranking, a map, and SQL. */
export const tiles: { name: string; query: object }[] = [
  { name: 'Page views', query: trend([pageviews]) },
  { name: 'People', query: trend([people]) },
  { name: 'Page views by browser', query: trend([pageviews], { breakdownFilter: byBrowser, trendsFilter: { display: 'ActionsBar' } }) },
  { name: 'People in all', query: trend([people], { trendsFilter: { display: 'BoldNumber' }, compareFilter: { compare: true } }) },
  {
    name: 'Browsers',
    query: trend([people], { breakdownFilter: byBrowser, trendsFilter: { display: 'ActionsBarValue' } }),
  },
  {
    name: 'Countries',
    query: trend([pageviews], {
      breakdownFilter: { breakdown: '$geoip_country_code', breakdown_type: 'event', breakdown_limit: 300 },
      trendsFilter: { display: 'WorldMap' },
    }),
  },
  { name: 'Weekly active people', query: trend([{ ...pageviews, math: 'weekly_active' }], { interval: 'week' }) },
  {
    name: 'From sign-up to upgrade',
    query: { kind: 'FunnelsQuery', dateRange, series: funnelSteps.map((event) => ({ kind: 'EventsNode', event })) },
  },
  {
    name: 'Who comes back',
    query: {
      kind: 'RetentionQuery',
      dateRange,
      retentionFilter: {
        period: 'Week',
        totalIntervals: 13,
        targetEntity: { id: '$pageview', type: 'events' },
        returningEntity: { id: '$pageview', type: 'events' },
      },
    },
  },
  { name: 'Lifecycle', query: { kind: 'LifecycleQuery', dateRange, interval: 'week', series: [pageviews] } },
  { name: 'Stickiness', query: { kind: 'StickinessQuery', dateRange, interval: 'day', series: [pageviews] } },
  {
    name: 'Events by name',
    query: { kind: 'HogQLQuery', query: 'select event, count() as events from events group by event order by events desc' },
  },
]

/** A line of 5 000 points: minutes. */
export const longLine = {
  kind: 'TrendsQuery',
  series: [pageviews, { kind: 'EventsNode', event: null }],
  interval: 'minute',
  dateRange: { date_from: '2026-05-28T12:41:00', date_to: '2026-05-31T23:59:59', explicitDate: true },
}

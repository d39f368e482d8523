import { invalidQuestion, type QueryNode } from '../context.ts'

type Json = Record<string, unknown>
const sums = new Set(['sum', 'avg', 'min', 'max'])
const wholes = new Set(['dau', 'unique_session', 'unique_group', 'hogql'])

/**
 * The metrics that a saved insight asks for: one for each series of a trend, one for a funnel, one for retention, with the insight's own filters on every event.
 * @throws HogqlError for a query that is no metric of single people
 */
export function metricsOfInsight(query: QueryNode, name: string): Json[] {
  const source = query.kind === 'InsightVizNode' ? (query.source as QueryNode) : query
  const filters = Array.isArray(source.properties) ? source.properties : []
  const filtered = (node: QueryNode): Json => {
    const { math: _, math_property: __, math_hogql: ___, ...rest } = node
    return { ...rest, properties: [...(Array.isArray(node.properties) ? node.properties : []), ...filters] }
  }
  const series = Array.isArray(source.series) ? (source.series as QueryNode[]) : []
  const common = { kind: 'ExperimentMetric', goal: 'increase' }
  switch (source.kind) {
    case 'TrendsQuery':
      return series.map((node) => ({
        ...common,
        metric_type: 'mean',
        name: series.length > 1 ? `${name}: ${String(node.custom_name ?? node.name ?? node.event ?? '')}` : name,
        source: { ...filtered(node), ...mathOf(node) },
      }))
    case 'FunnelsQuery': {
      const { funnelOrderType, funnelWindowInterval, funnelWindowIntervalUnit } = (source.funnelsFilter ?? {}) as Json
      return [
        {
          ...common,
          metric_type: 'funnel',
          name,
          series: series.map(filtered),
          funnel_order_type: funnelOrderType === 'unordered' ? 'unordered' : 'ordered',
          conversion_window: funnelWindowInterval ?? 14,
          conversion_window_unit: funnelWindowIntervalUnit ?? 'day',
        },
      ]
    }
    case 'RetentionQuery':
      return [{ ...common, metric_type: 'retention', name, ...retentionOf((source.retentionFilter ?? {}) as Json, filters) }]
    default:
      throw invalidQuestion(
        `query.kind must be TrendsQuery, FunnelsQuery or RetentionQuery for a metric, not ${JSON.stringify(source.kind)}: its numbers are not those of single people`,
      )
  }
}

/** compat: `total` of an insight is `total` of a metric; percentiles over events are none of single people. */
function mathOf({ math, math_property, math_hogql, math_group_type_index }: QueryNode): Json {
  if (math === undefined || math === null || math === 'total') return { math: 'total' }
  if (typeof math === 'string' && sums.has(math)) return { math, math_property }
  if (math === 'weekly_active' || math === 'monthly_active') return { math: 'dau' }
  if (typeof math === 'string' && wholes.has(math))
    return { math, ...(math === 'hogql' ? { math_hogql } : {}), ...(math === 'unique_group' ? { math_group_type_index } : {}) }
  throw invalidQuestion(
    `series.math ${JSON.stringify(math)} is taken over events, not for each person: a metric needs total, sum, avg, min, max or unique counts`,
  )
}

const periods: Record<string, string> = { Hour: 'hour', Day: 'day', Week: 'week', Month: 'month' }

function retentionOf({ targetEntity, returningEntity, period }: Json, filters: unknown[]): Json {
  const node = (given: unknown): Json => {
    const { id, type } = (given ?? {}) as { id?: unknown; type?: unknown }
    return type === 'actions'
      ? { kind: 'ActionsNode', id, properties: filters }
      : { kind: 'EventsNode', event: id ?? null, properties: filters }
  }
  return {
    start_event: node(targetEntity),
    completion_event: node(returningEntity),
    retention_window_start: 1,
    retention_window_end: 1,
    retention_window_unit: periods[String(period ?? 'Day')] ?? 'day',
    start_handling: 'first_seen',
  }
}

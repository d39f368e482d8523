import type { PropertyFilter } from '@hedgerow/protocol'

/** Query nodes as the API takes them. Every field may be absent: the API has a default, and an address may be written by hand. */

export interface FilterGroup {
  type: 'AND' | 'OR'
  values: (FilterGroup | PropertyFilter)[]
}

export interface DateRange {
  date_from?: string | null | undefined
  date_to?: string | null | undefined
  explicitDate?: boolean | undefined
}

export interface SeriesNode {
  kind: 'EventsNode' | 'ActionsNode'
  /** EventsNode; null is every event. */
  event?: string | null | undefined
  /** ActionsNode */
  id?: number | undefined
  name?: string | undefined
  custom_name?: string | undefined
  math?: string | undefined
  math_property?: string | undefined
  math_property_type?: string | undefined
  math_hogql?: string | undefined
  math_group_type_index?: number | undefined
  properties?: PropertyFilter[] | undefined
  optionalInFunnel?: boolean | undefined
}

/** What every kind of insight has. */
export interface QuestionScope {
  dateRange?: DateRange | undefined
  properties?: PropertyFilter[] | FilterGroup | undefined
  filterTestAccounts?: boolean | undefined
  samplingFactor?: number | undefined
  aggregation_group_type_index?: number | undefined
}

export const intervals = ['minute', 'hour', 'day', 'week', 'month'] as const
export type Interval = (typeof intervals)[number]

export interface Breakdown {
  property: string
  type: string
  group_type_index?: number | undefined
  normalize_url?: boolean | undefined
  histogram_bin_count?: number | undefined
}

export interface BreakdownFilter {
  breakdowns?: Breakdown[] | undefined
  breakdown?: string | number | (string | number)[] | undefined
  breakdown_type?: string | undefined
  breakdown_group_type_index?: number | undefined
  breakdown_limit?: number | undefined
  breakdown_hide_other_aggregation?: boolean | undefined
}

export interface CompareFilter {
  compare?: boolean | undefined
  compare_to?: string | undefined
}

export const trendsDisplays = [
  'ActionsLineGraph',
  'ActionsLineGraphCumulative',
  'ActionsAreaGraph',
  'ActionsBar',
  'ActionsUnstackedBar',
  'ActionsBarValue',
  'BoldNumber',
  'ActionsPie',
  'ActionsTable',
  'WorldMap',
  'BoxPlot',
] as const
export type TrendsDisplay = (typeof trendsDisplays)[number]

export interface FormulaNode {
  formula: string
  custom_name?: string | undefined
}

export interface TrendsFilter {
  display?: TrendsDisplay | undefined
  formulaNodes?: FormulaNode[] | undefined
  smoothingIntervals?: number | undefined
  showValuesOnSeries?: boolean | undefined
  showPercentStackView?: boolean | undefined
  yAxisScaleType?: 'linear' | 'log10' | undefined
  decimalPlaces?: number | undefined
  aggregationAxisPrefix?: string | undefined
  aggregationAxisPostfix?: string | undefined
  hiddenLegendIndexes?: number[] | undefined
}

export interface TrendsQuery extends QuestionScope {
  kind: 'TrendsQuery'
  series: SeriesNode[]
  interval?: Interval | undefined
  trendsFilter?: TrendsFilter | undefined
  breakdownFilter?: BreakdownFilter | undefined
  compareFilter?: CompareFilter | undefined
}

export interface FunnelExclusion extends SeriesNode {
  funnelFromStep: number
  funnelToStep: number
}

export const funnelVizTypes = ['steps', 'time_to_convert', 'trends'] as const
export const funnelOrderTypes = ['ordered', 'strict', 'unordered'] as const
export const windowUnits = ['second', 'minute', 'hour', 'day', 'week', 'month'] as const

export interface FunnelsFilter {
  funnelVizType?: (typeof funnelVizTypes)[number] | undefined
  funnelOrderType?: (typeof funnelOrderTypes)[number] | undefined
  funnelWindowInterval?: number | undefined
  funnelWindowIntervalUnit?: (typeof windowUnits)[number] | undefined
  funnelFromStep?: number | undefined
  funnelToStep?: number | undefined
  exclusions?: FunnelExclusion[] | undefined
  breakdownAttributionType?: 'first_touch' | 'last_touch' | 'all_events' | 'step' | undefined
  breakdownAttributionValue?: number | undefined
  funnelStepReference?: 'total' | 'previous' | undefined
  layout?: 'vertical' | 'horizontal' | undefined
  binCount?: number | undefined
  /** Whatever this expression tells apart is counted, in the place of persons. */
  funnelAggregateByHogQL?: string | undefined
  hiddenLegendBreakdowns?: string[] | undefined
}

export interface FunnelsQuery extends QuestionScope {
  kind: 'FunnelsQuery'
  series: SeriesNode[]
  interval?: Interval | undefined
  funnelsFilter?: FunnelsFilter | undefined
  breakdownFilter?: BreakdownFilter | undefined
}

export interface RetentionEntity {
  id?: string | number | null | undefined
  name?: string | undefined
  type?: 'events' | 'actions' | undefined
  properties?: PropertyFilter[] | undefined
}

export const retentionPeriods = ['Hour', 'Day', 'Week', 'Month'] as const
export const retentionTypes = ['retention_recurring', 'retention_first_time', 'retention_first_ever_occurrence'] as const

export interface RetentionFilter {
  period?: (typeof retentionPeriods)[number] | undefined
  totalIntervals?: number | undefined
  targetEntity?: RetentionEntity | undefined
  returningEntity?: RetentionEntity | undefined
  retentionType?: (typeof retentionTypes)[number] | undefined
  cumulative?: boolean | undefined
  minimumOccurrences?: number | undefined
  timeWindowMode?: 'strict_calendar_dates' | '24_hour_windows' | undefined
  retentionReference?: 'total' | 'previous' | undefined
  meanRetentionCalculation?: 'simple' | 'weighted' | 'none' | undefined
  /** Widths of the columns after the first, in periods. */
  retentionCustomBrackets?: number[] | undefined
  aggregationType?: 'count' | 'sum' | 'avg' | undefined
  aggregationProperty?: string | undefined
  aggregationPropertyType?: 'event' | 'person' | undefined
}

export interface RetentionQuery extends QuestionScope {
  kind: 'RetentionQuery'
  retentionFilter?: RetentionFilter | undefined
  breakdownFilter?: BreakdownFilter | undefined
}

export const pathEventTypes = ['$pageview', '$screen', 'custom_event'] as const
export const funnelPathTypes = ['funnel_path_before_step', 'funnel_path_between_steps', 'funnel_path_after_step'] as const

export interface FunnelPathsFilter {
  funnelPathType?: (typeof funnelPathTypes)[number] | undefined
  funnelSource?: FunnelsQuery | undefined
  /** From 1; negative: those who stopped before it. */
  funnelStep?: number | undefined
}

export interface PathsFilter {
  includeEventTypes?: string[] | undefined
  excludeEvents?: string[] | undefined
  startPoint?: string | undefined
  endPoint?: string | undefined
  stepLimit?: number | undefined
  edgeLimit?: number | undefined
  minEdgeWeight?: number | undefined
  maxEdgeWeight?: number | undefined
  pathGroupings?: string[] | undefined
  pathReplacements?: boolean | undefined
  localPathCleaningFilters?: { alias: string; regex: string }[] | undefined
  pathsHogQLExpression?: string | undefined
  pathStartKey?: string | undefined
  pathEndKey?: string | undefined
  pathDropoffKey?: string | undefined
}

export interface PathsQuery extends QuestionScope {
  kind: 'PathsQuery'
  pathsFilter?: PathsFilter | undefined
  funnelPathsFilter?: FunnelPathsFilter | undefined
}

export const lifecycleStates = ['new', 'returning', 'resurrecting', 'dormant'] as const
export type LifecycleState = (typeof lifecycleStates)[number]

export interface LifecycleQuery extends QuestionScope {
  kind: 'LifecycleQuery'
  series: SeriesNode[]
  interval?: Interval | undefined
  lifecycleFilter?: { toggledLifecycles?: LifecycleState[] | undefined; stacked?: boolean | undefined } | undefined
}

export interface StickinessQuery extends QuestionScope {
  kind: 'StickinessQuery'
  series: SeriesNode[]
  interval?: Interval | undefined
  intervalCount?: number | undefined
  stickinessFilter?:
    | {
        computedAs?: 'non_cumulative' | 'cumulative' | undefined
        stickinessCriteria?: { operator: 'gte' | 'lte' | 'exact'; value: number } | undefined
        display?: 'ActionsLineGraph' | 'ActionsBar' | undefined
        hiddenLegendIndexes?: number[] | undefined
      }
    | undefined
  compareFilter?: CompareFilter | undefined
}

export type InsightQuery = TrendsQuery | FunnelsQuery | RetentionQuery | PathsQuery | LifecycleQuery | StickinessQuery
export type InsightKind = InsightQuery['kind']

/** Results of the kinds of insight, as the API answers them. */

export interface TrendsRow {
  action: { id?: string | number | null; order?: number; name?: string | null; custom_name?: string | null; math?: string | null } | null
  label: string
  count: number
  data: number[] | null
  labels: string[]
  days: (string | number)[]
  aggregated_value?: number | null
  breakdown_value?: string | number | (string | number)[] | null
  compare?: boolean
  compare_label?: 'current' | 'previous'
  order?: number
}

export interface FunnelStepRow {
  action_id: string | number | null
  name: string
  custom_name: string | null
  order: number
  count: number
  type: string
  average_conversion_time: number | null
  median_conversion_time: number | null
  /** Of the last step: from the first step to it. */
  median_time_to_convert?: number | null
  breakdown?: string | number | (string | number)[] | null
  breakdown_value?: string | number | (string | number)[] | null
}

export interface TimeToConvertResult {
  bins: [number, number][]
  average_conversion_time: number | null
  median_conversion_time?: number | null
}

export interface FunnelTrendRow {
  count: number
  data: number[]
  days: string[]
  labels: string[]
  breakdown_value?: string | number | (string | number)[] | null
}

export interface RetentionRow {
  date: string
  label: string
  values: { count: number; label?: string; aggregation_value?: number }[]
  breakdown_value?: string | number | (string | number)[] | null
}

export interface PathEdge {
  source: string
  target: string
  value: number
  average_conversion_time: number | null
}

export interface LifecycleRow {
  status: 'new' | 'returning' | 'resurrecting' | 'dormant'
  data: number[]
  count: number
  days: string[]
  labels: string[]
}

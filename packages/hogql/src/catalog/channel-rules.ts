/** What a rule of one's own can ask of the first page of a session, or of a person. */
export const channelRuleKeys = ['utm_source', 'utm_medium', 'utm_campaign', 'referring_domain', 'url', 'pathname', 'hostname'] as const
export const channelRuleOperators = ['exact', 'is_not', 'is_set', 'is_not_set', 'icontains', 'not_icontains', 'regex', 'not_regex'] as const

export interface ChannelCondition {
  key: (typeof channelRuleKeys)[number]
  operator: (typeof channelRuleOperators)[number]
  /** Any of them; none for `is_set` and `is_not_set`. */
  values: string[]
}

/** A channel of one's own: visitors that all conditions, or any of them, hold of. */
export interface ChannelRule {
  channel: string
  combiner: 'AND' | 'OR'
  conditions: ChannelCondition[]
}

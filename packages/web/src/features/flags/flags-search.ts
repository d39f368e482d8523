export const flagStates = ['enabled', 'disabled', 'stale'] as const
export const flagTypes = ['boolean', 'multivariant', 'experiment', 'remote_config'] as const

/** What of the list is shown; kept in its address. */
export interface FlagsSearch {
  q?: string | undefined
  state?: (typeof flagStates)[number] | undefined
  type?: (typeof flagTypes)[number] | undefined
  tag?: string | undefined
}

export const flagTabs = ['edit', 'explain', 'history', 'schedule', 'projects'] as const
export type FlagTab = (typeof flagTabs)[number]

/** For whom flags are explained, and when; kept in the page's address. */
export interface ExplainSearch {
  person?: string | undefined
  at?: string | undefined
  /** A JSON object: group type → key. */
  groups?: string | undefined
}

export interface FlagSearch extends ExplainSearch {
  /** Without one: the overview. */
  tab?: FlagTab | undefined
}

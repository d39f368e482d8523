/** What can be scheduled on the page. */
export type Deed = 'enable' | 'disable' | 'release'

export const repeats = ['daily', 'weekly', 'monthly', 'yearly'] as const

/** As the API takes it. */
export function payloadOf(deed: Deed, share: number): { operation: string; value: unknown } {
  switch (deed) {
    case 'enable':
    case 'disable':
      return { operation: 'update_status', value: deed === 'enable' }
    case 'release':
      return { operation: 'add_release_condition', value: { groups: [{ properties: [], rollout_percentage: share }] } }
  }
}

/** What a scheduled change does, also one that was not made on the page. */
export function deedWords({ operation, value }: Record<string, unknown>): string {
  if (operation === 'update_status') return value === true ? 'Enable it' : 'Disable it'
  if (operation === 'update_variants') return 'Change the variants'
  if (operation !== 'add_release_condition') return String(operation)
  const groups = (value as { groups?: { properties?: unknown[]; rollout_percentage?: number | null }[] } | null)?.groups ?? []
  const [first] = groups
  if (groups.length !== 1 || !first || (first.properties ?? []).length > 0) return 'Add release conditions'
  return `Release it to ${first.rollout_percentage ?? 100} % of everyone`
}

import type { CohortCalculationBody, CohortCriteria } from '@hedgerow/protocol'

/** Criteria that a cohort had for a while, and how many met them. */
export interface PastCriteria {
  criteria: CohortCriteria
  /** When it was first and last counted by them. */
  fromAt: string
  untilAt: string
  /** Counted first and last; undefined where no count succeeded. */
  first: number | undefined
  last: number | undefined
  times: number
}

/** Counts, newest first, gathered by the criteria that they were made by. */
export function pastCriteria(counts: readonly CohortCalculationBody[]): PastCriteria[] {
  const past: (PastCriteria & { key: string })[] = []
  for (const { filters, count, started_at: at, error } of counts) {
    const criteria = filters.properties as CohortCriteria | undefined
    if (!criteria) continue
    const key = keyOf(criteria)
    const known = error === null ? count : undefined
    const newest = past.at(-1)
    if (newest?.key === key) {
      newest.fromAt = at
      newest.times += 1
      newest.first = known ?? newest.first
      newest.last ??= known
    } else past.push({ key, criteria, fromAt: at, untilAt: at, first: known, last: known, times: 1 })
  }
  return past.map(({ key: _, ...each }) => each)
}

/** The same criteria are the same text, in whatever order their fields were stored. */
const keyOf = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  )

import type { ExperimentBody } from '@hedgerow/protocol'

/** What a person's apps were answered for the flags of experiments: `[flag, variant, first instant, times]`. */
export const answeredQuery = `SELECT toString(properties.$feature_flag) AS flag, toString(properties.$feature_flag_response) AS variant,
  min(timestamp) AS first, count() AS times
FROM events
WHERE person_id = {person} AND event = '$feature_flag_called'
GROUP BY flag, variant
ORDER BY first
LIMIT 1000`

export interface SeenVariant {
  key: string
  /** When the person's app first told of it. */
  firstAt: string
  times: number
}

export interface ExperimentOf {
  id: number
  name: string
  status: ExperimentBody['status']
  variants: SeenVariant[]
  /** What keeps the person out of the results, or in doubt; undefined when nothing does. */
  doubt: string | undefined
}

type Known = Pick<ExperimentBody, 'id' | 'name' | 'status' | 'feature_flag_key' | 'start_date' | 'end_date'>

/** The experiments whose flag answered somebody, those that began last first. */
export function experimentsOf(experiments: readonly Known[], rows: readonly unknown[][]): ExperimentOf[] {
  return experiments
    .flatMap((experiment): (ExperimentOf & { startedAt: string })[] => {
      const variants = rows.flatMap(([flag, variant, first, times]): SeenVariant[] =>
        flag === experiment.feature_flag_key ? [{ key: String(variant), firstAt: String(first), times: Number(times) }] : [],
      )
      if (variants.length === 0) return []
      const { id, name, status, start_date: startedAt } = experiment
      return [{ id, name, status, variants, doubt: doubtOf(experiment, variants), startedAt: startedAt ?? '' }]
    })
    .sort((one, other) => other.startedAt.localeCompare(one.startedAt))
    .map(({ startedAt: _, ...rest }) => rest)
}

function doubtOf({ start_date: from, end_date: to }: Known, variants: readonly SeenVariant[]): string | undefined {
  if (from === null) return 'It was not launched yet: what was answered before counts for nothing.'
  // why: `false` is the answer of a flag that gave no variant, which is no second one.
  const given = new Set(variants.map(({ key }) => key).filter((key) => key !== 'false' && key !== ''))
  if (given.size > 1)
    return 'Several variants were answered: the results leave such a person out, or count the first, as the experiment says.'
  if (given.size === 0) return 'No variant was answered: the person was outside its rollout.'
  const firstMs = Math.min(...variants.map(({ firstAt }) => Date.parse(firstAt)))
  if (to !== null && firstMs > Date.parse(to)) return 'Only after its end.'
  return undefined
}

import { build, type syntax } from '@hedgerow/hogql'

const shares = { median: 0.5, p25: 0.25, p75: 0.75, p90: 0.9, p95: 0.95, p99: 0.99 } as const

/** What can be told of many numbers. */
export type Statistic = 'sum' | 'avg' | 'min' | 'max' | keyof typeof shares

export const statisticNames: readonly string[] = ['sum', 'avg', 'min', 'max', 'median', 'p75', 'p90', 'p95', 'p99']

export const isStatistic = (name: string): name is Statistic => statisticNames.includes(name)

/** The statistic of an expression; of those rows alone where `condition` holds, if given. Zero where there is none. */
export function statisticOf(statistic: Statistic, value: syntax.Expr, condition?: syntax.Expr): syntax.Expr {
  const found = statistic in shares ? shares[statistic as keyof typeof shares] : undefined
  // Exact, and between two values on the line that joins them.
  const plain: syntax.Call = found === undefined ? build.call(statistic, value) : quantile(found, value)
  const aggregate = condition ? { ...plain, name: `${plain.name}If`, args: [value, condition] } : plain
  return build.call('ifNull', aggregate, build.constant(0))
}

const quantile = (share: number, value: syntax.Expr): syntax.Call => ({
  ...build.call('quantileExactInclusive', value),
  params: [build.constant(share)],
})

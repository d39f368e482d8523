/** One event or property and how it goes with converting. */
export interface Correlation {
  event: { event: string; properties: Record<string, unknown>; elements: unknown[] }
  success_count: number
  failure_count: number
  /** How many times likelier those with it convert, by odds. */
  odds_ratio: number
  correlation_type: 'success' | 'failure'
}

export interface CorrelationResults {
  events: Correlation[]
  /** One outcome is more than ten times as frequent as the other, or never happened: the ratios say little. */
  skewed: boolean
}

/** Added to every count, so that no odds are divided by zero: one made-up actor with each outcome. */
const priorCount = 1
const limits = { events: 10, skew: 10, persons: 25, share: 0.02 }

/** The strongest on either side: the likeliest to convert first, then the unlikeliest. What too few have is left out. */
export function shapeCorrelations(rows: unknown[][], totals: { success: number; failure: number }, sampledShare = 1): CorrelationResults {
  const { success, failure } = totals
  if (success === 0 || failure === 0) return { events: [], skewed: true }
  const least = Math.min(limits.persons, limits.share * (success + failure))
  const all = rows
    .map(([name, withSuccess, withFailure]) => correlation(String(name), Number(withSuccess), Number(withFailure), totals, sampledShare))
    .filter((each) => (each.success_count + each.failure_count) * sampledShare >= least)
  const byStrength = (type: Correlation['correlation_type'], sign: number) =>
    all
      .filter((each) => each.correlation_type === type)
      .sort((a, b) => sign * (b.odds_ratio - a.odds_ratio) || (a.event.event < b.event.event ? -1 : 1))
      .slice(0, limits.events)
  return {
    events: [...byStrength('success', 1), ...byStrength('failure', -1)],
    skewed: success / failure > limits.skew || failure / success > limits.skew,
  }
}

function correlation(
  name: string,
  success: number,
  failure: number,
  totals: { success: number; failure: number },
  sampledShare: number,
): Correlation {
  const odds =
    ((success + priorCount) * (totals.failure - failure + priorCount)) / ((totals.success - success + priorCount) * (failure + priorCount))
  return {
    event: { event: name, properties: {}, elements: [] },
    success_count: Math.round(success / sampledShare),
    failure_count: Math.round(failure / sampledShare),
    odds_ratio: odds,
    correlation_type: odds > 1 ? 'success' : 'failure',
  }
}

import type { MetricData } from '../../packages/experiments/src/analysis/metric-data.ts'
import type { AnalysedMetric } from '../../packages/experiments/src/index.ts'

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A unit's numbers: its value, and where the metric has them its denominator and its value before. */
interface Unit {
  x: number
  base?: number
  before?: number
}

/** A kind of metric with units whose true effect is known. */
export interface Population {
  name: string
  metric: AnalysedMetric
  cuped?: boolean
  /** Draws a unit whose expected value is (1 + lift) times that without lift. */
  draw(random: () => number, lift: number): Unit
  /** Expected value and variance of one unit without lift, for the power formula; absent where there is no closed form. */
  moments?: { mean: number; variance: number }
  /** Quantile level, for quantile metrics. */
  level?: number
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

function poisson(random: () => number, mean: number): number {
  const least = Math.exp(-mean)
  let count = 0
  for (let product = random(); product > least; product *= random()) count++
  return count
}

const spread = 0.8
const logNormalMean = Math.exp(spread ** 2 / 2)

export const populations: Population[] = [
  {
    name: 'proportion, 10 %',
    metric: { type: 'funnel' },
    draw: (random, lift) => ({ x: random() < 0.1 * (1 + lift) ? 1 : 0 }),
    moments: { mean: 0.1, variance: 0.09 },
  },
  {
    name: 'mean, counts',
    metric: { type: 'mean' },
    draw: (random, lift) => ({ x: poisson(random, 3 * (1 + lift)) }),
    moments: { mean: 3, variance: 3 },
  },
  {
    name: 'mean, revenue (log-normal, 70 % zeros)',
    metric: { type: 'mean' },
    draw: (random, lift) => ({ x: random() < 0.3 ? Math.exp(spread * normal(random)) * (1 + lift) : 0 }),
    moments: { mean: 0.3 * logNormalMean, variance: 0.3 * Math.exp(2 * spread ** 2) - (0.3 * logNormalMean) ** 2 },
  },
  {
    name: 'mean with CUPED (correlation 0.8)',
    metric: { type: 'mean' },
    cuped: true,
    draw: (random, lift) => {
      const taste = normal(random)
      return { x: (10 + 3 * (0.8 * taste + 0.6 * normal(random))) * (1 + lift), before: 10 + 3 * taste }
    },
  },
  {
    name: 'ratio, value per order',
    metric: { type: 'ratio' },
    draw: (random, lift) => {
      const base = 1 + poisson(random, 1.5)
      let x = 0
      for (let i = 0; i < base; i++) x += Math.exp(0.5 * normal(random)) * (1 + lift)
      return { x, base }
    },
  },
  {
    name: 'retention, 35 %',
    metric: { type: 'retention' },
    draw: (random, lift) => ({ x: random() < 0.35 * (1 + lift) ? 1 : 0, base: 1 }),
    moments: { mean: 0.35, variance: 0.35 * 0.65 },
  },
  {
    name: 'quantile, 90th',
    metric: { type: 'quantile' },
    level: 0.9,
    draw: (random, lift) => ({ x: Math.exp(spread * normal(random)) * (1 + lift) }),
  },
]

/** One arm's sums while units come in. */
export class Arm {
  private readonly values: number[] = []
  private readonly data: Required<Omit<MetricData, 'stepCounts' | 'quantile'>> = {
    numberOfSamples: 0,
    sum: 0,
    sumSquares: 0,
    denominatorSum: 0,
    denominatorSumSquares: 0,
    sumProduct: 0,
    covariateSum: 0,
    covariateSumSquares: 0,
    covariateSumProduct: 0,
  }
  private readonly population: Population

  constructor(population: Population) {
    this.population = population
  }

  add({ x, base = 0, before = 0 }: Unit): void {
    const { data } = this
    data.numberOfSamples++
    data.sum += x
    data.sumSquares += x * x
    data.denominatorSum += base
    data.denominatorSumSquares += base * base
    data.sumProduct += x * base
    data.covariateSum += before
    data.covariateSumSquares += before * before
    data.covariateSumProduct += x * before
    if (this.population.level !== undefined) this.values.push(x)
  }

  summary(ranks: (n: number, level: number) => { lower: number; upper: number }): MetricData {
    const { level } = this.population
    if (level === undefined) return { ...this.data }
    const sorted = Float64Array.from(this.values).sort()
    const { lower, upper } = ranks(sorted.length, level)
    const at = (rank: number) => sorted[Math.min(sorted.length, Math.max(1, rank)) - 1] ?? 0
    return { ...this.data, quantile: { value: at(Math.floor(sorted.length * level) + 1), lower: at(lower), upper: at(upper) } }
  }
}

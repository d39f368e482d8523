import { hasCovariate } from './metric-columns.ts'
import type { ExperimentQuestion, Metric, MetricSums, VariantSums } from './question.ts'

/** Rows of the compiled experiment as sums by variant, breakdown and day; variants without units are added with zeros, for each breakdown. */
export function shapeExperiment(question: ExperimentQuestion, rows: unknown[][], { byDay = false } = {}): VariantSums[] {
  const keys = question.breakdowns.length + 1
  const width = keys + (byDay ? 1 : 0)
  const found = rows.map((row) => {
    const cells = row.slice(width + 1)
    let at = 0
    const metrics = question.metrics.map((metric) => {
      const count = sumCount(metric, question)
      const sums = readMetricSums(metric, question, cells.slice(at, at + count).map(Number))
      at += count
      return sums
    })
    const breakdown = row.slice(1, keys).map((cell) => (cell === null ? null : String(cell)))
    return { variant: String(row[0]), ...(byDay ? { day: String(row[keys]) } : {}), breakdown, exposures: Number(row[width]), metrics }
  })
  return withAll(question, found)
}

function withAll(question: ExperimentQuestion, found: VariantSums[]): VariantSums[] {
  const wanted = question.variants.filter((variant) => !question.excludedVariants.includes(variant))
  const none = (variant: string, breakdown: VariantSums['breakdown']): VariantSums => ({
    variant,
    breakdown,
    exposures: 0,
    metrics: question.metrics.map((metric) => readMetricSums(metric, question, new Array(sumCount(metric, question)).fill(0))),
  })
  const breakdowns = new Map(found.map(({ breakdown }) => [JSON.stringify(breakdown), breakdown]))
  if (question.breakdowns.length === 0) breakdowns.set('[]', [])
  const missing = [...breakdowns].flatMap(([key, breakdown]) => {
    const there = new Set(found.filter((row) => JSON.stringify(row.breakdown) === key).map(({ variant }) => variant))
    return wanted.filter((variant) => !there.has(variant)).map((variant) => none(variant, breakdown))
  })
  const place = ({ variant }: VariantSums) => (wanted.includes(variant) ? wanted.indexOf(variant) : wanted.length)
  return [...found, ...missing].sort((a, b) => place(a) - place(b))
}

const isCovaried = (metric: Metric, { cupedLookbackDays }: ExperimentQuestion) => cupedLookbackDays !== null && hasCovariate(metric)

function sumCount(metric: Metric, question: ExperimentQuestion): number {
  switch (metric.type) {
    case 'ratio':
      return 6
    case 'retention':
      return 3
    case 'quantile':
      return 6
    case 'mean':
      return isCovaried(metric, question) ? 6 : 3
    case 'funnel':
      return (isCovaried(metric, question) ? 6 : 3) + metric.steps.length
  }
}

function readMetricSums(metric: Metric, question: ExperimentQuestion, cells: number[]): MetricSums {
  const [numberOfSamples = 0, sum = 0, sumSquares = 0, a = 0, b = 0, c = 0] = cells
  const sums = { numberOfSamples, sum, sumSquares }
  switch (metric.type) {
    case 'ratio':
      return { ...sums, denominatorSum: a, denominatorSumSquares: b, sumProduct: c }
    case 'retention':
      return { ...sums, denominatorSum: numberOfSamples, denominatorSumSquares: numberOfSamples, sumProduct: sum }
    case 'quantile':
      return { ...sums, quantile: { value: a, lower: b, upper: c } }
    case 'mean':
    case 'funnel': {
      const covaried = isCovaried(metric, question)
      return {
        ...sums,
        ...(covaried ? { covariateSum: a, covariateSumSquares: b, covariateSumProduct: c } : {}),
        ...(metric.type === 'funnel' ? { stepCounts: cells.slice(covaried ? 6 : 3) } : {}),
      }
    }
  }
}

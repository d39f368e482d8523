import { hasCovariate } from './metric-columns.ts'
import type { ExperimentQuestion, Metric, MetricSums, VariantSums } from './question.ts'

/** Rows of the compiled experiment as sums by variant and breakdown; variants without units are added with zeros. */
export function shapeExperiment(question: ExperimentQuestion, rows: unknown[][]): VariantSums[] {
  const width = question.breakdowns.length
  const found = rows.map((row) => {
    const cells = row.slice(width + 2)
    let at = 0
    const metrics = question.metrics.map((metric) => {
      const count = sumCount(metric, question)
      const sums = readMetricSums(metric, question, cells.slice(at, at + count).map(Number))
      at += count
      return sums
    })
    const breakdown = row.slice(1, width + 1).map((cell) => (cell === null ? null : String(cell)))
    return { variant: String(row[0]), breakdown, exposures: Number(row[width + 1]), metrics }
  })
  return width > 0 ? found : withAll(question, found)
}

function withAll(question: ExperimentQuestion, found: VariantSums[]): VariantSums[] {
  const wanted = question.variants.filter((variant) => !question.excludedVariants.includes(variant))
  const none = (variant: string): VariantSums => ({
    variant,
    breakdown: [],
    exposures: 0,
    metrics: question.metrics.map((metric) => readMetricSums(metric, question, new Array(sumCount(metric, question)).fill(0))),
  })
  return [
    ...wanted.map((variant) => found.find((row) => row.variant === variant) ?? none(variant)),
    ...found.filter((row) => !wanted.includes(row.variant)),
  ]
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

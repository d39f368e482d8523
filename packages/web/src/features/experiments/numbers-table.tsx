import type { ExperimentResults, MetricResult, VariantResult } from '../../api-client/experiments.ts'
import { formatCount } from '../../ui/numbers.ts'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './experiments.module.css'
import { certaintyText, effectText, eventText, intervalOf, lossText, reasonText, sumName, valueText } from './words.ts'

// why: what scrolls must be reachable by keyboard.
const scrollable = { tabIndex: 0 }
const amount = new Intl.NumberFormat('en', { maximumSignificantDigits: 6 })
const share = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 })

type Row = [name: string, cell: (variant: VariantResult, isBaseline: boolean) => string]

/** One metric's numbers, a column for each variant; `isShort`: only what it comes to. */
export function NumbersTable({
  metric,
  results,
  isShort = false,
}: {
  metric: MetricResult
  results: ExperimentResults
  isShort?: boolean
}) {
  const variants = [...(metric.baseline ? [metric.baseline] : []), ...metric.variant_results]
  return (
    <section className={classes.scroll} aria-label="Numbers by variant" {...scrollable}>
      <table className={classes.numbers}>
        <thead>
          <tr>
            <th scope="col">Variant</th>
            {variants.map(({ key }) => (
              <th key={key} scope="col">
                <Untrusted mono>{key}</Untrusted>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...sumRows(metric, isShort), ...effectRows(metric, results, isShort)].map(([name, cell]) => (
            <tr key={name}>
              <th scope="row">
                <Untrusted>{name}</Untrusted>
              </th>
              {variants.map((variant) => (
                <td key={variant.key}>{cell(variant, variant === metric.baseline)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function sumRows(metric: MetricResult, isShort: boolean): Row[] {
  const { series = [], metric_type: type } = metric.metric
  const people: Row = ['People', ({ number_of_samples: n }) => formatCount(n)]
  const value: Row = ['Value', (variant) => valueText(metric, variant)]
  if (isShort) return [people, value]
  const steps = series.map((step, i): Row => [`${i + 1}. ${eventText(step)}`, ({ step_counts: counts }) => formatCount(counts?.[i] ?? 0)])
  const sum: Row[] = type === 'quantile' || type === 'funnel' ? [] : [[sumName(type), ({ sum: total }) => amount.format(total)]]
  const base: Row[] = type === 'ratio' ? [['Sum below', ({ denominator_sum: total }) => amount.format(total ?? 0)]] : []
  return [people, ...steps, ...sum, ...base, value]
}

function effectRows(metric: MetricResult, { stats }: ExperimentResults, isShort: boolean): Row[] {
  const { differenceType, method, ciLevel, alpha } = stats
  const text = (value: number) => effectText(value, differenceType)
  const compared =
    (of: (variant: VariantResult) => string): Row[1] =>
    (variant, isBaseline) =>
      isBaseline ? '' : of(variant)
  const has = (test: (variant: VariantResult) => unknown) => metric.variant_results.some(test)
  const level = share.format(method === 'bayesian' ? ciLevel : 1 - alpha)
  const interval = (variant: VariantResult) => {
    const found = intervalOf(variant)
    return found ? `${text(found[0])} to ${text(found[1])}` : '–'
  }
  const rows: (Row | false)[] = [
    ['Change', compared(({ effect }) => effectText(effect, differenceType))],
    [`${level} interval`, compared(interval)],
    [method === 'bayesian' ? 'Chance to win' : 'p-value', compared(certaintyText)],
    !isShort &&
      has(({ expected_loss: loss }) => loss) && [
        'Lost if it is the wrong choice',
        compared((variant) => lossText(variant, differenceType, metric.metric.goal)),
      ],
    !isShort &&
      has(({ variance_reduction: part }) => typeof part === 'number') && [
        'Variance explained by what they did before',
        compared(({ variance_reduction: part }) => (typeof part === 'number' ? share.format(part) : '–')),
      ],
    has(({ reason }) => reason) && ['Not yet', compared(({ reason }) => reasonText(reason))],
  ]
  return rows.filter((row): row is Row => row !== false)
}

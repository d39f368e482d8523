import type { ExperimentResults, MetricResult, VariantResult } from '../../api-client/experiments.ts'
import { formatCount } from '../../ui/numbers.ts'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './experiments.module.css'
import { IntervalPlot } from './interval-plot.tsx'
import { axisOf, certaintyText, effectText, intervalOf, reasonText, toneOf, valueText } from './words.ts'

// why: what scrolls must be reachable by keyboard.
const scrollable = { tabIndex: 0 }

interface MetricsTableProps {
  label: string
  metrics: MetricResult[]
  results: ExperimentResults
}

/** Metrics and variants, each with its interval on one axis for all. */
export function MetricsTable({ label, metrics, results }: MetricsTableProps) {
  const reach = axisOf(results)
  const { differenceType, method } = results.stats
  return (
    <section className={classes.scroll} aria-label={label} {...scrollable}>
      <table className={classes.table}>
        <colgroup>
          <col style={{ width: '21%' }} />
          <col style={{ width: '13%' }} />
          <col style={{ width: '9%' }} />
          <col style={{ width: '9%' }} />
          <col style={{ width: '9%' }} />
          <col style={{ width: '11%' }} />
          <col style={{ width: '28%' }} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Metric</th>
            <th scope="col">Variant</th>
            <th scope="col" className={classes.number}>
              People
            </th>
            <th scope="col" className={classes.number}>
              Value
            </th>
            <th scope="col" className={classes.number}>
              Change
            </th>
            <th scope="col" className={classes.number}>
              {method === 'bayesian' ? 'Chance to win' : 'p-value'}
            </th>
            <th scope="col">
              <span className={classes.axis}>
                <span>{effectText(-reach, differenceType)}</span>
                <span>0</span>
                <span>{effectText(reach, differenceType)}</span>
              </span>
            </th>
          </tr>
        </thead>
        <tbody>
          {metrics.map((metric, i) => (
            <MetricRows key={metric.metric.uuid ?? i} metric={metric} reach={reach} differenceType={differenceType} />
          ))}
        </tbody>
      </table>
    </section>
  )
}

interface MetricRowsProps {
  metric: MetricResult
  reach: number
  differenceType: 'relative' | 'absolute'
}

function MetricRows({ metric, reach, differenceType }: MetricRowsProps) {
  const rows = [...(metric.baseline ? [metric.baseline] : []), ...metric.variant_results]
  const name = metric.metric.name || `${metric.metric.metric_type} metric`
  return rows.map((variant, i) => (
    <tr key={variant.key}>
      {i === 0 && (
        <td rowSpan={rows.length}>
          <span className={classes.metricName}>
            <Untrusted>{name}</Untrusted>
          </span>
          <span className={classes.faint}>
            {metric.metric.metric_type}
            {metric.metric.goal === 'decrease' ? ', less is better' : ''}
            {metric.metric.isSharedMetric ? ', shared' : ''}
          </span>
        </td>
      )}
      <td>
        <Untrusted mono>{variant.key}</Untrusted>
      </td>
      <td className={classes.number}>{formatCount(variant.number_of_samples)}</td>
      <td className={classes.number}>{valueText(metric, variant)}</td>
      {i === 0 && metric.baseline ? (
        <td colSpan={3} className={classes.faint}>
          baseline
        </td>
      ) : (
        <ComparisonCells metric={metric} variant={variant} reach={reach} differenceType={differenceType} />
      )}
    </tr>
  ))
}

function ComparisonCells({ metric, variant, reach, differenceType }: MetricRowsProps & { variant: VariantResult }) {
  const tone = toneOf(metric, variant)
  const interval = intervalOf(variant)
  if (!interval)
    return (
      <td colSpan={3} className={classes.faint}>
        Not yet: {reasonText(variant.reason)}
      </td>
    )
  const text = (value: number) => effectText(value, differenceType)
  return (
    <>
      <td className={`${classes.number} ${classes.effect}`} data-tone={tone}>
        {effectText(variant.effect, differenceType)}
      </td>
      <td className={classes.number}>{certaintyText(variant)}</td>
      <td title={`${text(interval[0])} to ${text(interval[1])}`}>
        <IntervalPlot
          interval={interval}
          effect={variant.effect}
          reach={reach}
          tone={tone}
          description={`${variant.key}: ${effectText(variant.effect, differenceType)}, ${text(interval[0])} to ${text(interval[1])}`}
        />
      </td>
    </>
  )
}

import { Button } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
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
  /** Opens what a metric's numbers are made of. */
  onDetails: (metric: MetricResult) => void
}

/** Metrics and variants, each with its interval on one axis for all. */
export function MetricsTable({ label, metrics, results, onDetails }: MetricsTableProps) {
  const reach = axisOf(results)
  const { differenceType, method } = results.stats
  // why: a phone has room for what decides; the rest is in the details.
  const isNarrow = useMediaQuery('(max-width: 47.99em)', false, { getInitialValueInEffect: false })
  const widths = isNarrow ? ['31%', '24%', '18%', '27%'] : ['21%', '13%', '9%', '9%', '9%', '11%', '28%']
  return (
    <section className={classes.scroll} aria-label={label} {...scrollable}>
      <table className={classes.table}>
        <colgroup>
          {widths.map((width, i) => (
            <col key={`${width}-${String(i)}`} style={{ width }} />
          ))}
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Metric</th>
            <th scope="col">Variant</th>
            {!isNarrow && (
              <>
                <th scope="col" className={classes.number}>
                  People
                </th>
                <th scope="col" className={classes.number}>
                  Value
                </th>
              </>
            )}
            <th scope="col" className={classes.number}>
              Change
            </th>
            {!isNarrow && (
              <th scope="col" className={classes.number}>
                {method === 'bayesian' ? 'Chance to win' : 'p-value'}
              </th>
            )}
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
            <MetricRows
              key={metric.metric.uuid ?? i}
              metric={metric}
              reach={reach}
              differenceType={differenceType}
              isNarrow={isNarrow}
              onDetails={() => onDetails(metric)}
            />
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
  isNarrow: boolean
}

function MetricRows({ onDetails, ...props }: MetricRowsProps & { onDetails: () => void }) {
  const { metric, isNarrow } = props
  const rows = [...(metric.baseline ? [metric.baseline] : []), ...metric.variant_results]
  const name = metric.metric.name || `${metric.metric.metric_type} metric`
  const lines = isNarrow ? 'many' : 'one'
  return rows.map((variant, i) => (
    <tr key={variant.key}>
      {i === 0 && (
        <td rowSpan={rows.length}>
          <span className={classes.metricName}>
            <Untrusted lines={lines}>{name}</Untrusted>
          </span>
          <span className={classes.faint}>
            {metric.metric.metric_type}
            {metric.metric.goal === 'decrease' ? ', less is better' : ''}
            {metric.metric.isSharedMetric ? ', shared' : ''}
          </span>
          <Button size="compact-xs" variant="subtle" className={classes.details} aria-label={`Details of ${name}`} onClick={onDetails}>
            Details
          </Button>
        </td>
      )}
      <td>
        <Untrusted mono lines={lines}>
          {variant.key}
        </Untrusted>
      </td>
      {!isNarrow && (
        <>
          <td className={classes.number}>{formatCount(variant.number_of_samples)}</td>
          <td className={classes.number}>{valueText(metric, variant)}</td>
        </>
      )}
      {i === 0 && metric.baseline ? (
        <td colSpan={isNarrow ? 2 : 3} className={classes.faint}>
          baseline
        </td>
      ) : (
        <ComparisonCells variant={variant} {...props} />
      )}
    </tr>
  ))
}

function ComparisonCells({ metric, variant, reach, differenceType, isNarrow }: MetricRowsProps & { variant: VariantResult }) {
  const tone = toneOf(metric, variant)
  const interval = intervalOf(variant)
  if (!interval)
    return (
      <td colSpan={isNarrow ? 2 : 3} className={classes.faint}>
        Not yet: {reasonText(variant.reason)}
      </td>
    )
  const text = (value: number) => effectText(value, differenceType)
  return (
    <>
      <td className={`${classes.number} ${classes.effect}`} data-tone={tone}>
        {effectText(variant.effect, differenceType)}
      </td>
      {!isNarrow && <td className={classes.number}>{certaintyText(variant)}</td>}
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

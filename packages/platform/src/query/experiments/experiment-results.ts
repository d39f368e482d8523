import {
  type AnalysedVariant,
  adjustedInterval,
  correctPValues,
  moments,
  power,
  type SampleRatioResult,
  StatisticsError,
  statisticOf,
  type TrustInput,
  trustList,
  verdict,
} from '@hedgerow/experiments'
import type { VariantSums } from '@hedgerow/insights'
import type { ExperimentMetricNode } from '@hedgerow/protocol'
import { effectWorthFinding } from '../../experiments/project-defaults.ts'
import type { InsightResponse } from '../insight-query.ts'
import type { QueryAccount } from '../query-response.ts'
import type { QueryRun } from '../run-query.ts'
import { botPercentage, type DailyExposures, dailyExposures, experimentSums, exposureWaterfall } from './experiment-sums.ts'
import { biasOf, courseOf, splitBody, splitOf, totalExposures } from './exposures.ts'
import { type LoadedExperiment, loadExperiment } from './load-experiment.ts'
import { analysed, analysedMetric, metricResult, summed } from './metric-results.ts'

/** `ExperimentResultsQuery`: everything that the results page shows, all metrics by one scan of the events. */
export async function answerExperimentResults(run: QueryRun, node: Record<string, unknown>): Promise<InsightResponse> {
  const experiment = await loadExperiment(run, node.experiment_id)
  const { primary, secondary } = experiment.metrics
  const all = [...primary, ...secondary]
  const [{ rows, variants, days, accounts }, waterfall, bots] = await Promise.all([
    measured(run, experiment, all),
    exposureWaterfall(run, experiment.definition),
    botPercentage(run, experiment.definition),
  ])
  const totals = totalExposures(days, experiment)
  const split = await splitOf(run, totals, experiment)
  const trust = trustList(trustInput(experiment, { variants, rows, days, totals, split, bots: bots.percentage }))
  const variantsOf = (metric: ExperimentMetricNode) => analysed(metric, all.indexOf(metric), variants, experiment)
  const [first] = primary
  const results = {
    experiment_id: experiment.row.id,
    status: experiment.status,
    phase: experiment.row.phase,
    baseline_variant_key: experiment.baselineKey,
    stats: experiment.settings,
    date_range: {
      date_from: experiment.definition.startedAt.toISOString(),
      date_to: (experiment.definition.endedAt ?? run.now).toISOString(),
    },
    metrics: primary.map((metric) => metricResult(metric, all.indexOf(metric), variants, experiment)),
    metrics_secondary: secondary.map((metric) => metricResult(metric, all.indexOf(metric), variants, experiment)),
    corrections: corrections(experiment, all, variantsOf),
    guardrails: all.filter(({ is_guardrail: is }) => is).flatMap((metric) => guardrailWarnings(metric, variantsOf(metric))),
    exposures: {
      timeseries: courseOf(days, totals),
      total_exposures: totals,
      sample_ratio_mismatch: splitBody(split),
      bias_risk: biasOf(totals, experiment),
    },
    waterfall: {
      events: sumOf(waterfall.steps.map(({ events }) => events)),
      units: sumOf(waterfall.steps.map(({ units }) => units)),
      steps: waterfall.steps,
    },
    trust,
    verdict: first ? verdict({ ...analysedMetric(first), name: nameOf(first) }, variantsOf(first), trust, experiment.settings) : null,
  }
  return { ...total([...accounts, waterfall.account, bots.account]), kind: 'ExperimentResultsQuery', results } as InsightResponse
}

const sumOf = (list: number[]) => list.reduce((sum, value) => sum + value, 0)
const nameOf = ({ name, metric_type: type }: ExperimentMetricNode): string => name || `the ${type} metric`

/** The account of several queries: the first one's texts, everybody's work. */
function total(accounts: QueryAccount[]): QueryAccount {
  const [first] = accounts
  if (!first) throw new Error('nothing ran')
  return {
    ...first,
    rows_read: sumOf(accounts.map(({ rows_read: rows }) => rows)),
    bytes_read: sumOf(accounts.map(({ bytes_read: bytes }) => bytes)),
    elapsed_ms: Math.max(...accounts.map(({ elapsed_ms: ms }) => ms)),
  }
}

interface Measured {
  /** Each variant's sums by the day of exposure; none where they do not add up. */
  rows: VariantSums[]
  variants: VariantSums[]
  days: DailyExposures[]
  accounts: QueryAccount[]
}

/** One scan by the day of exposure tells the sums, how exposures grew, and whether early and late units differ. Quantiles do not add up over days: they take a scan of their own. */
async function measured(run: QueryRun, { definition }: LoadedExperiment, metrics: ExperimentMetricNode[]): Promise<Measured> {
  if (metrics.some(({ metric_type: type }) => type === 'quantile')) {
    const [sums, exposures] = await Promise.all([experimentSums(run, definition, metrics), dailyExposures(run, definition)])
    return { rows: [], variants: sums.variants, days: exposures.days, accounts: [sums.account, exposures.account] }
  }
  const { variants: rows, account } = await experimentSums(run, definition, metrics, { byDay: true })
  const days = rows.flatMap(({ variant, day, exposures }) => (day === undefined ? [] : [{ variant, day, units: exposures }]))
  return { rows, variants: summed(rows), days, accounts: [account] }
}

function trustInput(
  experiment: LoadedExperiment,
  {
    variants,
    rows,
    days,
    totals,
    split,
    bots,
  }: Omit<Measured, 'accounts'> & { totals: Record<string, number>; split: SampleRatioResult | null; bots: number | null },
): TrustInput {
  const { $multiple = 0, ...exposures } = totals
  const all = sumOf(Object.values(totals))
  const effectPercent = effectWorthFinding(experiment.row.parameters, experiment.row.defaults)
  return {
    counted: experiment.definition.groupTypeIndex === undefined ? 'people' : 'groups',
    sampleRatio: split,
    exposures: Object.fromEntries(experiment.definition.variants.map((key) => [key, exposures[key] ?? 0])),
    multipleVariantPercentage: all > 0 ? (100 * $multiple) / all : 0,
    power: powerReached(experiment, variants, effectPercent),
    minimumDetectableEffectPercent: effectPercent,
    method: experiment.settings.method,
    sequential: experiment.settings.sequential,
    isRunning: experiment.status === 'running' || experiment.status === 'paused',
    halves: halves(experiment, rows, days),
    botPercentage: bots,
  }
}

/** For the first metric, from what the baseline showed; at the size of the smallest variant. */
function powerReached(experiment: LoadedExperiment, variants: VariantSums[], effectPercent: number): number | null {
  const [metric] = experiment.metrics.primary
  if (!metric) return null
  const [baseline, ...others] = analysed(metric, 0, variants, experiment)
  if (!baseline || others.length === 0) return null
  try {
    const { mean, variance } = moments(statistic(metric, baseline))
    const unitsPerArm = Math.min(baseline.data.numberOfSamples, ...others.map(({ data }) => data.numberOfSamples))
    if (mean === 0 || unitsPerArm === 0) return null
    const { settings } = experiment
    return power({
      mean,
      variance,
      unitsPerArm,
      relativeEffect: effectPercent / 100,
      alpha: settings.method === 'frequentist' ? settings.alpha : 2 * (1 - settings.ciLevel),
      ...(settings.sequential ? { sequentialTuningParameter: settings.sequentialTuningParameter } : {}),
    })
  } catch (error) {
    if (error instanceof StatisticsError) return null
    throw error
  }
}

const statistic = (metric: ExperimentMetricNode, { data }: AnalysedVariant) => statisticOf(analysedMetric(metric), data)

/** The first treatment's effect among units exposed in the first half of the days, and in the second. */
function halves(experiment: LoadedExperiment, rows: VariantSums[], days: DailyExposures[]): TrustInput['halves'] {
  const [metric] = experiment.metrics.primary
  const dates = [...new Set(days.map(({ day }) => day))].sort()
  const middle = dates[Math.floor(dates.length / 2)]
  if (!metric || dates.length < 6 || middle === undefined) return []
  const parts = [rows.filter(({ day }) => day !== undefined && day < middle), rows.filter(({ day }) => day !== undefined && day >= middle)]
  return parts.flatMap((part) => {
    const { effect, standardError } = analysed(metric, 0, summed(part), experiment)[1]?.comparison ?? {}
    return typeof effect === 'number' && typeof standardError === 'number' ? [{ effect, standardError }] : []
  })
}

/** P-values that allow for how many comparisons there are; guardrails are left out of the family. */
function corrections(
  experiment: LoadedExperiment,
  metrics: ExperimentMetricNode[],
  variantsOf: (metric: ExperimentMetricNode) => AnalysedVariant[],
) {
  const method = experiment.pinned.stats_config.multiple_comparison ?? 'none'
  if (method === 'none' || experiment.settings.method !== 'frequentist') return []
  const family = metrics
    .filter(({ is_guardrail: is }) => !is)
    .flatMap((metric) =>
      variantsOf(metric).flatMap(({ key, comparison }) =>
        comparison && comparison.pValue !== null
          ? [{ metric_uuid: metric.uuid, variant: key, p: comparison.pValue, effect: comparison.effect ?? 0 }]
          : [],
      ),
    )
  const adjusted = correctPValues(
    family.map(({ p }) => p),
    method,
  )
  return family.map(({ p, effect, ...of }, i) => {
    const value = adjusted[i] ?? 1
    const interval = adjustedInterval(effect, value, experiment.settings.alpha)
    return {
      ...of,
      method,
      p_value: p,
      adjusted_p_value: value,
      significant: value < experiment.settings.alpha,
      confidence_interval: interval.every(Number.isFinite) ? interval : null,
    }
  })
}

/** A guardrail warns where it may have got worse by more than its margin, and advises to stop where it certainly got worse. */
function guardrailWarnings(metric: ExperimentMetricNode, variants: AnalysedVariant[]) {
  const margin = metric.non_inferiority_margin ?? 0
  return variants.flatMap(({ key, comparison }) => {
    if (!comparison?.interval) return []
    const [low, high] = metric.goal === 'decrease' ? [-comparison.interval[1], -comparison.interval[0]] : comparison.interval
    const state = high < 0 ? 'stop' : low < -margin ? 'warn' : 'good'
    return [{ metric_uuid: metric.uuid, name: nameOf(metric), variant: key, state }]
  })
}

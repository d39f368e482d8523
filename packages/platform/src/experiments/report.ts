import { type AnalysedVariant, analyseMetric, type MetricData, type StatsSettings } from '@hedgerow/experiments'
import { type ExperimentMetricNode, experimentReport, experimentReportFormat as format } from '@hedgerow/protocol'
import { analysedMetric } from '../query/experiments/metric-results.ts'
import { canonicalJson, type PinnedDefinition, sha256 } from './pinned.ts'

/** The method that a report was computed with; another number means that results may differ. */
const engine = 'hedgerow-experiments/1'

/** What a report is made of: definitions, the data's moment, and the sums that the data came to. */
export interface ReportInput {
  experiment: { id: number; name: string; status: string; phase: number }
  definition: PinnedDefinition
  started_at: string
  ended_at: string
  /** What "now" meant, and up to when data was there. */
  as_of: string
  included_until: string | null
  timezone: string
  settings: StatsSettings
  baseline_variant_key: string
  exposures: Record<string, number>
  metrics: { metric: ExperimentMetricNode; sums: Record<string, unknown> }[]
}

export interface Report extends Omit<ReportInput, 'metrics'> {
  format: typeof format
  version: 1
  engine: string
  /** Nothing is drawn at random; kept so that a reader sees it. */
  seed: number
  metrics: (ReportInput['metrics'][number] & { results: AnalysedVariant[] })[]
  /** SHA-256 over everything else, as JSON with sorted keys. */
  sha256: string
}

/** A result with everything that it takes to compute it again. */
export function makeReport(input: ReportInput): Report {
  const body = {
    format,
    version: 1,
    engine,
    seed: 0,
    ...input,
    metrics: input.metrics.map((one) => ({ ...one, results: computed(one, input) })),
  } as const
  return { ...body, sha256: sha256(body) }
}

function computed(
  { metric, sums }: ReportInput['metrics'][number],
  { baseline_variant_key: baseline, settings }: Pick<ReportInput, 'baseline_variant_key' | 'settings'>,
): AnalysedVariant[] {
  const arms = Object.entries(sums).map(([key, data]) => ({ key, data: data as MetricData }))
  return analyseMetric(analysedMetric(metric), arms, baseline, settings)
}

export interface ReportCheck {
  holds: boolean
  /** What is wrong, in sentences; empty where it holds. */
  problems: string[]
}

/** Computes a report's results again from its sums, and checks that nothing in it was changed. */
export function verifyReport(given: unknown): ReportCheck {
  const read = experimentReport.safeParse(given)
  if (!read.success) {
    const [issue] = read.error.issues
    return {
      holds: false,
      problems: [`This is no report of an experiment: ${issue?.path.join('.') || 'the file'} ${issue?.message ?? ''}`.trim()],
    }
  }
  const { sha256: claimed, ...body } = given as Report
  const problems: string[] = []
  if (sha256(body) !== claimed) problems.push('The report was changed after it was made: its checksum does not agree with its contents.')
  if (body.engine !== engine) problems.push(`The report was made by ${body.engine}; this is ${engine}, which may compute otherwise.`)
  for (const one of body.metrics) {
    const again = computed(one, body)
    if (canonicalJson(again) !== canonicalJson(one.results))
      problems.push(`The results of ${one.metric.name ?? one.metric.uuid ?? one.metric.metric_type} are not what its sums come to.`)
  }
  return { holds: problems.length === 0, problems }
}

import { makeReport } from '../../experiments/report.ts'
import type { InsightResponse } from '../insight-query.ts'
import type { QueryRun } from '../run-query.ts'
import { experimentSums } from './experiment-sums.ts'
import { loadExperiment } from './load-experiment.ts'
import { armsOf } from './metric-results.ts'

/** `ExperimentReportQuery`: a result that can be computed again from what it holds. */
export async function answerReport(run: QueryRun, node: Record<string, unknown>): Promise<InsightResponse> {
  const experiment = await loadExperiment(run, node.experiment_id)
  const { primary, secondary } = experiment.metrics
  const metrics = [...primary, ...secondary]
  const { variants, account } = await experimentSums(run, experiment.definition, metrics)
  const { row, definition, pinned, settings, baselineKey } = experiment
  const results = makeReport({
    experiment: { id: row.id, name: row.name, status: experiment.status, phase: row.phase },
    definition: pinned,
    started_at: definition.startedAt.toISOString(),
    ended_at: (definition.endedAt ?? run.now).toISOString(),
    as_of: run.now.toISOString(),
    included_until: run.facts.includedUntil,
    timezone: run.facts.timezone,
    settings,
    baseline_variant_key: baselineKey,
    exposures: Object.fromEntries(variants.map(({ variant, exposures }) => [variant, exposures])),
    metrics: metrics.map((metric, i) => ({
      metric,
      sums: Object.fromEntries(armsOf(variants, experiment).map(({ variant, metrics: sums }) => [variant, sums[i]])),
    })),
  })
  return { ...account, kind: 'ExperimentReportQuery', results } as InsightResponse
}

import { compileUnits, resolveExperiment } from '@hedgerow/insights'
import { insightContext } from '../insight-context.ts'
import type { InsightResponse } from '../insight-query.ts'
import { loadPersons } from '../persons-of-rows.ts'
import { asQueryError, invalidQuery } from '../query-error.ts'
import type { QueryRun } from '../run-query.ts'
import { metricOf } from './experiment-query.ts'
import { type LoadedExperiment, loadExperiment } from './load-experiment.ts'
import { runUnits } from './run-units.ts'

const limits = { defaultRows: 100, maxRows: 1000, maxOffset: 1_000_000 }

/** `ExperimentPeopleQuery`: the units of one variant that a metric's numbers are made of, those with the largest values first. */
export async function answerExperimentPeople(run: QueryRun, node: Record<string, unknown>): Promise<InsightResponse> {
  const experiment = await loadExperiment(run, node.experiment_id)
  const metric = metricOf(node.metric ?? experiment.metrics.primary[0]?.uuid ?? '', experiment)
  const variant = variantOf(node.variant ?? experiment.baselineKey, experiment)
  const limit = whole(node.limit, 'limit', limits.defaultRows, [1, limits.maxRows])
  const offset = whole(node.offset, 'offset', 0, [0, limits.maxOffset])
  try {
    const { definition } = experiment
    const context = await insightContext(run, { metrics: [metric], criteria: definition.exposureCriteria }, run.parser)
    const question = { ...resolveExperiment(definition, [metric], context), cupedLookbackDays: null }
    // One more than is wanted tells whether there are more.
    const { rows, response } = await runUnits(run, compileUnits(question, run.now, { variant, limit: limit + 1, offset }))
    const shown = rows.slice(0, limit)
    const isPeople = question.groupTypeIndex === undefined
    const persons = isPeople
      ? await loadPersons(
          run,
          shown.map(([id]) => String(id)),
        )
      : new Map()
    const units = shown.map(([id, at, value, base]) => ({
      id: String(id),
      name: persons.get(String(id))?.displayName ?? null,
      exposed_at: new Date(Number(at)).toISOString(),
      value: Number(value),
      ...(metric.metric_type === 'ratio' ? { denominator: Number(base) } : {}),
    }))
    const results = { metric_uuid: metric.uuid ?? null, variant, group_type_index: question.groupTypeIndex ?? null, units }
    return { ...response, kind: 'ExperimentPeopleQuery', results, hasMore: rows.length > limit } as unknown as InsightResponse
  } catch (error) {
    throw asQueryError(error)
  }
}

function variantOf(given: unknown, { definition }: LoadedExperiment): string {
  const known = [...definition.variants, ...(definition.holdoutId === undefined ? [] : [`holdout-${definition.holdoutId}`])]
  if (typeof given === 'string' && known.includes(given)) return given
  throw invalidQuery(`variant must be one of ${known.join(', ')}, not ${JSON.stringify(given)}`)
}

function whole(value: unknown, name: string, otherwise: number, [least, most]: [number, number]): number {
  if (value === undefined || value === null) return otherwise
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value
  throw invalidQuery(`${name} must be a whole number from ${least} to ${most}, not ${JSON.stringify(value)}`)
}

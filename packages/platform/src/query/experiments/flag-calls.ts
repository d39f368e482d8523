import { build } from '@hedgerow/hogql'
import { resolveExperiment } from '@hedgerow/insights'
import { insightContext } from '../insight-context.ts'
import type { InsightResponse } from '../insight-query.ts'
import { type QueryRun, runQuery } from '../run-query.ts'
import { loadExperiment } from './load-experiment.ts'

const { alias, call, compare, constant, field } = build
const lookBackDays = 30

/** `ExperimentFlagCallsQuery`: whether the app asks for the experiment's flag at all, or sends the event of its own that exposes; and since when. */
export async function answerFlagCalls(run: QueryRun, node: Record<string, unknown>): Promise<InsightResponse> {
  const { definition } = await loadExperiment(run, node.experiment_id)
  const context = await insightContext(run, { criteria: definition.exposureCriteria }, run.parser)
  const { exposure } = resolveExperiment(definition, [], context)
  const { rows, response } = await runQuery(
    run,
    build.select(
      [
        alias(
          'calls',
          call('countIf', compare('>=', field('timestamp'), call('minus', call('now'), call('toIntervalDay', constant(lookBackDays))))),
        ),
        alias('last', call('max', field('timestamp'))),
        alias('first', call('min', field('timestamp'))),
        alias('ever', call('count')),
      ],
      {
        from: { table: build.table('events'), joins: [] },
        where: exposure.condition,
      },
    ),
  )
  const calls = Number(rows[0]?.[0] ?? 0)
  const ever = Number(rows[0]?.[3] ?? 0) > 0
  const results = {
    requires_flag_implementation: calls === 0,
    feature_flag_key: definition.flagKey,
    calls,
    last_called_at: ever ? String(rows[0]?.[1]) : null,
    first_called_at: ever ? String(rows[0]?.[2]) : null,
    days: lookBackDays,
  }
  return { ...response, kind: 'ExperimentFlagCallsQuery', results } as unknown as InsightResponse
}

import { build } from '@hedgerow/hogql'
import type { InsightResponse } from '../insight-query.ts'
import { type QueryRun, runQuery } from '../run-query.ts'
import { loadExperiment } from './load-experiment.ts'

const { alias, call, compare, constant, field } = build
const lookBackDays = 30

/** `ExperimentFlagCallsQuery`: whether the app asks for the experiment's flag at all. */
export async function answerFlagCalls(run: QueryRun, node: Record<string, unknown>): Promise<InsightResponse> {
  const { definition } = await loadExperiment(run, node.experiment_id)
  const { rows, response } = await runQuery(
    run,
    build.select([alias('calls', call('count')), alias('last', call('max', field('timestamp')))], {
      from: { table: build.table('events'), joins: [] },
      where: build.and([
        compare('=', field('event'), constant('$feature_flag_called')),
        compare('=', field('properties', '$feature_flag'), constant(definition.flagKey)),
        compare('>=', field('timestamp'), call('minus', call('now'), call('toIntervalDay', constant(lookBackDays)))),
      ]),
    }),
  )
  const calls = Number(rows[0]?.[0] ?? 0)
  const results = {
    requires_flag_implementation: calls === 0,
    feature_flag_key: definition.flagKey,
    calls,
    last_called_at: calls > 0 ? String(rows[0]?.[1]) : null,
    days: lookBackDays,
  }
  return { ...response, kind: 'ExperimentFlagCallsQuery', results } as unknown as InsightResponse
}

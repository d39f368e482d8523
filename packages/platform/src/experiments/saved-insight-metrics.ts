import { createParser } from '@hedgerow/hogql'
import { metricOfSql, metricsOfInsight } from '@hedgerow/insights'
import { type ExperimentMetricNode, experimentMetric } from '@hedgerow/protocol'
import { invalidInput } from '../errors.ts'
import { asQueryError, QueryError } from '../query/query-error.ts'

/** The metrics that a saved insight asks for. They are its copy: a later change of the insight changes no experiment. @throws HedgerowError */
export function metricsOfSavedInsight(query: unknown, name: string | null): ExperimentMetricNode[] {
  if (typeof query !== 'object' || query === null) throw invalidInput('insight', 'has no query that a metric can be made of')
  try {
    return metricsOfInsight(query as Record<string, unknown>, name || 'Saved insight').map((metric) => experimentMetric.parse(metric))
  } catch (error) {
    const known = asQueryError(error)
    if (known instanceof QueryError) throw invalidInput('insight', known.message)
    throw error
  }
}

/** The metric that a query in HogQL asks for. @throws HedgerowError that says what would be one */
export async function metricOfSqlText(query: string, name: string): Promise<ExperimentMetricNode> {
  const parser = await createParser()
  try {
    return experimentMetric.parse(metricOfSql(parser.parseQuery(query), name))
  } catch (error) {
    const known = asQueryError(error)
    if (known instanceof QueryError) throw invalidInput('query', known.message)
    throw error
  }
}

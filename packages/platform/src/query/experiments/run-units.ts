import type { syntax } from '@hedgerow/hogql'
import { type QueryRun, type RanQuery, runQuery } from '../run-query.ts'

/** Runs a query that collects what each unit did out of several arms. */
export const runUnits = (run: QueryRun, query: syntax.Query): Promise<RanQuery> => runQuery({ ...run, narrowUnion: true }, query)

import type { ValueType } from './catalog/value-type.ts'
import type { CompileContext } from './context.ts'
import { HogqlError } from './errors.ts'
import { lowerComparisons } from './lower/comparisons.ts'
import { lowerFunctions } from './lower/functions.ts'
import { addLazyJoins } from './lower/lazy-joins.ts'
import { lowerTables } from './lower/scans.ts'
import { print } from './print/print.ts'
import { resolve } from './resolve/resolve.ts'
import type { Query } from './tree/syntax.ts'

export interface CompiledQuery {
  /** ClickHouse SQL with `{name: Type}` placeholders. */
  sql: string
  params: Record<string, unknown>
  /** In the order of the result's cells. */
  columns: { name: string; type: ValueType }[]
}

/**
 * A query as SQL for one project: resolve, lower, print. Pure; a millisecond or two for most queries.
 * @throws HogqlError
 */
export function compile(query: Query, context: CompileContext): CompiledQuery {
  try {
    const { query: resolved, columns } = resolve(query, context)
    const { sql, params } = print(lower(resolved, context), context.projectId)
    return { sql, params, columns: columns.map(({ name, type }) => ({ name, type })) }
  } catch (error) {
    if (error instanceof RangeError) throw new HogqlError('query_too_large', 'The query is nested too deeply')
    throw error
  }
}

/** The passes, in their order: each takes its decisions out of the tree, and the types say which are left. */
function lower(query: ReturnType<typeof resolve>['query'], context: CompileContext) {
  const compared = lowerComparisons(query, context)
  const called = lowerFunctions(compared, context)
  const joined = addLazyJoins(called)
  return lowerTables(joined, context)
}

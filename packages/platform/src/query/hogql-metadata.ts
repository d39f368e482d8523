import { build, HogqlError, hogqlText, mapQuery, type Parser, type syntax } from '@hedgerow/hogql'
import { answerWithoutRows } from './account-of-run.ts'
import { invalidQuery } from './query-error.ts'
import type { QueryResponse } from './query-response.ts'
import { compileRun, type QueryRun } from './run-query.ts'

type Json = Record<string, unknown>

/** `HogQLMetadata`: what an editor underlines. Placeholders count as given. */
export async function answerMetadata(run: QueryRun, node: Json, parser: Parser): Promise<QueryResponse> {
  if (typeof node.query !== 'string') throw invalidQuery('HogQLMetadata needs its text in "query"')
  const language = node.language ?? 'hogQL'
  if (language !== 'hogQL' && language !== 'hogQLExpr')
    throw invalidQuery(`HogQLMetadata.language can be hogQL or hogQLExpr, not ${String(language)}`)
  const empty = answerWithoutRows(run, '')
  const base = { ...empty, query: node.query, notices: [], table_names: [] as string[] }
  try {
    const parsed = language === 'hogQL' ? parser.parseQuery(node.query) : onEvents(parser.parseExpr(node.query))
    const query = mapQuery(parsed, (expr) => (expr.kind === 'placeholder' ? build.constant(true) : undefined))
    await compileRun(run, query)
    return { ...base, isValid: true, errors: [], hogql: hogqlText(parsed), table_names: tableNames(parsed) }
  } catch (error) {
    if (!(error instanceof HogqlError)) throw error
    return { ...base, isValid: false, errors: [{ message: error.message, ...error.span }] }
  }
}

const onEvents = (expr: syntax.Expr): syntax.Query => build.select([expr], { from: { table: build.table('events'), joins: [] } })

function tableNames(query: syntax.Query): string[] {
  const names = new Set<string>()
  const visit = (part: syntax.Query): void => {
    if (part.kind === 'set') {
      for (const each of [part.first, ...part.rest.map((rest) => rest.query)]) visit(each)
      return
    }
    for (const { table } of part.from ? [part.from, ...part.from.joins] : []) {
      if (table.kind === 'table') names.add(table.name.join('.'))
      if (table.kind === 'subquery') visit(table.query)
    }
    for (const { expr } of part.ctes) if (expr.kind === 'query') visit(expr.query)
  }
  visit(query)
  return [...names]
}

import { build, hogqlText, type Parser, type syntax } from '@hedgerow/hogql'
import type { Insight, InsightAnswer } from '@hedgerow/insights'
import { insightContext } from './insight-context.ts'
import { asQueryError } from './query-error.ts'
import type { QueryAccount } from './query-response.ts'
import { type QueryRun, type RanQuery, runQuery } from './run-query.ts'

type Json = Record<string, unknown>

/** The answer to an insight: its results, and how they came about. */
export type InsightResponse = QueryAccount & Omit<InsightAnswer, 'query'>

/** Any insight: its kind asks for rows as often as it needs to; the account adds them up. */
export async function answerInsight(insight: Insight, run: QueryRun, node: Json, parser: Parser): Promise<InsightResponse> {
  try {
    const context = await insightContext(run, node, parser)
    const ran = new Map<syntax.Query, RanQuery>()
    const { query, ...answer } = await insight.answer(node, context, async (tree: syntax.Query) => {
      const rows = await runQuery(run, tree)
      ran.set(tree, rows)
      return rows.rows
    })
    const account = ran.size > 0 ? sum([...ran.values()]) : (await runQuery(run, build.select([build.constant(1)]))).response
    return { ...account, hogql: ran.get(query)?.response.hogql ?? hogqlText(query), ...answer }
  } catch (error) {
    throw asQueryError(error)
  }
}

function sum(ran: RanQuery[]): QueryAccount {
  const accounts = ran.map(({ response }) => response)
  const [first] = accounts
  if (!first) throw new Error('no query ran')
  const total = (of: (account: QueryAccount) => number) => accounts.reduce((all, account) => all + of(account), 0)
  return {
    ...first,
    clickhouse: accounts.map(({ clickhouse }) => clickhouse).join(';\n\n'),
    rows_read: total((account) => account.rows_read),
    bytes_read: total((account) => account.bytes_read),
    elapsed_ms: total((account) => account.elapsed_ms),
  }
}

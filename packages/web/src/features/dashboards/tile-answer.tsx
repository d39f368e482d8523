import type { InsightBody } from '@hedgerow/protocol'
import { memo, useMemo } from 'react'
import type { InsightAnswer } from '../../api-client/queries.ts'
import { InsightView } from '../../charts/insights/insight-view.tsx'
import { RowsChart } from '../../charts/rows/rows-chart-view.tsx'
import { readRowsDisplay } from '../../charts/rows/rows-display.ts'
import { RowsGrid } from '../../charts/rows/rows-grid.tsx'
import { readQuery } from '../../query-model/kinds.ts'
import { textsOf } from '../../query-model/reading.ts'
import { WarningIcon } from '../../ui/icons.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './dashboards.module.css'

interface TileAnswerProps {
  insight: InsightBody
  isAnswered: boolean
  /** When the answer was computed: what had not ended then is drawn so. */
  computedAt: string | null
  heightPx: number
}

/** The answer of a tile, drawn as the insight says. */
// why: the board is drawn anew with every tile that is answered; those that were before are not.
export const TileAnswer = memo(function TileAnswer({ insight, isAnswered, computedAt, heightPx }: TileAnswerProps) {
  const query = useMemo(() => readQuery(insight.query), [insight.query])
  const columns = useMemo(() => textsOf(insight.columns), [insight.columns])
  if (insight.result_error)
    return (
      <p className={classes.fault} role="alert">
        <WarningIcon size={16} />
        <Untrusted lines="many">{insight.result_error.detail}</Untrusted>
      </p>
    )
  // why: a dozen tiles that pulse draw the whole page sixty times a second; how many are answered stands above them.
  if (!isAnswered) return <div className={classes.awaited} style={{ height: Math.max(40, heightPx) }} aria-hidden="true" />
  if (insight.result === null || insight.result === undefined) return <p className={classes.nothing}>No answer is kept for it.</p>
  if (query) return <DrawnInsight insight={insight} computedAt={computedAt} heightPx={heightPx} />
  const rows = Array.isArray(insight.result) ? (insight.result as unknown[][]) : []
  if (rows.length === 0) return <p className={classes.nothing}>No rows.</p>
  const { isChart, ...chart } = readRowsDisplay(insight.query)
  return isChart ? (
    <RowsChart columns={columns} rows={rows} {...chart} heightPx={heightPx} />
  ) : (
    <div className={classes.rows} style={{ height: heightPx }}>
      <RowsGrid label={insight.name || 'Rows'} columns={columns} rows={rows} />
    </div>
  )
})

function DrawnInsight({ insight, computedAt, heightPx }: Omit<TileAnswerProps, 'isAnswered'>) {
  const query = useMemo(() => readQuery(insight.query), [insight.query])
  const answer = useMemo(
    (): InsightAnswer => ({
      results: insight.result,
      hogql: insight.hogql ?? '',
      clickhouse: '',
      ...(computedAt === null ? {} : { as_of: computedAt }),
      resolved_date_range: (insight.resolved_date_range ?? null) as { date_from: string; date_to: string } | null,
    }),
    [insight, computedAt],
  )
  return query ? <InsightView query={query} answer={answer} heightPx={Math.max(80, heightPx)} isPreview /> : null
}

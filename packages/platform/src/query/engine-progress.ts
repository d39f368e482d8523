import type { EventStore } from '@hedgerow/stores'

export interface EngineProgress {
  rowsRead: number
  /** As the engine guesses it. */
  rowsTotal: number
  bytesRead: number
  memoryBytes: number
}

/** How far statements have come, by the engine's list of processes. One that has not begun, or is over, is absent. */
export async function readEngineProgress(events: EventStore, queryIds: readonly string[]): Promise<Map<string, EngineProgress>> {
  if (queryIds.length === 0) return new Map()
  // tricky: the embedded engine knows no ids of queries; there they travel as a comment.
  const { rows } = await events.query(
    `SELECT if(Settings['log_comment'] != '', Settings['log_comment'], query_id) AS id,
            toFloat64(read_rows), toFloat64(total_rows_approx), toFloat64(read_bytes), toFloat64(greatest(memory_usage, 0))
     FROM system.processes
     WHERE Settings['log_comment'] IN {ids: Array(String)} OR query_id IN {ids: Array(String)}`,
    { params: { ids: queryIds }, lane: 'background', maxSeconds: 5 },
  )
  return new Map(
    rows.map(([id, rowsRead, rowsTotal, bytesRead, memoryBytes]) => [
      String(id),
      { rowsRead: Number(rowsRead), rowsTotal: Number(rowsTotal), bytesRead: Number(bytesRead), memoryBytes: Number(memoryBytes) },
    ]),
  )
}

import type { CommandEntry } from '@hedgerow/protocol'
import type { CommandPlan } from '../commands/command-plan.ts'
import { applyWrites } from './application-writes.ts'
import { type BatchBounds, tokenOf } from './batch.ts'
import { notifyOthers } from './committed-changes.ts'
import { microsText } from './instants.ts'
import { finishBatch, readProgress } from './progress.ts'
import { inTransaction } from './sql.ts'
import type { WriteContext } from './write-batch.ts'

/** Does a command in the order of its plan; its outcome is written in the transaction that commits it. */
export async function writeCommand(command: CommandEntry, bounds: BatchBounds, plan: CommandPlan, context: WriteContext): Promise<void> {
  const { stores, persist, onPhase } = context
  for (const { sql, params } of plan.deletions) {
    await persist('delete events', () => stores.events.command(sql, { params, lane: 'ingestion' }))
  }
  onPhase('events-inserted')
  for (const [number, { table, lines }] of plan.tables.entries()) {
    const rows = Buffer.from(`${lines.join('\n')}\n`)
    await persist(`insert into ${table}`, () => stores.events.insert(table, rows, { token: tokenOf(bounds, table, number) }))
  }
  onPhase('rows-inserted')
  await persist('commit a command', () =>
    inTransaction(stores.application.pool, async (sql) => {
      const progress = await readProgress(sql)
      if (progress.committed === bounds.to) return
      await applyWrites(sql, plan.writes)
      await sql.query(
        `INSERT INTO ingestion_commands (command_id, project_id, finished_at, outcome) VALUES ($1, $2, $3, $4)
         ON CONFLICT (command_id) DO UPDATE SET finished_at = EXCLUDED.finished_at, outcome = EXCLUDED.outcome`,
        [command.commandId, command.projectId, `${microsText(bounds.insertedAtMicros)}+00`, JSON.stringify(plan.outcome)],
      )
      const changes = { persons: [], distinctIds: [], groups: [], active: [], unwatched: [], projects: [command.projectId] }
      await notifyOthers(sql, stores.application, changes)
      await finishBatch(sql, bounds)
    }),
  )
  plan.forget()
  onPhase('committed')
  await persist('forget the part of the log that is stored', () => stores.log.truncate(bounds.to))
  onPhase('truncated')
}

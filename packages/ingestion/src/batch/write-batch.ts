import { type EventRow, type EventStore, eventStoreTables } from '@hedgerow/stores'
import { applyWrites, journalWrites } from './application-writes.ts'
import { type BatchBounds, tokenOf } from './batch.ts'
import { notifyOthers } from './committed-changes.ts'
import type { RowBlock } from './event-blocks.ts'
import type { IngestionStores } from './ingestion-state.ts'
import { encodeLines, insertRows, isBadRow } from './insert-rows.ts'
import type { BatchPlan } from './prepare-batch.ts'
import { beginBatch, finishBatch, readProgress } from './progress.ts'
import { inTransaction, sqlOf } from './sql.ts'

/** Does something until it succeeds; see retry.ts. */
export type Persist = <Result>(doing: string, act: () => Promise<Result>) => Promise<Result>

/** Called between the phases; tests make it throw, as if the process had died there. */
export type PhaseHook = (phase: 'begun' | 'rows-inserted' | 'events-inserted' | 'committed' | 'truncated') => void

export interface WriteContext {
  stores: IngestionStores
  persist: Persist
  onPhase: PhaseHook
}

/** Notes a batch's bounds, before anything of it is written. */
export async function noteBatch(bounds: BatchBounds, { stores, persist, onPhase }: WriteContext): Promise<void> {
  await persist('note what is about to be stored', () => beginBatch(sqlOf(stores.application.pool), bounds))
  onPhase('begun')
}

/**
 * Inserts a batch's blocks into the event store. A crash before the batch is committed makes the same batch have the same
 * result again, and the event store drops the blocks it has.
 */
export async function insertBatch(plan: BatchPlan, context: WriteContext): Promise<void> {
  const { stores, persist, onPhase } = context
  const { bounds } = plan
  const insert: EventStore['insert'] = (table, rows, options) =>
    persistUnlessBad(persist, `insert into ${table}`, () => stores.events.insert(table, rows, options))
  await Promise.all(
    plan.tables.map(({ table, lines }) =>
      insertRows(insert, {
        table,
        rows: lines,
        token: tokenOf(bounds, table),
        onBadRow: async ({ index }, message) => {
          // limit: what is told of persons and groups is made from text that Postgres has parsed; a refusal here is our own bug.
          throw new Error(`The event store refuses row ${index} of ${table}: ${message}`)
        },
      }),
    ),
  )
  onPhase('rows-inserted')
  for (let number = 0; ; number += 1) {
    const { value: block, done } = plan.blocks.next()
    if (done || !block) break
    await insertEvents(block, number, plan, insert)
  }
  onPhase('events-inserted')
}

/**
 * Writes everything of the application store, progress and ledger included, in one transaction, and forgets the part of the log.
 * To be called in the order of the batches, after the batch's blocks are inserted.
 */
export async function commitBatch(plan: BatchPlan, { stores, persist, onPhase }: WriteContext): Promise<void> {
  const { bounds } = plan
  const writes = [...plan.writes, ...journalWrites(plan.journal, bounds.insertedAtMicros)]
  await persist('commit a batch', () =>
    inTransaction(stores.application.pool, async (sql) => {
      // why: if the answer to a COMMIT was lost, the second attempt finds it done.
      const progress = await readProgress(sql)
      if (progress.committed === bounds.to) return
      await applyWrites(sql, writes)
      if (plan.committedChanges) await notifyOthers(sql, stores.application, plan.committedChanges)
      await finishBatch(sql, bounds)
    }),
  )
  onPhase('committed')
  await persist('forget the part of the log that is stored', () => stores.log.truncate(bounds.to))
  onPhase('truncated')
}

async function insertEvents(block: RowBlock, number: number, plan: BatchPlan, insert: EventStore['insert']): Promise<void> {
  const { bounds, journal } = plan
  const table = eventStoreTables.events
  const token = tokenOf(bounds, table, number)
  if (block.format === 'Native') {
    // limit: nothing in it is parsed, so that no row can be refused; a refusal here is our own bug.
    await insert(table, block.bytes, { token, format: block.format })
    return
  }
  await insertRows(insert, {
    table,
    rows: block.bytes,
    token,
    onBadRow: async ({ index, line }, message) => {
      const row = JSON.parse(line) as EventRow
      try {
        await insert(table, encodeLines([JSON.stringify({ ...row, person_snapshot: {} })]), { token: `${token}.${index}.without-person` })
      } catch (error) {
        if (!isBadRow(error)) throw error
        const { project_id, uuid, event, distinct_id, created_at } = row
        const receivedAtMs = Date.parse(`${created_at.replace(' ', 'T')}Z`)
        journal.rejectStored(project_id, receivedAtMs, { uuid, event, distinctId: distinct_id }, `The event store refuses it: ${message}`)
      }
    },
  })
}

/** A refused row is an outcome, not a store that is away. */
async function persistUnlessBad(persist: Persist, doing: string, act: () => Promise<void>): Promise<void> {
  const refusal = await persist(doing, async () => {
    try {
      await act()
      return undefined
    } catch (error) {
      if (isBadRow(error)) return error
      throw error
    }
  })
  if (refusal) throw refusal
}

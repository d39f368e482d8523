import { setTimeout as delay } from 'node:timers/promises'
import type { IngestionStores } from './batch/ingestion-state.ts'
import { foldOverrides } from './fold-overrides.ts'

/** limit: after a start it waits no longer than this, so that a process that is often started anew folds all the same. */
const firstAfterMs = 300_000

export interface FoldingOptions {
  intervalMs: number
  signal: AbortSignal
  warn(message: string): void
}

/** Folds overrides again and again, until aborted. Whoever ingests does it, so that it is one process at a time. */
export async function keepFolding(stores: Pick<IngestionStores, 'events' | 'application'>, options: FoldingOptions): Promise<void> {
  const { intervalMs, signal } = options
  for (let waitMs = Math.min(intervalMs, firstAfterMs); ; waitMs = intervalMs) {
    await delay(waitMs, undefined, { signal, ref: false }).catch(() => undefined)
    if (signal.aborted) return
    try {
      await foldOverrides(stores, { signal })
    } catch (error) {
      // why: questions are right without it, only slower; the next time tries again.
      if (!signal.aborted) options.warn(`Overrides of persons could not be folded into their events: ${String(error)}`)
    }
  }
}

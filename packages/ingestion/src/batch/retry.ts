import { setTimeout as delay } from 'node:timers/promises'
import type { IngestionLimits } from '../limits.ts'

/** A state that must not be: ingestion stops rather than store something wrong. */
export class IngestionInvariantError extends Error {
  readonly code = 'ingestion_invariant'
  constructor(message: string) {
    super(message)
    this.name = 'IngestionInvariantError'
  }
}

export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new IngestionInvariantError(message)
}

export interface RetryOptions {
  limits: Pick<IngestionLimits, 'retryMinMs' | 'retryMaxMs'>
  signal: AbortSignal
  /** What is being done, for the state that people see: "insert 20 rows into events". */
  doing: string
  onFailure(doing: string, error: unknown): void
  onSuccess(doing: string): void
}

/** Tries again, ever more slowly, until it succeeds, is aborted, or fails for good. A store that is away comes back. */
export async function retry<Result>(act: () => Promise<Result>, options: RetryOptions): Promise<Result> {
  const { limits, signal } = options
  for (let waitMs = limits.retryMinMs; ; waitMs = Math.min(waitMs * 2, limits.retryMaxMs)) {
    signal.throwIfAborted()
    try {
      const result = await act()
      options.onSuccess(options.doing)
      return result
    } catch (error) {
      if (signal.aborted || error instanceof IngestionInvariantError) throw error
      options.onFailure(options.doing, error)
      await delay(waitMs, undefined, { signal })
    }
  }
}

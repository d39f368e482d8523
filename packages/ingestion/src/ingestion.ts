import type { Batch } from './batch/batch.ts'
import { BatchReader } from './batch/batch-reader.ts'
import { BlockMemory } from './batch/event-blocks.ts'
import type { IngestionState, IngestionStores } from './batch/ingestion-state.ts'
import { microsText } from './batch/instants.ts'
import { type BatchPlan, prepareBatch } from './batch/prepare-batch.ts'
import { abandonBatch, adoptLog, type PendingBatch, readProgress, restartProgress } from './batch/progress.ts'
import { invariant, retry } from './batch/retry.ts'
import { sqlOf } from './batch/sql.ts'
import { commitBatch, insertBatch, noteBatch, type Persist, type PhaseHook, type WriteContext } from './batch/write-batch.ts'
import { writeCommand } from './batch/write-command.ts'
import { planCommand } from './commands/plan-command.ts'
import { DefinitionCache } from './definitions/project-definitions.ts'
import type { GeoLookup } from './geo/geo-lookup.ts'
import { GroupCache } from './groups/group-cache.ts'
import { keepHouse } from './housekeeping.ts'
import { PersonCache } from './identity/person-cache.ts'
import { takeLease } from './lease.ts'
import { defaultIngestionLimits, type IngestionLimits } from './limits.ts'
import { ProjectSettingsReader } from './projects/project-settings-reader.ts'
import { RepeatFilter } from './repeats/repeat-filter.ts'
import { fillRepeatFilter, findStoredUuids } from './repeats/stored-uuids.ts'
import { keepFolding } from './schedule-folding.ts'
import { type IngestionCommit, type IngestionStatus, StatusKeeper } from './status.ts'

const housekeepingIntervalMs = 60_000

export interface IngestionOptions {
  stores: IngestionStores
  limits?: Partial<IngestionLimits>
  geo?: GeoLookup
  /** Milliseconds since 1970. */
  now?: () => number
  /** Told of what went wrong without holding ingestion up. */
  warn?: (message: string) => void
  /** For tests: called between the phases of each batch. */
  onPhase?: PhaseHook
}

export interface Ingestion {
  /** Begins. Rejects if the progress cannot be read; what fails later shows in `status` and `finished`. */
  start(): void
  /** Finishes the batch that is being written, and ends. Safe to call again. */
  stop(): Promise<void>
  /** Resolves when it has ended; rejects if it ended by an error, after which it must be made anew. */
  readonly finished: Promise<void>
  status(): IngestionStatus
  /** Resolves once everything in the log up to the position is stored; rejects when ingestion ends before. */
  waitUntilProcessed(position: number): Promise<void>
  /** Called after each commit. Returns how to stop that. */
  onCommit(listener: (commit: IngestionCommit) => void): () => void
  /** From now on commits tell the properties of persons that they change in these projects, not only who changed. */
  watch(projectIds: readonly number[]): void
}

/** Takes events from the log into the stores, in order and exactly once. One for all processes: see lease.ts. */
export function createIngestion(options: IngestionOptions): Ingestion {
  const loop = new IngestionLoop(options)
  return {
    start: () => loop.start(),
    stop: () => loop.stop(),
    finished: loop.finished,
    status: () => loop.status(),
    waitUntilProcessed: (position) => loop.waitUntilProcessed(position),
    onCommit(listener) {
      loop.listeners.add(listener)
      return () => loop.listeners.delete(listener)
    },
    watch(projectIds) {
      loop.watched.clear()
      for (const projectId of projectIds) loop.watched.add(projectId)
    },
  }
}

class IngestionLoop {
  readonly listeners = new Set<(commit: IngestionCommit) => void>()
  readonly watched = new Set<number>()
  readonly finished: Promise<void>
  private settleFinished: { resolve: () => void; reject: (error: unknown) => void } | undefined
  private readonly stores: IngestionStores
  private readonly limits: IngestionLimits
  private readonly now: () => number
  private readonly geo: GeoLookup | undefined
  private readonly onPhase: PhaseHook
  private readonly warn: (message: string) => void
  private readonly keeper: StatusKeeper
  /** Asked to end after the batch that is being written. */
  private readonly stopping = new AbortController()
  /** Something broke: nothing more is written. */
  private readonly broken = new AbortController()
  private readonly waiters = new Set<() => void>()
  private readonly warnedProjects = new Set<number>()
  private state: IngestionState | undefined
  /** Prepared and not yet committed, in order: at most one that is being committed, one that is being inserted, one that waits for its turn. */
  private readonly inFlight: BatchPlan[] = []
  /** Settles when the last plan's blocks are inserted, and when the last plan is committed. */
  private inserted: Promise<void> = Promise.resolve()
  private committed: Promise<void> = Promise.resolve()
  /** Since when a batch is being prepared while none is being written. */
  private preparingSinceMs: number | undefined
  private committedBatch = 0
  private lastHousekeepingAtMs = 0
  private isStarted = false

  constructor(options: IngestionOptions) {
    this.stores = options.stores
    this.limits = { ...defaultIngestionLimits, ...options.limits }
    this.now = options.now ?? Date.now
    this.geo = options.geo
    this.onPhase = options.onPhase ?? (() => undefined)
    this.warn = options.warn ?? (() => undefined)
    this.keeper = new StatusKeeper(this.now)
    this.finished = new Promise((resolve, reject) => {
      this.settleFinished = { resolve, reject }
    })
    // why: whoever does not ask how it ended must not be ended by it.
    this.finished.catch(() => undefined)
  }

  start(): void {
    if (this.isStarted) return
    this.isStarted = true
    this.run().then(
      () => this.end(undefined),
      (error: unknown) => this.end(this.stopping.signal.aborted && isAbort(error) ? undefined : error),
    )
  }

  async stop(): Promise<void> {
    this.stopping.abort()
    if (this.isStarted) await this.finished.catch(() => undefined)
  }

  status(): IngestionStatus {
    const oldestReceivedAtMs = this.inFlight[0]?.oldestReceivedAtMs ?? this.preparingSinceMs
    return this.keeper.read({
      lagMs: oldestReceivedAtMs === undefined ? 0 : Math.max(0, this.now() - oldestReceivedAtMs),
      personsInMemory: this.state?.persons.personCount ?? 0,
      repeatFilterBytes: this.state?.repeats.sizeBytes ?? 0,
      repeatFilterComplete: this.state?.repeats.isComplete ?? false,
    })
  }

  waitUntilProcessed(position: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const check = () => {
        if (this.keeper.processedPosition >= position) {
          this.waiters.delete(check)
          resolve()
        } else if (this.keeper.state === 'stopped') {
          this.waiters.delete(check)
          reject(new Error(`Ingestion ended at position ${this.keeper.processedPosition}, before ${position}.`))
        }
      }
      this.waiters.add(check)
      check()
    })
  }

  private end(error: unknown): void {
    this.broken.abort()
    this.keeper.state = 'stopped'
    if (error === undefined) this.settleFinished?.resolve()
    else {
      this.keeper.fail('ingest', error)
      this.settleFinished?.reject(error)
    }
    for (const check of [...this.waiters]) check()
  }

  private async run(): Promise<void> {
    const { stopping, stores } = this
    this.keeper.state = 'waiting_for_lease'
    const lease = await takeLease(stores.application, stopping.signal)
    lease.signal.addEventListener('abort', () => this.broken.abort(lease.signal.reason))
    try {
      await this.ingest()
    } finally {
      this.broken.abort()
      // why: whoever has the lease next must not meet what this one is still writing.
      await Promise.allSettled([this.inserted, this.committed])
      await lease.release()
    }
  }

  private async ingest(): Promise<void> {
    const { progress, reader, state } = await this.resume()
    this.state = state
    this.keeper.state = 'running'
    this.reach(progress.committed)
    const filling = this.fillFilter(state)
    const folding = this.fold()
    for (const pending of progress.pending) await this.repeatPending(reader, pending, state)
    const halted = AbortSignal.any([this.stopping.signal, this.broken.signal])
    while (!halted.aborted) {
      const batch = await reader.next(halted)
      if (!batch) break
      await this.take(batch, state)
    }
    await this.committed
    await Promise.all([filling, folding])
    if (this.broken.signal.aborted) throw this.broken.signal.reason
  }

  private async resume() {
    const sql = sqlOf(this.stores.application.pool)
    let progress = await this.persist('read the progress of ingestion', () => readProgress(sql))
    const logId = await this.persist('ask the event log for its identity', () => this.stores.log.identity())
    const head = await this.persist('ask the event log for its head', () => this.stores.log.head())
    const isOther = progress.logId !== undefined && progress.logId !== logId
    if (isOther || head < progress.committed) {
      await this.persist('begin with another event log', () => restartProgress(sql, logId))
      progress = { ...progress, committed: 0, pending: [] }
    } else if (progress.logId === undefined) {
      await this.persist('note which event log this is', () => adoptLog(sql, logId))
    }
    const { limits, now } = this
    const reader = new BatchReader({
      log: this.stores.log,
      logId,
      limits,
      now,
      from: progress.committed,
      lastInsertedAtMicros: progress.lastInsertedAtMicros,
      persist: this.persist,
    })
    return { progress, reader, state: this.makeState() }
  }

  private makeState(): IngestionState {
    const { limits } = this
    const pool = sqlOf(this.stores.application.pool)
    const sql: IngestionState['sql'] = {
      query: (text, values) => this.persist('read from the application store', () => pool.query(text, values)),
    }
    return {
      limits,
      geo: this.geo,
      sql,
      settings: new ProjectSettingsReader(sql, limits.projectSettingsMaxAgeMs),
      persons: new PersonCache(limits),
      groups: new GroupCache(limits.groupCacheCount),
      definitions: new DefinitionCache(limits),
      repeats: new RepeatFilter(limits),
      blockMemory: new BlockMemory(),
      watched: this.watched,
      uncommitted: () => this.inFlight.flatMap((plan) => plan.changedDistinctIds),
      findStored: (keys, bounds) =>
        this.persist('look for repeated uuids', () =>
          findStoredUuids(this.stores.events, keys, {
            from: microsText(bounds.insertedAtMicros - limits.repeatWindowMs * 1_000),
            before: microsText(bounds.insertedAtMicros),
          }),
        ),
    }
  }

  /** In the background; the stores are asked for each uuid until it is done. */
  private async fillFilter(state: IngestionState): Promise<void> {
    const from = microsText((this.now() - this.limits.repeatWindowMs) * 1_000)
    const halted = AbortSignal.any([this.stopping.signal, this.broken.signal])
    try {
      await retry(() => fillRepeatFilter(this.stores.events, state.repeats, from, halted), {
        limits: this.limits,
        signal: halted,
        doing: 'remember the uuids of the last days',
        onFailure: (doing, error) => this.keeper.fail(doing, error),
        onSuccess: (doing) => this.keeper.succeed(doing),
      })
    } catch (error) {
      if (!halted.aborted) throw error
    }
  }

  private fold(): Promise<void> {
    return keepFolding(this.stores, {
      intervalMs: this.limits.foldIntervalMs,
      signal: AbortSignal.any([this.stopping.signal, this.broken.signal]),
      warn: this.warn,
    })
  }

  private async repeatPending(reader: BatchReader, pending: PendingBatch, state: IngestionState): Promise<void> {
    const batch = await reader.readAgain(pending)
    if (batch) await this.take(batch, state)
    else await this.persist('give up a batch that the log lost', () => abandonBatch(sqlOf(this.stores.application.pool), pending))
  }

  /**
   * Three batches are under way at once: while this one is worked out, the one before is being inserted, and the one before that
   * committed. Each of these happens in the order of the log.
   */
  private async take(batch: Batch, state: IngestionState): Promise<void> {
    if (batch.kind === 'command') {
      await this.committed
      await this.runCommand(batch, state)
      return
    }
    this.preparingSinceMs ??= this.now()
    // why: at once, and not when its turn to be inserted comes: it would have to wait for the transaction of the batch before.
    await noteBatch(batch, this.writeContext())
    const plan = await this.prepare(batch, state)
    this.inFlight.push(plan)
    this.preparingSinceMs = undefined
    await this.inserted
    // limit: no more than one batch waits for its commit; each holds memory.
    const before = this.committed
    this.inserted = insertBatch(plan, this.writeContext())
    this.committed = Promise.all([this.inserted, before]).then(() => this.commitPlan(plan))
    // Awaited sooner or later; until then their failure must not count as unhandled.
    for (const writing of [this.inserted, this.committed]) writing.catch((error: unknown) => this.broken.abort(error))
    await before
  }

  private async prepare(batch: Extract<Batch, { kind: 'events' }>, state: IngestionState): Promise<BatchPlan> {
    state.persons.age(this.committedBatch)
    state.groups.age(this.committedBatch)
    state.repeats.forget(this.now())
    return prepareBatch(batch, batch.entries, state)
  }

  private async commitPlan(plan: BatchPlan): Promise<void> {
    await commitBatch(plan, this.writeContext())
    this.inFlight.shift()
    for (const row of plan.journal.rows) this.warnedProjects.add(row.project_id)
    const commit = this.keeper.addBatch(plan.journal, plan.bounds.to, microsText(plan.bounds.insertedAtMicros))
    this.commit(plan.bounds.number, plan.committedChanges ? { ...commit, changes: plan.committedChanges } : commit)
    await this.keepHouse()
  }

  private async runCommand(batch: Extract<Batch, { kind: 'command' }>, state: IngestionState): Promise<void> {
    invariant(this.inFlight.length === 0, 'A command must wait for the batches before it.')
    const context = this.writeContext()
    await noteBatch(batch, context)
    const plan = await planCommand(batch.command, batch, state)
    await writeCommand(batch.command, batch, plan, context)
    this.commit(batch.number, {
      position: batch.to,
      insertedAt: microsText(batch.insertedAtMicros),
      projects: [],
      changes: { persons: [], distinctIds: [], groups: [], active: [], unwatched: [], projects: [batch.command.projectId] },
    })
  }

  private commit(number: number, commit: IngestionCommit): void {
    this.committedBatch = number
    this.reach(commit.position)
    for (const listener of [...this.listeners]) listener(commit)
  }

  private reach(position: number): void {
    this.keeper.processedPosition = position
    for (const check of [...this.waiters]) check()
  }

  private writeContext(): WriteContext {
    return { stores: this.stores, persist: this.persist, onPhase: this.onPhase }
  }

  /** A store that is away is waited for; only the end of the process or a broken invariant ends the wait. */
  private readonly persist: Persist = (doing, act) => {
    // why: when asked to stop, a batch under way is finished, but not if its store is away: it will be done again.
    return retry(act, {
      limits: this.limits,
      signal: this.broken.signal,
      doing,
      onFailure: (failing, error) => {
        this.keeper.fail(failing, error)
        if (this.stopping.signal.aborted) this.broken.abort(error)
      },
      onSuccess: (succeeding) => this.keeper.succeed(succeeding),
    })
  }

  private async keepHouse(): Promise<void> {
    const nowMs = this.now()
    if (nowMs - this.lastHousekeepingAtMs < housekeepingIntervalMs) return
    this.lastHousekeepingAtMs = nowMs
    const projectIds = [...this.warnedProjects]
    this.warnedProjects.clear()
    const doing = 'forget old warnings'
    try {
      await keepHouse(sqlOf(this.stores.application.pool), projectIds, this.limits, nowMs)
      this.keeper.succeed(doing)
    } catch (error) {
      // why: the next minute tries again; ingestion does not wait for it.
      this.keeper.fail(doing, error)
    }
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || ('code' in error && error.code === 'ABORT_ERR'))
}

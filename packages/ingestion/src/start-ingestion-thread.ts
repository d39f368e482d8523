import { once } from 'node:events'
import type { Worker } from 'node:worker_threads'
import { type SharedStores, startWorkerThread } from '@hedgerow/stores'
import type { IngestionLimits } from './limits.ts'
import type { IngestionCommit, IngestionStatus } from './status.ts'
import type { IngestionJob, IngestionOrder, IngestionReport } from './thread-messages.ts'

const restartDelaysMs = [100, 500, 2_000, 10_000]
/** A thread that lived this long has recovered from what broke the one before. */
const healthyAfterMs = 60_000
/** limit: room for the objects of several slices of a batch, so that few are in use when it is full; with the default a fifth of the time went into collecting them. */
const youngGenerationMb = 64
/** A failure is worth telling once it has lasted this long. */
const stalledAfterMs = 5_000

export interface IngestionThreadOptions {
  limits?: Partial<IngestionLimits> | undefined
  /** A MaxMind database; without one events get no place. */
  geoipFile?: string | undefined
  log?: (level: 'info' | 'warn' | 'error', message: string, fields?: Record<string, unknown>) => void
}

export interface IngestionThread {
  /** Lets the batch under way be finished. Safe to call again. */
  stop(): Promise<void>
  /** Everything in the log up to this position is stored or accounted for. */
  processed(): number
  /** The newest report; undefined until the first. */
  status(): IngestionStatus | undefined
  /** Why ingestion makes no progress, if it does not. */
  stalled(): string | undefined
  onCommit(listener: (commit: IngestionCommit) => void): () => void
  waitUntilProcessed(position: number): Promise<void>
  /** From now on commits tell the properties of persons that they change in these projects, not only who changed. */
  watch(projectIds: readonly number[]): void
}

/**
 * Runs ingestion in a worker thread. A thread that breaks off is replaced by another one, which takes up where the log was committed;
 * each gets stores of its own from `share`. Resolves once the first one runs; rejects if it cannot begin.
 */
export async function startIngestionThread(
  share: () => SharedStores | Promise<SharedStores>,
  options: IngestionThreadOptions = {},
): Promise<IngestionThread> {
  const owner = new ThreadOwner(share, options)
  await owner.start()
  return {
    stop: () => owner.stop(),
    processed: () => owner.position,
    status: () => owner.status,
    stalled: () => owner.stalled(),
    onCommit(listener) {
      owner.listeners.add(listener)
      return () => owner.listeners.delete(listener)
    },
    waitUntilProcessed: (position) => owner.waitUntilProcessed(position),
    watch: (projectIds) => owner.watch(projectIds),
  }
}

class ThreadOwner {
  readonly listeners = new Set<(commit: IngestionCommit) => void>()
  position = 0
  status: IngestionStatus | undefined
  private readonly share: () => SharedStores | Promise<SharedStores>
  private readonly options: IngestionThreadOptions
  private readonly waiters = new Set<() => void>()
  private worker: Worker | undefined
  private broken: string | undefined
  private failures = 0
  private restartTimer: NodeJS.Timeout | undefined
  private isStopping = false
  private watched: readonly number[] = []

  constructor(share: () => SharedStores | Promise<SharedStores>, options: IngestionThreadOptions) {
    this.share = share
    this.options = options
  }

  async start(): Promise<void> {
    const { transferList, ...shared } = await this.share()
    const { limits = {}, geoipFile } = this.options
    const job: IngestionJob = { shared, limits, geoipFile }
    const startedAtMs = Date.now()
    const worker = startWorkerThread('ingestion-thread', import.meta.url, {
      workerData: job,
      transferList,
      resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMb },
    })
    this.worker = worker
    let isReady = false
    let failure: Error | undefined
    const ready = new Promise<void>((resolve, reject) => {
      worker.on('message', (report: IngestionReport) => {
        if (report.kind === 'ready') {
          isReady = true
          this.broken = undefined
          resolve()
        }
        this.hear(report)
      })
      worker.on('error', (error) => {
        failure = error instanceof Error ? error : new Error(String(error))
        reject(failure)
      })
      worker.on('exit', () => {
        reject(failure ?? new Error('The ingestion thread ended before it began.'))
        if (this.worker === worker) this.worker = undefined
        if (isReady && !this.isStopping) {
          if (Date.now() - startedAtMs > healthyAfterMs) this.failures = 0
          this.restart(failure ?? new Error('The ingestion thread ended without being asked to.'))
        }
      })
    })
    await ready
    worker.postMessage({ kind: 'watch', projectIds: this.watched } satisfies IngestionOrder)
  }

  watch(projectIds: readonly number[]): void {
    if (projectIds.length === this.watched.length && projectIds.every((id, index) => id === this.watched[index])) return
    this.watched = projectIds
    this.worker?.postMessage({ kind: 'watch', projectIds } satisfies IngestionOrder)
  }

  async stop(): Promise<void> {
    this.isStopping = true
    clearTimeout(this.restartTimer)
    const { worker } = this
    if (!worker) return
    const ended = once(worker, 'exit')
    worker.postMessage({ kind: 'stop' } satisfies IngestionOrder)
    await ended
    for (const check of [...this.waiters]) check()
  }

  stalled(): string | undefined {
    if (this.broken !== undefined) return this.broken
    const lasting = this.status?.failing.find((failure) => Date.now() - failure.sinceMs >= stalledAfterMs)
    return lasting && `Cannot ${lasting.doing}: ${lasting.message}`
  }

  waitUntilProcessed(position: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const check = () => {
        if (this.position < position && !this.isStopping) return
        this.waiters.delete(check)
        if (this.position >= position) resolve()
        else reject(new Error(`Ingestion was stopped at position ${this.position}, before ${position}.`))
      }
      this.waiters.add(check)
      check()
    })
  }

  private hear(report: IngestionReport): void {
    switch (report.kind) {
      case 'commit':
        this.position = report.commit.position
        for (const check of [...this.waiters]) check()
        for (const listener of [...this.listeners]) listener(report.commit)
        return
      case 'status':
        this.status = report.status
        this.position = Math.max(this.position, report.status.processedPosition)
        for (const check of [...this.waiters]) check()
        return
      case 'warning':
        this.options.log?.('warn', report.message)
        return
      case 'ready':
        // What the one before could not do is not what this one cannot.
        this.status = undefined
        return
      case 'stopped':
        return
    }
  }

  private restart(error: Error): void {
    this.broken = `The ingestion thread broke off: ${error.message}`
    this.options.log?.('error', 'the ingestion thread broke off and is started again', { error })
    const delayMs = restartDelaysMs[Math.min(this.failures, restartDelaysMs.length - 1)]
    this.failures += 1
    this.restartTimer = setTimeout(() => {
      this.start().catch((again: Error) => {
        if (!this.isStopping) this.restart(again)
      })
    }, delayMs)
  }
}

import { FlagSet, localDefinitions } from '@hedgerow/flags'
import type { Sql } from '@hedgerow/ingestion'
import type { ApplicationStore } from '@hedgerow/stores'
import { keyHash } from '../random.ts'
import { readFlagSource } from './flag-source.ts'

/** A project's flags, ready to be evaluated. */
export interface LoadedFlags {
  set: FlagSet
  /** Grows with every change. */
  revision: number
  /** Flags that experiments decide by. */
  experimentFlagIds: ReadonlySet<number>
  /** What SDKs read that evaluate by themselves, as it is sent. */
  local(): { body: string; etag: string }
}

export interface RegistryOptions {
  pollMs: number
  /** Projects kept in memory; the one asked for least recently is forgotten first. */
  maxProjects: number
  /** Flags, cohorts or group types changed. */
  onDefinitionsChanged(projectId: number): void
  /** Members of cohorts changed. */
  onMembersChanged(projectId: number): void
  /** Every project that flags are known of, after each look. */
  onProjects(projectIds: readonly number[]): void
  warn(message: string, error: unknown): void
}

type Listener = (flags: LoadedFlags, before: LoadedFlags) => void

/**
 * Definitions of all projects that were asked for, in memory. A change in this process is seen at once, one in another process when the
 * revisions are next looked at; what is known stays in use while the application store is away.
 */
export function createFlagRegistry({ pool }: ApplicationStore, options: RegistryOptions) {
  const known = new Map<number, LoadedFlags>()
  const loading = new Map<number, Promise<LoadedFlags>>()
  const members = new Map<number, number>()
  const listeners = new Map<number, Set<Listener>>()
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> = Promise.resolve()
  let isStopped = false
  let hasFailed = false

  async function load(projectId: number): Promise<LoadedFlags> {
    const { rows } = await pool.query<{ definitions: number; members: number }>(
      'SELECT definitions, members FROM feature_flag_revisions WHERE project_id = $1',
      [projectId],
    )
    const set = new FlagSet(await readFlagSource(pool as unknown as Sql, projectId))
    if (!members.has(projectId)) members.set(projectId, rows[0]?.members ?? 0)
    const loaded = loadedFlags(set, rows[0]?.definitions ?? 0, projectId)
    const before = known.get(projectId)
    keep(projectId, loaded)
    if (before && before.revision !== loaded.revision) options.onDefinitionsChanged(projectId)
    if (before && before.revision !== loaded.revision) for (const listener of listeners.get(projectId) ?? []) listener(loaded, before)
    return loaded
  }

  function keep(projectId: number, loaded: LoadedFlags): void {
    known.delete(projectId)
    known.set(projectId, loaded)
    for (const oldest of known.keys()) {
      if (known.size <= options.maxProjects) break
      if (!listeners.has(oldest)) known.delete(oldest)
    }
  }

  /** Loads once for all who ask at the same time. */
  function loadOnce(projectId: number): Promise<LoadedFlags> {
    const underWay = loading.get(projectId)
    if (underWay) return underWay
    const started = load(projectId).finally(() => loading.delete(projectId))
    loading.set(projectId, started)
    return started
  }

  async function look(): Promise<void> {
    const { rows } = await pool.query<{ project_id: number; definitions: number; members: number }>(
      'SELECT project_id, definitions, members FROM feature_flag_revisions',
    )
    options.onProjects(rows.map((row) => row.project_id))
    for (const row of rows) {
      const flags = known.get(row.project_id)
      if (flags && flags.revision !== row.definitions) await loadOnce(row.project_id)
      if (members.has(row.project_id) && members.get(row.project_id) !== row.members) {
        members.set(row.project_id, row.members)
        options.onMembersChanged(row.project_id)
      }
    }
  }

  function lookAgain(): void {
    if (isStopped) return
    timer = setTimeout(() => {
      looking = look()
        .then(
          () => {
            hasFailed = false
          },
          (error: unknown) => {
            if (!hasFailed) options.warn('changes of feature flags cannot be looked for; those last known are served', error)
            hasFailed = true
          },
        )
        .finally(lookAgain)
    }, options.pollMs)
    timer.unref()
  }

  return {
    /** From memory where it can be; else from the application store. */
    get(projectId: number): LoadedFlags | Promise<LoadedFlags> {
      return known.get(projectId) ?? loadOnce(projectId)
    },

    /** Projects whose flags are in memory. */
    projectIds: (): number[] => [...known.keys()],

    /** Resolves once a change that was committed before is served. */
    async refresh(projectId: number): Promise<void> {
      // why: a load that is under way may have read what was before the change.
      await loading.get(projectId)?.catch(() => undefined)
      if (known.has(projectId)) await loadOnce(projectId)
    },

    /** Calls back after each change, until the returned function is called. */
    async listen(projectId: number, listener: Listener): Promise<() => void> {
      const own = listeners.get(projectId) ?? new Set()
      listeners.set(projectId, own)
      own.add(listener)
      const stop = () => {
        own.delete(listener)
        if (own.size === 0) listeners.delete(projectId)
      }
      try {
        await (known.get(projectId) ?? loadOnce(projectId))
      } catch (error) {
        stop()
        throw error
      }
      return stop
    },

    start(): void {
      looking = look().catch((error: unknown) => options.warn('feature flags cannot be read yet', error))
      lookAgain()
    },

    async stop(): Promise<void> {
      isStopped = true
      clearTimeout(timer)
      await looking
    },
  }
}

export type FlagRegistry = ReturnType<typeof createFlagRegistry>

function loadedFlags(set: FlagSet, revision: number, projectId: number): LoadedFlags {
  let written: { body: string; etag: string } | undefined
  return {
    set,
    revision,
    experimentFlagIds: new Set(set.source.flags.filter((flag) => flag.hasExperiment).map((flag) => flag.id)),
    local() {
      if (!written) {
        const body = JSON.stringify(localDefinitions(set.source, projectId))
        written = { body, etag: `W/"${keyHash(body).slice(0, 32)}"` }
      }
      return written
    },
  }
}

import { HedgerowError } from '../errors.ts'
import type { FlagRegistry, LoadedFlags } from './flag-registry.ts'

/** What changed about a project's flags. */
export interface FlagsChange {
  revision: number
  /** Keys of flags that are new, changed or gone. */
  keys: string[]
}

/** Tells whoever listens of each change of a project's flags, wherever it was made. */
export function createFlagChanges(registry: FlagRegistry, limits: { flagListeners: number }) {
  let listeners = 0
  return {
    /** Calls back until the returned function is called. Throws `too_many_listeners`. */
    async listen(projectId: number, listener: (change: FlagsChange) => void): Promise<() => void> {
      if (listeners >= limits.flagListeners) {
        throw new HedgerowError('too_many_listeners', 'Too many streams of flags are open; close one or try again later.', {
          retryAfterSeconds: 10,
        })
      }
      listeners += 1
      try {
        const stop = await registry.listen(projectId, (now, before) => listener({ revision: now.revision, keys: changedKeys(before, now) }))
        let isStopped = false
        return () => {
          if (isStopped) return
          isStopped = true
          listeners -= 1
          stop()
        }
      } catch (error) {
        listeners -= 1
        throw error
      }
    },
  }
}

function changedKeys(before: LoadedFlags, now: LoadedFlags): string[] {
  const versions = (flags: LoadedFlags) => new Map(flags.set.source.flags.map((flag) => [flag.key, `${flag.id}:${flag.version}`]))
  const [old, young] = [versions(before), versions(now)]
  return [...new Set([...old.keys(), ...young.keys()])].filter((key) => old.get(key) !== young.get(key)).sort()
}

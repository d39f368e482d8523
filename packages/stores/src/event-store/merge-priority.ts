import { readdirSync, readFileSync } from 'node:fs'
import { setPriority } from 'node:os'

/** As the engine names its threads that merge parts and change stored rows. */
const mergeThreadName = 'MergeMutate'
const tasks = '/proc/self/task'

/**
 * Lets the engine's threads that merge run when nothing else of this machine wants the processor, or nearly so: inserts and questions come
 * first. The engine has a setting for that, which does nothing without a capability that containers seldom have; any process may make a
 * thread of its own yield. How many threads were changed: none where the system does not tell threads apart.
 */
export function yieldWithMerges(niceness = 15): number {
  let changed = 0
  for (const task of tasksOfProcess()) {
    try {
      if (readFileSync(`${tasks}/${task}/comm`, 'utf8').trim() !== mergeThreadName) continue
      setPriority(Number(task), niceness)
      changed++
    } catch {
      // A thread that has just ended, or a system that does not allow it: merges then compete as before.
    }
  }
  return changed
}

function tasksOfProcess(): string[] {
  try {
    return readdirSync(tasks)
  } catch {
    return []
  }
}

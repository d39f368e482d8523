import { availableParallelism } from 'node:os'

/** The environment in which the server's process begins: what cannot be set from inside, where the caller has not set it. */
export function processEnvironment(given) {
  return {
    // why: the embedded stores block a thread of Node's pool per query and per flush, and the pool takes its size when the process starts.
    UV_THREADPOOL_SIZE: String(Math.max(16, 4 * availableParallelism())),
    // why: memory that merges and inserts gave back goes back to the system in half a second, not in five: some 300 MB less under load.
    JE_MALLOC_CONF: 'dirty_decay_ms:500,lg_extent_max_active_fit:4',
    // why: the buffers of batches come from one of two heaps, not from one of eight for each core, each of which keeps its largest.
    MALLOC_ARENA_MAX: '2',
    ...given,
  }
}

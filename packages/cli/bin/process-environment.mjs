import { availableParallelism } from 'node:os'

/** The environment in which the server's process begins: what cannot be set from inside, where the caller has not set it. */
export function processEnvironment(given) {
  return {
    // why: the embedded stores block a thread of Node's pool per query and per flush, and the pool takes its size when the process starts.
    UV_THREADPOOL_SIZE: String(Math.max(16, 4 * availableParallelism())),
    // why: 500 MB less under load. What merges and inserts gave back goes back to the system in half a second, not in five; buffers of batches come
    // from two heaps, not from eight for each core that each keep their largest, and those of more than a megabyte are given back at once.
    JE_MALLOC_CONF: 'dirty_decay_ms:500,lg_extent_max_active_fit:4',
    MALLOC_ARENA_MAX: '2',
    MALLOC_MMAP_THRESHOLD_: '1000000',
    MALLOC_TRIM_THRESHOLD_: '8000000',
    ...given,
  }
}

import { fdatasyncSync } from 'node:fs'
import type { PGlite } from '@electric-sql/pglite'

/** What of Emscripten's file system is needed; its published types do not know it. */
interface NodeFileSystem {
  filesystems: { NODEFS: { stream_ops: { fsync?: (stream: { nfd: number }) => number } } }
}

/**
 * Lets the engine's fsync reach the disk. Emscripten's file system for Node leaves it out, and answers that all is well.
 * The engine must be told to use it: `fsync=on`, `wal_sync_method=fsync`.
 */
export function passOnFsync(database: PGlite): void {
  const { NODEFS } = (database.Module.FS as unknown as NodeFileSystem).filesystems
  NODEFS.stream_ops.fsync = ({ nfd }) => {
    fdatasyncSync(nfd)
    return 0
  }
}

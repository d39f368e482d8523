import { fdatasyncSync } from 'node:fs'
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { PGlite } from '@electric-sql/pglite'

/** What of Emscripten's file system is needed; its published types do not know it. */
interface NodeFileSystem {
  filesystems: { NODEFS: { stream_ops: { fsync?: (stream: { nfd: number }) => number } } }
}

/** How many files are flushed at once. */
const concurrency = 16

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

/** Flushes every file and directory under `directory`. */
export async function flushTree(directory: string): Promise<void> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  const paths = [directory, ...entries.map(({ parentPath, name }) => join(parentPath, name))]
  const flushNext = async (): Promise<void> => {
    for (let path = paths.pop(); path !== undefined; path = paths.pop()) {
      const file = await open(path, 'r')
      await file.sync().finally(() => file.close())
    }
  }
  await Promise.all(Array.from({ length: concurrency }, flushNext))
}

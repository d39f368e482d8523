import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { tryResolveLibchdb } from 'chdb/libchdb'

/** How to start a ClickHouse node on this machine, or why it cannot be done. */
export type NodeProgram = { command: string; args: string[] } | { missing: string }

/**
 * libchdb.so holds a whole ClickHouse; one C function runs it, and wants an ordinary thread stack. So a small program calls it:
 * C where there is a compiler, else Python.
 */
export function findNodeProgram(directory: string): NodeProgram {
  const library = tryResolveLibchdb()
  if (!library) return { missing: `chDB has no library for ${process.platform} ${process.arch}` }
  if (process.platform !== 'linux') return { missing: 'ClickHouse nodes are started from libchdb.so on Linux only' }
  if (hasProgram('cc')) {
    const program = join(directory, 'clickhouse-node')
    execFileSync('cc', ['-O1', '-o', program, fileURLToPath(new URL('./node-program.c', import.meta.url)), '-ldl'])
    return { command: program, args: [library.path] }
  }
  if (hasProgram('python3')) {
    return { command: 'python3', args: [fileURLToPath(new URL('./node-program.py', import.meta.url)), library.path] }
  }
  return { missing: 'A ClickHouse node needs a C compiler (cc) or python3; this machine has neither' }
}

function hasProgram(name: string): boolean {
  return spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0
}

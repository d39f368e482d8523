import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { runProgram } from './run-program.mjs'

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url))

/** Runs the built command with these arguments, with what must be set before it starts. Resolves to its exit code. */
export function launch(args) {
  // why: the embedded stores block a thread of Node's pool per query and per flush, and the pool takes its size when
  // the process starts, so it can't be set from inside.
  const threads = process.env.UV_THREADPOOL_SIZE ?? String(Math.max(16, 4 * availableParallelism()))
  return runProgram(process.execPath, [main, ...args], {
    // why: a closed channel tells the server that this process was killed, and it stops too.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, UV_THREADPOOL_SIZE: threads },
  })
}

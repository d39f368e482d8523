import { fileURLToPath } from 'node:url'
import { processEnvironment } from './process-environment.mjs'
import { runProgram } from './run-program.mjs'

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url))

/** Runs the built command with these arguments, with what must be set before it starts. Resolves to its exit code. */
export function launch(args) {
  return runProgram(process.execPath, [main, ...args], {
    // why: a closed channel tells the server that this process was killed, and it stops too.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: processEnvironment(process.env),
  })
}

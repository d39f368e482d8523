import { spawn } from 'node:child_process'
import { constants } from 'node:os'

/**
 * Runs a program to its end, passing SIGINT, SIGTERM and SIGHUP on to it. Resolves to the exit code that this
 * process should end with: the program's own, or 128 + the signal that ended it.
 */
export function runProgram(command, args, options) {
  const child = spawn(command, args, { stdio: 'inherit', ...options })
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  const forward = (signal) => child.kill(signal)
  for (const signal of signals) process.on(signal, forward)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      for (const name of signals) process.off(name, forward)
      resolve(signal ? 128 + constants.signals[signal] : (code ?? 1))
    })
  })
}

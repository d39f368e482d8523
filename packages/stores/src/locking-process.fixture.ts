import { lockDataDirectory } from './data-directory.ts'

/** A process of its own for tests: locks a directory, says how that went, and stays. */
try {
  await lockDataDirectory(process.argv[2] ?? '')
  process.stdout.write('locked\n')
  setInterval(() => undefined, 1_000)
} catch (error) {
  process.stdout.write(`${(error as { code?: string }).code} ${(error as Error).message}\n`)
}

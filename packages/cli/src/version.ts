import { readFileSync } from 'node:fs'
import type { Command } from './command.ts'

/** The version of this package; all packages of Hedgerow share it. */
export function version(): string {
  const manifest: { version: string } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  return manifest.version
}

export const versionCommand: Command = {
  name: 'version',
  summary: 'print the version of Hedgerow and of Node.js',
  options: [],
  async run(_values, _args, terminal) {
    terminal.out(`hedgerow ${version()} (Node.js ${process.versions.node})`)
    return 0
  },
}

import { readFileSync } from 'node:fs'

const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

/** Of all packages alike. */
export const version = String((manifest as { version?: unknown }).version ?? '0.0.0')

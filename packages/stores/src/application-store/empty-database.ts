import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const { dependencies } = createRequire(import.meta.url)('../../package.json') as { dependencies: Record<string, string> }

/**
 * Where the build leaves a database as the engine makes it, one for each version of the engine. Making one takes several seconds of processor
 * time, copying it next to none; where there is none, one is made.
 */
export const emptyDatabaseDirectory = fileURLToPath(
  new URL(`../../dist/empty-database/${dependencies['@electric-sql/pglite']}`, import.meta.url),
)

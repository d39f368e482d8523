import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { applicationMigrations } from '../migrations/application/application-migrations.ts'
import { checksumOf } from '../migrations/runner/run-migrations.ts'

const { dependencies } = createRequire(import.meta.url)('../../package.json') as { dependencies: Record<string, string> }
const tables = createHash('sha256').update(applicationMigrations.map(checksumOf).join()).digest('hex').slice(0, 16)

/**
 * Where the build leaves a database with all tables and no rows, one for each version of the engine and of the tables. Making one takes several
 * seconds of processor time, copying it next to none; where there is none, one is made.
 */
export const emptyDatabaseDirectory = fileURLToPath(
  new URL(`../../dist/empty-database/${dependencies['@electric-sql/pglite']}-${tables}`, import.meta.url),
)

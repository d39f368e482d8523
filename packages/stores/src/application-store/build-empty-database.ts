// A step of the build: leaves an empty database beside the compiled files, from which first starts copy.
import { defaultApplicationStoreLimits } from './application-store-limits.ts'
import { createDatabase } from './create-database.ts'
import { engineSettings } from './embedded-postgres.ts'
import { emptyDatabaseDirectory } from './empty-database.ts'

const limits = defaultApplicationStoreLimits
await createDatabase(
  { directory: emptyDatabaseDirectory, settings: engineSettings(limits), idleTransactionTimeoutMs: limits.idleTransactionTimeoutMs },
  undefined,
)

// A step of the build: leaves an empty database beside the compiled files, from which first starts copy.
import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { defaultApplicationStoreLimits } from './application-store-limits.ts'
import { emptyDatabaseDirectory } from './empty-database.ts'
import { openApplicationStore } from './open-application-store.ts'

if (!existsSync(emptyDatabaseDirectory)) {
  const all = dirname(emptyDatabaseDirectory)
  await rm(all, { recursive: true, force: true })
  const making = join(all, 'making')
  const store = await openApplicationStore({ directory: making }, defaultApplicationStoreLimits)
  await store.close()
  await rename(join(making, 'postgres'), emptyDatabaseDirectory)
  await rm(making, { recursive: true })
}

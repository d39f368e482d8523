import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { applicationMigrations } from './application/application-migrations.ts'
import type { Layout } from './event-store/layout.ts'
import { eventStoreMigrations } from './event-store/migrate.ts'
import { checksumOf } from './runner/run-migrations.ts'

// why: a database that has a migration never gets it again. Where a test fails, what changed belongs into a new migration; only a new one adds a row here.

const cluster = { kind: 'cluster', cluster: 'c', database: 'd', localDatabase: 'l' } as const
const layouts: Layout[] = [
  { kind: 'single' },
  { kind: 'single', isEmbedded: true },
  { ...cluster, isReplicated: false },
  { ...cluster, isReplicated: true },
]

const releasedOfEventStore: [name: string, sha256: string][] = [
  ['foundation', '40576d797f193aa13fab267716f0e82dbe703b7217816d01d7805613a62d603d'],
  ['cohorts', '584f49230e5f4825812dd29b374b9b7b172d76aa015611248d1b67744a96a6fc'],
  ['person-snapshots', 'aaf2754ba54f15f24b9f00679ed6a5692d864d295e36293014b72c41dfbbb5c6'],
  ['drop-person-properties', '8f3ffbb62643dd817363c2d698cf539b2e8f9c0a3bbd7ec4fe1c4711e16e0519'],
  ['small-parts', '3df74829d69ec3045c19187d8bf3299bc623c99cf73e84c2032b8229e90ba089'],
  ['light-merges', '1bcbe8bb6d5e862f326dcea0b0ba39f87bfa441ddff783b785f65808f6906507'],
  ['light-sessions', '84d49e94143e0741e1c8d71c2f74c84f20230c063c21ab0f356264f61ce45968'],
  ['drop-old-session-columns', '0a3cf3a80510a80730d7559ba3d08f56a7e696c9f30f40af721b4eeb70cb410a'],
  ['packing', '6f38c84f1f19dd27f9a7bea4dc2184fa6394b42f76686881e2d88e86d0083724'],
]

const releasedOfApplication: [id: string, sha256: string][] = [
  ['0001-foundation', 'f85e5db609451415f1cafb13ef7d296eb5413493961b31f9c810f3fb0b8c288d'],
  ['0002-accounts', 'd82af59c027341ce3f8b5d44b56794abc6b3644190c932eab9055e31cc63e082'],
  ['0003-log-identity', 'b80a460ee2cb35993b290ee73c4ebecffad1ab9b841548698164e417b3123d65'],
  ['0004-cohorts-actions', 'e0da9a6099cae31aedc69d6450f73a442bddf326ed5e881818de4aad7f5bfb2d'],
  ['0005-insights-dashboards', '6cbc9401368ffd5caf3faa61637e2ddeb3efbc0ec91f5cee0cb6986f8192e4df'],
  ['0006-flags', '6b828db657406bed297360dddf3205363ee8e40f8373f864f7114171b977cb57'],
  ['0007-experiments', '695c9eb24b44c69b8f739b46e00950df9f03faca7343c8e72199729eb9e7a106'],
  ['0008-data-people-see', 'e30cbba3fbe413b577aed7a17278a382d9861c90db887051a225b638873ebd78'],
  ['0009-cohort-definitions', '468cc0b93bcabce94b77d3f279c822f7eeb8b188fe6edb50d23dae191462e3ba'],
  ['0010-tiles-of-releases', '5de8f69bcc6ce1ffe8cfaa6379aa6b886ba562f1aaa6ca8b9914729103461385'],
  ['0011-project-revision-function', '9af509fb17492afa74384a172dcd765d81f6fcf8d3bcef9ffe31f01809eb7280'],
  ['0012-static-members-revision', '35a3d2e0397c4481d5949a4217ec7ff3684e4e2739a95b468c0a69d36a72eef7'],
]

it('statements of the event store are those that were released, in their order', () => {
  const hash = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex')
  expect(eventStoreMigrations.map(({ name, statements }) => [name, hash(layouts.map(statements))])).toEqual(releasedOfEventStore)
})

it('statements of the application store are those that were released, in their order', () => {
  expect(applicationMigrations.map((migration) => [migration.id, checksumOf(migration)])).toEqual(releasedOfApplication)
})

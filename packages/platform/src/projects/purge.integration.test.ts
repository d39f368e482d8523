import { afterAll, beforeAll, expect, test } from 'vitest'
import { openQueryStores, type QueryStores } from '../query/query-test-stores.ts'
import { purgedTables } from './purge.ts'

let stores: QueryStores
beforeAll(async () => {
  stores = await openQueryStores()
})
afterAll(() => stores?.close())

test('every table that holds something of a project is emptied with it', async () => {
  const { rows } = await stores.application.pool.query<{ table_name: string }>(
    `SELECT table_name FROM information_schema.columns WHERE column_name = 'project_id' AND table_schema = current_schema()`,
  )
  expect([...purgedTables].sort()).toEqual(rows.map(({ table_name: name }) => name).sort())
})

import { defaultApplicationStoreLimits } from './application-store-limits.ts'
import { openApplicationStore } from './open-application-store.ts'

/**
 * A process of its own for tests: changes rows in the embedded store of a directory until it is killed,
 * and prints each number once its transaction is committed.
 */
const [directory = '', first = '0'] = process.argv.slice(2)
const store = await openApplicationStore({ directory }, defaultApplicationStoreLimits)
await store.pool.query('CREATE TABLE IF NOT EXISTS written (number int, half int)')
for (let number = Number(first); ; number++) {
  const client = await store.pool.connect()
  await client.query('BEGIN')
  await client.query('INSERT INTO written VALUES ($1, 1)', [number])
  await client.query('INSERT INTO written VALUES ($1, 2)', [number])
  await client.query('COMMIT')
  client.release()
  process.stdout.write(`${number}\n`)
}

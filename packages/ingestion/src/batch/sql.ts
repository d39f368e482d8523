import type { ApplicationStore } from '@hedgerow/stores'

/** Where statements can be sent: the pool, one transaction, or a reader that waits while the store is away. */
export interface Sql {
  query<Row>(sql: string, values?: unknown[]): Promise<{ rows: Row[]; rowCount: number | null }>
}

type Pool = ApplicationStore['pool']

export function sqlOf(client: Pick<Pool, 'query'>): Sql {
  return {
    async query(sql, values = []) {
      const { rows, rowCount } = await client.query(sql, values)
      return { rows, rowCount }
    },
  }
}

/** Runs `act` in one transaction, which is rolled back if it throws. */
export async function inTransaction<Result>(pool: Pool, act: (sql: Sql) => Promise<Result>): Promise<Result> {
  const client = await pool.connect()
  let failure: Error | undefined
  try {
    await client.query('BEGIN')
    const result = await act(sqlOf(client))
    await client.query('COMMIT')
    return result
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error))
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  } finally {
    // why: after a failure the connection may be half dead; the pool makes a new one.
    client.release(failure)
  }
}

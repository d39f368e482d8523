import { setTimeout as delay } from 'node:timers/promises'
import type { ApplicationStore } from '@hedgerow/stores'

/** Any number that no other program uses as an advisory lock. */
const leaseKey = 4_837_211_905
const askAgainMs = 1_000

export interface Lease {
  /** Aborted when the connection that holds the lease is lost. */
  signal: AbortSignal
  release(): Promise<void>
}

/**
 * Waits until this process alone may ingest. On a server the lease is an advisory lock of a connection of its own, so that it ends
 * with the process. An embedded store has one process anyway.
 */
export async function takeLease(application: ApplicationStore, signal: AbortSignal): Promise<Lease> {
  const lost = new AbortController()
  if (application.connection.kind === 'socket') return { signal: lost.signal, release: async () => undefined }
  while (true) {
    signal.throwIfAborted()
    const lease = await tryLease(application, lost).catch(() => undefined)
    if (lease) return lease
    await delay(askAgainMs, undefined, { signal })
  }
}

async function tryLease(application: ApplicationStore, lost: AbortController): Promise<Lease | undefined> {
  const client = await application.pool.connect()
  const onLost = () => lost.abort(new Error('The connection that held the ingestion lease is lost.'))
  client.on('error', onLost)
  client.on('end', onLost)
  try {
    const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [leaseKey])
    if (rows[0]?.taken) {
      return {
        signal: lost.signal,
        async release() {
          client.off('error', onLost)
          client.off('end', onLost)
          await client.query('SELECT pg_advisory_unlock($1)', [leaseKey]).catch(() => undefined)
          client.release(true)
        },
      }
    }
  } catch (error) {
    client.off('end', onLost)
    client.release(true)
    throw error
  }
  client.off('error', onLost)
  client.off('end', onLost)
  client.release()
  return undefined
}

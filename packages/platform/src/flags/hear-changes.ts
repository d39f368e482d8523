import { type CommittedChanges, changesChannel, readNotice } from '@hedgerow/ingestion'
import type { ApplicationStore } from '@hedgerow/stores'

const askAgainMs = 1_000

export interface ChangeListener {
  hear(changes: CommittedChanges): void
  /** Notices may have been missed. */
  onGap(): void
}

/**
 * Hears what other processes commit, on a connection of its own. An embedded database has no other processes; there nothing is opened.
 * Returns how to end it.
 */
export function hearChanges({ pool, connection }: ApplicationStore, listener: ChangeListener): () => Promise<void> {
  if (connection.kind === 'socket') return async () => undefined
  let isStopped = false
  let timer: NodeJS.Timeout | undefined
  let close: () => void = () => undefined

  async function open(): Promise<void> {
    const client = await pool.connect()
    if (isStopped) return client.release(true)
    close = () => client.release(true)
    client.on('notification', ({ payload }) => listener.hear(readNotice(payload ?? '[]')))
    const onLost = () => {
      client.removeAllListeners('notification')
      client.release(true)
      close = () => undefined
      openAgain()
    }
    client.once('error', onLost)
    await client.query(`LISTEN ${changesChannel}`)
    listener.onGap()
  }

  function openAgain(): void {
    if (isStopped) return
    timer = setTimeout(() => opening(), askAgainMs)
    timer.unref()
  }

  const opening = () => {
    open().catch(openAgain)
  }
  opening()
  return async () => {
    isStopped = true
    clearTimeout(timer)
    close()
  }
}

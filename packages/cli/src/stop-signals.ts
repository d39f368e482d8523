/** limit: a terminal and a program in between may both pass one Ctrl-C on; signals this close together are one. */
const sameSignalMs = 1_500

/**
 * Calls `stop` at the first SIGINT, SIGTERM or SIGHUP, or when the program that started this one is gone. A signal
 * that comes later ends the process at once.
 */
export function onStopSignal(stop: (reason: string) => void): void {
  let firstAtMs: number | undefined
  const receive = (reason: string): void => {
    const atMs = performance.now()
    if (firstAtMs === undefined) {
      firstAtMs = atMs
      stop(reason)
    } else if (atMs - firstAtMs > sameSignalMs) {
      process.exit(130)
    }
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => receive(signal))
  if (process.channel) {
    process.on('disconnect', () => receive('the program that started it has ended'))
    // why: waiting for that must not keep this process alive.
    process.channel.unref()
  }
}

/** Codes of the operating system that a start meets, each with what to do about it. */
const systemFailures: Record<string, (context: FailureContext) => string> = {
  EADDRINUSE: ({ port }) => `Port ${port} is in use by another program: stop that, or choose another port with --port.`,
  EACCES: ({ port, dataDir }) => `This user may not use port ${port}, or may not write to ${dataDir}.`,
  EADDRNOTAVAIL: ({ host }) => `This machine has no address ${host}: choose another with --host, 0.0.0.0 for all.`,
  ENOTFOUND: ({ host }) => `The address ${host} is unknown: choose another with --host, 0.0.0.0 for all.`,
  ENOSPC: ({ dataDir }) => `There is no space left on the disk that holds ${dataDir}.`,
  EROFS: ({ dataDir }) => `${dataDir} is on a disk that can only be read.`,
}

export interface FailureContext {
  port: number
  host: string
  dataDir: string
}

/**
 * One sentence for a failure that somebody can do something about, or undefined for a fault of ours, which is better
 * shown with its stack. Our own errors of that kind carry a code in lower case and a message made for people.
 */
export function describeFailure(error: unknown, context: FailureContext): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined
  const known = systemFailures[error.code]
  if (known) return known(context)
  return /^[a-z]+(_[a-z]+)+$/.test(error.code) ? error.message : undefined
}

export interface EventLogLimits {
  /** Payload bytes that may wait; beyond it the log is full. */
  maxBytes: number
  /** The log refuses entries while its disk has less free than this, so that the other stores can still finish their work. */
  minFreeDiskBytes: number
  /** Size at which the embedded log begins a new file; files are removed as a whole. */
  segmentBytes: number
  /** How long an append to a log on a server may take. */
  appendTimeoutMs: number
}

export const defaultEventLogLimits: EventLogLimits = {
  maxBytes: 4 * 1024 ** 3,
  minFreeDiskBytes: 256 * 1024 ** 2,
  segmentBytes: 64 * 1024 ** 2,
  appendTimeoutMs: 5_000,
}

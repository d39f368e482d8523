/** What capture takes at most. Every one is a setting. */
export interface CaptureLimits {
  /** Body on the wire. */
  maxBodyBytes: number
  /** Body after inflating; enforced while inflating. */
  maxDecodedBytes: number
  maxEventsPerRequest: number
  /** One event as JSON; a larger one is refused alone. Leaves room for an entry's header in the log. */
  maxEventBytes: number
  /** Levels of nesting in one event; a deeper one is refused alone. */
  maxEventDepth: number
  /** Bytes of all requests being decoded or flushed at one moment; beyond it capture asks to come back later. */
  maxInFlightBytes: number
  /** Bodies being inflated off the main thread at one moment. */
  maxConcurrentInflations: number
  /** How long the project of a token is looked up before the one last known is taken, or the client asked to come back. */
  maxProjectLookupMs: number
  /** What a client is told to wait when capture cannot take its events. */
  retryAfterSeconds: number
}

const MB = 1024 * 1024

export const defaultCaptureLimits: CaptureLimits = {
  maxBodyBytes: 20 * MB,
  maxDecodedBytes: 20 * MB,
  maxEventsPerRequest: 10_000,
  maxEventBytes: 900_000,
  maxEventDepth: 100,
  maxInFlightBytes: 256 * MB,
  maxConcurrentInflations: 4,
  maxProjectLookupMs: 2_000,
  retryAfterSeconds: 5,
}

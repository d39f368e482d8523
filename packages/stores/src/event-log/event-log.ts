/**
 * The event log port: what capture accepted and ingestion has not yet stored.
 *
 * Adapters: files (embedded) and NATS JetStream. One contract suite runs against both.
 */

export interface NewLogEntry {
  projectId: number
  /** How many events of this entry count in the ledger (0 for a command). */
  eventCount: number
  /** UTF-8 JSON of a `LogEntryBody`. At most {@link maxEntryBytes}. */
  payload: Uint8Array
}

export interface LogEntry extends NewLogEntry {
  /** Strictly increasing along the log; gaps are possible. The first position is at least 1. */
  position: number
}

/** An entry without its payload. */
export type LogEntryHead = Omit<LogEntry, 'payload'>

/** Fits a NATS server's default message size with room for headers. Capture splits larger requests. */
export const maxEntryBytes = 1_000_000

export interface EventLog {
  /**
   * Appends entries in order and resolves once all are flushed to disk (files) or acknowledged by the
   * stream (JetStream). Rejects with {@link EventLogUnavailable} if the log is full or cannot be
   * written; then none or some of the entries may stand in the log (uuids make a retry harmless).
   */
  append(entries: readonly NewLogEntry[]): Promise<void>
  /** Entries with position > `after`, in order; at least one if there is any, else an empty list. */
  read(after: number, limits: { maxEntries: number; maxBytes: number }): Promise<LogEntry[]>
  /** The same without payloads, for counting what waits. */
  heads(after: number): AsyncIterable<LogEntryHead>
  /** Resolves true once an entry after `after` exists, false after `timeoutMs` or when aborted. */
  waitForEntries(after: number, timeoutMs: number, signal?: AbortSignal): Promise<boolean>
  /** Forgets all entries up to and including `upTo`. Safe to repeat. */
  truncate(upTo: number): Promise<void>
  /** Position of the newest entry ever appended; 0 if none. */
  head(): Promise<number>
  /** Names this log: another one in its place, even under the same path or URL, has another identity. Positions mean nothing without it. */
  identity(): Promise<string>
  size(): Promise<{ usedBytes: number; limitBytes: number }>
  close(): Promise<void>
}

/** The log is full, read-only or out of reach; capture answers 503 with Retry-After. */
export class EventLogUnavailable extends Error {
  readonly code: 'event_log_full' | 'event_log_unwritable' | 'event_log_unreachable'
  constructor(code: EventLogUnavailable['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'EventLogUnavailable'
    this.code = code
  }
}

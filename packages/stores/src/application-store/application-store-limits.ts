export interface ApplicationStoreLimits {
  /** Connections of one pool (one pool a thread). */
  maxConnections: number
  /** How long a query waits for a free connection, or a connection for its server. */
  connectionTimeoutMs: number
  /** How long one statement may take on a Postgres server; the embedded one cannot interrupt a statement. */
  statementTimeoutMs: number
  /** A transaction that stays silent this long is ended. */
  idleTransactionTimeoutMs: number
  /** Page cache of the embedded Postgres; resident memory grows with it. */
  embeddedSharedBuffersBytes: number
}

export const defaultApplicationStoreLimits: ApplicationStoreLimits = {
  maxConnections: 8,
  connectionTimeoutMs: 10_000,
  statementTimeoutMs: 60_000,
  idleTransactionTimeoutMs: 60_000,
  embeddedSharedBuffersBytes: 16 * 1024 * 1024,
}

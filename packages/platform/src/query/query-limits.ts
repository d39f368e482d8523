/** How much asking is allowed, and how much of the answers is kept. Times in milliseconds, sizes in bytes. */
export const defaultQueryLimits = {
  cacheBytes: 64_000_000,
  cacheEntryBytes: 8_000_000,
  perProject: 60,
  perUser: 40,
  slowMs: 5_000,
  statusKeptMs: 600_000,
  statusKeptBytes: 64_000_000,
  exportRows: 1_000_000,
  historyPerUser: 500,
  tilesAtOnce: 4,
}

export type QueryLimits = typeof defaultQueryLimits

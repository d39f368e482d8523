/** The platform's own bounds. Times in milliseconds unless named otherwise, sizes in bytes. */
export const defaultPlatformLimits = {
  stopTimeoutMs: 15_000,
  startTimeoutMs: 120_000,
  maxBodyBytes: 1_048_576,
  commandWaitMs: 10_000,
  keyCacheMs: 10_000,
  projectCacheMs: 5_000,
  projectCacheCount: 10_000,
  sessionDays: 30,
  signInWindowMs: 60_000,
  signInsPerAddress: 20,
  signInsPerAccount: 10,
  livePollMs: 500,
  liveBatchEvents: 1_000,
  liveListeners: 200,
  liveListenersPerProject: 50,
  liveBufferBytes: 4_000_000,
  liveHeartbeatMs: 15_000,
  ledgerScanEntries: 1_000_000,
  bulkDeletePersons: 1_000,
  healthTimeoutMs: 5_000,
}
export type PlatformLimits = typeof defaultPlatformLimits

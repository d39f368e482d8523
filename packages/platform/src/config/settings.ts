import { defaultCaptureLimits, defaultIngestionLimits } from '@hedgerow/ingestion'
import { checkAddress, checkEmail, checkKey, checkProxy, checkUrl } from './checks.ts'
import { defaultPlatformLimits } from './limits.ts'
import { integer, limits, list, optionalText, text, toggle } from './setting.ts'

const logLevels = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']

/** The only place that reads the environment. */
export const processEnvironment = (): Record<string, string | undefined> => process.env

/**
 * Everything that can be set, in the order of the documentation. `docs/reference/settings.md` is checked against this table.
 * An option on the command line wins over the environment.
 */
export const settings = {
  port: integer({ env: 'PORT', flag: 'port', default: 8000, max: 65_535, help: 'port to listen on; 0 takes any free one' }),
  host: text({ env: 'HEDGEROW_HOST', flag: 'host', placeholder: 'address', default: '0.0.0.0', help: 'address to listen on' }),
  dataDir: text({
    env: 'HEDGEROW_DATA_DIR',
    flag: 'data-dir',
    placeholder: 'directory',
    default: '.hedgerow',
    help: 'where the embedded stores keep their data',
  }),
  clickhouseUrl: optionalText({
    env: 'HEDGEROW_CLICKHOUSE_URL',
    flag: 'clickhouse-url',
    placeholder: 'url',
    check: checkUrl('http', 'https'),
    help: 'a ClickHouse server or cluster as event store, instead of the embedded one',
  }),
  databaseUrl: optionalText({
    env: 'HEDGEROW_DATABASE_URL',
    flag: 'database-url',
    placeholder: 'url',
    check: checkUrl('postgres', 'postgresql'),
    help: 'a PostgreSQL database as application store, instead of the embedded one',
  }),
  natsUrl: optionalText({
    env: 'HEDGEROW_NATS_URL',
    flag: 'nats-url',
    placeholder: 'url',
    check: checkUrl('nats', 'tls', 'ws', 'wss'),
    help: 'a NATS server with JetStream as event log, instead of the embedded one',
  }),
  publicUrl: optionalText({
    env: 'HEDGEROW_PUBLIC_URL',
    flag: 'public-url',
    placeholder: 'url',
    check: checkUrl('http', 'https'),
    help: 'address that people and apps reach this server by; with https, cookies are sent over https alone',
  }),
  trustedProxies: list({
    env: 'HEDGEROW_TRUSTED_PROXIES',
    flag: 'trusted-proxies',
    placeholder: 'addresses',
    check: checkProxy,
    help: 'proxies whose X-Forwarded-For is believed: addresses, networks such as 10.0.0.0/8, or loopback, linklocal, uniquelocal; comma-separated',
  }),
  geoipFile: optionalText({
    env: 'HEDGEROW_GEOIP_FILE',
    flag: 'geoip-file',
    placeholder: 'file',
    help: 'a MaxMind database (.mmdb) of cities; without one, events get no place',
  }),
  demo: toggle({ env: 'HEDGEROW_DEMO', flag: 'demo', default: false, help: 'fill a demo project once' }),
  logLevel: text({
    env: 'HEDGEROW_LOG_LEVEL',
    flag: 'log-level',
    placeholder: 'level',
    default: 'info',
    check: (value) => (logLevels.includes(value) ? undefined : `must be one of ${logLevels.join(', ')}`),
    help: 'how much is logged: silent, fatal, error, warn, info, debug or trace',
  }),

  projectToken: optionalText({
    env: 'HEDGEROW_PROJECT_TOKEN',
    check: checkKey('phc_'),
    help: 'token (phc_…) of the first project, made or adopted at start',
  }),
  projectSecretKey: optionalText({
    env: 'HEDGEROW_PROJECT_SECRET_KEY',
    isSecret: true,
    check: checkKey('phs_'),
    help: 'secret key (phs_…) of the first project',
  }),
  personalApiKey: optionalText({
    env: 'HEDGEROW_PERSONAL_API_KEY',
    isSecret: true,
    check: checkKey('phx_'),
    help: 'personal API key (phx_…) of the admin, with every scope',
  }),
  adminEmail: optionalText({ env: 'HEDGEROW_ADMIN_EMAIL', check: checkEmail, help: 'e-mail address of the admin' }),
  adminPassword: optionalText({
    env: 'HEDGEROW_ADMIN_PASSWORD',
    isSecret: true,
    help: 'password of the admin, 8 to 128 characters; sets it again at each start',
  }),
  projectName: text({ env: 'HEDGEROW_PROJECT_NAME', default: 'My project', help: 'name of the first project, when it is made at start' }),
  secret: optionalText({
    env: 'HEDGEROW_SECRET',
    isSecret: true,
    check: (value) => (value.length >= 32 ? undefined : 'must have at least 32 characters'),
    help: 'key that signs cookies; made and kept in the application store when absent',
  }),

  allowedOrigins: list({
    env: 'HEDGEROW_ALLOWED_ORIGINS',
    check: checkAddress,
    help: 'further origins, such as https://admin.example.com, from which a signed-in browser may change things; comma-separated',
  }),

  platform: limits('', defaultPlatformLimits, {
    stopTimeoutMs: 'how long a stop waits for open requests and for ingestion’s batch',
    startTimeoutMs: 'how long a start waits for the stores to answer',
    maxBodyBytes: 'largest body of an API request; capture has its own limit',
    commandWaitMs: 'how long a change of persons waits for its outcome before it is answered 202',
    keyCacheMs: 'how long another process may still accept a personal API key after it was revoked',
    projectCacheMs: 'how long another process may still see a project’s old settings',
    projectCacheCount: 'projects and unknown tokens remembered',
    sessionDays: 'how long a session lasts without being used',
    signInWindowMs: 'window of time in which attempts to sign in are counted',
    signInsPerAddress: 'attempts to sign in from one address in a window',
    signInsPerAccount: 'attempts to sign in to one account in a window',
    livePollMs: 'how often new events are looked for while somebody watches them',
    liveBatchEvents: 'events read for the live stream at once',
    liveListeners: 'open streams of live events',
    liveListenersPerProject: 'open streams of live events of one project',
    liveBufferBytes: 'bytes waiting for one slow listener before events are left out for it',
    liveHeartbeatMs: 'how often an idle stream of live events sends a sign of life',
    ledgerScanEntries: 'entries of the event log counted at once for the ledger',
    bulkDeletePersons: 'persons deleted by one request',
    healthTimeoutMs: 'how long a store may take to answer a health check',
  }),
  capture: limits('CAPTURE', defaultCaptureLimits, {
    maxBodyBytes: 'largest body as it comes over the wire',
    maxDecodedBytes: 'largest body after it was inflated',
    maxEventsPerRequest: 'events in one request',
    maxEventBytes: 'largest event, as JSON; a larger one is rejected alone',
    maxEventDepth: 'levels of nesting in an event; a deeper one is rejected alone',
    maxInFlightBytes: 'bytes of all requests being decoded or written at one moment; beyond it capture answers 503',
    maxConcurrentInflations: 'large bodies being inflated at one moment',
    maxProjectLookupMs: 'how long the project of a token is looked up before the one last known is taken',
    retryAfterSeconds: 'what a client is told to wait when its events cannot be taken',
  }),
  ingestion: limits('INGESTION', defaultIngestionLimits, {
    batchIntervalMs: 'shortest time between the beginnings of two batches',
    maxBatchEvents: 'events in one batch',
    maxBatchBytes: 'bytes of log entries in one batch',
    maxBlockBytes: 'bytes of rows in one block sent to the event store',
    repeatWindowMs: 'how long a uuid is remembered, so that a repeat is dropped',
    repeatFilterBytes: 'memory of the filter that recognises new uuids',
    recentUuids: 'newest uuids remembered exactly',
    personCacheCount: 'persons kept in memory',
    personCacheBytes: 'bytes of persons kept in memory',
    groupCacheCount: 'groups kept in memory',
    maxDistinctIdLength: 'length of a distinct id; a longer one is cut',
    maxEventNameLength: 'length of an event’s name; a longer one is cut',
    maxSessionIdLength: 'length of a session id; a longer one is ignored',
    maxGroupKeyLength: 'length of a group key; a group with a longer one is ignored',
    maxPropertyNameLength: 'length of a property’s name; a longer one is left out',
    maxPropertiesPerEvent: 'names in an event, nested ones included; the rest is left out',
    maxPropertyDepth: 'levels of nesting; deeper objects are kept as text',
    maxPersonPropertiesBytes: 'bytes of a person’s properties; a change that would exceed it is left out',
    maxGroupPropertiesBytes: 'bytes of a group’s properties; a change that would exceed it is left out',
    futureToleranceMs: 'an event further ahead of the server’s clock gets the time it was received',
    maxEventDefinitions: 'event definitions of a project',
    maxPropertyDefinitions: 'property definitions of a project',
    maxEventProperties: 'pairs of event and property remembered for a project',
    definitionCacheNames: 'definitions kept in memory, over all projects',
    lastSeenIntervalMs: '"last seen" of definitions and persons is written at most this often',
    maxWarningsPerBatch: 'warnings written out for one reason of one project in a batch; the counts are always whole',
    maxWarningsKept: 'warnings kept for a project',
    commandOutcomesKeptMs: 'how long outcomes of changes to persons are kept',
    projectSettingsMaxAgeMs: 'how stale a project’s settings may be in ingestion',
    retryMinMs: 'first wait before a batch that failed is tried again',
    retryMaxMs: 'longest wait before a batch that failed is tried again',
  }),
} as const

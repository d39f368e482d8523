import { expect, test } from 'vitest'
import { configWith, readConfig, settingRows, unknownVariables } from './read-config.ts'

test('without options and environment everything has its default', () => {
  const config = readConfig({}, {})
  expect(config).toMatchObject({
    port: 8000,
    host: '0.0.0.0',
    dataDir: '.hedgerow',
    clickhouseUrl: undefined,
    demo: false,
    trustedProxies: [],
  })
  expect(config.capture.maxEventsPerRequest).toBe(10_000)
  for (const row of settingRows) expect(at(config, row.name), row.name).toEqual(row.default)
})

test('an option wins over the environment, and the environment over the default', () => {
  const environment = { PORT: '9000', HEDGEROW_DATA_DIR: '/data', HEDGEROW_CAPTURE_MAX_EVENTS_PER_REQUEST: '50_000' }
  expect(readConfig({}, environment)).toMatchObject({ port: 9000, dataDir: '/data', capture: { maxEventsPerRequest: 50_000 } })
  expect(readConfig({ port: '7000', demo: true }, environment)).toMatchObject({ port: 7000, dataDir: '/data', demo: true })
  expect(readConfig({ demo: false }, { HEDGEROW_DEMO: 'yes' }).demo).toBe(false)
})

test.each([
  [{ PORT: '0' }, { port: 0 }],
  [{ HEDGEROW_DEMO: '1' }, { demo: true }],
  [{ HEDGEROW_DEMO: '' }, { demo: false }],
  [{ HEDGEROW_DATABASE_URL: '' }, { databaseUrl: undefined }],
  [{ HEDGEROW_DATABASE_URL: 'postgres://u:p@db/hedgerow' }, { databaseUrl: 'postgres://u:p@db/hedgerow' }],
  [
    { HEDGEROW_TRUSTED_PROXIES: 'loopback, 10.0.0.0/8,2001:db8::/32, ::1' },
    { trustedProxies: ['loopback', '10.0.0.0/8', '2001:db8::/32', '::1'] },
  ],
])('%j is read', (environment, expected) => {
  expect(readConfig({}, environment)).toMatchObject(expected)
})

test.each([
  [{ PORT: '80a' }, 'PORT is "80a": it must be a whole number from 0 to 65535.'],
  [{ PORT: '70000' }, 'PORT is "70000": it must be a whole number from 0 to 65535.'],
  [{ PORT: '' }, 'PORT is "": it must be a whole number from 0 to 65535.'],
  [{ HEDGEROW_DEMO: 'perhaps' }, 'HEDGEROW_DEMO is "perhaps": it must be true or false.'],
  [
    { HEDGEROW_CLICKHOUSE_URL: 'ch:9000' },
    'HEDGEROW_CLICKHOUSE_URL is "ch:9000": it must be an address that begins with http:// or https://.',
  ],
  [
    { HEDGEROW_TRUSTED_PROXIES: 'nginx' },
    'HEDGEROW_TRUSTED_PROXIES is "nginx": it must be an address, a network such as 10.0.0.0/8, or one of loopback, linklocal, uniquelocal.',
  ],
  [
    { HEDGEROW_TRUSTED_PROXIES: '10.0.0.0/33' },
    'HEDGEROW_TRUSTED_PROXIES is "10.0.0.0/33": it must be an address, a network such as 10.0.0.0/8, or one of loopback, linklocal, uniquelocal.',
  ],
  [
    { HEDGEROW_ALLOWED_ORIGINS: 'https://a.example/x' },
    'HEDGEROW_ALLOWED_ORIGINS is "https://a.example/x": it must be an origin such as https://admin.example.com.',
  ],
  [{ HEDGEROW_PROJECT_TOKEN: 'abc' }, 'HEDGEROW_PROJECT_TOKEN is "abc": it must begin with phc_ and have 8 to 64 letters, digits, - or _.'],
  [{ HEDGEROW_LOG_LEVEL: 'loud' }, 'HEDGEROW_LOG_LEVEL is "loud": it must be one of silent, fatal, error, warn, info, debug, trace.'],
])('%j is refused', (environment, message) => {
  expect(() => readConfig({}, environment)).toThrow(message)
})

test('a secret that cannot be read is not repeated in the message', () => {
  expect(() => readConfig({}, { HEDGEROW_PERSONAL_API_KEY: 'hunter2hunter2' })).toThrow(
    'HEDGEROW_PERSONAL_API_KEY must begin with phx_ and have 8 to 200 letters, digits, - or _.',
  )
})

test('an option that cannot be read is named as it was typed', () => {
  expect(() => readConfig({ port: 'x' }, {})).toThrow('--port is "x": it must be a whole number from 0 to 65535.')
})

test('a variable that no setting has is reported, with the one that was probably meant', () => {
  expect(unknownVariables({ HEDGEROW_DATADIR: '/data', HEDGEROW_COLOUR: 'blue', HEDGEROW_TEST_X: '1', HOME: '/root' })).toEqual([
    { name: 'HEDGEROW_DATADIR', meant: 'HEDGEROW_DATA_DIR' },
    { name: 'HEDGEROW_COLOUR' },
  ])
})

test('programs that embed Hedgerow change what they want', () => {
  expect(configWith({ port: 0, dataDir: '/tmp/x' })).toMatchObject({ port: 0, dataDir: '/tmp/x', host: '0.0.0.0' })
})

test('no two settings have the same variable or option', () => {
  const variables = settingRows.map((row) => row.env)
  const flags = settingRows.flatMap((row) => row.flag ?? [])
  expect(new Set(variables).size).toBe(variables.length)
  expect(new Set(flags).size).toBe(flags.length)
})

test('what must not stand in a process list has no option', () => {
  expect(settingRows.filter((row) => row.isSecret && row.flag)).toEqual([])
  expect(settingRows.filter((row) => row.isSecret).map((row) => row.env)).toEqual([
    'HEDGEROW_PROJECT_SECRET_KEY',
    'HEDGEROW_PERSONAL_API_KEY',
    'HEDGEROW_ADMIN_PASSWORD',
    'HEDGEROW_SECRET',
  ])
})

function at(value: unknown, path: string): unknown {
  return path.split('.').reduce((node, name) => (node as Record<string, unknown>)[name], value)
}

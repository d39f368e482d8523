import { PostHog } from 'posthog-node'
import { PostHog as PostHog4 } from 'posthog-node-4'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Hedgerow, projectToken, secretKey, startHedgerow, until } from '../harness/hedgerow.ts'

describe('posthog-node', () => {
  let hedgerow: Hedgerow
  beforeAll(async () => {
    hedgerow = await startHedgerow()
  })
  afterAll(() => hedgerow?.stop())

  /** What both versions share, as far as it is used here. */
  type Client = Pick<PostHog, 'capture' | 'identify' | 'alias' | 'groupIdentify' | 'shutdown' | 'on'>
  const clients: [string, string, () => Client][] = [
    ['5.70', 'posthog-node', () => new PostHog(projectToken, { host: hedgerow.url })],
    ['5.70 without compression', 'posthog-node', () => new PostHog(projectToken, { host: hedgerow.url, disableCompression: true })],
    ['4.18', 'posthog-node', () => new PostHog4(projectToken, { host: hedgerow.url }) as unknown as Client],
  ]

  test.each(clients)('%s: capture, identify, alias, groupIdentify and the flush at shutdown', async (version, lib, make) => {
    const user = `server user ${version}`
    const client = make()
    const errors: unknown[] = []
    client.on('error', (error: unknown) => errors.push(error))
    const at = new Date('2026-03-01T10:00:00.123Z')
    client.capture({
      distinctId: user,
      event: 'invoice paid',
      timestamp: at,
      properties: { amount: 99.5, currency: 'EUR', lines: [1, 2] },
      groups: { company: 'acme' },
    })
    client.identify({ distinctId: user, properties: { email: `${version}@example.com`, $set_once: { source: 'api' } } })
    client.alias({ distinctId: user, alias: `alias of ${user}` })
    client.groupIdentify({ groupType: 'company', groupKey: 'acme', properties: { name: 'Acme' } })
    client.capture({ distinctId: `alias of ${user}`, event: 'seen under the alias' })
    await client.shutdown()
    expect(errors).toEqual([])
    await hedgerow.settled()

    const stored = await hedgerow.events(`distinct_id in ('${user}', 'alias of ${user}')`)
    expect(stored.map((e) => e.event).sort()).toEqual(['$create_alias', '$identify', 'invoice paid', 'seen under the alias'])
    const paid = stored.find((e) => e.event === 'invoice paid')
    expect(paid?.properties).toMatchObject({ amount: 99.5, currency: 'EUR', lines: [1, 2], $lib: lib, $groups: { company: 'acme' } })
    expect(new Date(paid?.timestamp ?? '').getTime()).toBeCloseTo(at.getTime(), -4)
    expect(new Set(stored.map((e) => e.person_id)).size).toBe(1)

    const [person] = await hedgerow.persons(`${version}@example.com`)
    expect(person?.distinct_ids.sort()).toEqual([`alias of ${user}`, user].sort())
    expect(person?.properties).toMatchObject({ email: `${version}@example.com` })
    const group = await hedgerow.api('GET', '/api/projects/1/groups/find?group_type_index=0&group_key=acme')
    expect(group).toMatchObject({ group_properties: { name: 'Acme' } })
  })

  test('captureImmediate has stored nothing less when it resolves', async () => {
    const client = new PostHog(projectToken, { host: hedgerow.url })
    await client.captureImmediate({ distinctId: 'serverless', event: 'function ran', properties: { cold: true } })
    const ledger = await hedgerow.ledger()
    expect(ledger.accepted).toBe(ledger.stored + ledger.rejected + ledger.repeated + ledger.waiting)
    const [event] = await until('the event', async () => {
      const found = await hedgerow.events(`distinct_id = 'serverless'`)
      return found.length ? found : undefined
    })
    expect(event).toMatchObject({ event: 'function ran', properties: { cold: true } })
    await client.shutdown()
  })

  test('an event without a person is stored and makes none', async () => {
    await hedgerow.settled()
    const before = (await hedgerow.persons()).length
    const client = new PostHog(projectToken, { host: hedgerow.url })
    client.capture({ distinctId: 'passer-by', event: 'looked in', properties: { $process_person_profile: false, $set: { never: 'kept' } } })
    await client.shutdown()
    await hedgerow.settled()
    const [event] = await hedgerow.events(`distinct_id = 'passer-by'`)
    expect(event?.event).toBe('looked in')
    expect((await hedgerow.persons()).length).toBe(before)
  })

  test('local evaluation polls definitions of a project without flags, and needs no other request', async () => {
    const asked: string[] = []
    const client = new PostHog(projectToken, {
      host: hedgerow.url,
      personalApiKey: secretKey,
      featureFlagsPollingInterval: 100,
      fetch: async (url, options) => {
        const response = await fetch(url, options as RequestInit)
        asked.push(`${new URL(url).pathname} ${response.status}`)
        return response
      },
    })
    await until('definitions, and then that they have not changed', async () => (asked.length > 2 ? true : undefined))
    expect(await client.getAllFlags('anybody', { onlyEvaluateLocally: true })).toEqual({})
    await client.shutdown()
    expect([...new Set(asked)]).toEqual(['/flags/definitions 200', '/flags/definitions 304'])
  })

  test('a wrong token is refused and says so', async () => {
    const client = new PostHog('phc_of_nobody', { host: hedgerow.url, flushAt: 1, fetchRetryCount: 0 })
    const errors: unknown[] = []
    client.on('error', (error: unknown) => errors.push(error))
    client.capture({ distinctId: 'u', event: 'lost' })
    await client.shutdown()
    expect(String(errors[0])).toContain('401')
  })
})

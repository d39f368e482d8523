import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { PostHog as PostHogLite } from 'posthog-js-lite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Hedgerow, projectToken, startHedgerow } from '../harness/hedgerow.ts'

const run = promisify(execFile)

describe('posthog-react-native and posthog-js-lite', () => {
  let hedgerow: Hedgerow
  beforeAll(async () => {
    hedgerow = await startHedgerow()
  })
  afterAll(() => hedgerow?.stop())

  test('posthog-react-native: capture, screen, identify and group are stored field by field', async () => {
    const app = fileURLToPath(new URL('./react-native-app.cjs', import.meta.url))
    const { stdout } = await run(process.execPath, [app, hedgerow.url, projectToken], { timeout: 90_000 })
    const { anonymous } = JSON.parse(stdout.slice(stdout.indexOf('{"anonymous"'))) as { anonymous: string }
    await hedgerow.settled()
    const stored = await hedgerow.events(`distinct_id in ('${anonymous}', 'mobile user')`)
    const named = (name: string) => stored.find((e) => e.event === name)
    expect(named('$screen')?.properties).toMatchObject({ $screen_name: 'Garden', season: 'autumn', $lib: 'posthog-react-native' })
    expect(named('$screen')?.distinct_id).toBe(anonymous)
    expect(named('hedge cut')?.properties).toMatchObject({ metres: 12, $screen_name: 'Garden', $screen_width: 390 })
    expect(named('after login')).toMatchObject({ distinct_id: 'mobile user', properties: { $groups: { company: 'acme' } } })
    expect(new Set(stored.map((e) => e.person_id)).size).toBe(1)
    const [person] = await hedgerow.persons('mobile@example.com')
    expect(person?.distinct_ids.sort()).toEqual([anonymous, 'mobile user'].sort())
    expect(person?.is_identified).toBe(true)
  })

  test('posthog-js-lite: capture, identify, alias and group are stored field by field', async () => {
    const posthog = new PostHogLite(projectToken, { host: hedgerow.url, persistence: 'memory', flushAt: 100 })
    const anonymous = posthog.getDistinctId()
    posthog.capture('hello', { greeting: 'good day' })
    posthog.identify('lite user', { email: 'lite@example.com', $set_once: { first: 'visit' } })
    posthog.alias('lite alias')
    posthog.group('company', 'acme', { name: 'Acme' })
    posthog.capture('bye')
    await posthog.flush()
    await posthog.shutdown()
    await hedgerow.settled()
    const stored = await hedgerow.events(`distinct_id in ('${anonymous}', 'lite user')`)
    expect(stored.map((e) => e.event)).toEqual(expect.arrayContaining(['hello', '$identify', '$create_alias', 'bye']))
    expect(stored.find((e) => e.event === 'hello')).toMatchObject({
      distinct_id: anonymous,
      properties: { greeting: 'good day', $lib: 'js' },
    })
    const [person] = await hedgerow.persons('lite@example.com')
    expect(person?.distinct_ids).toEqual(expect.arrayContaining([anonymous, 'lite user', 'lite alias']))
  })
})

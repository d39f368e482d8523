import { captureEndpoints } from '@hedgerow/protocol'
import { describe, expect, test } from 'vitest'
import { sendOnce } from './capture.fixture.ts'
import { readWireSamples } from './wire-samples.fixture.ts'

const samples = readWireSamples().filter((sample) => sample.method === 'POST' && sample.events !== null)

describe('requests of real clients decode to the events that they hold', () => {
  test('there are samples of every kind of client', () => {
    expect(samples.length).toBeGreaterThan(40)
    expect(new Set(samples.map((sample) => sample.client)).size).toBeGreaterThan(10)
  })

  for (const [index, sample] of samples.entries()) {
    const path = new URL(sample.url, 'http://localhost').pathname
    test(`${index} ${sample.client} ${path} ${sample.headers['content-type']}`, async () => {
      expect(captureEndpoints).toContain(path)
      const body = Buffer.from(sample.body, 'base64')
      const { outcome, entries, events } = await sendOnce({ url: sample.url, headers: sample.headers, body })
      if (path === '/s/') {
        expect(outcome).toEqual({ kind: 'accepted', accepted: 0, refused: 0 })
        return
      }
      expect(events.map(({ event, uuid }) => ({ event, uuid }))).toEqual(sample.events)
      expect(entries).toHaveLength(1)
      const entry = entries[0]
      expect(entry).toMatchObject({ kind: 'events', projectId: 1, endpoint: path })
      expect(entry?.userAgent).toBe(sample.headers['user-agent'])
      // Every one of these clients says when it sent the request: in the body, the query or a header.
      expect(entry?.sentAt).toMatch(/^2026-11-22T14:\d\d:\d\d\.\d{3}Z$/)
      for (const event of events) {
        expect(event.distinctId).not.toBe('')
        expect(event.properties).not.toHaveProperty('token')
        expect(event.properties.$lib).toBeTypeOf('string')
        expect(event.timestamp ?? event.offset).toBeDefined()
      }
      if (path === '/i/v1/analytics/events') {
        const results = Object.fromEntries((sample.events ?? []).map(({ uuid }) => [uuid, { result: 'ok' }]))
        expect(outcome).toEqual({ kind: 'results', results })
      } else expect(outcome).toEqual({ kind: 'accepted', accepted: sample.events?.length, refused: 0 })
    })
  }
})

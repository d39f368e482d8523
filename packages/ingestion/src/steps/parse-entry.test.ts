import type { EventsEntry } from '@hedgerow/protocol'
import { expect, test } from 'vitest'
import { defaultProjectSettings } from '../projects/project-settings.ts'
import { draftEvents, parseEntryBody, receivedAtOf } from './parse-entry.ts'

const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))
const event = { uuid: '0190a000-0000-7000-8000-000000000001', event: 'opened', distinctId: 'ann', properties: {} }
const entry: EventsEntry = { kind: 'events', projectId: 1, receivedAt: '2026-06-15T12:00:00.000Z', endpoint: '/e/', events: [event] }

test.each(['{"kind":"events"', '[]', '"text"', '{"kind":"other"}', '{"kind":"events","events":5}', ''])('%s is no entry', (text) => {
  expect(parseEntryBody(bytes(text))).toBeUndefined()
  expect(receivedAtOf(bytes(text))).toBeUndefined()
})

test.each(['\n', 'x\n{}', '{"kind":"sent"}\n', '{"kind":"sent"}\n{"batch":[]}', '{"kind":"events","events":[]}\n{}'])(
  '%j is no entry',
  (text) => {
    expect(parseEntryBody(bytes(text))).toBeUndefined()
  },
)

test('when an entry was received is known without reading its events', () => {
  const at = Date.parse(entry.receivedAt)
  expect(receivedAtOf(bytes(entry))).toBe(at)
  expect(receivedAtOf(bytes(`${JSON.stringify({ kind: 'sent', receivedAt: entry.receivedAt })}\n{not read`))).toBe(at)
})

test('person updates are gathered from the root and from the properties', () => {
  const events = [
    { ...event, properties: { $set: { a: 1, b: 1 }, $set_once: { c: 1 }, $unset: { x: true } }, set: { b: 2 }, unset: ['y', 'x'] },
  ]
  const [draft] = draftEvents({ ...entry, events }, bytes(''), defaultProjectSettings(1))
  expect(draft).toMatchObject({ set: { a: 1, b: 2 }, setOnce: { c: 1 }, unset: ['x', 'y'] })
})

test.each([
  ['a\u0000', true],
  ['\ud800', true],
  ['😀 and \\u00e9', false],
])('text %j may be invalid: %s', (text, suspicious) => {
  const [draft] = draftEvents(entry, bytes({ ...entry, events: [{ ...event, event: text }] }), defaultProjectSettings(1))
  expect(draft?.entry.mayHoldInvalidText).toBe(suspicious)
})

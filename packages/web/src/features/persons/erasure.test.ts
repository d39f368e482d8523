import { expect, test } from 'vitest'
import { type Erasure, erasureReceipt } from './erasure.ts'

const erasure: Erasure = {
  project: { id: 2, name: 'Meadow' },
  person: { id: 'p', distinct_ids: ['ada', 'anon'], properties: { email: 'ada@example.com', plan: 'team' } },
  events: 12,
  askedBy: 'admin@example.com',
  askedAt: '2026-03-01T12:00:00Z',
  command: { command_id: 'c', status: 'done', outcome: { status: 'done' } },
}

test('a receipt says what was there and what is found since, and holds no value of a property', () => {
  const receipt = erasureReceipt(erasure, { events: 0, at: '2026-03-01T12:00:05Z' })
  expect(receipt).toMatchObject({
    person_id: 'p',
    distinct_ids: ['ada', 'anon'],
    properties_removed: 2,
    events: { found_before: 12, deleted: true },
    status: 'done',
    checked: { at: '2026-03-01T12:00:05Z', events_found: 0 },
  })
  expect(JSON.stringify(receipt)).not.toContain('ada@example.com')
})

test('events that stay are told to be kept, and what was not looked at is not claimed', () => {
  expect(erasureReceipt({ ...erasure, events: undefined }, undefined)).toMatchObject({ events: 'kept', checked: null })
})

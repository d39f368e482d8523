import { type EventRow, writtenSnapshot } from '@hedgerow/stores'
import { expect, test } from 'vitest'
import { RowBuffer } from '../batch/row-buffer.ts'
import type { EventDraft } from '../draft.ts'
import { makeDraft, receivedAtMs } from './event-draft.fixture.ts'
import { writeEventRow } from './write-event-row.ts'

const insertedAt = '2026-06-15 12:00:01.000000'

function rowOf(draft: EventDraft): unknown {
  const rows = new RowBuffer()
  writeEventRow(rows, draft, insertedAt)
  return JSON.parse(Buffer.from(rows.text()).toString())
}

test('a row has every column that is not empty, and its text is JSON whatever the event holds', () => {
  const draft = makeDraft({ event: 'say "hi"\n', distinctId: "o'neill\\", properties: { 'a.b': ['😀', null], n: 1.5 } })
  draft.timestampMs = receivedAtMs + 0.25
  draft.personId = '0190a000-0000-5000-8000-000000000001'
  draft.personSnapshot = writtenSnapshot({ plan: 'pro', seats: 5 })
  draft.groups = ['acme "x"', '', '', '', 'last']
  draft.elementsChain = 'a:text="x"'
  draft.sessionId = 's'
  const expected: Partial<EventRow> = {
    project_id: 1,
    uuid: draft.uuid,
    event: 'say "hi"\n',
    timestamp: '2026-06-15 12:00:00.000250',
    distinct_id: "o'neill\\",
    person_id: '0190a000-0000-5000-8000-000000000001',
    person_mode: 'full',
    properties: { 'a.b': ['😀', null], n: 1.5 },
    person_snapshot: { plan: 'pro', seats: '\u00015' },
    person_created_at: '1970-01-01 00:00:00.000000',
    $group_0: 'acme "x"',
    $group_4: 'last',
    $session_id: 's',
    elements_chain: 'a:text="x"',
    created_at: '2026-06-15 12:00:00.000000',
    inserted_at: insertedAt,
  }
  expect(rowOf(draft)).toEqual(expected)
  draft.groups = undefined
  const { $group_0, $group_4, ...withoutGroups } = expected
  expect(rowOf(draft)).toEqual(withoutGroups)
})

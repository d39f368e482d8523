import type { EventRow } from './rows.ts'

let lastUuid = 0

/** An event with what a test cares about. Each has a uuid of its own. */
export function eventRow(given: Partial<EventRow> = {}): EventRow {
  lastUuid++
  return {
    project_id: 1,
    uuid: `01890000-0000-7000-8000-${lastUuid.toString(16).padStart(12, '0')}`,
    event: 'test event',
    timestamp: '2026-03-04 05:06:07.123456',
    distinct_id: 'someone',
    person_id: '01890000-0000-7000-8000-00000000000a',
    person_mode: 'full',
    properties: {},
    person_snapshot: {},
    person_created_at: '2026-03-01 00:00:00.000000',
    $group_0: '',
    $group_1: '',
    $group_2: '',
    $group_3: '',
    $group_4: '',
    $session_id: '',
    $window_id: '',
    elements_chain: '',
    created_at: '2026-03-04 05:06:08.000000',
    inserted_at: '2026-03-04 05:06:09.000000',
    ...given,
  }
}

export function encode(rows: readonly object[]): Uint8Array {
  return Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n'))
}

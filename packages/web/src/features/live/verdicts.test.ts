import type { VerdictBody } from '@hedgerow/protocol'
import { expect, test } from 'vitest'
import { takeVerdicts, verdictOf } from './verdicts.ts'

const verdict = (id: string, kind: VerdictBody['verdict'], uuid: string | null): VerdictBody => ({
  id,
  verdict: kind,
  event_uuid: uuid,
  event: 'bought',
  distinct_id: 'ada',
  occurred_at: '2026-03-01T10:00:00.000Z',
  reason: null,
  detail: '',
})
const stored = (id: string) => ({
  id,
  event: 'bought',
  distinctId: 'ada',
  personId: 'p',
  timestamp: '2026-03-01T10:00:00.000Z',
  properties: {},
})

test('warnings go to their events, once; the rest are events of their own', () => {
  const came = [verdict('warning 1', 'warning', 'a'), verdict('warning 2', 'rejected', null), verdict('repeat 1', 'repeated', 'a')]
  const first = takeVerdicts(new Map(), came)
  expect(first.events.map((event) => [event.id, verdictOf(event, first.warnings)])).toEqual([
    ['warning 2', 'rejected'],
    ['repeat 1', 'repeated'],
  ])
  const again = takeVerdicts(first.warnings, [...came, verdict('warning 3', 'warning', 'a')])
  expect(again.warnings.get('a')?.map(({ id }) => id)).toEqual(['warning 1', 'warning 3'])
  expect([verdictOf(stored('a'), again.warnings), verdictOf(stored('b'), again.warnings)]).toEqual(['warning', 'stored'])
})

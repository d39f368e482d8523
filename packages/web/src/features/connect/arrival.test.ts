import type { LiveEventBody } from '@hedgerow/protocol'
import { expect, test } from 'vitest'
import { arrivalSteps, rejectedSince, stageOf } from './arrival.ts'

const none = { accepted: 5, stored: 4, rejected: 1 }
const event: LiveEventBody = {
  uuid: 'u',
  id: 'u',
  event: 'x',
  distinct_id: 'd',
  person_id: 'p',
  timestamp: '2026-03-01T12:00:00Z',
  created_at: '2026-03-01T12:00:00.100Z',
  inserted_at: '2026-03-01T12:00:00.400Z',
  properties: {},
}

test.each([
  [undefined, none, undefined, 'waiting'],
  [none, none, undefined, 'waiting'],
  [none, { ...none, accepted: 6 }, undefined, 'received'],
  [none, { ...none, accepted: 6, stored: 5 }, undefined, 'stored'],
  [none, none, event, 'seen'],
] as const)('opened with %j, now %j: %s', (opened, now, seen, stage) => {
  expect(stageOf(opened, now, seen)).toBe(stage)
})

test('each step says how long it took', () => {
  expect(arrivalSteps('seen', event, Date.parse('2026-03-01T12:00:01.900Z')).map(({ isDone, detail }) => [isDone, detail])).toEqual([
    [true, ''],
    [true, 'after 300 ms'],
    [true, 'after 1 s'],
  ])
  expect(arrivalSteps('received', undefined, undefined).map(({ isDone }) => isDone)).toEqual([true, false, false])
})

test('events turned away meanwhile are counted', () => {
  expect(rejectedSince(none, { ...none, rejected: 3 })).toBe(2)
  expect(rejectedSince(undefined, none)).toBe(0)
})

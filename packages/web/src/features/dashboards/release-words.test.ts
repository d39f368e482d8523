import { expect, test } from 'vitest'
import { answerShares, flagState, runningWords } from './release-words.ts'

test.each([
  [{ active: true, archived: false, status: 'ACTIVE' }, 'Enabled'],
  [{ active: true, archived: false, status: 'STALE' }, 'Stale'],
  [{ active: false, archived: false, status: 'STALE' }, 'Disabled'],
  [{ active: true, archived: true, status: 'ACTIVE' }, 'Archived'],
] as const)('a flag that is %j is %s', (flag, label) => {
  expect(flagState(flag).label).toBe(label)
})

test('answers are added up over the days, as apps told them', () => {
  const usage = {
    called: [
      { day: '2026-03-01', answer: 'control', calls: 20, people: 5 },
      { day: '2026-03-02', answer: 'test', calls: 50, people: 5 },
      { day: '2026-03-02', answer: 'control', calls: 30, people: 5 },
    ],
    answered: [{ day: '2026-03-01', answer: 'control', count: 7 }],
  }
  expect(answerShares(usage)).toEqual([
    { answer: 'control', count: 50, share: 0.5 },
    { answer: 'test', count: 50, share: 0.5 },
  ])
  expect(answerShares({ ...usage, called: [] })).toEqual([{ answer: 'control', count: 7, share: 1 }])
  expect(answerShares({ called: [], answered: [] })).toEqual([])
})

test.each([
  [{ start_date: null, end_date: null }, 'not launched yet'],
  [{ start_date: '2026-03-01T00:00:00Z', end_date: null }, 'for 1 day'],
  [{ start_date: '2026-02-01T00:00:00Z', end_date: '2026-03-01T00:00:00Z' }, 'after 28 days'],
])('an experiment with %j runs %s', (experiment, words) => {
  expect(runningWords(experiment, Date.parse('2026-03-02T12:00:00Z'))).toBe(words)
})

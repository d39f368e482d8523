import { expect, it } from 'vitest'
import { answerTotals, dayTotals } from './usage-totals.ts'

const usage = {
  called: [
    { day: '2026-03-01', answer: 'test', calls: 4, people: 3 },
    { day: '2026-03-03', answer: 'test', calls: 2, people: 2 },
    { day: '2026-03-03', answer: 'false', calls: 1, people: 1 },
  ],
  answered: [{ day: '2026-03-03', answer: 'control', count: 9 }],
}

it('adds answers up over the days, the commonest first', () => {
  expect(answerTotals(usage)).toEqual([
    { answer: 'control', calls: 0, served: 9 },
    { answer: 'test', calls: 6, served: 0 },
    { answer: 'false', calls: 1, served: 0 },
  ])
})

it('has every day, also those without an answer', () => {
  expect(dayTotals(usage, '2026-03-03', 4)).toEqual([
    { day: '2026-02-28', calls: 0 },
    { day: '2026-03-01', calls: 4 },
    { day: '2026-03-02', calls: 0 },
    { day: '2026-03-03', calls: 9 },
  ])
})

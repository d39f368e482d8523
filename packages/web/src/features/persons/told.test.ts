import { expect, test } from 'vitest'
import { toldOf } from './told.ts'

test('an answer is told since it was told without another between, whatever was told before', () => {
  const told = toldOf([
    ['checkout', 'test', '2026-03-05'],
    ['banner', 'false', '2026-03-04'],
    ['checkout', 'test', '2026-03-04'],
    ['checkout', 'control', '2026-03-03'],
    ['checkout', 'test', '2026-03-02'],
  ])
  expect([...told]).toEqual([
    ['checkout', { answer: 'test', sinceAt: '2026-03-04' }],
    ['banner', { answer: 'false', sinceAt: '2026-03-04' }],
  ])
})

test('nothing told, nothing known', () => {
  expect(toldOf([]).size).toBe(0)
})

import { expect, test } from 'vitest'
import { editDistance, nearMiss } from './near-miss.ts'

test.each([
  ['port', 'port', 0],
  ['prot', 'port', 1],
  ['por', 'port', 1],
  ['data-dirr', 'data-dir', 1],
  ['', 'demo', 4],
  ['start', 'demo', 5],
])('%j is %j after %i edits', (a, b, distance) => {
  expect(editDistance(a, b)).toBe(distance)
  expect(editDistance(b, a)).toBe(distance)
})

test.each([
  ['prot', 'port'],
  ['dta-dir', 'data-dir'],
  ['Demo', 'demo'],
  ['clickhouse', undefined],
  ['x', undefined],
])('%j was meant as %j', (typed, meant) => {
  expect(nearMiss(typed, ['port', 'data-dir', 'demo', 'clickhouse-url'])).toBe(meant)
})

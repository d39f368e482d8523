import { expect, test } from 'vitest'
import { failures, valueAt } from './expectation.fixture.ts'

const response = {
  results: [
    { label: 'a - b', data: [1, 2, 3], action: { order: 0 } },
    { label: 'c', data: [4, 5, 6], action: { order: 1 }, breakdown_value: ['Chrome', 'x,y'] },
  ],
  nested: [
    [{ breakdown: [''] }, { count: 1 }],
    [{ breakdown: ['Mac'] }, { count: 2 }],
  ],
}

test.each([
  ['results[0].data', [1, 2, 3]],
  ['results[-1].data[-1]', 6],
  ['results[*].data[0]', [1, 4]],
  ['results[0].data[1:]', [2, 3]],
  ['results[0].data[:-1]', [1, 2]],
  ['results[label=a - b].data[0]', 1],
  ['results[action.order=1].label', 'c'],
  ['results[breakdown_value=["Chrome","x,y"],label="c"].label', 'c'],
  ['nested[[0].breakdown=["Mac"]][1].count', 2],
  ['nested[[0].breakdown=[""]][1].count', 1],
  ['results[?action.order=0][*].label', ['a - b']],
  ['results[5].data', null],
  ['results[label=none].data', null],
  ['missing.part', null],
])('%s', (path, value) => {
  expect(valueAt(response, path)).toEqual(value)
})

test.each([
  [{ path: 'results[0].data', equals: [1, 2, 3.0000000001] }, 0],
  [{ path: 'results[0].data', equals: [true, 2, 3] }, 0],
  [{ path: 'results[0].data', equals: [1, 2] }, 1],
  [{ path: 'results[0].data', sum: true, equals: 6, approx: 7 }, 1],
  [{ path: 'results[0].data', approx: [1.1, 2, 3], tolerance: 0.2 }, 0],
  [{ path: 'results[0].data', unordered: [3, 1, 2] }, 0],
  [{ path: 'results[0].data', unordered: [3, 1, 1] }, 1],
  [{ path: 'results[0].data', contains: 2, not_contains: 2 }, 1],
  [{ path: 'results[0]', matches: { 'action.order': 0, gone: null } }, 0],
  [{ path: 'results[9]', equals: null }, 0],
])('%j', (want, count) => {
  expect(failures(response, want)).toHaveLength(count)
})

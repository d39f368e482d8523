import { expect, test } from 'vitest'
import { histogramOption, spanWords } from './histogram-option.ts'

test('a bar says from when to when, the unit once where both have it', () => {
  expect(spanWords(84, 138_240)).toBe('1.4 min – 1.6 d')
  expect(spanWords(138_240, 267_840)).toBe('1.6–3.1 d')
  expect(spanWords(267_840, undefined)).toBe('3.1 d or more')
})

test('the average stands within its bar, on an axis of seconds under the bars', () => {
  const bins = [
    [100, 5],
    [200, 1],
    [300, 0],
  ] as const
  const { xAxis, series } = histogramOption({ bins, averageSeconds: 175 }, (name) => name) as {
    xAxis: { min?: number; max?: number }[]
    series: { xAxisIndex?: number; markLine?: { data: { xAxis: number }[] } }[]
  }
  expect([xAxis[1]?.min, xAxis[1]?.max]).toEqual([100, 400])
  expect([series[1]?.xAxisIndex, series[1]?.markLine?.data]).toEqual([1, [{ xAxis: 175 }]])
  expect(histogramOption({ bins: [[60, 4]], averageSeconds: 60 }, (name) => name).series).toHaveLength(1)
})

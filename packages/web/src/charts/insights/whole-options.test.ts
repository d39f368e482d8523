import { expect, test } from 'vitest'
import { init } from '../echarts.ts'
import type { Line } from './trends-lines.ts'
import { boxCeiling, pieOption, sharesOf } from './whole-options.ts'

const line = (index: number, label: string, total: number, isHidden = false): Line => ({
  index,
  series: 0,
  label,
  data: [],
  days: [],
  labels: [],
  total,
  isPrevious: false,
  isHidden,
  colour: index,
  breakdown: undefined,
})
const browsers = [line(0, 'Chrome', 600), line(1, 'Mobile Safari', 300), line(2, 'Firefox', 100), line(3, 'Opera', 500, true)]

/** The words of a drawing that is so wide. */
function wordsOf(widthPx: number): string[] {
  const chart = init(null, undefined, { renderer: 'svg', ssr: true, width: widthPx, height: 360 })
  chart.setOption(pieOption(browsers, undefined, () => '#123456', false))
  const words = [...chart.renderToSVGString().matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text ?? '')
  chart.dispose()
  return words
}

test('a pie has its names beside it where there is room, and none rather than cut ones where there is not', () => {
  expect(wordsOf(760).sort()).toEqual(['Chrome  60.0 %', 'Firefox  10.0 %', 'Mobile Safari  30.0 %'])
  expect(wordsOf(320)).toEqual([])
})

test('the shares of a legend are of what is shown', () => {
  expect(browsers.map(sharesOf(browsers))).toEqual(['60.0 %', '30.0 %', '10.0 %', ''])
})

test.each([
  ['values that lie together are all shown', [[1, 2, 3, 4, 9]], undefined],
  ['a far value does not press the boxes flat', [[1, 20, 30, 40, 24_000]], 100],
  [
    'one box far above the others does not press them flat, and stays whole',
    [
      [1, 20, 30, 40, 24_000],
      [1, 20, 30, 50, 900],
      [1, 30, 60, 320, 900],
    ],
    400,
  ],
  ['the axis ends on a tick', [[1, 20, 30, 350, 24_000]], 1500],
  ['nothing at all', [[0, 0, 0, 0, 0]], undefined],
  ['one value alone, ever the same', [[5, 5, 5, 5, 5]], undefined],
])('boxes: %s', (_, boxes, ceiling) => {
  expect(boxCeiling(boxes)).toBe(ceiling)
})

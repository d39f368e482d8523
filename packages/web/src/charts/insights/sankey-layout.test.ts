import { describe, expect, test } from 'vitest'
import type { PathEdge } from '../../api-client/insight-results.ts'
import { columnSizes, reachedFrom, reachedOver, readId, sankeyLayout, wayOver, wayTo } from './sankey-layout.ts'

const edge = (source: string, target: string, value: number): PathEdge => ({ source, target, value, average_conversion_time: 1000 })
const edges = [
  edge('1_/a', '2_/b', 60),
  edge('1_/a', '2_/c', 20),
  edge('1_/x', '2_/b', 10),
  edge('2_/b', '3_/d', 40),
  edge('2_/c', '3_/d', 5),
]
const layout = sankeyLayout(edges, { height: 300, gap: 10, leastHeight: 4 })
const node = (id: string) => layout.nodes.find((each) => each.id === id)

describe('ways as ribbons', () => {
  test('columns are steps, the heaviest on top, and nothing overlaps', () => {
    expect(layout.columns).toBe(3)
    for (let column = 0; column < 3; column++) {
      const inColumn = layout.nodes.filter((each) => each.column === column).sort((one, other) => one.y - other.y)
      expect(inColumn.map(({ value }) => value)).toEqual(inColumn.map(({ value }) => value).toSorted((one, other) => other - one))
      inColumn.slice(1).forEach((each, index) => {
        const above = inColumn[index]
        expect(each.y).toBeGreaterThanOrEqual((above?.y ?? 0) + (above?.height ?? 0) + 10)
      })
    }
  })

  test('who goes no further is the rest, but not at the last step', () => {
    expect([node('2_/b')?.value, node('2_/b')?.dropped, node('2_/c')?.dropped]).toEqual([70, 30, 15])
    expect(layout.ribbons.filter(({ target }) => target === undefined).map(({ source, value }) => [source.id, value])).toEqual([
      ['2_/b', 30],
      ['2_/c', 15],
    ])
  })

  test('ribbons leave and arrive within their nodes', () => {
    for (const { source, target, sourceY, targetY, thickness } of layout.ribbons) {
      expect(sourceY + thickness).toBeLessThanOrEqual(source.y + source.height + 0.001)
      if (target) expect(targetY + thickness).toBeLessThanOrEqual(target.y + target.height + 0.001)
    }
  })

  test('pointing at a step lights all before and after it', () => {
    expect([...reachedFrom('2_/c', layout.ribbons)].sort()).toEqual(['1_/a', '2_/c', '3_/d'])
  })

  test('pointing at a ribbon lights what leads to it and what follows, not what else ends beside it', () => {
    const ribbon = (source: string, target: string | undefined) =>
      layout.ribbons.find((each) => each.source.id === source && each.target?.id === target) ?? expect.fail(source)
    expect([...reachedOver(ribbon('1_/x', '2_/b'), layout.ribbons)].sort()).toEqual(['1_/x', '2_/b', '3_/d'])
    expect([...reachedOver(ribbon('2_/b', undefined), layout.ribbons)].sort()).toEqual(['1_/a', '1_/x', '2_/b'])
  })

  test('the heaviest way to a step, and over a ribbon that is not the heaviest', () => {
    expect(wayTo('3_/d', layout.ribbons)).toEqual(['/a', '/b', '/d'])
    expect(wayOver('2_/c', '3_/d', layout.ribbons)).toEqual(['/a', '/c', '/d'])
  })
})

test('an item may hold anything', () => {
  expect(readId('12_a_b\n1_c')).toEqual({ column: 11, item: 'a_b\n1_c' })
  expect(readId('no number')).toEqual({ column: 0, item: 'no number' })
})

test.each([
  [3, 1000, { nodePx: 152, gapPx: 74 }],
  [5, 722, { nodePx: 109, gapPx: 43 }],
  [5, 616, { nodePx: 96, gapPx: 34 }],
  // It scrolls, and on a phone more than two columns must be in sight for that to be seen.
  [12, 1000, { nodePx: 152, gapPx: 74 }],
  [5, 340, { nodePx: 96, gapPx: 34 }],
  [0, 340, { nodePx: 152, gapPx: 74 }],
])('%d columns in %d px', (columns, roomPx, sizes) => {
  expect(columnSizes(columns, roomPx)).toEqual(sizes)
})

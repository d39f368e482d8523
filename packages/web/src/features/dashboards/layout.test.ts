import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { columnCount, firstRoom, movedTiles, type Placed, readLayout, rearranged, settle } from './layout.ts'

const tile = (id: number, x: number, y: number, w: number, h: number): Placed => ({ id, x, y, w, h })

const tiles = fc
  .array(
    fc.record({
      x: fc.integer({ min: 0, max: 11 }),
      y: fc.integer({ min: 0, max: 20 }),
      w: fc.integer({ min: 1, max: 14 }),
      h: fc.integer({ min: 1, max: 8 }),
    }),
    {
      minLength: 1,
      maxLength: 12,
    },
  )
  .map((places) => readLayout(places.map((sm, id) => ({ id, layouts: { sm } }))))

const overlaps = (one: Placed, other: Placed) =>
  one.id !== other.id && one.x < other.x + other.w && other.x < one.x + one.w && one.y < other.y + other.h && other.y < one.y + one.h

describe('the grid of a dashboard', () => {
  test('however tiles are moved and sized, none overlap, none leave the grid, none hang in the air', () => {
    fc.assert(
      fc.property(
        tiles,
        fc.nat(11),
        fc.integer({ min: -3, max: 15 }),
        fc.integer({ min: -3, max: 30 }),
        fc.integer({ min: 0, max: 20 }),
        (before, pick, x, y, size) => {
          const id = pick % before.length
          for (const after of [rearranged(before, id, { x, y }), rearranged(before, id, { w: size, h: size })]) {
            expect(after.map((each) => each.id).sort()).toEqual(before.map((each) => each.id).sort())
            for (const one of after) {
              expect(one.x).toBeGreaterThanOrEqual(0)
              expect(one.x + one.w).toBeLessThanOrEqual(columnCount)
              expect(after.some((other) => overlaps(one, other))).toBe(false)
              expect(one.y === 0 || after.some((other) => overlaps({ ...one, y: one.y - 1 }, other))).toBe(true)
            }
          }
        },
      ),
      { numRuns: 200 },
    )
  })

  test('a tile that is moved onto another takes its place', () => {
    const before = [tile(1, 0, 0, 6, 4), tile(2, 6, 0, 6, 4), tile(3, 0, 4, 12, 3)]
    const after = rearranged(before, 3, { y: 0 })
    expect(after.find(({ id }) => id === 3)).toEqual(tile(3, 0, 0, 12, 3))
    expect(after.find(({ id }) => id === 1)).toEqual(tile(1, 0, 3, 6, 4))
    expect(
      movedTiles(before, after)
        .map(({ id }) => id)
        .sort(),
    ).toEqual([1, 2, 3])
    expect(movedTiles(before, settle(before))).toEqual([])
  })

  test('a new tile comes where there is room', () => {
    expect(firstRoom([tile(1, 0, 0, 6, 5)], { w: 6, h: 5 })).toEqual({ x: 6, y: 0, w: 6, h: 5 })
    expect(firstRoom([tile(1, 0, 0, 8, 5)], { w: 6, h: 5 })).toEqual({ x: 0, y: 5, w: 6, h: 5 })
  })

  test('what is stored wrongly counts as not placed', () => {
    const read = readLayout([
      { id: 1, layouts: { sm: { x: 'left', y: 0, w: 6, h: 5 } } },
      { id: 2, layouts: null },
      { id: 3, layouts: { sm: { x: 40, y: 0, w: 99, h: 0 } } },
    ])
    expect(read).toEqual([tile(3, 0, 0, 12, 2), tile(1, 0, 2, 6, 5), tile(2, 6, 2, 6, 5)])
  })
})

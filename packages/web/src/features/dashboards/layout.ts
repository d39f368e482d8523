import { numberOf, rawOf } from '../../query-model/reading.ts'

/** Where a tile stands on a grid of twelve columns. */
export interface Place {
  x: number
  y: number
  w: number
  h: number
}

export interface Placed extends Place {
  id: number
}

export const columnCount = 12
const smallest = { w: 2, h: 2 }
const usual = { w: 6, h: 5 }

const overlap = (one: Place, other: Place) =>
  one.x < other.x + other.w && other.x < one.x + one.w && one.y < other.y + other.h && other.y < one.y + one.h

const inReadingOrder = (one: Place, other: Place) => one.y - other.y || one.x - other.x

/** Inside the grid, and no smaller than can be read. */
function fitted({ x, y, w, h }: Place): Place {
  const width = Math.min(columnCount, Math.max(smallest.w, Math.round(w)))
  return {
    w: width,
    h: Math.max(smallest.h, Math.round(h)),
    x: Math.min(columnCount - width, Math.max(0, Math.round(x))),
    y: Math.max(0, Math.round(y)),
  }
}

/** Places as they are stored; a tile without one comes where there is room below the others. */
export function readLayout(
  tiles: readonly { id: number; layouts: Record<string, unknown> | null | undefined; isSmall?: boolean }[],
): Placed[] {
  const known: Placed[] = []
  const unknown: { id: number; isSmall: boolean }[] = []
  for (const { id, layouts, isSmall = false } of tiles) {
    const raw = rawOf(rawOf(layouts).sm)
    const [x, y, w, h] = [numberOf(raw.x), numberOf(raw.y), numberOf(raw.w), numberOf(raw.h)]
    if (x === undefined || y === undefined || w === undefined || h === undefined) unknown.push({ id, isSmall })
    else known.push({ id, ...fitted({ x, y, w, h }) })
  }
  const placed = settle(known)
  for (const { id, isSmall } of unknown) placed.push({ id, ...firstRoom(placed, isSmall ? { w: 6, h: 2 } : usual) })
  return placed
}

/** The first place, from above and from the left, that has room. */
export function firstRoom(placed: readonly Place[], size: { w: number; h: number }): Place {
  const bottom = placed.reduce((most, { y, h }) => Math.max(most, y + h), 0)
  for (let y = 0; y <= bottom; y++) {
    for (let x = 0; x <= columnCount - size.w; x++) {
      const place = { x, y, ...size }
      if (!placed.some((other) => overlap(place, other))) return place
    }
  }
  return { x: 0, y: bottom, ...size }
}

/** No two overlap, and nothing hangs in the air: all move up as far as they can. `first` keeps its place before others. */
export function settle(tiles: readonly Placed[], first?: number): Placed[] {
  const held = tiles.find(({ id }) => id === first)
  const apart: Placed[] = held ? [held] : []
  for (const tile of tiles.filter(({ id }) => id !== first).sort(inReadingOrder)) apart.push({ ...tile, y: freeBelow(apart, tile) })
  const risen: Placed[] = []
  for (const tile of apart.sort((one, other) => inReadingOrder(one, other) || Number(other.id === first) - Number(one.id === first))) {
    let { y } = tile
    while (y > 0 && !risen.some((other) => overlap({ ...tile, y: y - 1 }, other))) y--
    risen.push({ ...tile, y })
  }
  return risen
}

function freeBelow(placed: readonly Place[], tile: Place): number {
  let { y } = tile
  for (;;) {
    const inTheWay = placed.find((other) => overlap({ ...tile, y }, other))
    if (!inTheWay) return y
    y = inTheWay.y + inTheWay.h
  }
}

/** One tile somewhere else, or of another size; the others make room. */
export function rearranged(tiles: readonly Placed[], id: number, change: Partial<Place>): Placed[] {
  return settle(
    tiles.map((tile) => (tile.id === id ? { id, ...fitted({ ...tile, ...change }) } : tile)),
    id,
  )
}

/** Tiles whose place differs, for what is stored. */
export function movedTiles(before: readonly Placed[], after: readonly Placed[]): Placed[] {
  return after.filter((tile) => {
    const old = before.find(({ id }) => id === tile.id)
    return !old || old.x !== tile.x || old.y !== tile.y || old.w !== tile.w || old.h !== tile.h
  })
}

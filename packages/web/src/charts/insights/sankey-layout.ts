import type { PathEdge } from '../../api-client/insight-results.ts'

export interface SankeyNode {
  /** As the API names it: `2_/pricing`. */
  id: string
  /** From 0. */
  column: number
  item: string
  /** How often it was come to, or for the first column, begun with. */
  value: number
  /** How many of these went no further. */
  dropped: number
  y: number
  height: number
}

export interface SankeyRibbon {
  source: SankeyNode
  /** Absent: those who went no further. */
  target?: SankeyNode
  value: number
  averageMs: number | null
  sourceY: number
  targetY: number
  thickness: number
}

export interface Sankey {
  nodes: SankeyNode[]
  ribbons: SankeyRibbon[]
  columns: number
  height: number
}

export interface SankeySizes {
  height: number
  /** Between the nodes of a column. */
  gap: number
  /** So that a name fits beside it. */
  leastHeight: number
}

export interface ColumnSizes {
  nodePx: number
  gapPx: number
}

const widest: ColumnSizes = { nodePx: 152, gapPx: 74 }
/** Below these, names and ribbons cannot be told apart: then it is better to scroll. */
const least: ColumnSizes = { nodePx: 96, gapPx: 34 }

/** How wide a number of steps is, with the ways between them. */
export const wholeWidthPx = (columns: number, { nodePx, gapPx }: ColumnSizes): number => columns * nodePx + Math.max(0, columns - 1) * gapPx

/**
 * How wide steps and the ways between them are drawn, so that all of them fit. Where they cannot, they scroll: at their full width,
 * but at the least where not even three of them would be in sight.
 */
export function columnSizes(columns: number, roomPx: number): ColumnSizes {
  const [wholePx, leastWholePx] = [wholeWidthPx(columns, widest), wholeWidthPx(columns, least)]
  if (roomPx >= wholePx) return widest
  if (roomPx < leastWholePx) return roomPx < wholeWidthPx(3, widest) ? least : widest
  const share = (roomPx - leastWholePx) / (wholePx - leastWholePx)
  return {
    nodePx: Math.floor(least.nodePx + share * (widest.nodePx - least.nodePx)),
    gapPx: Math.floor(least.gapPx + share * (widest.gapPx - least.gapPx)),
  }
}

/** Places the steps of paths: columns by step, in each the heaviest on top, ribbons as thick as they are heavy. */
export function sankeyLayout(edges: readonly PathEdge[], sizes: SankeySizes): Sankey {
  const nodes = collectNodes(edges)
  const columns = Math.max(0, ...[...nodes.values()].map(({ column }) => column + 1))
  const byColumn = Array.from({ length: columns }, (_, column) =>
    [...nodes.values()]
      .filter((node) => node.column === column)
      .sort((one, other) => other.value - one.value || one.item.localeCompare(other.item)),
  )
  const most = Math.max(1, ...byColumn.map((column) => column.reduce((sum, { value }) => sum + value, 0)))
  const crowded = Math.max(1, ...byColumn.map((column) => column.length))
  const free = Math.max(sizes.height * 0.3, sizes.height - sizes.gap * (crowded - 1))
  const scale = free / most
  let height = 0
  for (const column of byColumn) {
    let y = 0
    for (const node of column) {
      node.y = y
      node.height = Math.max(sizes.leastHeight, node.value * scale)
      y += node.height + sizes.gap
    }
    height = Math.max(height, y - sizes.gap)
  }
  return { nodes: [...nodes.values()], ribbons: ribbonsOf(edges, nodes, scale), columns, height }
}

function collectNodes(edges: readonly PathEdge[]): Map<string, SankeyNode> {
  const nodes = new Map<string, SankeyNode>()
  const out = new Map<string, number>()
  const into = new Map<string, number>()
  for (const { source, target, value } of edges) {
    for (const id of [source, target]) if (!nodes.has(id)) nodes.set(id, { id, ...readId(id), value: 0, dropped: 0, y: 0, height: 0 })
    out.set(source, (out.get(source) ?? 0) + value)
    into.set(target, (into.get(target) ?? 0) + value)
  }
  for (const node of nodes.values()) {
    const came = into.get(node.id) ?? 0
    const went = out.get(node.id) ?? 0
    node.value = Math.max(came, went)
    node.dropped = Math.max(0, came - went)
  }
  return nodes
}

/** `2_/pricing` is `/pricing` in the second column. */
export function readId(id: string): { column: number; item: string } {
  const match = /^(\d+)_(.*)$/s.exec(id)
  return match ? { column: Number(match[1]) - 1, item: match[2] ?? '' } : { column: 0, item: id }
}

function ribbonsOf(edges: readonly PathEdge[], nodes: ReadonlyMap<string, SankeyNode>, scale: number): SankeyRibbon[] {
  const last = Math.max(...[...nodes.values()].map(({ column }) => column))
  const leaving = new Map<string, number>()
  const arriving = new Map<string, number>()
  const ordered = edges
    .flatMap((edge) => {
      const [source, target] = [nodes.get(edge.source), nodes.get(edge.target)]
      return source && target ? [{ edge, source, target }] : []
    })
    .sort((one, other) => one.source.column - other.source.column || one.target.y - other.target.y || one.source.y - other.source.y)
  const ribbons = ordered.map(({ edge, source, target }): SankeyRibbon => {
    const thickness = Math.max(1, edge.value * scale)
    const sourceY = source.y + (leaving.get(source.id) ?? 0)
    leaving.set(source.id, (leaving.get(source.id) ?? 0) + thickness)
    const targetY = target.y + (arriving.get(target.id) ?? 0)
    arriving.set(target.id, (arriving.get(target.id) ?? 0) + thickness)
    return { source, target, value: edge.value, averageMs: edge.average_conversion_time, sourceY, targetY, thickness }
  })
  const ends = [...nodes.values()]
    .filter(({ dropped, column }) => dropped > 0 && column < last)
    .map((node): SankeyRibbon => {
      const sourceY = node.y + (leaving.get(node.id) ?? 0)
      return { source: node, value: node.dropped, averageMs: null, sourceY, targetY: sourceY, thickness: Math.max(1, node.dropped * scale) }
    })
  return [...ribbons, ...ends]
}

/** Everything before and after a step that can be reached over the ribbons: what is lit when one points at it. */
export const reachedFrom = (id: string, ribbons: readonly SankeyRibbon[]): ReadonlySet<string> =>
  new Set([...walked(id, ribbons, 'before'), ...walked(id, ribbons, 'after')])

/** The same for a ribbon: what leads to where it begins, and what follows from where it ends. */
export const reachedOver = ({ source, target }: SankeyRibbon, ribbons: readonly SankeyRibbon[]): ReadonlySet<string> =>
  new Set([...walked(source.id, ribbons, 'before'), ...(target ? walked(target.id, ribbons, 'after') : [])])

function walked(id: string, ribbons: readonly SankeyRibbon[], way: 'before' | 'after'): Set<string> {
  const reached = new Set([id])
  // A set goes on to what is added while it is gone through.
  for (const at of reached)
    for (const { source, target } of ribbons) {
      if (target && way === 'after' && source.id === at) reached.add(target.id)
      if (way === 'before' && target?.id === at) reached.add(source.id)
    }
  return reached
}

/** The heaviest way that leads over a ribbon, both its ends included. */
export const wayOver = (source: string, target: string, ribbons: readonly SankeyRibbon[]): string[] => [
  ...wayTo(source, ribbons),
  readId(target).item,
]

/** The heaviest way that leads to a step, that step included. */
export function wayTo(id: string, ribbons: readonly SankeyRibbon[]): string[] {
  const way = [id]
  for (let at: string | undefined = id; at !== undefined; ) {
    const into = ribbons.filter(({ target }) => target?.id === at)
    at = into.reduce<SankeyRibbon | undefined>((best, each) => (best && best.value >= each.value ? best : each), undefined)?.source.id
    if (at !== undefined) way.unshift(at)
  }
  return way.map((each) => readId(each).item)
}

import type { DashboardBody, TileBody } from '@hedgerow/protocol'
import { stringify } from 'yaml'
import type { Placed } from './layout.ts'
import { ownOf } from './override.ts'

/**
 * A dashboard as a text to keep beside code: what it lays over its tiles, and each tile from the top left with what it asks. It holds nothing that
 * changes by looking (answers, who, when), so that two texts differ where the dashboards do.
 */
export function dashboardCode(dashboard: DashboardBody, places: readonly Placed[]): string {
  const { range, filters, variables } = ownOf(dashboard)
  const tiles = new Map((dashboard.tiles ?? []).map((tile) => [tile.id, tile]))
  return stringify(
    {
      name: dashboard.name,
      description: dashboard.description || undefined,
      tags: filledOr(dashboard.tags),
      range,
      filters: filledOr(filters),
      variables: Object.keys(variables).length > 0 ? variables : undefined,
      tiles: [...places]
        .sort((one, other) => one.y - other.y || one.x - other.x)
        .flatMap(({ id, x, y, w, h }) => {
          const tile = tiles.get(id)
          return tile ? [{ ...contentOf(tile), layout: { x, y, w, h } }] : []
        }),
    },
    { lineWidth: 0 },
  )
}

const filledOr = <Item>(list: readonly Item[]) => (list.length > 0 ? list : undefined)

function contentOf({ insight, text, feature_flag: flag, experiment }: TileBody): object {
  if (insight) return { insight: insight.name || undefined, description: insight.description || undefined, query: insight.query }
  if (flag) return { feature_flag: flag.key }
  return experiment ? { experiment: experiment.name } : { text: text?.body ?? '' }
}

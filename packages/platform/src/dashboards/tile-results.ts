import type { DashboardBody, FiltersOverrideBody, TileBody } from '@hedgerow/protocol'
import { insightWithResult } from '../insights/insight-results.ts'
import type { FiltersOverride } from '../query/overrides.ts'
import type { Questions, Refresh } from '../query/questions.ts'

export interface TileOptions {
  projectId: number
  userId: string
  refresh: Refresh
  /** Of whoever looks, over those of the dashboard. */
  filters?: FiltersOverrideBody | undefined
  variables?: Record<string, unknown> | undefined
  signal?: AbortSignal | undefined
}

/** The dashboard's tiles with their answers, each as soon as it has one; those that are quick do not wait for those that are slow. */
export async function* tilesWithResults(
  questions: Questions,
  dashboard: DashboardBody,
  options: TileOptions,
  atOnce: number,
): AsyncGenerator<TileBody> {
  const waiting = [...(dashboard.tiles ?? [])]
  const running = new Map<number, Promise<TileBody>>()
  while (waiting.length > 0 || running.size > 0) {
    while (running.size < atOnce) {
      const tile = waiting.shift()
      if (!tile) break
      running.set(tile.id, tileWithResult(questions, dashboard, tile, options))
    }
    const done = await Promise.race(running.values())
    running.delete(done.id)
    yield done
  }
}

async function tileWithResult(questions: Questions, dashboard: DashboardBody, tile: TileBody, options: TileOptions): Promise<TileBody> {
  if (!tile.insight) return tile
  const { projectId, userId, refresh, signal } = options
  const insight = await insightWithResult(questions, tile.insight, {
    projectId,
    userId,
    refresh,
    signal,
    filtersOverride: filtersOf(dashboard.filters, tile.filters_overrides, options.filters),
    variablesOverride: { ...dashboard.variables, ...options.variables },
    dashboardId: dashboard.id,
  })
  return { ...tile, insight, is_cached: insight.is_cached, last_refresh: insight.last_refresh }
}

/** The later ones win; conditions of the dashboard and of the tile count both. */
function filtersOf(...layers: (FiltersOverride | undefined)[]): FiltersOverride {
  const given = layers.filter((layer): layer is FiltersOverride => layer !== undefined)
  const properties = given.flatMap((layer) =>
    Array.isArray(layer.properties) && layer.properties.length === 0 ? [] : (layer.properties ?? []),
  )
  const merged = given.map(withoutNothing).reduce((below, layer) => {
    const { date_from: _from, date_to: _to, explicitDate: _isExplicit, ...undated } = below
    // why: a range is one thing: the end of another range must not close one that has none.
    return { ...(layer.date_from === undefined && layer.date_to === undefined ? below : undated), ...layer }
  }, {})
  return { ...merged, ...(properties.length > 0 ? { properties: asOne(given) } : {}) }
}

function asOne(layers: FiltersOverride[]): unknown {
  const all = layers.map(({ properties }) => properties).filter((properties) => properties !== undefined && properties !== null)
  if (all.every(Array.isArray)) return all.flat()
  return { type: 'AND', values: all.map((properties) => (Array.isArray(properties) ? { type: 'AND', values: properties } : properties)) }
}

const withoutNothing = (layer: FiltersOverride): FiltersOverride =>
  Object.fromEntries(Object.entries(layer).filter(([, value]) => value !== null && value !== undefined))

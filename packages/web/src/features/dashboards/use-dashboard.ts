import type { DashboardChange, TileBody } from '@hedgerow/protocol'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useMemo, useRef } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import {
  addTile,
  changeDashboard,
  changeTile,
  dashboardKey,
  type FilledDashboard,
  filledDashboardQuery,
  moveTile,
} from '../../api-client/dashboards.ts'
import { describeError } from '../../api-client/errors.ts'
import { rawOf } from '../../query-model/reading.ts'
import { toast } from '../../ui/toasts.tsx'
import { firstRoom, movedTiles, type Placed, readLayout } from './layout.ts'
import { type DashboardSearch, type OwnOverride, overrideOf, ownOf } from './override.ts'

/** A dashboard with its tiles as far as they are answered, and what can be done with it. */
export function useDashboard(id: string, search: DashboardSearch) {
  const project = useProject()
  const queryClient = useQueryClient()
  const isForced = useRef(false)
  const override = useMemo(() => overrideOf(search), [search])
  const query = useQuery({
    ...filledDashboardQuery(queryClient, project.id, id, override, () => {
      const forced = isForced.current
      isForced.current = false
      return forced
    }),
    placeholderData: keepPreviousData,
  })
  const key = dashboardKey(project.id, id)
  const dashboard = query.data?.dashboard
  const tiles = useMemo(() => dashboard?.tiles ?? [], [dashboard])
  const places = useMemo(
    () => readLayout(tiles.map((tile) => ({ id: tile.id, layouts: tile.layouts, isSmall: tile.text !== null }))),
    [tiles],
  )

  /** Shown at once, stored then; what is stored wins where that fails. */
  const change = useCallback(
    async (failed: string, seen: ((before: FilledDashboard) => FilledDashboard) | undefined, work: () => Promise<unknown>) => {
      if (seen) queryClient.setQueriesData<FilledDashboard>({ queryKey: key }, (before) => before && seen(before))
      try {
        await work()
        if (!seen) await queryClient.invalidateQueries({ queryKey: key })
      } catch (error) {
        toast(`${failed}: ${describeError(error).cause}`, 'failed')
        await queryClient.invalidateQueries({ queryKey: key })
      }
    },
    [queryClient, key],
  )
  const dashboardId = dashboard?.id ?? 0
  const withTiles = (turn: (tiles: TileBody[]) => TileBody[]) => (before: FilledDashboard) => ({
    ...before,
    dashboard: { ...before.dashboard, tiles: turn(before.dashboard.tiles ?? []) },
  })
  const sm = ({ x, y, w, h }: Omit<Placed, 'id'>) => ({ layouts: { sm: { x, y, w, h } } })

  return {
    query,
    dashboard,
    tiles,
    places,
    refresh: () => {
      isForced.current = true
      void query.refetch()
    },
    edit: (fields: DashboardChange) =>
      change(
        'Not changed',
        (before) => ({ ...before, dashboard: { ...before.dashboard, ...(fields as Partial<FilledDashboard['dashboard']>) } }),
        async () => {
          await changeDashboard(project.id, dashboardId, fields)
          await queryClient.invalidateQueries({ queryKey: ['project', project.id, 'dashboards'] })
        },
      ),
    place: (next: Placed[]) => {
      const moved = movedTiles(places, next)
      if (moved.length === 0) return Promise.resolve()
      // why: a tile that never had a place is stored with the first change, or it would jump with the next one.
      const stored = next.filter((each) => moved.includes(each) || !tiles.find(({ id: tileId }) => tileId === each.id)?.layouts.sm)
      return change(
        'The layout was not kept',
        withTiles((all) =>
          all.map((tile) => {
            const at = next.find(({ id: tileId }) => tileId === tile.id)
            return at ? { ...tile, ...sm(at) } : tile
          }),
        ),
        () => changeDashboard(project.id, dashboardId, { tiles: stored.map((each) => ({ id: each.id, ...sm(each) })) }),
      )
    },
    addInsight: (insight: number) =>
      change('Not added', undefined, () => addTile(project.id, dashboardId, { insight, ...sm(firstRoom(places, { w: 6, h: 5 })) })),
    addRelease: (shown: { feature_flag: number } | { experiment: number }) =>
      change('Not added', undefined, () => addTile(project.id, dashboardId, { ...shown, ...sm(firstRoom(places, { w: 6, h: 5 })) })),
    addText: (body: string) =>
      change('Not added', undefined, () => addTile(project.id, dashboardId, { text: { body }, ...sm(firstRoom(places, { w: 6, h: 2 })) })),
    changeText: (tileId: number, body: string) =>
      change(
        'Not changed',
        withTiles((all) => all.map((tile) => (tile.id === tileId ? { ...tile, text: { body } } : tile))),
        () => changeTile(project.id, dashboardId, tileId, { text: { body } }),
      ),
    /** What the dashboard itself lays over its tiles. */
    keep: (own: OwnOverride) => {
      const stored = (each: OwnOverride) => ({
        filters: { ...each.range, ...(each.filters.length > 0 ? { properties: each.filters } : {}) },
        variables: Object.fromEntries(Object.entries(each.variables).map(([variable, value]) => [variable, { value }])),
      })
      const before = ownOf(dashboard)
      return change('Not kept', undefined, async () => {
        await changeDashboard(project.id, dashboardId, stored(own))
        toast('Kept for everyone who looks at this dashboard.', 'done', async () => {
          await changeDashboard(project.id, dashboardId, stored(before))
          await queryClient.invalidateQueries({ queryKey: key })
        })
      })
    },
    duplicateTile: ({ text, color, layouts }: TileBody) => {
      const { w = 6, h = 2 } = rawOf(layouts.sm) as { w?: number; h?: number }
      return change('Not duplicated', undefined, () =>
        addTile(project.id, dashboardId, { text, color, ...sm(firstRoom(places, { w, h })) }),
      )
    },
    moveTile: (tile: TileBody, to: { id: number; name: string }) =>
      change(
        'Not moved',
        withTiles((all) => all.filter(({ id: tileId }) => tileId !== tile.id)),
        async () => {
          await moveTile(project.id, dashboardId, tile.id, to.id)
          await queryClient.invalidateQueries({ queryKey: dashboardKey(project.id, String(to.id)) })
          toast(`Moved to “${to.name || 'Untitled'}”.`, 'done', async () => {
            await moveTile(project.id, to.id, tile.id, dashboardId)
            await queryClient.invalidateQueries({ queryKey: key })
          })
        },
      ),
    removeTile: (tile: TileBody) =>
      change(
        'Not removed',
        withTiles((all) => all.filter(({ id: tileId }) => tileId !== tile.id)),
        async () => {
          await changeTile(project.id, dashboardId, tile.id, { deleted: true })
          toast('Removed from the dashboard.', 'done', async () => {
            await changeTile(project.id, dashboardId, tile.id, { deleted: false })
            await queryClient.invalidateQueries({ queryKey: key })
          })
        },
      ),
  }
}

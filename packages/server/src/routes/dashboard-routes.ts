import type { Hedgerow } from '@hedgerow/platform'
import {
  dashboardChange,
  dashboardQuery,
  dashboardsQuery,
  filtersOverride,
  jsonObject,
  moveTile,
  newDashboard,
  newTile,
  pageQuery,
  type TileBody,
  tileUpdate,
} from '@hedgerow/protocol'
import type { FastifyInstance } from 'fastify'
import { projectRoute } from '../api-route.ts'
import { openEventStream } from '../event-stream.ts'
import { goneSignal } from '../gone-signal.ts'
import { jsonParameter } from '../json-parameter.ts'
import { page } from '../paging.ts'

/** Pages of insights and texts. */
export function addDashboardRoutes(app: FastifyInstance, hedgerow: Hedgerow): void {
  const { dashboards, activity } = hedgerow
  const path = '/dashboards'

  projectRoute(
    app,
    hedgerow,
    { method: 'GET', path, scope: 'dashboard:read', query: dashboardsQuery },
    async ({ project, query, request }) => page(request, query, await dashboards.list(project.id, query)),
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'POST', path, scope: 'dashboard:write', body: newDashboard, status: 201 },
    ({ project, principal, body }) => dashboards.create(project.id, principal.userId, body),
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'GET', path: `${path}/:id`, scope: 'dashboard:read', query: dashboardQuery },
    async ({ project, principal, params, query, reply }) => {
      const dashboard = await dashboards.get(project.id, params.id ?? '')
      await dashboards.viewed(project.id, dashboard.id)
      const answered = new Map<number, TileBody>()
      const options = {
        projectId: project.id,
        userId: principal.userId,
        refresh: query.refresh ?? 'force_cache',
        filters: jsonParameter(filtersOverride, 'filters_override', query.filters_override),
        variables: jsonParameter(jsonObject, 'variables_override', query.variables_override),
        signal: goneSignal(reply),
      } as const
      for await (const tile of hedgerow.answerTiles(dashboard, options)) answered.set(tile.id, tile)
      return { ...dashboard, tiles: (dashboard.tiles ?? []).map((tile) => answered.get(tile.id) ?? tile) }
    },
  )
  projectRoute(
    app,
    hedgerow,
    { method: ['PATCH', 'PUT'], path: `${path}/:id`, scope: 'dashboard:write', body: dashboardChange },
    ({ project, principal, params, body }) => dashboards.change(project.id, principal.userId, params.id ?? '', body),
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'DELETE', path: `${path}/:id`, scope: 'dashboard:write' },
    async ({ project, principal, params }) => {
      await dashboards.change(project.id, principal.userId, params.id ?? '', { deleted: true })
    },
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'GET', path: `${path}/:id/activity`, scope: 'dashboard:read', query: pageQuery },
    async ({ project, params, query, request }) => {
      const { id } = await dashboards.get(project.id, params.id ?? '')
      return page(request, query, await activity.list(project.id, 'Dashboard', id, query))
    },
  )
  addTileRoutes(app, hedgerow)
  addTileStream(app, hedgerow)
}

function addTileRoutes(app: FastifyInstance, hedgerow: Hedgerow): void {
  const { dashboards, tiles } = hedgerow
  const path = '/dashboards/:id/tiles'

  projectRoute(app, hedgerow, { method: 'GET', path, scope: 'dashboard:read' }, async ({ project, params }) => ({
    results: (await dashboards.get(project.id, params.id ?? '')).tiles,
  }))
  projectRoute(
    app,
    hedgerow,
    { method: 'POST', path, scope: 'dashboard:write', body: newTile, status: 201 },
    async ({ project, principal, params, body }) => {
      const dashboard = await dashboards.get(project.id, params.id ?? '')
      return tiles.get(project.id, dashboard.id, await tiles.add(project.id, dashboard.id, principal.userId, body))
    },
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'PATCH', path: `${path}/:tile_id`, scope: 'dashboard:write', body: tileUpdate },
    async ({ project, params, body }) => {
      const dashboard = await dashboards.get(project.id, params.id ?? '')
      await tiles.change(project.id, dashboard.id, idIn(params.tile_id), body)
      return body.deleted === true ? undefined : tiles.get(project.id, dashboard.id, idIn(params.tile_id))
    },
  )
  projectRoute(app, hedgerow, { method: 'DELETE', path: `${path}/:tile_id`, scope: 'dashboard:write' }, async ({ project, params }) => {
    const dashboard = await dashboards.get(project.id, params.id ?? '')
    await tiles.change(project.id, dashboard.id, idIn(params.tile_id), { deleted: true })
  })
  projectRoute(
    app,
    hedgerow,
    { method: 'PATCH', path: '/dashboards/:id/move_tile', scope: 'dashboard:write', body: moveTile },
    ({ project, params, body }) => dashboards.moveTile(project.id, params.id ?? '', body.tile.id, body.to_dashboard),
  )
}

/** 0 where it is no number: an id that no tile has. */
const idIn = (text: string | undefined): number => (/^\d{1,9}$/.test(text ?? '') ? Number(text) : 0)

/** The tiles as server-sent events, each as soon as it is answered: `metadata`, then each `tile`, then `complete`. */
function addTileStream(app: FastifyInstance, hedgerow: Hedgerow): void {
  projectRoute(
    app,
    hedgerow,
    { method: 'GET', path: '/dashboards/:id/stream_tiles', scope: 'dashboard:read', query: dashboardQuery },
    async ({ project, principal, params, query, request, reply }) => {
      const dashboard = await hedgerow.dashboards.get(project.id, params.id ?? '')
      const options = {
        projectId: project.id,
        userId: principal.userId,
        refresh: query.refresh ?? 'blocking',
        filters: jsonParameter(filtersOverride, 'filters_override', query.filters_override),
        variables: jsonParameter(jsonObject, 'variables_override', query.variables_override),
        signal: goneSignal(reply),
      } as const
      if (request.method === 'HEAD') return reply.send()
      const send = openEventStream(request, reply)
      try {
        send({ type: 'metadata', dashboard })
        for await (const tile of hedgerow.answerTiles(dashboard, options)) {
          if (options.signal.aborted) return reply
          send({ type: 'tile', tile, order: tile.order })
        }
        send({ type: 'complete' })
      } catch (error) {
        request.log.error({ err: error }, 'a stream of tiles failed')
        send({ type: 'error', code: 'internal_error', detail: 'The server failed while answering.' })
      }
      reply.raw.end()
      return reply
    },
  )
}

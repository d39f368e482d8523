import { QueryClient } from '@tanstack/react-query'
import { afterEach, expect, test, vi } from 'vitest'
import { type FilledDashboard, filledDashboardQuery } from './dashboards.ts'

afterEach(() => vi.unstubAllGlobals())

test('what somebody changes while tiles still come stays so', async () => {
  let send: (message: object) => void = () => undefined
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      send = (message) => controller.enqueue(new TextEncoder().encode(`data: ${JSON.stringify(message)}\n\n`))
    },
  })
  vi.stubGlobal('fetch', async () => new Response(body))
  const client = new QueryClient()
  const query = filledDashboardQuery(client, 1, '2', {}, () => false)
  const shown = () => client.getQueryData<FilledDashboard>(query.queryKey)
  const asked = client.fetchQuery(query)

  send({ type: 'metadata', dashboard: { id: 2, name: 'Mornings' } })
  await vi.waitFor(() => expect(shown()?.dashboard.name).toBe('Mornings'))
  client.setQueryData<FilledDashboard>(
    query.queryKey,
    (before) => before && { ...before, dashboard: { ...before.dashboard, name: 'Evenings' } },
  )
  send({ type: 'tile', tile: { id: 3 } })
  await vi.waitFor(() => expect(shown()?.answers).toHaveProperty('3'))
  expect(shown()?.dashboard.name).toBe('Evenings')
  send({ type: 'complete' })
  expect((await asked).dashboard.name).toBe('Evenings')
  expect(shown()).toMatchObject({ dashboard: { name: 'Evenings' }, answers: { 3: { id: 3 } } })
})

import { expect, vi } from 'vitest'
import { firstToken, type RunningServer } from '../running-server.fixture.ts'

export const flagsUrl = '/api/projects/1/feature_flags'
export const everybody = { groups: [{ properties: [], rollout_percentage: 100 }] }

/** What tests of flags ask of a server, which may start later. */
export function flagCalls(server: () => RunningServer) {
  return {
    async create(body: Record<string, unknown>, projectId = 1) {
      const { status, body: made } = await server().call('POST', `/api/projects/${projectId}/feature_flags/`, {
        filters: everybody,
        ...body,
      })
      if (status !== 201) throw new Error(`${status}: ${JSON.stringify(made)}`)
      return made
    },
    change: (id: number, body: object) => server().call('PATCH', `${flagsUrl}/${id}/`, body),
    ask: async (distinctId: string, more: object = {}, version = '2') =>
      (await server().call('POST', `/flags/?v=${version}`, { token: firstToken, distinct_id: distinctId, ...more }, { key: null })).body,
    newProject: async (name: string) => (await server().call('POST', '/api/projects/', { name })).body,
  }
}

/** What is ingested is seen a moment after it is stored. */
export const eventually = (find: () => Promise<unknown>, wanted: unknown) =>
  vi.waitFor(async () => expect(await find()).toEqual(wanted), { timeout: 60_000 })

import { expect, test } from 'vitest'

const { processEnvironment } = (await import(new URL('../bin/process-environment.mjs', import.meta.url).href)) as {
  processEnvironment: (given: NodeJS.ProcessEnv) => NodeJS.ProcessEnv
}

test('the server begins with room for its stores, unless the caller says otherwise', () => {
  const given = { PATH: '/bin', MALLOC_ARENA_MAX: '8' }
  const environment = processEnvironment(given)
  expect(environment).toMatchObject(given)
  expect(Number(environment.UV_THREADPOOL_SIZE)).toBeGreaterThanOrEqual(16)
  expect(environment.JE_MALLOC_CONF).toContain('dirty_decay_ms')
  expect(processEnvironment({ UV_THREADPOOL_SIZE: '20' }).UV_THREADPOOL_SIZE).toBe('20')
})

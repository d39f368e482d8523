import { expect, test } from 'vitest'
import { ExpiringCache } from './expiring-cache.ts'

function counted() {
  let nowMs = 0
  let finds = 0
  const cache = new ExpiringCache<string>({ maxAgeMs: 100, maxEntries: 2, nowMs: () => nowMs })
  return {
    cache,
    wait: (ms: number) => {
      nowMs += ms
    },
    get: (key: string) =>
      cache.get(key, async () => {
        finds++
        return key === 'nobody' ? undefined : key.toUpperCase()
      }),
    finds: () => finds,
  }
}

test('a value is looked up once while it is fresh, and again afterwards', async () => {
  const { get, wait, finds } = counted()
  expect(await Promise.all([get('a'), get('a')])).toEqual(['A', 'A'])
  wait(99)
  await get('a')
  expect(finds()).toBe(1)
  wait(1)
  await get('a')
  expect(finds()).toBe(2)
})

test('that there is none is remembered too', async () => {
  const { get, finds } = counted()
  expect([await get('nobody'), await get('nobody')]).toEqual([undefined, undefined])
  expect(finds()).toBe(1)
})

test('when it is full the oldest goes', async () => {
  const { get, finds } = counted()
  for (const key of ['a', 'b', 'c', 'b', 'c', 'a']) await get(key)
  expect(finds()).toBe(4)
})

test('a failure is told to whoever asked and not remembered', async () => {
  const { cache, get } = counted()
  await expect(cache.get('a', () => Promise.reject(new Error('away')))).rejects.toThrow('away')
  expect(await get('a')).toBe('A')
})

test('what was forgotten is looked up again', async () => {
  const { cache, get, finds } = counted()
  await get('a')
  cache.forget('a')
  await get('a')
  cache.clear()
  await get('a')
  expect(finds()).toBe(3)
})

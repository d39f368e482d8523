import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type EventLog, maxEntryBytes, type NewLogEntry } from './event-log.ts'
import type { EventLogLimits } from './event-log-limits.ts'

/** An empty place for a log, and how it is opened there. */
export interface LogPlace {
  open(limits?: Partial<EventLogLimits>): Promise<EventLog>
  remove(): Promise<void>
}

export function entry(text: string, projectId = 1, eventCount = 1): NewLogEntry {
  return { projectId, eventCount, payload: new TextEncoder().encode(text) }
}

export async function textsIn(log: EventLog, after = 0): Promise<string[]> {
  const texts: string[] = []
  for (let position = after; ; ) {
    const entries = await log.read(position, { maxEntries: 100, maxBytes: 1_000_000 })
    if (entries.length === 0) return texts
    for (const { payload } of entries) texts.push(new TextDecoder().decode(payload))
    position = entries.at(-1)?.position ?? position
  }
}

const wide = { maxEntries: 1_000, maxBytes: 10_000_000 }

/** What every event log does, wherever it keeps its entries. */
export function describeEventLog(name: string, makePlace: () => Promise<LogPlace>): void {
  describe(name, () => {
    let place: LogPlace
    let log: EventLog

    beforeEach(async () => {
      place = await makePlace()
      log = await place.open()
    })

    afterEach(async () => {
      await log.close()
      await place.remove()
    })

    it('begins empty', async () => {
      expect(await log.head()).toBe(0)
      expect(await log.read(0, wide)).toEqual([])
      expect((await log.size()).usedBytes).toBe(0)
    })

    it('keeps its identity, which no other log has', async () => {
      const identity = await log.identity()
      await log.append([entry('1')])
      await log.truncate(1)
      await log.close()
      log = await place.open()
      expect(await log.identity()).toBe(identity)
      const otherPlace = await makePlace()
      const other = await otherPlace.open()
      expect(await other.identity()).not.toBe(identity)
      await other.close()
      await otherPlace.remove()
    })

    it('gives entries back as they were appended', async () => {
      await log.append([entry('{"a":1}', 7, 3), entry('héllo \u{1f994}', 4_000_000_000, 0)])
      const entries = await log.read(0, wide)
      expect(entries.map(({ projectId, eventCount }) => [projectId, eventCount])).toEqual([
        [7, 3],
        [4_000_000_000, 0],
      ])
      expect(await textsIn(log)).toEqual(['{"a":1}', 'héllo \u{1f994}'])
      expect(entries[0]?.position).toBeGreaterThanOrEqual(1)
      expect(entries.at(-1)?.position).toBe(await log.head())
    })

    it('takes an empty list and an empty payload', async () => {
      await log.append([])
      await log.append([entry('')])
      expect(await textsIn(log)).toEqual([''])
    })

    it('keeps the order of each of many appenders, and one order for all', async () => {
      await Promise.all(
        Array.from({ length: 20 }, async (_, appender) => {
          for (let count = 0; count < 50; count++)
            await log.append([entry(`${appender}:${count}:a`, appender), entry(`${appender}:${count}:b`, appender)])
        }),
      )
      const texts = await textsIn(log)
      expect(texts).toHaveLength(2_000)
      for (let appender = 0; appender < 20; appender++) {
        const own = texts.filter((text) => text.startsWith(`${appender}:`))
        expect(own).toEqual(Array.from({ length: 50 }, (_, count) => [`${appender}:${count}:a`, `${appender}:${count}:b`]).flat())
      }
      expect(await textsIn(log)).toEqual(texts)
    })

    it('keeps the order of appends that were not awaited', async () => {
      await Promise.all(Array.from({ length: 200 }, (_, count) => log.append([entry(String(count))])))
      expect(await textsIn(log)).toEqual(Array.from({ length: 200 }, (_, count) => String(count)))
    })

    it('reads no more than asked for, but at least one', async () => {
      await log.append(['aaaaa', 'bbbbb', 'ccccc', 'ddddd'].map((text) => entry(text)))
      expect(await log.read(0, { maxEntries: 3, maxBytes: 1_000 })).toHaveLength(3)
      expect(await log.read(0, { maxEntries: 10, maxBytes: 11 })).toHaveLength(2)
      expect(await log.read(0, { maxEntries: 10, maxBytes: 1 })).toHaveLength(1)
      expect(await textsIn(log)).toEqual(['aaaaa', 'bbbbb', 'ccccc', 'ddddd'])
    })

    it('takes the largest entry and refuses a larger one', async () => {
      const largest = { projectId: 1, eventCount: 1, payload: new Uint8Array(maxEntryBytes).fill(97) }
      await log.append([largest, largest])
      const entries = await log.read(0, wide)
      expect(entries.map(({ payload }) => payload.byteLength)).toEqual([maxEntryBytes, maxEntryBytes])
      await expect(log.append([{ ...largest, payload: new Uint8Array(maxEntryBytes + 1) }])).rejects.toThrow(String(maxEntryBytes + 1))
      expect(await log.read(await log.head(), wide)).toEqual([])
    })

    it('lists heads without payloads', async () => {
      await log.append(Array.from({ length: 300 }, (_, count) => entry('x'.repeat(1_000), count, count * 2)))
      const first = (await log.read(0, { maxEntries: 1, maxBytes: 1 }))[0]?.position ?? 0
      const heads: unknown[] = []
      for await (const head of log.heads(first + 9)) heads.push(head)
      expect(heads).toHaveLength(290)
      expect(heads[0]).toEqual({ position: first + 10, projectId: 10, eventCount: 20 })
      const none: unknown[] = []
      for await (const head of log.heads(await log.head())) none.push(head)
      expect(none).toEqual([])
    })

    it('forgets what is truncated, and goes on counting', async () => {
      await log.append(['a', 'b', 'c'].map((text) => entry(text)))
      const [, second] = await log.read(0, wide)
      const position = second?.position ?? 0
      const before = await log.size()
      await log.truncate(position)
      await log.truncate(position)
      await log.truncate(position - 1)
      expect(await textsIn(log)).toEqual(['c'])
      expect((await log.size()).usedBytes).toBeLessThan(before.usedBytes)
      const head = await log.head()
      await log.truncate(head)
      expect(await log.head()).toBe(head)
      expect((await log.size()).usedBytes).toBe(0)
      await log.append([entry('d')])
      expect(await log.head()).toBe(head + 1)
      expect(await textsIn(log)).toEqual(['d'])
    })

    it('knows its entries and its head when opened again', async () => {
      await log.append(['a', 'b', 'c'].map((text) => entry(text)))
      const head = await log.head()
      await log.truncate(head - 1)
      await log.close()
      log = await place.open()
      expect(await log.head()).toBe(head)
      expect(await textsIn(log)).toEqual(['c'])
      await log.truncate(head)
      await log.close()
      log = await place.open()
      expect(await log.head()).toBe(head)
      await log.append([entry('d')])
      expect((await log.read(0, wide)).map(({ position }) => position)).toEqual([head + 1])
    })

    it('wakes who waits for entries', async () => {
      const tookMs: number[] = []
      for (let round = 0; round < 5; round++) {
        const waiting = log.waitForEntries(await log.head(), 60_000)
        await new Promise((resolve) => setTimeout(resolve, 50))
        const appendedAt = performance.now()
        await log.append([entry('a')])
        expect(await waiting).toBe(true)
        tookMs.push(performance.now() - appendedAt)
      }
      // Who is not woken looks again after a second, each time; a machine that has other things to do is late now and then.
      expect(Math.min(...tookMs)).toBeLessThan(500)
      expect(await log.waitForEntries(0, 60_000)).toBe(true)
    })

    it('stops waiting after a time, and when aborted', async () => {
      expect(await log.waitForEntries(0, 30)).toBe(false)
      const startedAt = performance.now()
      const aborting = new AbortController()
      const waiting = log.waitForEntries(0, 30_000, aborting.signal)
      setTimeout(() => aborting.abort(), 30)
      expect(await waiting).toBe(false)
      expect(await log.waitForEntries(0, 30_000, AbortSignal.abort())).toBe(false)
      expect(performance.now() - startedAt).toBeLessThan(5_000)
    })

    it('refuses to be filled beyond its limit, and goes on when there is room again', async () => {
      await log.close()
      log = await place.open({ maxBytes: 50_000 })
      const big = () => entry('x'.repeat(9_000))
      let stored = 0
      const refusal = await (async () => {
        for (; stored < 100; stored++) await log.append([big()])
      })().catch((error: unknown) => error)
      expect(refusal).toMatchObject({ name: 'EventLogUnavailable', code: 'event_log_full' })
      expect(stored).toBeGreaterThanOrEqual(4)
      expect(await textsIn(log)).toHaveLength(stored)
      expect((await log.size()).limitBytes).toBe(50_000)
      await log.truncate((await log.head()) - 1)
      await log.append([big()])
      expect(await textsIn(log)).toHaveLength(2)
    })
  })
}

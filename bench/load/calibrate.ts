import { makeEvent, seeded } from './bodies.ts'

const rounds = 40_000

/**
 * Microseconds of processor time that one JSON.parse and JSON.stringify of an event takes here and now. A machine's speed varies by the day and by
 * what else it runs: figures of two days compare by the ratio of these.
 */
export function calibrateJson(): number {
  const random = seeded(7)
  const texts = Array.from({ length: 100 }, () => JSON.stringify(makeEvent(random, 1_000)))
  const before = process.cpuUsage()
  let length = 0
  for (let round = 0; round < rounds; round++) length += JSON.stringify(JSON.parse(texts[round % texts.length] as string)).length
  const { user, system } = process.cpuUsage(before)
  if (length === 0) throw new Error('nothing was written')
  return (user + system) / rounds
}

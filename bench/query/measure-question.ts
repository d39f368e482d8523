import type { Hedgerow } from '@hedgerow/platform'
import { differenceOf, type Line } from './answers.ts'
import type { Answer, Asking } from './asking.ts'
import { median, timed } from './measure.ts'
import type { Question } from './questions.ts'

export interface Measured {
  apiMs: number
  handMs: number
  floorMs: number | undefined
  /** Processor time of the whole process for one request, and for the SQL: says more than the clock where other programs run. */
  apiCpuMs: number
  handCpuMs: number
  cachedMs: number
  compileMs: number
  /** The whole request over HTTP but the time for which the engine was waited for. */
  besideEngineMs: number
  /** The same of the question's first answer in this process. */
  firstBesideEngineMs: number
  /** How the two answers differ; undefined where they are the same. */
  difference: string | undefined
}

interface Clocked<Result> {
  ms: number
  cpuMs: number
  result: Result
}

async function clocked<Result>(act: () => Promise<Result>): Promise<Clocked<Result>> {
  const before = process.cpuUsage()
  const { ms, result } = await timed(act)
  const { user, system } = process.cpuUsage(before)
  return { ms, cpuMs: (user + system) / 1000, result }
}

/** The question by the API and by hand, turn and turn about; then the API's answer again from what it kept. */
export async function measureQuestion(question: Question, { hedgerow, ask }: Asking, repeats: number): Promise<Measured> {
  const { query, sql, floor, lines, handLines = (rows) => rows } = question
  const api: Clocked<unknown>[] = []
  const hand: Clocked<unknown>[] = []
  const floors: number[] = []
  const compile: number[] = []
  const besideEngine: number[] = []
  let difference: string | undefined
  let firstBesideEngineMs = Number.NaN
  // The first of each warms what it reads.
  for (let round = 0; round <= repeats; round++) {
    const asked = await clocked(() => ask(query))
    const written = await clocked(() => rowsOf(hedgerow, sql))
    const lowest = floor === undefined ? undefined : await timed(() => rowsOf(hedgerow, floor))
    if (round === 0) {
      firstBesideEngineMs = asked.ms - phaseMs(asked.result, 'engine')
      difference = differenceOf(lines(asked.result.results), handLines(written.result))
      continue
    }
    api.push(asked)
    hand.push(written)
    if (lowest) floors.push(lowest.ms)
    compile.push(phaseMs(asked.result, 'compile'))
    besideEngine.push(asked.ms - phaseMs(asked.result, 'engine'))
  }
  const cached: number[] = []
  for (let round = 0; round < repeats; round++) {
    const { ms, result } = await timed(() => ask(query, { refresh: 'blocking' }))
    if (!result.is_cached) throw new Error('the answer was not kept')
    cached.push(ms)
  }
  return {
    apiMs: median(api.map(({ ms }) => ms)),
    handMs: median(hand.map(({ ms }) => ms)),
    floorMs: floors.length > 0 ? median(floors) : undefined,
    apiCpuMs: median(api.map(({ cpuMs }) => cpuMs)),
    handCpuMs: median(hand.map(({ cpuMs }) => cpuMs)),
    cachedMs: median(cached),
    compileMs: median(compile),
    besideEngineMs: median(besideEngine),
    firstBesideEngineMs,
    difference,
  }
}

/** What an answer says of one of its phases; the engine is asked one thing after another. */
const phaseMs = ({ timings }: Answer, phase: string): number =>
  timings.filter(({ k }) => k === phase).reduce((sum, { t }) => sum + t * 1000, 0)

async function rowsOf({ stores }: Hedgerow, sql: string): Promise<Line[]> {
  return (await stores.events.query(sql)).rows as Line[]
}

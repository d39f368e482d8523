/** What a funnel answers, by loops over the events of each actor, written from the rules (4.2 to 4.8) and not from the engine's queries. */

export interface OracleEvent {
  actor: string
  name: string
  plan: string
  /** Minutes after the start of the range. */
  minute: number
}

export interface OracleStep {
  /** Null: any event. */
  name: string | null
  plan?: string
  optional?: boolean
}

export interface OracleFunnel {
  order: 'ordered' | 'strict' | 'unordered'
  steps: OracleStep[]
  /** Numbered from 0, as in the query. */
  exclusions: { name: string; from: number; to: number }[]
  windowMinutes: number
  breakdown?: { attribution: 'first_touch' | 'last_touch' | 'all_events' | 'step'; step: number }
}

/** How an actor came through: when each step was done, by the step's number from 0; a missing one was not done. */
export interface Outcome {
  actor: string
  value: string
  period?: number
  times: Map<number, number>
}

interface Candidate {
  minute: number
  /** Steps that it is, and steps to which it breaks the way. */
  steps: number[]
  breaks: number[]
  /** Steps that it is but may not fulfil. Unordered: it may not be the first. */
  barred: boolean
}

/** For rates over time: which step-1 events count, those of one period. */
export type Periods = (event: OracleEvent) => number

export function outcomesOf(funnel: OracleFunnel, events: OracleEvent[], periods?: Periods): Outcome[] {
  const outcomes: Outcome[] = []
  for (const actor of new Set(events.map((event) => event.actor))) {
    const own = events.filter((event) => event.actor === actor).sort((a, b) => a.minute - b.minute)
    for (const { value, used, mayFulfil } of valuesOf(funnel, own)) {
      for (const period of periods ? entryPeriods(funnel, used, periods) : [undefined]) {
        const candidates = used.map((event): Candidate => {
          const steps = stepsOf(funnel, event)
          const isOutside = period !== undefined && periods?.(event) !== period && (funnel.order === 'unordered' || steps.includes(0))
          return { minute: event.minute, steps, breaks: breaksOf(funnel, event), barred: isOutside || !mayFulfil(event) }
        })
        const barredStep = period === undefined ? (funnel.breakdown?.step ?? 0) : 0
        const times = walk(funnel, candidates, barredStep)
        if (times && times.size > 0) outcomes.push({ actor, value, ...(period === undefined ? {} : { period }), times })
      }
    }
  }
  return outcomes
}

const stepsOf = ({ steps }: OracleFunnel, event: OracleEvent): number[] =>
  steps.flatMap(({ name, plan }, i) => ((name === null || name === event.name) && (plan === undefined || plan === event.plan) ? [i] : []))

/** Steps to which the event breaks the way: a to b in the query are all ways from a step behind a up to b. */
const breaksOf = ({ exclusions, steps }: OracleFunnel, event: OracleEvent): number[] =>
  steps.flatMap((_, i) => (exclusions.some(({ name, from, to }) => name === event.name && from < i && i <= to) ? [i] : []))

function entryPeriods(funnel: OracleFunnel, events: OracleEvent[], periods: Periods): number[] {
  const entering = events.filter((event) => {
    const steps = stepsOf(funnel, event)
    return funnel.order === 'unordered' ? steps.length > 0 || breaksOf(funnel, event).length > 0 : steps.includes(0)
  })
  return [...new Set(entering.map(periods))]
}

interface Valued {
  value: string
  used: OracleEvent[]
  mayFulfil(event: OracleEvent): boolean
}

function valuesOf(funnel: OracleFunnel, own: OracleEvent[]): Valued[] {
  const { breakdown, order } = funnel
  const isPart = (event: OracleEvent) => stepsOf(funnel, event).length > 0 || breaksOf(funnel, event).length > 0
  const free = () => true
  if (!breakdown) return [{ value: '', used: own, mayFulfil: free }]
  const parts = own.filter(isPart)
  const given = parts.filter((event) => event.plan !== '')
  const byPlan = (a: OracleEvent, b: OracleEvent) => a.minute - b.minute || (a.plan < b.plan ? -1 : a.plan > b.plan ? 1 : 0)
  switch (breakdown.attribution) {
    case 'first_touch':
      return [{ value: given.toSorted(byPlan)[0]?.plan ?? '', used: own, mayFulfil: free }]
    case 'last_touch':
      return [{ value: given.toSorted(byPlan).at(-1)?.plan ?? '', used: own, mayFulfil: free }]
    case 'all_events':
      return [...new Set(own.map((event) => event.plan))].map((value) => ({
        value,
        used: own.filter((event) => event.plan === value),
        mayFulfil: free,
      }))
    case 'step': {
      const step = breakdown.step
      const counts = order === 'unordered' ? parts : own.filter((event) => stepsOf(funnel, event).includes(step))
      return [...new Set(counts.map((event) => event.plan))].map((value) => ({
        value,
        used: own,
        mayFulfil: (event) => event.plan === value || (order !== 'unordered' && !stepsOf(funnel, event).includes(step)),
      }))
    }
  }
}

/** At one instant, events of few and early steps come first, exclusions last, and what is barred after what is not. */
function inOrder(count: number, candidates: Candidate[]): Candidate[] {
  return candidates.toSorted((a, b) => a.minute - b.minute || kind(count, a) - kind(count, b) || Number(a.barred) - Number(b.barred))
}

const kind = (count: number, { steps, breaks }: Candidate): number =>
  steps.reduce((sum, step) => sum + 2 ** step, 0) + breaks.reduce((sum, step) => sum + 2 ** (count + step), 0)

function walk(funnel: OracleFunnel, given: Candidate[], barredStep: number): Map<number, number> | undefined {
  const count = funnel.steps.length
  const candidates = inOrder(
    count,
    given.filter(({ steps, breaks }) => funnel.order === 'strict' || steps.length > 0 || breaks.length > 0),
  )
  return funnel.order === 'unordered' ? walkUnordered(funnel, candidates) : walkOrdered(funnel, candidates, barredStep)
}

// ── ordered and strict ─────────────────────────────────────────────────────────────────────────────────────────────────

interface Chain {
  start: number
  times: Map<number, number>
  events: Set<Candidate>
  isExcluded: boolean
}

function walkOrdered(funnel: OracleFunnel, candidates: Candidate[], barredStep: number): Map<number, number> | undefined {
  const { steps, order, windowMinutes } = funnel
  const count = steps.length
  const chains: (Chain | undefined)[] = steps.map(() => undefined)
  let best: { depth: number; chain: Chain } | undefined
  const isInWindow = (chain: Chain | undefined, minute: number): chain is Chain =>
    chain !== undefined && minute - chain.start <= windowMinutes

  /** The step whose chain is extended: the one before, or further back past optional ones. */
  function behind(step: number, minute: number): number {
    let place = step - 1
    while (!isInWindow(chains[place], minute) && steps[place]?.optional) place--
    return place
  }

  function exclude(step: number, minute: number): void {
    const place = behind(step, minute)
    const chain = chains[place]
    if (!isInWindow(chain, minute) || chains[step]?.start === chain.start || chain.isExcluded) return
    chains[place] = { ...chain, isExcluded: true }
    if (best?.depth === place && isInWindow(best.chain, minute)) best = { ...best, chain: { ...best.chain, isExcluded: true } }
  }

  function fulfil(candidate: Candidate, step: number): void {
    if (candidate.barred && step === barredStep) return
    const { minute } = candidate
    const from: Chain | undefined =
      step === 0 ? { start: minute, times: new Map(), events: new Set(), isExcluded: false } : chains[behind(step, minute)]
    if (!isInWindow(from, minute) || chains[step]?.start === from.start || from.events.has(candidate)) return
    const chain: Chain = {
      start: from.start,
      times: new Map(from.times).set(step, minute),
      events: new Set(from.events).add(candidate),
      isExcluded: from.isExcluded,
    }
    if (!from.isExcluded) chains[step] = chain
    if (!best || step > best.depth || (step === best.depth && best.chain.isExcluded)) best = { depth: step, chain }
  }

  for (const instant of instantsOf(candidates)) {
    const kinds = new Set(instant.map((candidate) => kind(count, candidate)))
    if (kinds.size > 1) {
      for (const step of steps.keys()) for (const candidate of instant) if (candidate.steps.includes(step)) fulfil(candidate, step)
    } else {
      for (const candidate of instant) {
        for (const step of candidate.breaks) exclude(step, candidate.minute)
        for (const step of candidate.steps.toReversed()) fulfil(candidate, step)
        if (order === 'strict') for (const step of steps.keys()) if (!candidate.steps.includes(step)) chains[step] = undefined
      }
    }
    if (chains[count - 1]) break
  }
  return best && !best.chain.isExcluded ? best.chain.times : undefined
}

function instantsOf(candidates: Candidate[]): Candidate[][] {
  const instants: Candidate[][] = []
  for (const candidate of candidates) {
    const last = instants.at(-1)
    if (last?.[0]?.minute === candidate.minute) last.push(candidate)
    else instants.push([candidate])
  }
  return instants
}

// ── unordered ──────────────────────────────────────────────────────────────────────────────────────────────────────────

function walkUnordered({ steps, windowMinutes }: OracleFunnel, candidates: Candidate[]): Map<number, number> {
  let queues: Candidate[][] = steps.map(() => [])
  let best: number[] = []
  const note = () => {
    const fronts = queues.flatMap((queue) => (queue[0] ? [queue[0].minute] : []))
    if (fronts.length > best.length) best = fronts.sort((a, b) => a - b)
  }
  for (const candidate of candidates) {
    const oldest = () => Math.min(...queues.flatMap((queue) => queue.map(({ minute }) => minute)))
    if (candidate.minute - oldest() > windowMinutes) {
      note()
      queues = queues.map((queue) => queue.filter(({ minute }) => candidate.minute - minute <= windowMinutes))
    }
    queues = withoutBarredFirst(queues, candidates)
    if (candidate.breaks.length > 0) {
      queues = steps.map(() => [])
      continue
    }
    if (candidate.barred && queues.every((queue) => queue.length === 0)) continue
    const lastOf = (step: number) => queues[step]?.at(-1)?.minute ?? -1
    const [step] = candidate.steps.toSorted((a, b) => lastOf(a) - lastOf(b) || a - b)
    if (step === undefined) continue
    queues[step]?.push(candidate)
    if (queues.every((queue) => queue.length > 0)) {
      note()
      break
    }
  }
  note()
  return new Map(best.map((minute, i) => [i, minute]))
}

/** Entries leave from the front, in the order in which they came, until one may be the first. */
function withoutBarredFirst(queues: Candidate[][], order: Candidate[]): Candidate[][] {
  const first = Math.min(...queues.flatMap((queue) => queue.filter(({ barred }) => !barred).map((candidate) => order.indexOf(candidate))))
  return queues.map((queue) => queue.filter((candidate) => order.indexOf(candidate) >= first))
}

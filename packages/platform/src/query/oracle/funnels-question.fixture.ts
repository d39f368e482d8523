import * as fc from 'fast-check'
import type { OracleEvent, OracleFunnel, OracleStep } from './funnels-oracle.fixture.ts'

const names = ['a', 'b', 'c', 'd', 'x', 'idle']
const plans = ['', 'p', 'q', 'r']
/** Few instants, so that many events share one. */
const slots = 24
const slotMinutes = 10

const randomEvent = fc.record({
  name: fc.constantFrom(...names),
  plan: fc.constantFrom(...plans),
  minute: fc.nat(slots - 1).map((slot) => slot * slotMinutes),
})

/** The events of some actors, each on their own. */
export const randomEvents: fc.Arbitrary<OracleEvent[]> = fc
  .array(fc.array(randomEvent, { minLength: 1, maxLength: 14 }), { minLength: 40, maxLength: 40 })
  .map((actors) => actors.flatMap((events, i) => events.map((event) => ({ ...event, actor: actorId(i) }))))

const actorId = (place: number): string => `00000000-0000-4000-8000-${String(place + 1).padStart(12, '0')}`

const plainStep: fc.Arbitrary<OracleStep> = fc.constantFrom('a', 'b', 'c', 'd').map((name) => ({ name }))
const anyStep: fc.Arbitrary<OracleStep> = fc.oneof(
  { weight: 5, arbitrary: plainStep },
  { weight: 1, arbitrary: fc.constant({ name: null }) },
  { weight: 2, arbitrary: fc.record({ name: fc.constantFrom('a', 'b'), plan: fc.constantFrom('p', 'q') }) },
)
const distinctSteps: fc.Arbitrary<OracleStep[]> = fc
  .shuffledSubarray(['a', 'b', 'c', 'd'], { minLength: 2, maxLength: 4 })
  .map((list) => list.map((name) => ({ name })))

const steps = fc.oneof(distinctSteps, fc.array(anyStep, { minLength: 2, maxLength: 4 }))

export interface FunnelAsked extends OracleFunnel {
  view: 'steps' | 'time_to_convert' | 'trends'
  fromStep: number
  toStep: number
  /** Of the breakdown. */
  limit: number
}

export const randomFunnel: fc.Arbitrary<FunnelAsked> = fc
  .record({
    order: fc.constantFrom('ordered' as const, 'ordered' as const, 'strict' as const, 'unordered' as const),
    steps,
    excludes: fc.constantFrom(0, 0, 1, 2),
    exclusionAt: fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3), fc.nat(3)),
    optionalAt: fc.option(fc.array(fc.nat(3), { minLength: 1, maxLength: 2 }), { freq: 4 }),
    windowMinutes: fc.integer({ min: 1, max: 12 }).map((slot) => slot * slotMinutes),
    attribution: fc.option(fc.constantFrom('first_touch' as const, 'last_touch' as const, 'all_events' as const, 'step' as const), {
      freq: 2,
    }),
    attributionStep: fc.nat(3),
    limit: fc.constantFrom(25, 25, 2),
    view: fc.constantFrom('steps' as const, 'steps' as const, 'steps' as const, 'time_to_convert' as const, 'trends' as const),
    between: fc.tuple(fc.nat(3), fc.nat(3)),
  })
  .map((given): FunnelAsked => {
    const count = given.steps.length
    const { order, view } = given
    const last = count - 1
    const [from, to] = between(given.between, last)
    const isOptional = given.optionalAt && order !== 'unordered' && view === 'steps' ? given.optionalAt.map((at) => 1 + (at % last)) : []
    const marked = given.steps.map((step, i) => (isOptional.includes(i) ? { ...step, optional: true } : step))
    const isShadowed = marked.some((step, i) => step.optional && !marked[i + 1]?.optional && same(step, marked[i + 1]))
    const [a, b, c, d] = given.exclusionAt
    const ranges = [between([a, b], last), between([c, d], last)].slice(0, given.excludes)
    const step = order === 'unordered' ? 0 : given.attributionStep % count
    return {
      order,
      steps: isShadowed ? given.steps : marked,
      exclusions: ranges.map(([first, second], i) => ({
        name: i === 0 ? 'x' : 'idle',
        ...(order === 'unordered' ? { from: 0, to: last } : { from: first, to: second }),
      })),
      windowMinutes: given.windowMinutes,
      view,
      fromStep: from,
      toStep: to,
      limit: given.limit,
      // Rates over time by the value of a step would guard two steps; the oracle guards one.
      ...(given.attribution && view !== 'time_to_convert' && !(view === 'trends' && given.attribution === 'step')
        ? { breakdown: { attribution: given.attribution, step } }
        : {}),
    }
  })

const same = (a: OracleStep, b: OracleStep | undefined): boolean => a.name === b?.name && a.plan === b?.plan

function between([a, b]: [number, number], last: number): [number, number] {
  const from = a % last
  return [from, from + 1 + (b % (last - from))]
}

export const rangeStart = new Date('2024-05-01T00:00:00Z')

/** The question as PostHog's query. */
export function funnelQuery(asked: FunnelAsked): Record<string, unknown> {
  const node = ({ name, plan, optional }: OracleStep) => ({
    kind: 'EventsNode',
    event: name,
    ...(plan === undefined ? {} : { properties: [{ type: 'event', key: 'plan', operator: 'exact', value: [plan] }] }),
    ...(optional ? { optionalInFunnel: true } : {}),
  })
  return {
    kind: 'FunnelsQuery',
    series: asked.steps.map(node),
    interval: 'hour',
    dateRange: { date_from: '2024-05-01T00:00:00Z', date_to: '2024-05-01T23:59:59Z', explicitDate: true },
    funnelsFilter: {
      funnelOrderType: asked.order,
      funnelVizType: asked.view,
      funnelWindowInterval: asked.windowMinutes,
      funnelWindowIntervalUnit: 'minute',
      ...(asked.view === 'steps' ? {} : { funnelFromStep: asked.fromStep, funnelToStep: asked.toStep }),
      exclusions: asked.exclusions.map(({ name, from, to }) => ({
        kind: 'EventsNode',
        event: name,
        funnelFromStep: from,
        funnelToStep: to,
      })),
      ...(asked.breakdown
        ? { breakdownAttributionType: asked.breakdown.attribution, breakdownAttributionValue: asked.breakdown.step }
        : {}),
    },
    ...(asked.breakdown ? { breakdownFilter: { breakdown: 'plan', breakdown_type: 'event', breakdown_limit: asked.limit } } : {}),
  }
}

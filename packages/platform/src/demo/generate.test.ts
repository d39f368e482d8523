import { beforeAll, describe, expect, test } from 'vitest'
import { onboardingExperiment, onboardingLoss, onboardingSteps, pricingExperiment, testAccountDomain } from './effects.ts'
import { generateDemo } from './generate.ts'
import type { SourcedEvent } from './sdk-event.ts'

const now = new Date('2026-05-20T16:40:12.345Z')
const dayMs = 86_400_000

let days: SourcedEvent[][]
let events: SourcedEvent[]
/** Distinct id as sent → the one id of its person, through every `$identify`. */
let personOf: Map<string, string>
/** Person → events in their order. */
let histories: Map<string, SourcedEvent[]>
let testers: Set<string>

beforeAll(() => {
  days = [...generateDemo({ now })]
  events = days.flat()
  personOf = new Map()
  for (const { event, distinctId, properties } of events) {
    if (event === '$identify') personOf.set(String(properties.$anon_distinct_id), distinctId)
  }
  histories = groupByPerson()
  testers = new Set(events.filter(({ set, properties }) => emailIn(set ?? properties.$set)?.endsWith(`@${testAccountDomain}`)).map(person))
}, 60_000)

function person(event: SourcedEvent): string {
  return personOf.get(event.distinctId) ?? event.distinctId
}

function groupByPerson(): Map<string, SourcedEvent[]> {
  const groups = new Map<string, SourcedEvent[]>()
  for (const event of events) {
    const group = groups.get(person(event))
    if (group) group.push(event)
    else groups.set(person(event), [event])
  }
  return groups
}

function isSignedIn({ distinctId }: SourcedEvent): boolean {
  return distinctId.startsWith('user_')
}

function emailIn(set: unknown): string | undefined {
  return typeof set === 'object' && set !== null && 'email' in set ? String(set.email) : undefined
}

const named = (name: string): SourcedEvent[] => events.filter(({ event }) => event === name)
const people = (name: string): Set<string> => new Set(named(name).map(person))
const share = (part: number, whole: number): number => part / whole

test('is the same every time, and moves with now alone', () => {
  const options = { now, days: 12, size: 0.1 }
  const first = [...generateDemo(options)]
  expect([...generateDemo(options)]).toEqual(first)
  const later = [...generateDemo({ ...options, now: new Date(now.getTime() + 7 * dayMs) })].flat()
  expect(later.map(({ event, atMs }) => [event, atMs - 7 * dayMs])).toEqual(first.flat().map(({ event, atMs }) => [event, atMs]))
  expect([...generateDemo({ ...options, seed: 'other' })]).not.toEqual(first)
})

test('has about 200 000 events of 90 days, each with a uuid of its own, none in the future', () => {
  expect(days).toHaveLength(90)
  expect(events.length).toBeGreaterThan(180_000)
  expect(events.length).toBeLessThan(220_000)
  expect(new Set(events.map(({ uuid }) => uuid)).size).toBe(events.length)
  const instants = events.map(({ atMs }) => atMs)
  expect(instants.reduce((a, b) => Math.max(a, b))).toBeLessThanOrEqual(now.getTime())
  expect(instants.reduce((a, b) => Math.min(a, b))).toBeGreaterThan(now.getTime() - 91 * dayMs)
})

test.each([
  ['$pageview', 40_000, 80_000],
  ['$autocapture', 12_000, 30_000],
  ['$identify', 2_500, 5_000],
  ['signed_up', 2_200, 3_400],
  ['onboarding_completed', 700, 1_300],
  ['item_created', 12_000, 30_000],
  ['item_shared', 3_000, 9_000],
  ['item_exported', 2_000, 6_000],
  ['$screen', 4_000, 14_000],
  ['$groupidentify', 1_500, 3_000],
  ['$feature_flag_called', 1_400, 2_600],
  ['$experiment_started', 800, 1_600],
  ['subscription_started', 140, 320],
  ['invoice_paid', 350, 900],
  ['subscription_upgraded', 20, 120],
  ['subscription_downgraded', 5, 60],
  ['subscription_cancelled', 12, 90],
  ['api_request', 6_000, 22_000],
])('has between %2$i and %3$i of %1$s', (name, least, most) => {
  const count = named(name).length
  expect(count).toBeGreaterThanOrEqual(least)
  expect(count).toBeLessThanOrEqual(most)
})

test('comes from browsers, phones and servers', () => {
  const from = (source: string) => share(events.filter((event) => event.source === source).length, events.length)
  expect(from('web')).toBeGreaterThan(0.7)
  expect(from('mobile')).toBeGreaterThan(0.05)
  expect(from('server')).toBeGreaterThan(0.05)
})

describe('people', () => {
  test('their events stand in the order in which they happened, session by session', () => {
    const disordered = [...histories.values()].filter((history) => {
      const instants = history.filter(({ source }) => source !== 'server').map(({ atMs }) => atMs)
      return instants.some((atMs, index) => atMs < (instants[index - 1] ?? 0))
    })
    expect(disordered).toEqual([])
  })

  test('an id belongs to one person; nobody who was identified is merged away', () => {
    const identified = new Set(named('$identify').map(({ distinctId }) => distinctId))
    for (const { properties, distinctId } of named('$identify')) {
      expect(identified.has(String(properties.$anon_distinct_id))).toBe(false)
      expect(personOf.get(String(properties.$anon_distinct_id))).toBe(distinctId)
    }
  })

  test('are anonymous and without a profile until they sign in, on each device', () => {
    const clients = events.filter(({ source, event }) => source !== 'server' && event !== '$identify')
    const [known, unknown] = [clients.filter(isSignedIn), clients.filter((event) => !isSignedIn(event))]
    expect(unknown.length).toBeGreaterThan(20_000)
    expect(known.filter(({ properties }) => !properties.$process_person_profile || !properties.$is_identified)).toEqual([])
    expect(unknown.filter(({ properties }) => properties.$process_person_profile !== false || properties.$is_identified)).toEqual([])
    expect(unknown.filter(({ source, properties, distinctId }) => source === 'web' && properties.$device_id !== distinctId)).toEqual([])
  })

  test('many use several devices', () => {
    const devices = new Map<string, Set<string>>()
    for (const { distinctId, properties } of named('$identify')) {
      const known = devices.get(distinctId) ?? new Set()
      devices.set(distinctId, known.add(String(properties.$anon_distinct_id)))
    }
    const several = [...devices.values()].filter(({ size }) => size > 1).length
    expect(share(several, devices.size)).toBeGreaterThan(0.15)
  })

  test('test accounts are a handful, and busy', () => {
    expect(testers.size).toBeGreaterThanOrEqual(4)
    expect(testers.size).toBeLessThanOrEqual(12)
    for (const tester of testers) expect(histories.get(tester)?.length).toBeGreaterThan(100)
  })
})

describe('rhythm', () => {
  const perWeekday = () => {
    const sums = new Array<number>(7).fill(0)
    for (const { atMs } of events) {
      const weekday = new Date(atMs).getUTCDay()
      sums[weekday] = (sums[weekday] ?? 0) + 1
    }
    return sums
  }

  test('weekends are quiet', () => {
    const [sunday = 0, monday = 0, , wednesday = 0, , , saturday = 0] = perWeekday()
    expect(share(saturday + sunday, monday + wednesday)).toBeLessThan(0.5)
  })

  test('nights are quiet where people live', () => {
    const offset = new Map([
      ['Europe/Berlin', 1],
      ['America/New_York', -5],
    ])
    let [night, day] = [0, 0]
    for (const { atMs, properties } of events) {
      const hours = offset.get(String(properties.$timezone))
      if (hours === undefined) continue
      const hour = (new Date(atMs).getUTCHours() + hours + 24) % 24
      if (hour >= 1 && hour < 6) night++
      if (hour >= 9 && hour < 17) day++
    }
    expect(day).toBeGreaterThan(10_000)
    expect(share(night, day)).toBeLessThan(0.05)
  })

  test('the product grows', () => {
    const signups = (from: number, to: number) =>
      days.slice(from, to).reduce((sum, day) => sum + day.filter(({ event }) => event === 'signed_up').length, 0)
    expect(share(signups(56, 84), signups(0, 28))).toBeGreaterThan(1.5)
  })

  test('of those who sign up fewer are back in each later week', () => {
    const back = [0, 0, 0, 0]
    for (const { atMs, distinctId } of named('signed_up')) {
      if (atMs > now.getTime() - 36 * dayMs) continue
      const weeks = new Set(histories.get(distinctId)?.map((event) => Math.floor((event.atMs - atMs - dayMs) / (7 * dayMs))))
      for (const week of back.keys()) if (weeks.has(week)) back[week] = (back[week] ?? 0) + 1
    }
    const [first = 0, second = 0, third = 0, fourth = 0] = back
    expect(first).toBeGreaterThan(second)
    expect(second).toBeGreaterThan(third)
    expect(third).toBeGreaterThanOrEqual(fourth)
    expect(share(fourth, first)).toBeLessThan(0.7)
    expect(share(fourth, first)).toBeGreaterThan(0.2)
  })
})

test('onboarding loses most people where it is meant to', () => {
  const done = onboardingSteps.map(
    (step) =>
      new Set(
        named('onboarding_step_completed')
          .filter(({ properties }) => properties.step === step)
          .map(person),
      ).size,
  )
  const started = named('$pageview').filter(({ properties }) => properties.$pathname === '/app/welcome/create_workspace')
  const counts = [new Set(started.map(person)).size, ...done]
  const losses = onboardingSteps.map((_, index) => 1 - share(counts[index + 1] ?? 0, counts[index] ?? 1))
  expect(losses.indexOf(Math.max(...losses))).toBe(onboardingSteps.indexOf('invite_teammates'))
  expect(Object.values(onboardingLoss).reduce((sum, part) => sum + part, 0)).toBeCloseTo(1, 10)
})

describe('experiments', () => {
  /** Of everybody exposed long enough ago: whether `event` follows within `days`, by variant. */
  function rates(
    exposures: SourcedEvent[],
    variantProperty: string,
    event: string,
    withinDays: number,
  ): Record<string, { people: number; rate: number }> {
    const seen = new Map<string, { variant: string; atMs: number }>()
    for (const exposure of exposures) {
      if (!seen.has(person(exposure)))
        seen.set(person(exposure), { variant: String(exposure.properties[variantProperty]), atMs: exposure.atMs })
    }
    const counts: Record<string, { people: number; converted: number }> = {}
    for (const [id, { variant, atMs }] of seen) {
      if (testers.has(id) || atMs > now.getTime() - withinDays * dayMs) continue
      const count = counts[variant] ?? { people: 0, converted: 0 }
      counts[variant] = count
      const converted = histories
        .get(id)
        ?.some((later) => later.event === event && later.atMs >= atMs && later.atMs < atMs + withinDays * dayMs)
      count.people++
      if (converted) count.converted++
    }
    return Object.fromEntries(
      Object.entries(counts).map(([variant, { people, converted }]) => [variant, { people, rate: converted / people }]),
    )
  }

  test('the onboarding checklist raises activation as stated', () => {
    const { flagKey, variants, activationRate, activationEvent, activationWithinDays } = onboardingExperiment
    const exposures = named('$feature_flag_called').filter(({ properties }) => properties.$feature_flag === flagKey)
    const found = rates(exposures, '$feature_flag_response', activationEvent, activationWithinDays)
    expect(Object.keys(found).sort()).toEqual([...variants])
    for (const variant of variants) {
      expect(found[variant]?.people).toBeGreaterThan(600)
      expect(Math.abs((found[variant]?.rate ?? 0) - activationRate[variant])).toBeLessThan(0.045)
    }
    expect((found.test?.rate ?? 0) - (found.control?.rate ?? 0)).toBeGreaterThan(0.06)
    const halves = share(found.test?.people ?? 0, found.control?.people ?? 1)
    expect(Math.abs(halves - 1)).toBeLessThan(0.12)
  })

  test('one variant of the pricing page raises subscriptions as stated, the other does not', () => {
    const { name, variants, subscriptionRate, subscriptionEvent, subscriptionWithinDays } = pricingExperiment
    const exposures = named('$experiment_started').filter(({ properties }) => properties.$experiment_name === name)
    const found = rates(exposures, '$experiment_variant', subscriptionEvent, subscriptionWithinDays)
    expect(Object.keys(found).sort()).toEqual([...variants].sort())
    for (const variant of variants) {
      expect(found[variant]?.people).toBeGreaterThan(200)
      expect(Math.abs((found[variant]?.rate ?? 0) - subscriptionRate[variant])).toBeLessThan(0.07)
    }
    expect((found['annual-first']?.rate ?? 0) - (found.control?.rate ?? 0)).toBeGreaterThan(0.05)
  })

  test('nobody is exposed twice to different variants, or before the beginning', () => {
    const variants = new Map<string, unknown>()
    for (const exposure of [...named('$feature_flag_called'), ...named('$experiment_started')]) {
      const { properties } = exposure
      const key = `${person(exposure)} ${properties.$feature_flag ?? properties.$experiment_name}`
      const variant = properties.$feature_flag_response ?? properties.$experiment_variant
      expect(variants.get(key) ?? variant).toBe(variant)
      variants.set(key, variant)
    }
    const early = days.slice(0, onboardingExperiment.firstDay - 1).flat()
    expect(early.filter(({ event }) => event === '$feature_flag_called')).toEqual([])
  })
})

test('revenue is paid on servers, for plans that were begun', () => {
  const subscribers = new Set([...people('subscription_started')])
  for (const { source, properties } of named('invoice_paid')) {
    expect(source).toBe('server')
    expect(properties.revenue).toBeGreaterThan(0)
    expect(['starter', 'team', 'business']).toContain(properties.plan)
  }
  const payers = people('invoice_paid')
  for (const subscriber of subscribers) expect(payers.has(subscriber) || lastMoment(subscriber)).toBe(true)
})

/** The payment of somebody who subscribed in the last seconds may lie in the future. */
function lastMoment(id: string): boolean {
  return histories.get(id)?.some(({ event, atMs }) => event === 'subscription_started' && atMs > now.getTime() - 10_000) ?? false
}

test('companies are groups: described once they exist, and on the events of their people', () => {
  const described = new Set(named('$groupidentify').map(({ properties }) => String(properties.$group_key)))
  expect(described.size).toBeGreaterThan(800)
  const used = new Set(
    events.flatMap(({ properties }) => ('$groups' in properties ? [String((properties.$groups as Record<string, unknown>).company)] : [])),
  )
  const undescribed = [...used].filter((key) => !described.has(key))
  expect(share(undescribed.length, used.size)).toBeLessThan(0.05)
})

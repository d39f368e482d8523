import { describe, expect, test } from 'vitest'
import type { InsightContext, QueryNode } from '../context.ts'
import { areDistinct } from './moments.ts'
import { resolveFunnel } from './resolve.ts'

const now = new Date('2024-05-20T00:00:00Z')
const parseExpr = () => {
  throw new Error('no HogQL in these tests')
}
const context: InsightContext = {
  now,
  timezone: 'Asia/Kathmandu',
  weekStartDay: 0,
  filters: { now, timezone: 'Asia/Kathmandu', scope: 'events', pathCleaning: [], parseExpr },
  testAccountFilters: [],
  pathCleaning: [],
  actions: new Map([[7, { id: 7, name: 'bought', steps: [{ event: 'paid' }, { event: 'renewed' }] }]]),
  cohorts: new Map(),
  parseExpr,
  propertyType: () => undefined,
}

const event = (name: string | null, rest: object = {}): QueryNode => ({ kind: 'EventsNode', event: name, ...rest })
const abc = ['a', 'b', 'c'].map((name) => event(name))
const resolved = (funnelsFilter: object = {}, rest: object = {}) =>
  resolveFunnel({ kind: 'FunnelsQuery', series: abc, funnelsFilter, ...rest }, context)
const exclusion = (name: string, funnelFromStep: unknown, funnelToStep: unknown) => event(name, { funnelFromStep, funnelToStep })

describe('what is wrong with a funnel is named', () => {
  test.each<[string, object, object, RegExp]>([
    ['no steps', {}, { series: [] }, /series must be a list of at least one/],
    ['too many steps', {}, { series: Array.from({ length: 31 }, () => event('a')) }, /30 steps at most; series has 31/],
    ['an action that is not there', {}, { series: [event('a'), { kind: 'ActionsNode', id: 8 }] }, /series\[1\].*id 8/],
    ['an order', { funnelOrderType: 'shuffled' }, {}, /funnelOrderType must be one of ordered, strict, unordered, not "shuffled"/],
    ['a window without length', { funnelWindowInterval: 0 }, {}, /funnelWindowInterval must be a whole number, 1 to/],
    ['a unit', { funnelWindowIntervalUnit: 'year' }, {}, /funnelWindowIntervalUnit.*"year"/],
    ['steps the wrong way round', { funnelFromStep: 1, funnelToStep: 1 }, {}, /funnelToStep must be more than funnelFromStep 1, not 1/],
    ['a step that is not there', { funnelToStep: 3 }, {}, /funnelToStep must be a whole number, 1 to 2/],
    ['an exclusion that ends before it begins', { exclusions: [exclusion('x', 1, 0)] }, {}, /must be more than funnelFromStep 1, not 0/],
    ['an exclusion beyond the steps', { exclusions: [exclusion('x', 0, 3)] }, {}, /from step 0 to 3; the steps are 0 to 2/],
    ['an exclusion without a range', { exclusions: [exclusion('x', 0, '1')] }, {}, /needs funnelFromStep and funnelToStep/],
    ['an exclusion that is a step', { exclusions: [exclusion('b', 0, 1)] }, {}, /exclusions\[0\] is the same as step 1/],
    [
      'part of an unordered funnel',
      { funnelOrderType: 'unordered', exclusions: [exclusion('x', 0, 1)] },
      {},
      /must span all steps, 0 to 2/,
    ],
    [
      'the value of a later step of an unordered funnel',
      { funnelOrderType: 'unordered', breakdownAttributionType: 'step', breakdownAttributionValue: 1 },
      { breakdownFilter: { breakdown: 'plan' } },
      /breakdownAttributionValue must be 0 in an unordered funnel, not 1/,
    ],
    [
      'a first step that is optional',
      {},
      { series: [event('a', { optionalInFunnel: true }), event('b')] },
      /first step of a funnel cannot be/,
    ],
    [
      'an optional step of an unordered funnel',
      { funnelOrderType: 'unordered' },
      { series: [event('a'), event('b', { optionalInFunnel: true }), event('c')] },
      /not unordered and steps/,
    ],
    [
      'an optional step that the next one is too',
      {},
      { series: [event('a'), event('b', { optionalInFunnel: true }), event('b')] },
      /the same as the required step after it/,
    ],
    ['an unknown cohort', {}, { breakdownFilter: { breakdown: [3], breakdown_type: 'cohort' } }, /no cohort with the id "3"/],
    ['a kind of breakdown', {}, { breakdownFilter: { breakdown: 'x', breakdown_type: 'colour' } }, /breakdown_type.*"colour"/],
  ])('%s', (_, filter, rest, message) => {
    expect(() => resolved(filter, rest)).toThrow(message)
  })

  test('an exclusion may be a step outside its range, or differ by its filters', () => {
    expect(resolved({ exclusions: [exclusion('c', 0, 1)] }).exclusions).toHaveLength(1)
    const filtered = { ...exclusion('b', 0, 1), properties: [{ type: 'event', key: 'k', value: 'v' }] }
    expect(resolved({ exclusions: [filtered] }).exclusions).toHaveLength(1)
  })
})

describe('a funnel as it is asked for', () => {
  test('without anything said, fourteen days between the first and the last step, in order', () => {
    expect(resolved()).toMatchObject({
      order: 'ordered',
      view: 'steps',
      windowSeconds: 14 * 86_400,
      fromStep: 1,
      toStep: 3,
      sampledShare: 1,
    })
  })

  test('a month is 31 days', () => {
    expect(resolved({ funnelWindowInterval: 2, funnelWindowIntervalUnit: 'month' }).windowSeconds).toBe(62 * 86_400)
  })

  test.each<[string, QueryNode[], boolean]>([
    ['different events', abc, true],
    ['an event twice', [event('a'), event('a', { properties: [{ type: 'event', key: 'k', value: 'v' }] })], false],
    ['any event', [event('a'), event(null)], false],
    ['an action of other events', [event('a'), { kind: 'ActionsNode', id: 7 }], true],
    ['an action of the same event', [event('paid'), { kind: 'ActionsNode', id: 7 }], false],
  ])('no event can be two steps: %s', (_, series, wanted) => {
    expect(areDistinct(resolved({}, { series }))).toBe(wanted)
  })
})

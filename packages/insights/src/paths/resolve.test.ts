import { HogqlError } from '@hedgerow/hogql'
import { expect, test } from 'vitest'
import { testContext } from '../insight-context.fixture.ts'
import { paths } from './paths.ts'
import { resolvePaths } from './resolve.ts'
import { shapePaths } from './shape.ts'

const context = await testContext()
const resolve = (node: Record<string, unknown>) => resolvePaths({ kind: 'PathsQuery', ...node }, context)
const filter = (fields: unknown) => ({ pathsFilter: fields })
const funnel = (fields: object) => ({ funnelPathsFilter: { funnelPathType: 'funnel_path_after_step', funnelStep: 1, ...fields } })
const source = { kind: 'FunnelsQuery', series: ['a', 'b', 'c'].map((event) => ({ kind: 'EventsNode', event })) }

test.each<[Record<string, unknown>, string]>([
  [filter([]), 'pathsFilter must be an object'],
  [filter({ stepLimit: 0 }), 'pathsFilter.stepLimit must be a whole number, 1 to 100, not 0'],
  [filter({ edgeLimit: 1e6 }), 'pathsFilter.edgeLimit must be a whole number, 1 to 10000'],
  [filter({ minEdgeWeight: 'x' }), 'pathsFilter.minEdgeWeight must be a whole number'],
  [filter({ minEdgeWeight: 5, maxEdgeWeight: 2 }), 'minEdgeWeight (5) must not be more than maxEdgeWeight (2)'],
  [filter({ includeEventTypes: '$pageview' }), 'pathsFilter.includeEventTypes must be a list of texts, not "$pageview"'],
  [
    filter({ includeEventTypes: ['clicks'] }),
    'pathsFilter.includeEventTypes can have $pageview, $screen, custom_event, hogql, not "clicks"',
  ],
  [filter({ includeEventTypes: ['hogql'] }), 'needs a pathsHogQLExpression'],
  [filter({ pathsHogQLExpression: 5 }), 'pathsFilter.pathsHogQLExpression must be a text, not 5'],
  [filter({ excludeEvents: [1] }), 'pathsFilter.excludeEvents must be a list of texts'],
  [
    filter({ pathGroupings: Array.from({ length: 101 }, () => '/a*') }),
    'pathsFilter.pathGroupings can have 100 entries at most; there are 101',
  ],
  [filter({ startPoint: {} }), 'pathsFilter.startPoint must be a text'],
  [filter({ pathReplacements: 1 }), 'pathsFilter.pathReplacements must be true or false'],
  [filter({ localPathCleaningFilters: {} }), 'pathsFilter.localPathCleaningFilters must be a list of rules'],
  [filter({ localPathCleaningFilters: [{ alias: 'x' }] }), 'localPathCleaningFilters[0].regex must be a regular expression'],
  [filter({ localPathCleaningFilters: [{ regex: 'x' }] }), 'localPathCleaningFilters[0].alias must be a text'],
  [{ funnelPathsFilter: 'x' }, 'funnelPathsFilter must be an object'],
  [funnel({}), 'funnelPathsFilter.funnelSource must be a FunnelsQuery, not undefined'],
  [funnel({ funnelSource: source, funnelStep: 4 }), 'funnelStep must be 1 to 3'],
  [funnel({ funnelSource: source, funnelPathType: 'around' }), 'funnelPathsFilter.funnelPathType must be one of funnel_path_after_step'],
  [funnel({ funnelSource: source, funnelPathType: 'funnel_path_between_steps' }), 'funnelStep must be 2 or more'],
  [
    { ...funnel({ funnelSource: source }), aggregation_group_type_index: 1 },
    'funnelPathsFilter.funnelSource and the paths must have the same aggregation_group_type_index',
  ],
])('%j is refused', (node, message) => {
  expect(() => resolve(node)).toThrow(HogqlError)
  expect(() => resolve(node)).toThrow(message)
})

test.each([
  [{ startPoint: '/a/' }, { start: '/a' }],
  [{ endPoint: '/' }, { end: '/' }],
  [
    { startPoint: '/a/', endPoint: '/b/' },
    { start: '/a/', end: '/b/' },
  ],
])('points %j are looked for as %j', (fields, points) => {
  expect(resolve(filter(fields))).toMatchObject(points)
})

test.each(['pricing', '_x', '99999_x', 5])('the key %j is refused', async (key) => {
  const asked = paths.actors(filter({ pathStartKey: key }), {}, context, async () => [])
  await expect(asked).rejects.toThrow('pathsFilter.pathStartKey must be')
})

test('steps that cannot be reached from a beginning are left out, however the others are ordered', () => {
  const rows = [
    ['3_c', '4_d', 9, 1],
    ['2_b', '3_c', 8, 1],
    ['2_x', '3_y', 7, 1],
    ['1_a', '2_b', 6, 1],
    ['10_k', '11_l', 5, 1],
  ]
  const shown = shapePaths(rows, resolve({})).map(({ source: from, target: to }) => `${from} ${to}`)
  expect(shown).toEqual(['3_c 4_d', '2_b 3_c', '1_a 2_b'])
})

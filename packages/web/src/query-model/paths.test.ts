import { expect, test } from 'vitest'
import { funnels } from './funnels.ts'
import { pathsOfFunnel } from './paths.ts'

test('paths around a funnel are made of what people see and do, not of all that SDKs send by themselves', () => {
  expect(pathsOfFunnel(funnels.initial(), 'funnel_path_after_step', 2)).toMatchObject({
    pathsFilter: { includeEventTypes: ['$pageview', '$screen', 'custom_event'] },
    funnelPathsFilter: { funnelPathType: 'funnel_path_after_step', funnelStep: 2 },
  })
})

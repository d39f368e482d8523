import type { Insight } from './context.ts'
import { funnelCorrelation } from './funnels/correlation.ts'
import { funnel } from './funnels/funnel.ts'
import { lifecycle } from './lifecycle/lifecycle.ts'
import { paths } from './paths/paths.ts'
import { retention } from './retention/retention.ts'
import { stickiness } from './stickiness/stickiness.ts'
import { trends } from './trends/trends.ts'

/** Every kind of insight by the `kind` of its query. */
export const insightKinds: Record<string, Insight> = {
  FunnelCorrelationQuery: funnelCorrelation,
  FunnelsQuery: funnel,
  LifecycleQuery: lifecycle,
  PathsQuery: paths,
  RetentionQuery: retention,
  StickinessQuery: stickiness,
  TrendsQuery: trends,
}

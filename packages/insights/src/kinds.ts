import type { Insight } from './context.ts'
import { lifecycle } from './lifecycle/lifecycle.ts'
import { stickiness } from './stickiness/stickiness.ts'
import { trends } from './trends/trends.ts'

/** Every kind of insight by the `kind` of its query. */
export const insightKinds: Record<string, Insight> = {
  LifecycleQuery: lifecycle,
  StickinessQuery: stickiness,
  TrendsQuery: trends,
}

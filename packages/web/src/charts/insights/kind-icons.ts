import type { ComponentType } from 'react'
import type { InsightKind } from '../../query-model/nodes.ts'
import { FunnelIcon, type IconProps, InsightIcon, LifecycleIcon, PathsIcon, RetentionIcon, StickinessIcon } from '../../ui/icons.tsx'

export const kindIcons: Record<InsightKind, ComponentType<IconProps>> = {
  TrendsQuery: InsightIcon,
  FunnelsQuery: FunnelIcon,
  RetentionQuery: RetentionIcon,
  PathsQuery: PathsIcon,
  LifecycleQuery: LifecycleIcon,
  StickinessQuery: StickinessIcon,
}

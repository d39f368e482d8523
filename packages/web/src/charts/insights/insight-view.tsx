import { lazy, Suspense } from 'react'
import type { InsightAnswer } from '../../api-client/queries.ts'
import type { InsightQuery } from '../../query-model/nodes.ts'
import { funnelOfPath } from '../../query-model/paths.ts'
import type { ViewProps } from './view-props.ts'

// why: a page draws one kind or two of the six.
const TrendsView = lazy(async () => ({ default: (await import('./trends-view.tsx')).TrendsView }))
const FunnelView = lazy(async () => ({ default: (await import('./funnel-view.tsx')).FunnelView }))
const RetentionView = lazy(async () => ({ default: (await import('./retention-view.tsx')).RetentionView }))
const PathsView = lazy(async () => ({ default: (await import('./paths-view.tsx')).PathsView }))
const LifecycleView = lazy(async () => ({ default: (await import('./lifecycle-view.tsx')).LifecycleView }))
const StickinessView = lazy(async () => ({ default: (await import('./stickiness-view.tsx')).StickinessView }))

interface InsightViewProps extends Omit<ViewProps<InsightQuery>, 'query' | 'answer'> {
  query: InsightQuery
  answer: InsightAnswer
  /** Goes on with another question: a way turned into a funnel, the ways around a step. */
  onOther?: ((query: InsightQuery) => void) | undefined
}

/** The answer to any kind of insight, drawn. Its place in the page decides the width, `heightPx` the height of what is drawn. */
export function InsightView(props: InsightViewProps) {
  return (
    <Suspense fallback={<div style={{ height: props.heightPx }} />}>
      <OfKind {...props} />
    </Suspense>
  )
}

function OfKind({ query, onQuery, onOther, ...rest }: InsightViewProps) {
  switch (query.kind) {
    case 'TrendsQuery':
      return <TrendsView {...rest} query={query} onQuery={onQuery} />
    case 'FunnelsQuery':
      return <FunnelView {...rest} query={query} onQuery={onQuery} onPaths={onOther} />
    case 'RetentionQuery':
      return <RetentionView {...rest} query={query} onQuery={onQuery} />
    case 'PathsQuery':
      return <PathsView {...rest} query={query} onQuery={onQuery} onFunnel={onOther && ((items) => onOther(funnelOfPath(query, items)))} />
    case 'LifecycleQuery':
      return <LifecycleView {...rest} query={query} onQuery={onQuery} />
    case 'StickinessQuery':
      return <StickinessView {...rest} query={query} onQuery={onQuery} />
  }
}

import type { InsightAnswer } from '../../api-client/queries.ts'
import type { InsightQuery } from '../../query-model/nodes.ts'
import { funnelOfPath } from '../../query-model/paths.ts'
import { FunnelView } from './funnel-view.tsx'
import { LifecycleView } from './lifecycle-view.tsx'
import { PathsView } from './paths-view.tsx'
import { RetentionView } from './retention-view.tsx'
import { StickinessView } from './stickiness-view.tsx'
import { TrendsView } from './trends-view.tsx'
import type { ViewProps } from './view-props.ts'

interface InsightViewProps extends Omit<ViewProps<InsightQuery>, 'query' | 'answer'> {
  query: InsightQuery
  answer: InsightAnswer
  /** Goes on with another question: a way turned into a funnel, the ways around a step. */
  onOther?: ((query: InsightQuery) => void) | undefined
}

/** The answer to any kind of insight, drawn. Its place in the page decides the width, `heightPx` the height of what is drawn. */
export function InsightView({ query, onQuery, onOther, ...rest }: InsightViewProps) {
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

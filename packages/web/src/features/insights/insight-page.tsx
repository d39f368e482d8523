import { Button, Drawer } from '@mantine/core'
import { useHotkeys, useMediaQuery } from '@mantine/hooks'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { EChartsType } from 'echarts/core'
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react'
import { annotationsQuery } from '../../api-client/annotations.ts'
import { useProject } from '../../api-client/current-project.tsx'
import { ApiError } from '../../api-client/errors.ts'
import { insightQuery, noteViewed, viewedInsightsKey } from '../../api-client/insights.ts'
import { type ActorsChoice, choiceText, readChoice } from '../../query-model/actors.ts'
import { kindOf, queryWords, readQuery, turnInto } from '../../query-model/kinds.ts'
import type { InsightQuery } from '../../query-model/nodes.ts'
import { parseJson, queryText, questionAt } from '../../query-model/query-url.ts'
import { PencilIcon } from '../../ui/icons.tsx'
import { Page } from '../../ui/page.tsx'
import { Failure, Loaded, SkeletonRows } from '../../ui/states.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './builder.module.css'
import { InsightActions } from './insight-actions.tsx'
import { InsightTitle } from './insight-title.tsx'
import { Rail } from './rail.tsx'
import { ResultPanel } from './result-panel.tsx'
import type { SavedInsight } from './saved-insight.ts'
import { useInsightRun } from './use-insight-run.ts'

// why: what is opened by a click comes with it.
const ActorsDrawer = lazy(async () => ({ default: (await import('./actors-drawer.tsx')).ActorsDrawer }))
const ExplainDrawer = lazy(async () => ({ default: (await import('./explain-drawer.tsx')).ExplainDrawer }))

export interface InsightSearch {
  /** The question, where it is not that of the saved insight. */
  q?: string | undefined
  /** A new question of this kind. */
  kind?: string | undefined
  /** The name of an insight that is not saved yet. */
  name?: string | undefined
  /** Whose people are shown. */
  who?: string | undefined
  explain?: 'yes' | undefined
  /** The dashboard that a new insight is made for. */
  onto?: string | undefined
}

interface InsightPageProps {
  /** Absent for a new one. */
  shortId?: string | undefined
  search: InsightSearch
  onSearch: (change: InsightSearch, how?: { replace: boolean }) => void
}

/** An insight, new or saved: its question on the left, its answer on the right, all of it in the address. */
export function InsightPage(props: InsightPageProps) {
  const project = useProject()
  const saved = useQuery({ ...insightQuery(project.id, props.shortId ?? ''), enabled: props.shortId !== undefined })
  if (props.shortId === undefined) return <Builder {...props} saved={undefined} />
  return (
    <Loaded
      query={saved}
      skeleton={
        <Page title="Insight" crumbs={crumbs(project.id)}>
          <SkeletonRows rows={10} />
        </Page>
      }
    >
      {(insight) => {
        const query = insight && readQuery(insight.query)
        if (!insight || !query) return <Failure error={notFound(props.shortId ?? '', insight !== null)} />
        return <Builder key={insight.id} {...props} saved={{ body: insight, query }} />
      }}
    </Loaded>
  )
}

const notFound = (shortId: string, isKnown: boolean) =>
  new ApiError({
    status: isKnown ? 422 : 404,
    code: isKnown ? 'unsupported_query' : 'not_found',
    message: isKnown
      ? 'The question of this insight is of a kind that cannot be drawn here.'
      : `There is no insight ${shortId}. It may have been deleted.`,
    path: `/insights/${shortId}`,
  })

const crumbs = (projectId: number) => [{ label: 'Insights', to: '/project/$projectId/insights', params: { projectId: String(projectId) } }]

function Builder({ search, onSearch, saved }: InsightPageProps & { saved: SavedInsight | undefined }) {
  const project = useProject()
  const { q, kind } = search
  const query = useMemo(() => questionAt({ q, kind }, saved?.query, project), [q, kind, saved?.query, project])
  const setQuery = (next: InsightQuery) => onSearch({ q: queryText(next), kind: undefined }, { replace: next.kind === query.kind })
  const run = useInsightRun(project.id, query)
  useViewed(saved?.body.id)
  const choice = useMemo(() => readChoice(search.who === undefined ? undefined : parseJson(search.who)), [search.who])
  const [chart, setChart] = useState<EChartsType>()
  const drawing = useRef<HTMLDivElement>(null)
  const [railOpened, setRailOpened] = useState(false)
  const isNarrow = useMediaQuery('(max-width: 61.99em)', false, { getInitialValueInEffect: false })
  const annotations = useQuery({ ...annotationsQuery(project.id), retry: false })
  const showActors = (next: ActorsChoice) => onSearch({ who: choiceText(next) }, { replace: false })
  const explain = (isShown: boolean) => onSearch({ explain: isShown ? 'yes' : undefined })
  useHotkeys([['x', () => explain(search.explain === undefined)]])
  // why: running is also wanted while one still stands in a field.
  useHotkeys([['mod+Enter', run.update]], [])
  const rail = <Rail query={query} onChange={setQuery} onKind={(kind) => setQuery(turnInto(query, kind))} />
  const words = queryWords(query)
  return (
    <Page
      title={<InsightTitle saved={saved} words={words} name={search.name} onName={(name) => onSearch({ name })} />}
      documentTitle={saved?.body.name || search.name || words}
      crumbs={crumbs(project.id)}
      actions={
        <InsightActions
          saved={saved}
          query={query}
          name={search.name}
          words={words}
          answer={run.shown}
          chart={chart}
          drawing={() => drawing.current}
          onto={search.onto}
          onReset={() => onSearch({ q: undefined, kind: undefined })}
        />
      }
    >
      {saved?.body.description && (
        <p className={classes.description}>
          <Untrusted lines="many">{saved.body.description}</Untrusted>
        </p>
      )}
      <div className={classes.builder}>
        {isNarrow ? (
          <>
            <Button variant="default" leftSection={<PencilIcon size={16} />} onClick={() => setRailOpened(true)}>
              {kindOf(query.kind).label}: change the question
            </Button>
            <Drawer opened={railOpened} onClose={() => setRailOpened(false)} title="The question" size="min(430px, 100%)">
              {rail}
            </Drawer>
          </>
        ) : (
          <aside className={classes.aside} aria-label="The question">
            {rail}
          </aside>
        )}
        <ResultPanel
          query={query}
          run={run}
          annotations={annotations.data}
          onQuery={setQuery}
          onActors={showActors}
          onExplain={() => explain(true)}
          onOther={(other) => onSearch({ q: queryText(other), who: undefined }, { replace: false })}
          onChart={setChart}
          drawing={drawing}
        />
      </div>
      <Suspense>
        <ActorsDrawer
          // Explaining takes its place; closing that comes back here.
          choice={search.explain === undefined ? choice : undefined}
          source={run.shown?.query}
          onClose={() => onSearch({ who: undefined })}
          onExplain={() => explain(true)}
        />
        <ExplainDrawer opened={search.explain === 'yes'} onClose={() => explain(false)} shown={run.shown} choice={choice} />
      </Suspense>
    </Page>
  )
}

/** Notes once that somebody looks at a saved insight: the home page shows what was looked at last. */
function useViewed(id: number | undefined): void {
  const project = useProject()
  const queryClient = useQueryClient()
  useEffect(() => {
    if (id === undefined) return
    noteViewed(project.id, id).then(
      () => queryClient.invalidateQueries({ queryKey: viewedInsightsKey(project.id) }),
      // why: whoever looks at an insight is not to hear of a note that failed; what else fails then says so itself.
      () => undefined,
    )
  }, [project.id, queryClient, id])
}

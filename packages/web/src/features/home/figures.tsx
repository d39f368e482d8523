import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import type { TrendsRow } from '../../api-client/insight-results.ts'
import { type InsightAnswer, runQuery } from '../../api-client/queries.ts'
import { InsightView } from '../../charts/insights/insight-view.tsx'
import { linesOf } from '../../charts/insights/trends-lines.ts'
import { changeWords } from '../../charts/insights/values.ts'
import { askedQuery } from '../../query-model/kinds.ts'
import type { TrendsQuery } from '../../query-model/nodes.ts'
import { queryText } from '../../query-model/query-url.ts'
import { formatCount } from '../../ui/numbers.ts'
import { Panel } from '../../ui/page.tsx'
import { Failure } from '../../ui/states.tsx'
import classes from './home.module.css'
import { type HomeFigure, homeCourse, homeFigures } from './questions.ts'

const courseHeightPx = 240

/** How the last days were: each number opens as the insight that it is. */
export function Figures() {
  const project = useProject()
  const figures = useMemo(() => homeFigures(project), [project])
  return (
    <section className={classes.figures} aria-label="The last 7 days">
      {figures.map((figure) => (
        <Figure key={figure.label} {...figure} />
      ))}
    </section>
  )
}

function useAnswer(query: TrendsQuery) {
  const project = useProject()
  return useQuery({
    queryKey: ['project', project.id, 'home', query],
    queryFn: ({ signal }) => runQuery<InsightAnswer>(project.id, askedQuery(query), { isOwn: true, signal }),
    staleTime: 60_000,
  })
}

function Figure({ label, query }: HomeFigure) {
  const project = useProject()
  const { data, error } = useAnswer(query)
  const lines = data && linesOf(query, (data.results ?? []) as TrendsRow[])
  const now = lines?.find(({ isPrevious }) => !isPrevious)?.total
  const before = lines?.find(({ isPrevious }) => isPrevious)?.total
  return (
    <Link
      to="/project/$projectId/insights/new"
      params={{ projectId: project.id }}
      search={{ q: queryText(query) }}
      className={classes.figure}
    >
      <span className={classes.figureLabel}>{label}, last 7 days</span>
      <span className={classes.figureValue}>
        {now === undefined ? error ? '–' : <Skeleton height={30} width={90} /> : formatCount(now)}
      </span>
      <span className={classes.figureLabel}>
        {now !== undefined && before !== undefined ? (
          <>
            <span className={classes.change} data-direction={now >= before ? 'up' : 'down'}>
              {changeWords(now, before) ?? 'new'}
            </span>{' '}
            against {formatCount(before)} a week before
          </>
        ) : error ? (
          'It could not be counted.'
        ) : (
          '\u00a0'
        )}
      </span>
    </Link>
  )
}

/** People a day, of the last month. */
export function Course() {
  const project = useProject()
  const query = useMemo(() => homeCourse(project), [project])
  const { data, error, refetch } = useAnswer(query)
  return (
    <Panel
      title={
        <Link
          to="/project/$projectId/insights/new"
          params={{ projectId: project.id }}
          search={{ q: queryText(query) }}
          className={classes.plainLink}
        >
          People a day
        </Link>
      }
      note="With any event, in the last 30 days."
    >
      {data ? (
        <InsightView query={query} answer={data} heightPx={courseHeightPx} isPreview />
      ) : error ? (
        <Failure error={error} compact onRetry={() => void refetch()} />
      ) : (
        <Skeleton height={courseHeightPx} radius="md" aria-busy="true" />
      )}
    </Panel>
  )
}

import type { AnnotationBody } from '@hedgerow/protocol'
import { Button, Loader } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { EChartsType } from 'echarts/core'
import { lazy, type RefObject, Suspense, useMemo } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { DetailTable } from '../../charts/insights/detail-table.tsx'
import { InsightView } from '../../charts/insights/insight-view.tsx'
import type { ActorsChoice } from '../../query-model/actors.ts'
import { hasActors } from '../../query-model/counted.ts'
import { vizOf } from '../../query-model/funnels.ts'
import { askedQuery } from '../../query-model/kinds.ts'
import type { InsightQuery } from '../../query-model/nodes.ts'
import { displayOf } from '../../query-model/trends.ts'
import { useNow } from '../../ui/clock.ts'
import { CodeIcon, QuestionIcon, RetryIcon, StopIcon } from '../../ui/icons.tsx'
import { Instant } from '../../ui/instant.tsx'
import { withCommand } from '../../ui/keys.ts'
import { formatCompact } from '../../ui/numbers.ts'
import { RunProgress } from '../../ui/run-progress.tsx'
import { Empty, Failure } from '../../ui/states.tsx'
import { formatDuration } from '../../ui/time.ts'
import classes from './builder.module.css'
import { isEmptyAnswer } from './empty-answer.ts'
import { Toolbar } from './toolbar.tsx'
import type { InsightRun } from './use-insight-run.ts'

const CorrelationPanel = lazy(async () => ({ default: (await import('./correlation-panel.tsx')).CorrelationPanel }))

interface ResultPanelProps {
  query: InsightQuery
  run: InsightRun
  annotations: readonly AnnotationBody[] | undefined
  onQuery: (query: InsightQuery) => void
  onActors: (choice: ActorsChoice) => void
  onExplain: () => void
  onOther: (query: InsightQuery) => void
  onChart: (chart: EChartsType | undefined) => void
  /** What is pictured when the answer is exported. */
  drawing: RefObject<HTMLDivElement | null>
}

/** The answer: how it is asked for, how it is drawn, all its numbers, and where they come from. */
export function ResultPanel(props: ResultPanelProps) {
  const { query, run, annotations, onQuery, onExplain } = props
  return (
    <section className={classes.result} aria-label="The answer" aria-busy={run.isRunning && !run.shown}>
      <Toolbar query={query} onChange={onQuery} notes={annotations ?? []} />
      <RunLine run={run} />
      <div className={classes.answer} data-stale={run.isStale || run.isRunning}>
        <Answer {...props} />
      </div>
      <Footer run={run} onExplain={onExplain} />
    </section>
  )
}

/** Says when the answer is not yet that of the question, and lets one do something about it. */
function RunLine({ run }: { run: InsightRun }) {
  if (run.isRunning) return <Running run={run} />
  if (run.isStale)
    return (
      <div className={classes.runLine} data-tone="stale" role="status">
        <span className={classes.amberDot} />
        <span>The question has changed. Its last answer took {formatDuration(run.tookMs ?? 0)}.</span>
        <Button size="compact-sm" className={classes.update ?? ''} onClick={run.update}>
          Update
        </Button>
        <kbd className={classes.key}>{withCommand('↵')}</kbd>
      </div>
    )
  if (run.wasStopped)
    return (
      <div className={classes.runLine} data-tone="stale" role="status">
        <span>Stopped.</span>
        <Button size="compact-sm" variant="default" onClick={run.update}>
          Run again
        </Button>
      </div>
    )
  return null
}

function Running({ run }: { run: InsightRun }) {
  const project = useProject()
  const nowMs = useNow()
  const seconds = run.startedAtMs === undefined ? 0 : Math.max(0, Math.round((nowMs - run.startedAtMs) / 1000))
  return (
    <div className={classes.runLine} role="status" data-quiet={seconds < 1}>
      <Loader size={14} color="hedge" />
      <span>
        <RunProgress projectId={project.id} clientQueryId={run.clientQueryId} startedAtMs={run.startedAtMs} />
      </span>
      <Button size="compact-sm" variant="default" leftSection={<StopIcon size={13} />} onClick={run.stop}>
        Stop
      </Button>
    </div>
  )
}

function Answer({ query, run, annotations, onQuery, onActors: showActors, onOther, onChart, drawing }: ResultPanelProps) {
  const notes = useMemo(() => annotations?.map(({ content, date_marker: at }) => ({ at, text: content })), [annotations])
  const project = useProject()
  if (run.problems.length > 0)
    return (
      <Empty title="Not a question yet">
        {run.problems.map((problem) => (
          <p key={problem}>{problem}</p>
        ))}
      </Empty>
    )
  if (run.error && !run.isRunning && !run.wasStopped) return <Failure error={run.error} onRetry={run.update} />
  if (!run.shown) return run.wasStopped ? <Empty title="Nothing asked yet" /> : <output className={classes.skeleton} aria-label="Loading" />
  const { shown } = run
  // why: the project may have been read before its first event came; the answer knows better.
  if (!project.ingested_event && (shown.answer.rows_read ?? 0) === 0) return <NoEvents />
  if (isEmptyAnswer(shown.query, shown.answer.results))
    return (
      <Empty title="Nothing in this time">
        No event matches the question between these dates. A longer range or fewer filters may find some.
      </Empty>
    )
  // why: how an older answer is drawn must not be changed through the present question.
  const isPresent = shown.query === query
  const onActors = hasActors(shown.query) ? showActors : undefined
  return (
    <>
      <div ref={drawing} className={classes.drawing}>
        <InsightView
          query={shown.query}
          answer={shown.answer}
          heightPx={360}
          annotations={notes}
          onQuery={isPresent ? onQuery : undefined}
          onActors={onActors}
          onOther={onOther}
          onChart={onChart}
        />
      </div>
      {shown.query.kind === 'TrendsQuery' && displayOf(shown.query) !== 'ActionsTable' && displayOf(shown.query) !== 'BoxPlot' && (
        <DetailTable query={shown.query} answer={shown.answer} onQuery={isPresent ? onQuery : undefined} onActors={onActors} />
      )}
      {shown.query.kind === 'FunnelsQuery' && vizOf(shown.query) === 'steps' && hasActors(shown.query) && (
        <Suspense>
          <CorrelationPanel key={JSON.stringify(askedQuery(shown.query))} query={shown.query} onActors={onActors} />
        </Suspense>
      )}
    </>
  )
}

function NoEvents() {
  const project = useProject()
  return (
    <Empty
      title="No events yet"
      action={
        <Button component={Link} to={`/project/${project.id}/connect`}>
          Connect your app
        </Button>
      }
    >
      The question stands; its answer begins with your app's first event.
    </Empty>
  )
}

/** Where the answer comes from: how much was read, how long that took, and up to when events are in it. */
function Footer({ run, onExplain }: { run: InsightRun; onExplain: () => void }) {
  const { id: projectId } = useProject()
  const answer = run.shown?.answer
  if (!answer) return null
  return (
    <footer className={classes.footer}>
      <span className={classes.sources}>
        {answer.rows_read !== undefined && <span>{formatCompact(answer.rows_read)} rows read</span>}
        {answer.elapsed_ms !== undefined && (
          <span>{answer.elapsed_ms < 1000 ? `${Math.round(answer.elapsed_ms)} ms` : `${(answer.elapsed_ms / 1000).toFixed(1)} s`}</span>
        )}
        {answer.as_of && (
          <span>
            as of <Instant at={answer.as_of} style="time" />
          </span>
        )}
        {answer.is_cached && <span>from the cache</span>}
        {run.shown?.query.samplingFactor !== undefined && (
          <span className={classes.sampled}>{Math.round(run.shown.query.samplingFactor * 100)} % sample</span>
        )}
        {answer.warnings?.map((warning) => (
          <span key={warning} className={classes.sampled}>
            {warning}
          </span>
        ))}
      </span>
      <span className={classes.footerEnd}>
        <Button size="compact-sm" variant="subtle" color="gray" leftSection={<RetryIcon size={14} />} onClick={run.update}>
          Refresh
        </Button>
        <Button size="compact-sm" variant="subtle" leftSection={<QuestionIcon size={15} />} onClick={onExplain}>
          Explain
        </Button>
        <Button
          size="compact-sm"
          variant="subtle"
          leftSection={<CodeIcon size={14} />}
          aria-label="Open as SQL"
          renderRoot={(props) => (
            <Link {...props} to="/project/$projectId/sql" params={{ projectId }} search={{ query: answer.hogql ?? '' }} />
          )}
        >
          SQL
        </Button>
      </span>
    </footer>
  )
}

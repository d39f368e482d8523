import { Button, Loader, Menu, SegmentedControl } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { ApiError, describeError } from '../../api-client/errors.ts'
import { exportQuery } from '../../api-client/exports.ts'
import { tabbedText } from '../../charts/rows/cells.ts'
import { RowsChart } from '../../charts/rows/rows-chart-view.tsx'
import { RowsGrid } from '../../charts/rows/rows-grid.tsx'
import { copyText } from '../../ui/copy-text.ts'
import { CodeIcon, CohortsIcon, CopyIcon, DownloadIcon, ExperimentIcon, StopIcon, WarningIcon } from '../../ui/icons.tsx'
import { withCommand } from '../../ui/keys.ts'
import { countOf, formatCompact, formatCount } from '../../ui/numbers.ts'
import { fileName, offerFile } from '../../ui/offer-file.ts'
import { RunProgress } from '../../ui/run-progress.tsx'
import { Empty, Failure } from '../../ui/states.tsx'
import { formatDuration } from '../../ui/time.ts'
import { toast } from '../../ui/toasts.tsx'
import { ChartSettings } from './chart-settings.tsx'
import { Cost } from './cost.tsx'
import { MakeCohort } from './make-cohort.tsx'
import classes from './sql.module.css'
import { type SqlTab, type SqlView, tabName } from './sql-tabs.ts'
import type { SqlRun } from './use-sql-runs.ts'

const PullDialog = lazy(async () => ({ default: (await import('./pull-dialog.tsx')).PullDialog }))

const MakeMetric = lazy(async () => ({ default: (await import('./make-metric.tsx')).MakeMetric }))

interface ResultPaneProps {
  tab: SqlTab
  run: SqlRun | undefined
  onTab: (change: Partial<SqlTab>) => void
  onView: (view: SqlView) => void
  onStop: () => void
}

/** What the query answered: rows, a chart of them, or what it would cost. */
export function ResultPane({ tab, run, onTab, onView, onStop }: ResultPaneProps) {
  return (
    <section className={classes.results} aria-label="Results" aria-busy={run?.isRunning ?? false}>
      <div className={classes.resultBar}>
        <SegmentedControl
          size="xs"
          aria-label="What is shown"
          value={tab.view}
          onChange={(view) => onView(view as SqlView)}
          data={[
            { value: 'rows', label: 'Rows' },
            { value: 'chart', label: 'Chart' },
            { value: 'cost', label: 'Cost' },
          ]}
        />
        {run?.isRunning ? <Running run={run} onStop={onStop} /> : <Account run={run} />}
        <ExportMenu tab={tab} run={run} />
      </div>
      <div className={classes.resultBody}>
        <Body tab={tab} run={run} onTab={onTab} />
      </div>
    </section>
  )
}

function Running({ run, onStop }: { run: SqlRun; onStop: () => void }) {
  const project = useProject()
  return (
    <span className={classes.account} role="status">
      <Loader size={14} color="hedge" />
      <span>
        {run.expectedRows === undefined ? (
          <RunProgress projectId={project.id} clientQueryId={run.clientQueryId} startedAtMs={run.startedAtMs} />
        ) : (
          `${formatCount(run.answer?.results.length ?? 0)} of ${countOf(run.expectedRows, 'row')}`
        )}
      </span>
      <Button size="compact-xs" variant="default" leftSection={<StopIcon size={12} />} onClick={onStop}>
        Stop
      </Button>
    </span>
  )
}

function Account({ run }: { run: SqlRun | undefined }) {
  if (run?.wasStopped) return <span className={classes.account}>Stopped.</span>
  const answer = run?.answer
  if (!answer) return <span className={classes.account} />
  return (
    <span className={classes.account} role="status">
      <span>{countOf(answer.results.length, 'row')}</span>
      {answer.hasMore && <span className={classes.more}>more exist: add a LIMIT to see up to 100,000</span>}
      {answer.elapsed_ms !== undefined && <span>{formatDuration(answer.elapsed_ms)}</span>}
      {answer.rows_read !== undefined && <span>{formatCompact(answer.rows_read)} rows read</span>}
    </span>
  )
}

function ExportMenu({ tab, run }: { tab: SqlTab; run: SqlRun | undefined }) {
  const project = useProject()
  const answer = run?.answer
  const [source, setSource] = useState<object>()
  const [isPulling, setIsPulling] = useState(false)
  const [isMeasuring, setIsMeasuring] = useState(false)
  const selectsPeople = answer?.columns.includes('person_id') ?? false
  const save = async (format: 'csv' | 'parquet') => {
    if (!run) return
    try {
      offerFile(await exportQuery(project.id, run.node, format), fileName(tabName(tab), format))
    } catch (error) {
      toast(`Not exported: ${describeError(error).cause}`, 'failed')
    }
  }
  const copy = async () => {
    if (!answer) return
    const done = await copyText(tabbedText(answer.columns, answer.results))
    toast(
      done ? `${formatCount(answer.results.length)} rows copied, for a spreadsheet.` : 'The browser did not allow copying.',
      done ? 'done' : 'failed',
    )
  }
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button size="compact-sm" variant="default" disabled={!answer} leftSection={<DownloadIcon size={14} />}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<CopyIcon size={15} />} disabled={answer?.results.length === 0} onClick={() => void copy()}>
          Copy rows
        </Menu.Item>
        <Menu.Item leftSection={<DownloadIcon size={15} />} onClick={() => void save('csv')}>
          CSV
        </Menu.Item>
        <Menu.Item leftSection={<DownloadIcon size={15} />} onClick={() => void save('parquet')}>
          Parquet
        </Menu.Item>
        <Menu.Item leftSection={<CodeIcon size={15} />} onClick={() => setIsPulling(true)}>
          Pull to a laptop
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>Use it as</Menu.Label>
        <Menu.Item leftSection={<CohortsIcon size={15} />} disabled={!selectsPeople} onClick={() => setSource(run?.node)}>
          Cohort of these people
          {!selectsPeople && <span className={classes.needs}>needs a column person_id</span>}
        </Menu.Item>
        <Menu.Item leftSection={<ExperimentIcon size={15} />} onClick={() => setIsMeasuring(true)}>
          Metric of experiments
        </Menu.Item>
      </Menu.Dropdown>
      {isPulling && run && (
        <Suspense>
          <PullDialog node={run.node} name={tabName(tab)} onClose={() => setIsPulling(false)} />
        </Suspense>
      )}
      {isMeasuring && run && (
        <Suspense>
          <MakeMetric text={run.node.query} name={tab.name ?? ''} onClose={() => setIsMeasuring(false)} />
        </Suspense>
      )}
      <MakeCohort node={source} onClose={() => setSource(undefined)} />
    </Menu>
  )
}

function Body({ tab, run, onTab }: Pick<ResultPaneProps, 'tab' | 'run' | 'onTab'>) {
  if (run?.error !== undefined && !run.isRunning) return <Mistake error={run.error} />
  if (tab.view === 'cost') return <Cost run={run} />
  const answer = run?.answer
  if (!answer)
    return run?.isRunning ? null : (
      <Empty title={run?.wasStopped ? 'Stopped' : 'Nothing asked yet'}>
        Press Run
        <span data-keys>
          {' '}
          or <kbd>{withCommand('↵')}</kbd>
        </span>
        . Where text is selected, only that is run.
      </Empty>
    )
  if (answer.results.length === 0) return <NoRows rowsRead={answer.rows_read ?? 0} />
  if (tab.view === 'rows') return <RowsGrid label="Rows" columns={answer.columns} rows={answer.results} isPartial={run.isRunning} />
  return (
    <div className={classes.chartPane}>
      <ChartSettings columns={answer.columns} rows={answer.results} chart={tab.chart} onChart={(chart) => onTab({ chart })} />
      <RowsChart columns={answer.columns} rows={answer.results} {...tab.chart} heightPx={300} />
    </div>
  )
}

function NoRows({ rowsRead }: { rowsRead: number }) {
  const project = useProject()
  if (project.ingested_event || rowsRead > 0) return <Empty title="No rows">The query is right; nothing matches it.</Empty>
  return (
    <Empty
      title="No rows: no events yet"
      action={
        <Button component={Link} to={`/project/${project.id}/connect`}>
          Connect your app
        </Button>
      }
    >
      The query is right. It has something to read with your app's first event.
    </Empty>
  )
}

function Mistake({ error }: { error: unknown }) {
  if (!(error instanceof ApiError) || error.status >= 500 || error.status === 0) return <Failure error={error} compact />
  return (
    <div className={classes.mistake} role="alert">
      <WarningIcon size={18} />
      <div>
        <p>{error.message}</p>
        <p className={classes.faint}>{error.code}</p>
      </div>
    </div>
  )
}

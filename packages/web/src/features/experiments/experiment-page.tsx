import type { ExperimentBody } from '@hedgerow/protocol'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { type ExperimentResults, experimentQuery, experimentResultsQuery, type MetricResult } from '../../api-client/experiments.ts'
import { countOf } from '../../ui/numbers.ts'
import { Page, Panel } from '../../ui/page.tsx'
import { Empty, Loaded, SkeletonRows } from '../../ui/states.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { CoursePanel } from './course-panel.tsx'
import { DraftPanel } from './draft-panel.tsx'
import { ExperimentActions } from './experiment-actions.tsx'
import classes from './experiments.module.css'
import { ExposuresChart } from './exposures-chart.tsx'
import { MetricDetails } from './metric-details.tsx'
import { MetricsEditor } from './metrics-editor.tsx'
import { MetricsTable } from './metrics-table.tsx'
import { CorrectionsPanel, GuardrailsPanel } from './more-panels.tsx'
import { AaPanel, TrustPanel, WaterfallPanel } from './side-panels.tsx'
import { StatusBadge } from './status-badge.tsx'
import { daysRun } from './words.ts'

/** One experiment: the sentence first, then why to believe it, then the numbers. */
export function ExperimentPage({ experimentId }: { experimentId: string }) {
  const project = useProject()
  const query = useQuery(experimentQuery(project.id, experimentId))
  const experiment = query.data
  const [isEditing, setEditing] = useState(false)
  const days = experiment ? daysRun(experiment.start_date, experiment.end_date, Date.now()) : null
  return (
    <Page
      title={experiment ? <Untrusted>{experiment.name}</Untrusted> : 'Experiment'}
      documentTitle={experiment?.name ?? 'Experiment'}
      crumbs={[{ label: 'Experiments', to: '/project/$projectId/experiments', params: { projectId: String(project.id) } }]}
      actions={experiment && <ExperimentActions experiment={experiment} projectId={project.id} onMetrics={() => setEditing(true)} />}
    >
      {experiment && <MetricsEditor experiment={experiment} projectId={project.id} opened={isEditing} onClose={() => setEditing(false)} />}
      <Loaded query={query} skeleton={<SkeletonRows rows={14} />}>
        {(loaded) => (
          <div className={classes.stack}>
            <Facts experiment={loaded} days={days} />
            {loaded.changes_since_start.length > 0 && (
              <p className={classes.changes}>
                Changed since it was started, and not in these results:{' '}
                {loaded.changes_since_start.map((name) => name.replaceAll('_', ' ')).join(', ')}. A new phase would begin with the change.
              </p>
            )}
            {loaded.start_date === null ? (
              <DraftPanel projectId={project.id} experiment={loaded} />
            ) : (
              <Results projectId={project.id} experiment={loaded} />
            )}
          </div>
        )}
      </Loaded>
    </Page>
  )
}

function Facts({ experiment, days }: { experiment: ExperimentBody; days: number | null }) {
  return (
    <Panel>
      <div className={classes.stack}>
        <div>
          <StatusBadge status={experiment.status} />{' '}
          <span className={classes.faint}>
            {days !== null && `${countOf(days, 'day')}, `}flag <code>{experiment.feature_flag_key}</code>
            {experiment.phase > 1 && `, phase ${experiment.phase}`}
            {experiment.conclusion && `, ${experiment.conclusion.replace('_', ' ')}`}
          </span>
        </div>
        {experiment.description && (
          <p className={classes.hypothesis}>
            <Untrusted lines="many">{experiment.description}</Untrusted>
          </p>
        )}
      </div>
    </Panel>
  )
}

function Results({ projectId, experiment }: { projectId: number; experiment: ExperimentBody }) {
  const query = useQuery(experimentResultsQuery(projectId, experiment.id))
  return (
    <Loaded query={query} skeleton={<SkeletonRows rows={12} />}>
      {(results) => <LoadedResults projectId={projectId} experiment={experiment} results={results} />}
    </Loaded>
  )
}

function LoadedResults({ projectId, experiment, results }: { projectId: number; experiment: ExperimentBody; results: ExperimentResults }) {
  const [shown, show] = useState<MetricResult>()
  return (
    <>
      <MetricDetails projectId={projectId} experimentId={experiment.id} results={results} metric={shown} onClose={() => show(undefined)} />
      {results.verdict && (
        <section className={classes.verdict} data-state={results.verdict.state} aria-label="Verdict">
          <p className={classes.verdictText}>
            <Untrusted lines="many">{results.verdict.text}</Untrusted>
          </p>
        </section>
      )}
      {results.metrics.length + results.metrics_secondary.length === 0 ? (
        <Panel>
          <Empty title="No metrics yet">Add one to see what the variants do.</Empty>
        </Panel>
      ) : (
        <>
          <Panel title="Metrics" flush>
            <MetricsTable label="Metrics" metrics={results.metrics} results={results} onDetails={show} />
          </Panel>
          {results.metrics_secondary.length > 0 && (
            <Panel title="Secondary metrics" flush>
              <MetricsTable label="Secondary metrics" metrics={results.metrics_secondary} results={results} onDetails={show} />
            </Panel>
          )}
        </>
      )}
      <div className={classes.grid}>
        <div className={classes.stack}>
          <TrustPanel trust={results.trust} />
          <GuardrailsPanel results={results} />
          <CorrectionsPanel results={results} />
        </div>
        <div className={classes.stack}>
          <Panel title="Exposed people">
            <ExposuresChart exposures={results.exposures} />
          </Panel>
          <WaterfallPanel waterfall={results.waterfall} />
        </div>
        <CoursePanel projectId={projectId} experimentId={experiment.id} results={results} />
        <AaPanel projectId={projectId} experimentId={experiment.id} />
      </div>
    </>
  )
}

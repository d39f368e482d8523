import { type Hedgerow, metricOfSqlText, metricsOfSavedInsight, type Project, runCalculation, verifyReport } from '@hedgerow/platform'
import {
  calculationRequest,
  copyExperiment,
  copyExperimentToProject,
  endExperiment,
  experimentChange,
  experimentPeopleQuery,
  experimentResultsQuery,
  experimentsQuery,
  experimentTimeseriesQuery,
  holdoutChange,
  jsonObject,
  metricFromSql,
  metricsFromInsight,
  newExperiment,
  newHoldout,
  newSavedMetric,
  pageQuery,
  runningTimeRequest,
  savedMetricChange,
  savedMetricsQuery,
  shipVariantRequest,
} from '@hedgerow/protocol'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { projectRoute } from '../api-route.ts'
import { goneSignal } from '../gone-signal.ts'
import { page } from '../paging.ts'

const read = 'experiment:read'
const write = 'experiment:write'

/** Experiments, what they share, their results, and the calculator of their statistics. */
export function addExperimentRoutes(app: FastifyInstance, hedgerow: Hedgerow): void {
  projectRoute(app, hedgerow, { method: 'POST', path: '/experiments/calculate', scope: read, body: calculationRequest }, ({ body }) => ({
    result: runCalculation(body.kind, body.input),
  }))
  projectRoute(app, hedgerow, { method: 'POST', path: '/experiments/verify_report', scope: read, body: jsonObject }, ({ body }) =>
    verifyReport(body),
  )
  addCrudRoutes(app, hedgerow)
  addLifecycleRoutes(app, hedgerow)
  addDerivedRoutes(app, hedgerow)
  addResultRoutes(app, hedgerow)
  addSharedRoutes(app, hedgerow)
}

function addCrudRoutes(app: FastifyInstance, hedgerow: Hedgerow): void {
  const { experiments } = hedgerow
  projectRoute(
    app,
    hedgerow,
    { method: 'GET', path: '/experiments', scope: read, query: experimentsQuery },
    async ({ project, query, request }) => page(request, query, await experiments.list(project.id, query)),
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'POST', path: '/experiments', scope: write, body: newExperiment, status: 201 },
    ({ project, principal, body }) => experiments.create(project.id, body, { userId: principal.userId }),
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'GET', path: '/experiments/eligible_feature_flags', scope: read, query: pageQuery },
    async ({ project, query, request }) =>
      page(request, query, await hedgerow.featureFlags.flags.list(project, { ...query, eligible_for_experiment: true })),
  )
  projectRoute(app, hedgerow, { method: 'GET', path: '/experiments/:id', scope: read }, ({ project, params }) =>
    experiments.get(project.id, params.id ?? ''),
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'PATCH', path: '/experiments/:id', scope: write, body: experimentChange },
    ({ project, principal, params, body }) => experiments.change(project.id, params.id ?? '', body, { userId: principal.userId }),
  )
  projectRoute(app, hedgerow, { method: 'DELETE', path: '/experiments/:id', scope: write }, ({ reply }) =>
    reply.code(405).send({
      type: 'invalid_request',
      code: 'method_not_allowed',
      detail: 'An experiment is not deleted for good: PATCH it with {"deleted": true}, which can be undone.',
      attr: null,
    }),
  )
}

function addLifecycleRoutes(app: FastifyInstance, hedgerow: Hedgerow): void {
  const { experiments } = hedgerow
  const plain = (path: string, act: (projectId: number, id: string, author: { userId: string | null }) => Promise<unknown>) =>
    projectRoute(app, hedgerow, { method: 'POST', path: `/experiments/:id/${path}`, scope: write }, ({ project, principal, params }) =>
      act(project.id, params.id ?? '', { userId: principal.userId }),
    )
  plain('launch', (projectId, id, author) => experiments.launch(projectId, id, author))
  plain('pause', experiments.pause)
  plain('resume', experiments.resume)
  plain('reset', experiments.reset)
  plain('archive', (projectId, id) => experiments.archive(projectId, id, true))
  plain('unarchive', (projectId, id) => experiments.archive(projectId, id, false))
  projectRoute(
    app,
    hedgerow,
    { method: 'POST', path: '/experiments/:id/end', scope: write, body: endExperiment },
    ({ project, params, body }) =>
      experiments.end(project.id, params.id ?? '', { conclusion: body.conclusion, comment: body.comment ?? body.conclusion_comment }),
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'POST', path: '/experiments/:id/ship_variant', scope: write, body: shipVariantRequest },
    ({ project, principal, params, body }) =>
      experiments.ship(
        project.id,
        params.id ?? '',
        { ...body, comment: body.comment ?? body.conclusion_comment },
        { userId: principal.userId },
      ),
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'POST', path: '/experiments/:id/duplicate', scope: write, body: copyExperiment, status: 201 },
    ({ project, principal, params, body }) => experiments.duplicate(project.id, params.id ?? '', body, { userId: principal.userId }),
  )
}

/** What is made of an experiment: a cohort of its people, a copy in another project. */
function addDerivedRoutes(app: FastifyInstance, hedgerow: Hedgerow): void {
  const { experiments } = hedgerow
  const author = (principal: { userId: string | null }) => ({ userId: principal.userId })
  projectRoute(
    app,
    hedgerow,
    { method: 'POST', path: '/experiments/:id/create_exposure_cohort_for_experiment', scope: write, status: 201 },
    ({ project, principal, params }) => experiments.createExposureCohort(project.id, params.id ?? '', author(principal)),
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'POST', path: '/experiments/:id/copy_to_project', scope: write, body: copyExperimentToProject, status: 201 },
    async ({ project, principal, params, body }) => {
      const target = await hedgerow.access.projectFor(principal, String(body.target_project_id))
      return experiments.copyTo(project.id, params.id ?? '', target.id, body, author(principal))
    },
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'POST', path: '/experiments/metrics_from_insight', scope: read, body: metricsFromInsight },
    async ({ project, body }) => {
      const { query, name } = await hedgerow.insights.get(project.id, String(body.insight))
      return { metrics: metricsOfSavedInsight(query, name) }
    },
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'POST', path: '/experiments/metric_from_sql', scope: read, body: metricFromSql },
    async ({ body: { query, name } }) => ({ metric: await metricOfSqlText(query, name) }),
  )
}

function addResultRoutes(app: FastifyInstance, hedgerow: Hedgerow): void {
  const asked = async (project: Project, reply: FastifyReply, query: Record<string, unknown>, asOf?: string) => {
    const response = await hedgerow.query.run({ projectId: project.id, query, signal: goneSignal(reply), ...(asOf ? { asOf } : {}) })
    return response as { results: unknown }
  }
  const results = (path: string, kind: string) =>
    projectRoute(
      app,
      hedgerow,
      { method: 'GET', path: `/experiments/:id/${path}`, scope: read, query: experimentResultsQuery },
      async ({ project, params, query, reply }) => {
        await hedgerow.experiments.row(project.id, params.id ?? '')
        const { results: answer } = await asked(project, reply, { kind, experiment_id: params.id, metric: query.metric_uuid }, query.as_of)
        return answer
      },
    )
  results('results', 'ExperimentResultsQuery')
  results('requires_flag_implementation', 'ExperimentFlagCallsQuery')
  results('report', 'ExperimentReportQuery')
  results('aa_check', 'ExperimentAACheckQuery')
  projectRoute(
    app,
    hedgerow,
    { method: 'POST', path: '/experiments/:id/calculate_running_time', scope: write, body: runningTimeRequest },
    async ({ project, params, body, reply }) => {
      const id = params.id ?? ''
      await hedgerow.experiments.row(project.id, id)
      const { save, ...wanted } = body
      const plan = (await asked(project, reply, { kind: 'ExperimentRunningTimeQuery', experiment_id: id, ...wanted })).results
      if (save) await hedgerow.experiments.keepPlan(project.id, id, plan as Record<string, unknown>)
      return plan
    },
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'GET', path: '/experiments/:id/people', scope: read, query: experimentPeopleQuery },
    async ({ project, params, query: { metric_uuid: metric, ...wanted }, reply }) => {
      await hedgerow.experiments.row(project.id, params.id ?? '')
      const node = { kind: 'ExperimentPeopleQuery', experiment_id: params.id, metric, ...wanted }
      const { results: found, hasMore } = (await asked(project, reply, node)) as { results: object; hasMore?: boolean }
      return { ...found, has_more: hasMore === true }
    },
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'GET', path: '/experiments/:id/timeseries_results', scope: read, query: experimentTimeseriesQuery },
    async ({ project, params, query, reply }) => {
      await hedgerow.experiments.row(project.id, params.id ?? '')
      const node = { kind: 'ExperimentTimeseriesQuery', experiment_id: params.id, ...query }
      return (await asked(project, reply, node)).results
    },
  )
}

function addSharedRoutes(app: FastifyInstance, hedgerow: Hedgerow): void {
  const { holdouts, savedMetrics } = hedgerow
  const holdoutPath = '/experiment_holdouts'
  projectRoute(app, hedgerow, { method: 'GET', path: holdoutPath, scope: read, query: pageQuery }, async ({ project, query, request }) =>
    page(request, query, await holdouts.list(project.id, query)),
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'POST', path: holdoutPath, scope: write, body: newHoldout, status: 201 },
    ({ project, principal, body }) => holdouts.create(project.id, principal.userId, body),
  )
  projectRoute(app, hedgerow, { method: 'GET', path: `${holdoutPath}/:id`, scope: read }, ({ project, params }) =>
    holdouts.get(project.id, params.id ?? ''),
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'PATCH', path: `${holdoutPath}/:id`, scope: write, body: holdoutChange },
    async ({ project, principal, params, body }) => {
      const changed = await holdouts.change(project.id, params.id ?? '', body)
      if (body.filters) await hedgerow.experiments.holdoutChanged(project.id, changed.id, { userId: principal.userId })
      return changed
    },
  )
  projectRoute(app, hedgerow, { method: 'DELETE', path: `${holdoutPath}/:id`, scope: write }, ({ project, params }) =>
    holdouts.remove(project.id, params.id ?? ''),
  )
  const metricPath = '/experiment_saved_metrics'
  projectRoute(
    app,
    hedgerow,
    { method: 'GET', path: metricPath, scope: read, query: savedMetricsQuery },
    async ({ project, query, request }) => page(request, query, await savedMetrics.list(project.id, query)),
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'POST', path: metricPath, scope: write, body: newSavedMetric, status: 201 },
    ({ project, principal, body }) => savedMetrics.create(project.id, principal.userId, body),
  )
  projectRoute(app, hedgerow, { method: 'GET', path: `${metricPath}/:id`, scope: read }, ({ project, params }) =>
    savedMetrics.get(project.id, params.id ?? ''),
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'PATCH', path: `${metricPath}/:id`, scope: write, body: savedMetricChange },
    ({ project, params, body }) => savedMetrics.change(project.id, params.id ?? '', body),
  )
  projectRoute(app, hedgerow, { method: 'DELETE', path: `${metricPath}/:id`, scope: write }, ({ project, params }) =>
    savedMetrics.remove(project.id, params.id ?? ''),
  )
}

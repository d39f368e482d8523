import { type Hedgerow, HedgerowError, type Principal } from '@hedgerow/platform'
import {
  compareFlagQuery,
  copyFlag,
  earlyAccessFeatureChange,
  evaluationQuestion,
  flagDocument,
  flagUsageQuery,
  newEarlyAccessFeature,
  newScheduledChange,
  pageQuery,
  replayQuestion,
  scheduledChangeChange,
  scheduledChangesQuery,
} from '@hedgerow/protocol'
import type { FastifyInstance } from 'fastify'
import { projectRoute } from '../api-route.ts'
import { page } from '../paging.ts'

const path = '/feature_flags'
const read = 'feature_flag:read'
const write = 'feature_flag:write'
/** Of a flag's key, in the name of a cohort. */
const shownCharacters = 350

/** What is done with flags beside changing them one by one: explain, replay, copy, flags as code, changes to come, early access. */
export function addFlagChangeRoutes(app: FastifyInstance, hedgerow: Hedgerow): void {
  const { explain, replay, usage, code } = hedgerow.featureFlags
  projectRoute(app, hedgerow, { method: 'POST', path: `${path}/explain`, scope: read, body: evaluationQuestion }, ({ project, body }) =>
    explain(project.id, body),
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'POST', path: `${path}/:id/test_evaluation`, scope: read, body: evaluationQuestion },
    async ({ project, params, body }) => {
      const flag = await hedgerow.featureFlags.flags.get(project.id, params.id ?? '')
      const { flags, ...rest } = await explain(project.id, { ...body, flag_keys: [flag.key] })
      return { ...rest, ...flags[0] }
    },
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'POST', path: `${path}/:id/replay`, scope: read, body: replayQuestion },
    ({ project, params, body }) => replay(project.id, params.id ?? '', body),
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'GET', path: `${path}/:id/usage`, scope: read, query: flagUsageQuery },
    ({ project, params, query }) => usage.of(project.id, params.id ?? '', query.days),
  )
  projectRoute(app, hedgerow, { method: 'GET', path: `${path}/document`, scope: read }, ({ project }) => code.pull(project.id))
  projectRoute(app, hedgerow, { method: 'POST', path: `${path}/plan`, scope: read, body: flagDocument }, ({ project, body, principal }) =>
    code.plan(project.id, body, { userId: principal.userId }),
  )
  projectRoute(app, hedgerow, { method: 'POST', path: `${path}/apply`, scope: write, body: flagDocument }, ({ project, body, principal }) =>
    code.apply(project.id, body, { userId: principal.userId }),
  )
  addCohortRoute(app, hedgerow)
  addCopyRoutes(app, hedgerow)
  addScheduleRoutes(app, hedgerow)
  addEarlyAccessRoutes(app, hedgerow)
}

function addCohortRoute(app: FastifyInstance, hedgerow: Hedgerow): void {
  projectRoute(
    app,
    hedgerow,
    { method: 'POST', path: `${path}/:id/create_static_cohort_for_flag`, scope: write, status: 201 },
    async ({ project, params, principal }) => {
      const { key, personIds } = await hedgerow.featureFlags.audience(project.id, params.id ?? '')
      const name = `Had ${key.slice(0, shownCharacters)} at ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`
      const cohort = await hedgerow.cohorts.create(project.id, principal.userId, {
        name,
        is_static: true,
        _create_static_person_ids: personIds,
      })
      return { cohort }
    },
  )
}

function addCopyRoutes(app: FastifyInstance, hedgerow: Hedgerow): void {
  const { copies } = hedgerow.featureFlags
  const body = copyFlag
  projectRoute(
    app,
    hedgerow,
    { method: 'POST', path: `${path}/:id/copy`, scope: write, body },
    ({ project, params, body: wanted, principal }) => copyTo(hedgerow, principal, project.id, params.id ?? '', wanted),
  )
  projectRoute(app, hedgerow, { method: 'POST', path: `${path}/copy_flags`, scope: write, body }, ({ project, body: wanted, principal }) =>
    copyTo(hedgerow, principal, project.id, wanted.feature_flag_key ?? '', wanted),
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'GET', path: `${path}/:id/compare`, scope: read, query: compareFlagQuery },
    async ({ project, params, query, principal }) => {
      const target = await hedgerow.access.projectFor(principal, String(query.project_id))
      return copies.compare(project.id, params.id ?? '', target.id)
    },
  )
}

/** A project that cannot have the flag does not keep the others from it. */
async function copyTo(
  hedgerow: Hedgerow,
  principal: Principal,
  projectId: number,
  id: string,
  wanted: { target_project_ids: number[]; disable_copied_flag?: boolean | undefined },
) {
  const success: unknown[] = []
  const failed: { project_id: number; errors: string }[] = []
  for (const targetId of wanted.target_project_ids) {
    try {
      const target = await hedgerow.access.projectFor(principal, String(targetId))
      const options = { isDisabled: wanted.disable_copied_flag ?? false }
      const flag = await hedgerow.featureFlags.copies.copy(projectId, id, target.id, { userId: principal.userId }, options)
      success.push({ ...flag, team_id: target.id })
    } catch (error) {
      if (!(error instanceof HedgerowError) || error.status >= 500) throw error
      failed.push({ project_id: targetId, errors: error.message })
    }
  }
  return { success, failed }
}

function addScheduleRoutes(app: FastifyInstance, hedgerow: Hedgerow): void {
  const { scheduled } = hedgerow.featureFlags
  const base = '/scheduled_changes'
  projectRoute(
    app,
    hedgerow,
    { method: 'GET', path: base, scope: read, query: scheduledChangesQuery },
    async ({ project, query, request }) => page(request, query, await scheduled.list(project.id, query)),
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'POST', path: base, scope: write, body: newScheduledChange, status: 201 },
    ({ project, body, principal }) => scheduled.create(project, body, { userId: principal.userId }),
  )
  projectRoute(app, hedgerow, { method: 'GET', path: `${base}/:id`, scope: read }, ({ project, params }) =>
    scheduled.get(project.id, params.id ?? ''),
  )
  projectRoute(
    app,
    hedgerow,
    { method: ['PATCH', 'PUT'], path: `${base}/:id`, scope: write, body: scheduledChangeChange },
    ({ project, params, body }) => scheduled.change(project.id, params.id ?? '', body),
  )
  projectRoute(app, hedgerow, { method: 'DELETE', path: `${base}/:id`, scope: write }, ({ project, params }) =>
    scheduled.delete(project.id, params.id ?? ''),
  )
}

function addEarlyAccessRoutes(app: FastifyInstance, hedgerow: Hedgerow): void {
  const { earlyAccess } = hedgerow.featureFlags
  const base = '/early_access_feature'
  projectRoute(app, hedgerow, { method: 'GET', path: base, scope: read, query: pageQuery }, async ({ project, query, request }) =>
    page(request, query, await earlyAccess.list(project.id, query)),
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'POST', path: base, scope: write, body: newEarlyAccessFeature, status: 201 },
    ({ project, body, principal }) => earlyAccess.create(project.id, body, { userId: principal.userId }),
  )
  projectRoute(app, hedgerow, { method: 'GET', path: `${base}/:id`, scope: read }, ({ project, params }) =>
    earlyAccess.get(project.id, params.id ?? ''),
  )
  projectRoute(
    app,
    hedgerow,
    { method: ['PATCH', 'PUT'], path: `${base}/:id`, scope: write, body: earlyAccessFeatureChange },
    ({ project, params, body }) => earlyAccess.change(project.id, params.id ?? '', body),
  )
  projectRoute(app, hedgerow, { method: 'DELETE', path: `${base}/:id`, scope: write }, ({ project, params, principal }) =>
    earlyAccess.delete(project.id, params.id ?? '', { userId: principal.userId }),
  )
}

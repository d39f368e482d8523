import { type Hedgerow, HedgerowError } from '@hedgerow/platform'
import {
  addPersonsToCohort,
  cohortChange,
  cohortCount,
  cohortLimits,
  cohortPersonsQuery,
  cohortsQuery,
  newCohort,
  pageQuery,
  removePersonFromCohort,
} from '@hedgerow/protocol'
import type { FastifyInstance } from 'fastify'
import { projectRoute } from '../api-route.ts'
import { goneSignal } from '../gone-signal.ts'
import { page } from '../paging.ts'

/** Room for the fields beside a CSV file. */
const bodyLimit = cohortLimits.maxCsvBytes + 1_000_000

/** Cohorts: sets of people. */
export function addCohortRoutes(app: FastifyInstance, hedgerow: Hedgerow): void {
  app.addContentTypeParser('text/csv', { parseAs: 'string', bodyLimit }, (_request, body, done) => done(null, { csv: body }))
  app.addContentTypeParser(
    'multipart/form-data',
    { parseAs: 'buffer', bodyLimit },
    async (request: { headers: Record<string, unknown> }, body: Buffer) => formFields(String(request.headers['content-type']), body),
  )
  addOneCohortRoutes(app, hedgerow)
  addMemberRoutes(app, hedgerow)
}

function addOneCohortRoutes(app: FastifyInstance, hedgerow: Hedgerow): void {
  const { cohorts } = hedgerow
  projectRoute(
    app,
    hedgerow,
    { method: 'GET', path: '/cohorts', scope: 'cohort:read', query: cohortsQuery },
    async ({ project, query, request }) => page(request, query, await cohorts.list(project.id, query)),
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'POST', path: '/cohorts', scope: 'cohort:write', body: newCohort, status: 201, bodyLimit },
    ({ project, principal, body }) => cohorts.create(project.id, principal.userId, body),
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'POST', path: '/cohorts/count', scope: 'cohort:read', body: cohortCount },
    ({ project, body, reply }) => cohorts.count(project.id, body, goneSignal(reply)),
  )
  projectRoute(app, hedgerow, { method: 'GET', path: '/cohorts/:id', scope: 'cohort:read' }, ({ project, params }) =>
    cohorts.get(project.id, params.id ?? ''),
  )
  projectRoute(
    app,
    hedgerow,
    { method: ['PATCH', 'PUT'], path: '/cohorts/:id', scope: 'cohort:write', body: cohortChange, bodyLimit },
    ({ project, params, body }) => cohorts.change(project.id, params.id ?? '', body),
  )
  projectRoute(app, hedgerow, { method: 'DELETE', path: '/cohorts/:id', scope: 'cohort:write' }, ({ project, params }) =>
    cohorts.delete(project.id, params.id ?? ''),
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'POST', path: '/cohorts/:id/duplicate', scope: 'cohort:write', status: 201 },
    ({ project, principal, params }) => cohorts.duplicate(project.id, principal.userId, params.id ?? ''),
  )
  // compat: PostHog's path has GET; it makes something, so that POST is taken as well.
  projectRoute(
    app,
    hedgerow,
    { method: ['GET', 'POST'], path: '/cohorts/:id/duplicate_as_static_cohort', scope: 'cohort:write' },
    ({ project, principal, params }) => cohorts.duplicateAsStatic(project.id, principal.userId, params.id ?? ''),
  )
  projectRoute(app, hedgerow, { method: 'POST', path: '/cohorts/:id/recalculate', scope: 'cohort:write' }, ({ project, params }) =>
    cohorts.recalculate(project.id, params.id ?? ''),
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'GET', path: '/cohorts/:id/calculation_history', scope: 'cohort:read', query: pageQuery },
    async ({ project, params, query, request }) =>
      page(request, query, await cohorts.calculationHistory(project.id, params.id ?? '', query)),
  )
}

function addMemberRoutes(app: FastifyInstance, hedgerow: Hedgerow): void {
  const { cohorts } = hedgerow
  projectRoute(
    app,
    hedgerow,
    { method: 'GET', path: '/cohorts/:id/persons', scope: 'cohort:read', query: cohortPersonsQuery },
    async ({ project, params, query, request }) => page(request, query, await cohorts.persons(project, params.id ?? '', query)),
  )
  projectRoute(
    app,
    hedgerow,
    {
      method: ['POST', 'PATCH'],
      path: '/cohorts/:id/add_persons_to_static_cohort',
      scope: 'cohort:write',
      body: addPersonsToCohort,
      bodyLimit,
    },
    ({ project, params, body }) =>
      cohorts.addPersons(project.id, params.id ?? '', { personIds: body.person_ids, distinctIds: body.distinct_ids }),
  )
  projectRoute(
    app,
    hedgerow,
    {
      method: ['POST', 'PATCH'],
      path: '/cohorts/:id/remove_person_from_static_cohort',
      scope: 'cohort:write',
      body: removePersonFromCohort,
    },
    async ({ project, params, body }) => {
      await cohorts.removePerson(project.id, params.id ?? '', { personId: body.person_id, distinctId: body.distinct_id })
      return { success: true }
    },
  )
}

/** Fields of a form as a body; a file stands for its text. JSON is taken apart, as a form knows text alone. */
async function formFields(contentType: string, body: Buffer): Promise<Record<string, unknown>> {
  let form: FormData
  try {
    form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData()
  } catch (error) {
    throw new HedgerowError('invalid_input', 'The body is not the multipart form that its content-type says.', { cause: error })
  }
  const fields: Record<string, unknown> = {}
  for (const [name, value] of form) {
    const text = typeof value === 'string' ? value : await value.text()
    fields[name] = name === 'csv' || name === 'name' || name === 'description' ? text : jsonOr(text)
  }
  return fields
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return text
  }
}

import { type Hedgerow, runCalculation } from '@hedgerow/platform'
import { calculationRequest } from '@hedgerow/protocol'
import type { FastifyInstance } from 'fastify'
import { projectRoute } from '../api-route.ts'

/** Experiments, and the calculator of their statistics. */
export function addExperimentRoutes(app: FastifyInstance, hedgerow: Hedgerow): void {
  projectRoute(
    app,
    hedgerow,
    { method: 'POST', path: '/experiments/calculate', scope: 'experiment:read', body: calculationRequest },
    ({ body }) => ({ result: runCalculation(body.kind, body.input) }),
  )
}

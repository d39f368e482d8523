import {
  compileBots,
  compileExperiment,
  compileExposures,
  compileWaterfall,
  type ExperimentDefinition,
  type ExperimentQuestion,
  resolveExperiment,
  shapeExperiment,
  type VariantSums,
  type WaterfallStep,
  waterfallSteps,
} from '@hedgerow/insights'
import { insightContext } from '../insight-context.ts'
import { asQueryError } from '../query-error.ts'
import type { QueryAccount } from '../query-response.ts'
import { type QueryRun, runQuery } from '../run-query.ts'
import { runUnits } from './run-units.ts'

export interface ExperimentSums {
  question: ExperimentQuestion
  variants: VariantSums[]
  account: QueryAccount
}

/** The sums that an experiment's statistics are made of, all metrics by one query; with `byDay` a row for each day of exposure. @throws QueryError */
export async function experimentSums(
  run: QueryRun,
  definition: ExperimentDefinition,
  metrics: unknown[],
  { breakdowns = [], byDay = false }: { breakdowns?: unknown[]; byDay?: boolean } = {},
): Promise<ExperimentSums> {
  try {
    const context = await insightContext(run, { metrics, criteria: definition.exposureCriteria, breakdowns }, run.parser)
    const question = resolveExperiment(definition, metrics, context, breakdowns)
    const { rows, response } = await runUnits(run, compileExperiment(question, run.now, { byDay }))
    return { question, variants: shapeExperiment(question, rows, { byDay }), account: response }
  } catch (error) {
    throw asQueryError(error)
  }
}

export interface DailyExposures {
  variant: string
  /** Start of the day, ISO 8601. */
  day: string
  units: number
}

/** Newly exposed units by variant and day. @throws QueryError */
export async function dailyExposures(
  run: QueryRun,
  definition: ExperimentDefinition,
): Promise<{ days: DailyExposures[]; account: QueryAccount }> {
  try {
    const context = await insightContext(run, { criteria: definition.exposureCriteria }, run.parser)
    const { rows, response } = await runUnits(run, compileExposures(resolveExperiment(definition, [], context), run.now))
    return {
      days: rows.map(([variant, day, units]) => ({ variant: String(variant), day: String(day), units: Number(units) })),
      account: response,
    }
  } catch (error) {
    throw asQueryError(error)
  }
}

export interface WaterfallCount {
  step: WaterfallStep
  units: number
  /** Exposure events of these units, repeats included. */
  events: number
}

/** Everybody whom the exposure event was sent for, by why they are analysed or not. @throws QueryError */
export async function exposureWaterfall(
  run: QueryRun,
  definition: ExperimentDefinition,
): Promise<{ steps: WaterfallCount[]; account: QueryAccount }> {
  try {
    const context = await insightContext(run, { criteria: definition.exposureCriteria }, run.parser)
    const { rows, response } = await runQuery(run, compileWaterfall(resolveExperiment(definition, [], context)))
    const found = new Map(rows.map(([step, units, events]) => [String(step), { units: Number(units), events: Number(events) }]))
    return { steps: waterfallSteps.map((step) => ({ step, ...(found.get(step) ?? { units: 0, events: 0 }) })), account: response }
  } catch (error) {
    throw asQueryError(error)
  }
}

/** The share of the exposures whose user agent is a bot's, percent; null where they carry none. @throws QueryError */
export async function botPercentage(
  run: QueryRun,
  definition: ExperimentDefinition,
): Promise<{ percentage: number | null; account: QueryAccount }> {
  try {
    const context = await insightContext(run, { criteria: definition.exposureCriteria }, run.parser)
    const { rows, response } = await runQuery(run, compileBots(resolveExperiment(definition, [], context)))
    const [withAgent = 0, bots = 0] = (rows[0] ?? []).map(Number)
    return { percentage: withAgent > 0 ? (100 * bots) / withAgent : null, account: response }
  } catch (error) {
    throw asQueryError(error)
  }
}

import type { ActorsSelection, Insight, InsightAnswer, InsightContext, QueryNode, RunTree } from '../context.ts'
import { shownRange } from '../dates/date-range.ts'
import { funnelActors } from './actors.ts'
import { stepColumns, stepsQuery } from './compile.ts'
import { resolveFunnel } from './resolve.ts'
import { shapeSteps } from './shape.ts'
import { shapeTimes, timesQuery } from './time-to-convert.ts'
import { ratesQuery, shapeRates } from './trends.ts'

async function answer(node: QueryNode, context: InsightContext, run: RunTree): Promise<InsightAnswer> {
  const question = resolveFunnel(node, context)
  const range = { resolved_date_range: shownRange(question.range) }
  switch (question.view) {
    case 'steps': {
      const query = stepsQuery(question, context)
      return { results: shapeSteps(question, stepColumns(question), await run(query)), query, ...range }
    }
    case 'time_to_convert': {
      const query = timesQuery(question, context)
      return { results: shapeTimes(question, await run(query)), query, ...range }
    }
    case 'trends': {
      const query = ratesQuery(question, context)
      return { results: shapeRates(question, context, await run(query)), query, ...range }
    }
  }
}

/** `FunnelsQuery`. */
export const funnel: Insight = {
  answer,
  actors: async (node: QueryNode, selection: ActorsSelection, context: InsightContext) => funnelActors(node, selection, context),
}

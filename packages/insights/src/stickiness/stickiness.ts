import { build } from '@hedgerow/hogql'
import { type ActorsSelection, type Insight, invalidQuestion } from '../context.ts'
import { shownRange } from '../dates/date-range.ts'
import { readChoice, readWhole } from '../question/fields.ts'
import { actorIntervals, compileStickiness } from './compile.ts'
import { resolveStickiness, type StickinessLine, type StickinessQuestion } from './resolve.ts'
import { shapeStickiness } from './shape.ts'

/** `StickinessQuery`: in how many intervals people were active. */
export const stickiness: Insight = {
  async answer(node, context, run) {
    const question = resolveStickiness(node, context)
    const query = compileStickiness(question, context)
    const rows = query ? await run(query) : []
    const [current, previous] = question.periods.map(({ range }) => shownRange(range))
    return {
      results: shapeStickiness(rows, question),
      query: query ?? build.select([build.constant(1)]),
      ...(current ? { resolved_date_range: current } : {}),
      ...(previous ? { resolved_compare_date_range: previous } : {}),
    }
  },

  async actors(node, selection, context) {
    const question = resolveStickiness(node, context)
    const line = lineOf(selection, question)
    const { groupTypeIndex } = line.actor
    const days = readWhole(numberOf(selection.day), [1, 1_000_000], 'day')
    const operator = readChoice(selection.operator, ['exact', 'gte', 'lte'], 'operator')
    // why: where the number counts those of so many intervals or more, so do the people behind it.
    const op = operator === 'exact' && question.isCumulative ? '>=' : operators[operator]
    const query = build.select([build.field('actor_id')], {
      from: build.from(actorIntervals(line, question, context), 'actors'),
      ...(days === undefined ? {} : { where: build.compare(op, build.field('intervals'), build.constant(days)) }),
    })
    return { query, ...(groupTypeIndex === undefined ? {} : { groupTypeIndex }) }
  },
}

/** compat: a number of days is a "day" of the chart, and may come as text as other days do. */
const numberOf = (day: unknown): unknown => (typeof day === 'string' && /^\d{1,7}$/.test(day) ? Number(day) : day)

const operators = { exact: '=', gte: '>=', lte: '<=' } as const

function lineOf({ series, compare }: ActorsSelection, { lines }: StickinessQuestion): StickinessLine {
  const index = readWhole(series, [0, 1000], 'series') ?? 0
  const label = readChoice(compare, ['current', 'previous'], 'compare')
  const found = lines.find((line) => line.series.index === index && (line.period.label ?? 'current') === label)
  if (!found) throw invalidQuestion(`The source has no series ${index}${label === 'previous' ? ' of a previous period' : ''}`)
  return found
}

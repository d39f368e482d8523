import { build, type syntax } from '@hedgerow/hogql'
import type { InsightContext } from '../context.ts'
import { otherValue } from '../trends/breakdown.ts'
import { actorRows } from './actor-rows.ts'
import type { RetentionQuestion } from './resolve.ts'

const { alias, arithmetic, array, call, compare, constant, element, field, from, groupBy, lambda, select } = build

/**
 * Rows `[place, breakdown, row, cells]`, where cells are `[column, actors, sum]`. Without a breakdown there is one place; with one, the
 * values in the order of how many actors they have, those beyond the limit together in the last place.
 */
export function compileRetention(question: RetentionQuestion, context: InsightContext): syntax.Select {
  const width = constant(question.labels.length)
  const counted = question.breakdown ? rankedCells(question, context) : countedCells(question, context)
  const parts = question.breakdown ? [field('place'), field('breakdown')] : [alias('place', constant(1)), alias('breakdown', constant(''))]
  const cell = call('tuple', arithmetic('%', field('cell'), width), field('actors'), field('total'))
  return select([...parts, alias('row', call('intDiv', field('cell'), width)), alias('cells', call('groupArray', cell))], {
    from: from(counted, 'counted'),
    groupBy: groupBy(...(question.breakdown ? [field('place'), field('breakdown')] : []), field('row')),
  })
}

/** How many actors are in each cell, and what their values add up to. */
function countedCells(question: RetentionQuestion, context: InsightContext): syntax.Select {
  const { aggregation, breakdown } = question
  const keys = [...(breakdown ? [field('breakdown')] : []), field('cell')]
  const total = aggregation ? call('sum', element(field('item'), 2)) : constant(0)
  const cell = aggregation ? alias('cell', element(field('item'), 1)) : field('cell')
  return select([...keys.slice(0, -1), cell, alias('actors', call('count')), alias('total', total)], {
    from: from(actorRows(question, context), 'actors'),
    arrayJoin: { left: false, items: [alias(aggregation ? 'item' : 'cell', actorCells(question))] },
    groupBy: groupBy(...keys),
  })
}

/** The cells that an actor is in, each once: row × columns + column, as small as it can be; with its value where values are added up. */
function actorCells(question: RetentionQuestion): syntax.Expr {
  const { labels, rows, aggregation } = question
  const type = (rows.length + 1) * labels.length < 65_536 ? '_toUInt16' : '_toUInt32'
  const number = (column: syntax.Expr) => call(type, arithmetic('+', arithmetic('*', field('start'), constant(labels.length)), column))
  const cellsOfRow = aggregation
    ? call('arrayMap', lambda(['column'], call('tuple', number(field('column')), valueIn(question))), columnsOfRow(question))
    : call('arrayMap', lambda(['column'], number(field('column'))), columnsOfRow(question))
  return call('arrayFlatten', call('arrayMap', lambda(['start'], cellsOfRow), field('starts')))
}

/** Columns of the row `start` that the actor is counted in, interval 0 among them. */
function columnsOfRow(question: RetentionQuestion): syntax.Expr {
  const { columnOf, isCumulative } = question
  const [at, start] = [field('at'), field('start')]
  const isShown = call('and', call('greater', at, start), call('lessOrEquals', at, arithmetic('+', start, constant(columnOf.length))))
  const shown = call('arrayFilter', lambda(['at'], isShown), field('returns'))
  const columns = call('arrayMap', lambda(['at'], columnAt(arithmetic('-', at, start), question)), shown)
  // why: a rolling count says who was still there, so it holds for every column up to the last return.
  if (isCumulative) return call('range', arithmetic('+', call('arrayMax', call('arrayPushFront', columns, constant(0))), constant(1)))
  return call('arrayPushFront', hasBrackets(question) ? call('arrayDistinct', columns) : columns, constant(0))
}

const hasBrackets = ({ columnOf }: RetentionQuestion) => columnOf.some((column, i) => column !== i + 1)

/** The column of so many intervals after the row's, which is at least 1. */
function columnAt(intervals: syntax.Expr, question: RetentionQuestion): syntax.Expr {
  if (!hasBrackets(question)) return intervals
  return call('arrayElement', array(question.columnOf.map(constant)), intervals)
}

/** What the property adds up to in `column` of the row `start`: of target events in interval 0, of returning ones later. */
function valueIn(question: RetentionQuestion): syntax.Expr {
  const [at, start, column] = [field('at'), field('start'), field('column')]
  const isShown = call(
    'and',
    call('greater', at, start),
    call('lessOrEquals', at, arithmetic('+', start, constant(question.columnOf.length))),
  )
  // why: an index must not leave the list, not even in the branch that is not taken.
  const within = call('greatest', call('least', arithmetic('-', at, start), constant(question.columnOf.length)), constant(1))
  const inColumn = call('and', isShown, call('equals', columnAt(within, question), column))
  const sumWhere = (condition: syntax.Expr, name: string) =>
    call(
      'arraySum',
      call(
        'arrayMap',
        lambda(['at', 'sum'], call('if', condition, field('sum'), call('_toFloat64', constant(0)))),
        field(`${name}_at`),
        field(`${name}_sums`),
      ),
    )
  return call('if', call('equals', column, constant(0)), sumWhere(call('equals', at, start), 'start'), sumWhere(inColumn, 'return'))
}

/** Cells with the place of their value; those of the values beyond the limit are added up. */
function rankedCells(question: RetentionQuestion, context: InsightContext): syntax.Select {
  const { limit = 0, cohorts } = question.breakdown ?? {}
  const width = constant(question.labels.length)
  const size = call('sumIf', field('actors'), compare('=', arithmetic('%', field('cell'), width), constant(0)))
  const values = select(
    [
      field('breakdown'),
      alias('size', size),
      alias('cells', call('groupArray', call('tuple', field('cell'), field('actors'), field('total')))),
    ],
    { from: from(countedCells(question, context), 'counted'), groupBy: groupBy(field('breakdown')) },
  )
  const order = [build.orderBy(field('size'), true), build.orderBy(field('breakdown'))]
  const place: syntax.Expr = { ...call('row_number'), over: { partitionBy: [], orderBy: order } }
  const ranked = select([field('breakdown'), field('cells'), alias('place', place)], { from: from(values, 'by_value') })
  const isKept = compare('<=', field('ranked', 'place'), constant(limit))
  const [kept, other] = cohorts
    ? [field('ranked', 'place'), field('ranked', 'breakdown')]
    : [
        call('if', isKept, field('ranked', 'place'), constant(limit + 1)),
        call('if', isKept, field('ranked', 'breakdown'), constant(otherValue)),
      ]
  return select(
    [
      alias('place', kept),
      alias('breakdown', other),
      alias('cell', element(field('item'), 1)),
      alias('actors', call('sum', element(field('item'), 2))),
      alias('total', call('sum', element(field('item'), 3))),
    ],
    {
      from: from(ranked, 'ranked'),
      arrayJoin: { left: false, items: [alias('item', field('cells'))] },
      groupBy: groupBy(field('place'), field('breakdown'), field('cell')),
    },
  )
}

/** The actors of a row, with the columns that each is counted in as `appearances`. */
export function compileActors(question: RetentionQuestion, row: number, value: string | undefined, context: InsightContext): syntax.Select {
  const inRow = call('has', field('starts'), constant(row))
  const placed = select([field('actor_id'), alias('start', constant(row)), field('returns')], {
    from: from(actorRows(question, context), 'actors'),
    where: value === undefined ? inRow : build.and([inRow, compare('=', field('breakdown'), constant(value))]),
  })
  return select([field('actor_id'), alias('appearances', call('arraySort', columnsOfRow(question)))], { from: from(placed, 'placed') })
}
